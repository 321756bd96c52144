"""Slices in parallel on this machine, each in a process of its own."""

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Generator, Iterable
from contextlib import closing
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any, NoReturn

from ca1ltd import build, errors, resources
from ca1ltd.errors import Ca1ltdError, RunError
from ca1ltd.experiment.store.run_folder import Store
from ca1ltd.threads import ONE_THREAD

RUN_SLICE = "ca1ltd.experiment.slice:run_slice"
"""The function that simulates a slice, as "module:name"."""


@dataclass(frozen=True, slots=True)
class Job:
    """A slice to be run, and the store of the run it belongs to.

    Its result is stored there or, if it is `handed` over, is pickled as the file ``handed`` in the
    store's folder, which is private then. With `drives`, what drives its spines is recorded, too.
    """

    store: Store
    index: int
    handed: bool = False
    drives: bool = False


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
class _Running:
    job: Job
    done: bool = False
    failure: Failure | None = None

    def outcome(self, code: int) -> Report:
        """Return what became of the slice whose process ended with this status."""
        if self.done:
            self.job.store.slices.log_file(self.job.index).unlink(missing_ok=True)
            return Report(self.job, 1.0)
        died = f"its process died (signal {-code})" if code < 0 else f"its process ended ({code})"
        return Report(self.job, 0.0, self.failure or Failure(RunError, died))


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

    Raises
    ------
    RunError
        If the process dies that starts those of the slices.
    """
    waiting = iter(jobs)
    first = next(waiting, None)
    if first is None:
        return
    with closing(Server(function)) as server:
        yield from server.run(chain([first], waiting), workers=workers)


class Server:
    """The process that starts those of the slices; it lives until it is closed.

    It and they start in an empty folder of their own, and Python looks for modules in none but the
    usual places: NEURON would load a compiled folder that it finds where it starts, and Python a
    ``pandas.py``.

    Parameters
    ----------
    function : str
        What simulates a slice, as "module:name".
    """

    def __init__(self, function: str) -> None:
        self._function = function
        # not a TemporaryDirectory: a process forked from this one would remove it when it ends
        self._folder = Path(tempfile.mkdtemp(prefix="ca1ltd-"))
        self._process = Popen(
            [sys.executable, "-P", "-m", "ca1ltd.experiment.workers.server", self._function],
            stdin=PIPE,
            stdout=PIPE,
            cwd=self._folder,
            env=_environment(),
        )

    @property
    def alive(self) -> bool:
        """Return whether it can start slices."""
        return self._process.poll() is None

    def close(self) -> None:
        """End it, and kill the slices that still run."""
        self._process.communicate()  # its input ends, and it kills what runs
        shutil.rmtree(self._folder, ignore_errors=True)

    def run(self, jobs: Iterable[Job], *, workers: int) -> Generator[Report, None, None]:
        """Run slices and yield what becomes of them, as `run_local` does.

        When the generator is closed before its end, slices still run until the server is closed.
        """
        waiting, numbers = iter(jobs), count()
        running: dict[int, _Running] = {}
        while True:
            while len(running) < workers and (job := next(waiting, None)) is not None:
                number = next(numbers)
                self._start(number, job)
                running[number] = _Running(job)
            if not running:
                return
            event = self._next_event()
            slice_ = running[event["job"]]
            match event["event"]:
                case "progress":
                    yield Report(slice_.job, event["fraction"])
                case "done":
                    slice_.done = True
                case "failed":
                    kind = getattr(errors, event["error"], RunError)
                    slice_.failure = Failure(kind, event["message"])
                case "ended":
                    yield running.pop(event["job"]).outcome(event["code"])

    def _start(self, number: int, job: Job) -> None:
        """Have a slice run."""
        description = {
            "number": number,
            "spec": job.store.spec.as_dict(),
            "index": job.index,
            "path": str(job.store.path),
            "handed": job.handed,
            "drives": job.drives,
            "function": self._function,
            "environment": _environment(),
        }
        # A path is short: the pipe always takes it, even if the server is busy telling something.
        path = self._folder / f"{number}.json"
        path.write_text(json.dumps(description), encoding="utf-8")
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(os.fsencode(path) + b"\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            self._lost()

    def _next_event(self) -> dict[str, Any]:
        """Return what a slice tells next, or that it has ended."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            self._lost()
        event: dict[str, Any] = json.loads(line)
        return event

    def _lost(self) -> NoReturn:
        code = self._process.wait()
        raise RunError(f"the process that starts the slices died ({code})")


def _environment() -> dict[str, str]:
    """Return the environment of server and slices, which are of this very package."""
    kept = {name: value for name, value in os.environ.items() if name != "NRN_NMODL_PATH"}
    given = [entry for entry in kept.get("PYTHONPATH", "").split(os.pathsep) if entry]
    return {
        **kept,
        "PYTHONPATH": os.pathsep.join([str(resources.package_dir().parent), *given]),
        build.CACHE_VARIABLE: str(build.cache_dir()),  # a relative path is of where we started
        **ONE_THREAD,  # one slice, one core: the pool is the parallelism. And one can be forked.
        "NEURON_MODULE_OPTIONS": "-nogui",  # not what the user gives her own models, as threads
    }
