"""A slice of a Python session, simulated in a process of its own.

Nothing that the session did reaches it: neither NEURON's settings, threads, handlers, random
numbers, sections and mechanisms, nor what a traceback keeps alive. And nothing that it does reaches
the session. The process that starts it stays for the next slice, which so pays for no import.
"""

import atexit
import os
import pickle
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Final

from ca1ltd import build
from ca1ltd.errors import BadInput
from ca1ltd.experiment.spec import ExperimentSpec
from ca1ltd.experiment.store.run_folder import Store
from ca1ltd.experiment.workers.local import RUN_SLICE, Job, Server
from ca1ltd.recording import SliceResult

_idle: Final[list[tuple[tuple[int, str], Server]]] = []
"""Servers that wait for a slice, each with the process that started it and what it runs."""
_lock: Final = Lock()


def simulated(spec: ExperimentSpec, progress: Callable[[float], None]) -> SliceResult:
    """Return what the first slice of an experiment measured.

    Parameters
    ----------
    spec : ExperimentSpec
        The experiment.
    progress : callable
        Called with the fraction of its pulses that is done, 0 to 1.

    Raises
    ------
    BadInput
        If something asked for is not possible.
    BuildError
        If the mechanisms cannot be compiled.
    RunError
        If the simulation fails.
    """
    build.build()
    with tempfile.TemporaryDirectory(prefix="ca1ltd-") as folder, _server() as server:
        store = Store(Path(folder), spec)
        store.slices.path.mkdir()
        for report in server.run([Job(store, 0, handed=True)], workers=1):
            if report.failure is not None:
                error = report.failure.error(report.failure.message)
                if not isinstance(error, BadInput):
                    error.add_note(store.slices.log_file(0).read_text(errors="replace"))
                raise error
            progress(report.fraction)
        result: SliceResult = pickle.loads((store.path / "handed").read_bytes())
        return result


@contextmanager
def _server() -> Iterator[Server]:
    """Give a server, which waits for another slice if the block ends well, and else is closed."""
    server = _waiting() or Server(RUN_SLICE)
    try:
        yield server
    except BaseException:
        server.close()
        raise
    _idle.append(((os.getpid(), RUN_SLICE), server))


def _waiting() -> Server | None:
    """Take a server that waits; those of a process from which this one was forked stay."""
    with _lock:
        for entry in tuple(_idle):
            if entry[0] == (os.getpid(), RUN_SLICE):
                _idle.remove(entry)
                if entry[1].alive:
                    return entry[1]
                entry[1].close()
    return None


@atexit.register
def _close() -> None:
    for (process, _), server in _idle:
        if process == os.getpid():
            server.close()
