"""Slices in parallel, each in a process of its own."""

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from ca1ltd.errors import BadInput, RunError
from ca1ltd.experiment.store import Store

RUN_SLICE = "ca1ltd.experiment.slice:run_slice"
"""The function that simulates a slice, as "module:name"."""

Progress = Callable[[int, float], None]


@dataclass(slots=True)
class _Worker:
    index: int
    process: subprocess.Popen[bytes]
    message: str = ""
    status: int = 1
    done: bool = False
    ended: bool = field(default=False, init=False)


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
    waiting = list(indices)
    events: queue.Queue[tuple[_Worker, dict[str, Any] | None]] = queue.Queue()
    running: list[_Worker] = []
    failed: list[_Worker] = []
    try:
        while waiting or running:
            while waiting and len(running) < workers:
                running.append(_start(store, waiting.pop(0), function, events))
            worker, event = events.get()
            if event is not None:
                _note(worker, event, progress)
                continue
            worker.process.wait()
            running.remove(worker)
            if worker.done:
                store.log_file(worker.index).unlink()
                progress(worker.index, 1.0)
            else:
                failed.append(worker)
                if worker.status == BadInput.exit_status:
                    waiting.clear()  # every slice would refuse the same specification
    finally:
        for worker in running:
            worker.process.kill()
            worker.process.wait()
    if failed:
        raise _failure(store, failed)


def _start(
    store: Store,
    index: int,
    function: str,
    events: "queue.Queue[tuple[_Worker, dict[str, Any] | None]]",
) -> _Worker:
    read_end, write_end = os.pipe()
    job = {
        "spec": store.spec.as_dict(),
        "index": index,
        "path": str(store.path),
        "function": function,
        "report_to": write_end,
    }
    with store.log_file(index).open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "ca1ltd.experiment.worker"],
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
    worker = _Worker(index, process)
    assert process.stdin is not None
    try:
        process.stdin.write(json.dumps(job).encode())
        process.stdin.close()
    except BrokenPipeError:
        pass  # it died at once: the end of its reports says so
    threading.Thread(target=_listen, args=(worker, read_end, events), daemon=True).start()
    return worker


def _listen(
    worker: _Worker,
    read_end: int,
    events: "queue.Queue[tuple[_Worker, dict[str, Any] | None]]",
) -> None:
    with os.fdopen(read_end, encoding="utf-8") as pipe:
        for line in pipe:
            if line.endswith("\n"):  # a process that is killed may leave half a line
                events.put((worker, json.loads(line)))
    events.put((worker, None))


def _note(worker: _Worker, event: dict[str, Any], progress: Progress) -> None:
    if event["event"] == "progress":
        progress(worker.index, event["fraction"])
    elif event["event"] == "done":
        worker.done = True
    else:
        worker.message, worker.status = event["message"], event["status"]


def _failure(store: Store, failed: list[_Worker]) -> BadInput | RunError:
    first = min(failed, key=lambda worker: worker.index)
    if first.status == BadInput.exit_status:
        return BadInput(first.message)
    code = first.process.returncode
    died = f"its process died (signal {-code})" if code < 0 else f"its process ended ({code})"
    others = f"; {len(failed)} slices failed" if len(failed) > 1 else ""
    return RunError(
        f"slice {first.index} (seed {store.spec.seed}) failed: {first.message or died}{others}; "
        f"what it printed is in {store.log_file(first.index)}"
    )
