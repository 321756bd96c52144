"""Slices in parallel on this machine, each in a process of its own."""

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Generator, Iterable
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

from ca1ltd import errors
from ca1ltd.errors import BadInput, Ca1ltdError, RunError
from ca1ltd.experiment.store.run_folder import Store

RUN_SLICE = "ca1ltd.experiment.slice:run_slice"
"""The function that simulates a slice, as "module:name"."""

Progress = Callable[[int, float], None]


@dataclass(frozen=True, slots=True)
class Job:
    """A slice to be run, and the store of the run it belongs to."""

    store: Store
    index: int


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a slice failed: the kind of error and its message."""

    error: type[Ca1ltdError]
    message: str


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a slice: how much of it is done, or that it failed.

    Attributes
    ----------
    job : Job
        The slice.
    fraction : float
        The part of its pulses that is done, 0 to 1; 1 is a slice that lies in its store.
    failure : Failure or None
        Why it failed, if it did.
    """

    job: Job
    fraction: float
    failure: Failure | None = None


@dataclass(slots=True)
class _Worker:
    job: Job
    process: subprocess.Popen[bytes]
    done: bool = field(default=False, init=False)
    failure: Failure | None = field(default=None, init=False)


_Events = queue.Queue[tuple[_Worker, dict[str, Any] | None]]


def run_slices(
    store: Store,
    indices: Iterable[int],
    *,
    workers: int,
    progress: Progress,
    function: str = RUN_SLICE,
) -> None:
    """Run slices and leave their results in the store.

    A slice that fails does not stop the others. The results do not depend on how many run at once.

    Parameters
    ----------
    store : Store
        Where the results go; its specification says what the slices are.
    indices : iterable of int
        Which slices.
    workers : int
        How many processes at once.
    progress : callable
        Called with a slice's number and the fraction of its pulses that are done, 0 to 1.
    function : str
        What simulates a slice, as "module:name".

    Raises
    ------
    RunError
        If slices failed; names the first and the seed.
    BadInput
        If a slice refused its specification.
    KeyboardInterrupt
        On Ctrl-C, when every process has been stopped.
    """
    failed: list[tuple[int, Failure]] = []
    jobs = (Job(store, index) for index in indices)
    with closing(run_local(jobs, workers=workers, function=function)) as reports:
        for report in reports:
            if report.failure is None:
                progress(report.job.index, report.fraction)
            elif report.failure.error is BadInput:  # every slice would refuse the specification
                raise BadInput(report.failure.message)
            else:
                failed.append((report.job.index, report.failure))
    if failed:
        index, failure = min(failed, key=lambda each: each[0])
        others = f"; {len(failed)} slices failed" if len(failed) > 1 else ""
        raise RunError(
            f"slice {index} (seed {store.spec.seed}) failed: {failure.message}{others}; "
            f"what it printed is in {store.log_file(index)}"
        )


def run_local(jobs: Iterable[Job], *, workers: int, function: str) -> Generator[Report, None, None]:
    """Run slices in processes of this machine and yield what becomes of them, as it happens.

    When the generator is closed, the processes that still run are killed.

    Parameters
    ----------
    jobs : iterable of Job
        The slices; each is asked for when a process is free for it.
    workers : int
        How many processes at once.
    function : str
        What simulates a slice, as "module:name".

    Yields
    ------
    Report
        Several for each slice, the last with a fraction of 1 or a failure.
    """
    waiting = iter(jobs)
    events: _Events = queue.Queue()
    running: list[_Worker] = []
    try:
        while True:
            while len(running) < workers and (job := next(waiting, None)) is not None:
                running.append(_start(job, function, events))
            if not running:
                return
            worker, event = events.get()
            if event is None:
                worker.process.wait()
                running.remove(worker)
                yield _outcome(worker)
            elif event["event"] == "progress":
                yield Report(worker.job, event["fraction"])
            elif event["event"] == "done":
                worker.done = True
            else:
                kind = getattr(errors, event["error"], RunError)
                worker.failure = Failure(kind, event["message"])
    finally:
        for worker in running:
            worker.process.kill()
            worker.process.wait()


def _start(job: Job, function: str, events: _Events) -> _Worker:
    store, index = job.store, job.index
    read_end, write_end = os.pipe()
    description = {
        "spec": store.spec.as_dict(),
        "index": index,
        "path": str(store.path),
        "function": function,
        "report_to": write_end,
    }
    with store.log_file(index).open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "ca1ltd.experiment.workers.process"],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=subprocess.STDOUT,
            pass_fds=(write_end,),
            # NEURON loads a compiled folder it finds where it starts: start where there is none.
            cwd=store.path,
            # One slice, one core: the pool is the parallelism.
            env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        )
    os.close(write_end)
    worker = _Worker(job, process)
    assert process.stdin is not None
    try:
        process.stdin.write(json.dumps(description).encode())
        process.stdin.close()
    except BrokenPipeError:
        pass  # it died at once: the end of its reports says so
    threading.Thread(target=_listen, args=(worker, read_end, events), daemon=True).start()
    return worker


def _listen(worker: _Worker, read_end: int, events: _Events) -> None:
    with os.fdopen(read_end, encoding="utf-8") as pipe:
        for line in pipe:
            if line.endswith("\n"):  # a process that is killed may leave half a line
                events.put((worker, json.loads(line)))
    events.put((worker, None))


def _outcome(worker: _Worker) -> Report:
    job, code = worker.job, worker.process.returncode
    if worker.done:
        job.store.log_file(job.index).unlink(missing_ok=True)
        return Report(job, 1.0)
    died = f"its process died (signal {-code})" if code < 0 else f"its process ended ({code})"
    return Report(job, 0.0, worker.failure or Failure(RunError, died))
