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
from typing import Final

from ca1ltd import build
from ca1ltd.errors import BadInput
from ca1ltd.experiment.spec import ExperimentSpec
from ca1ltd.experiment.store.run_folder import Store
from ca1ltd.experiment.workers.local import RUN_SLICE, Job, Server
from ca1ltd.recording import SliceResult

_Origin = tuple[int, dict[str, str]]

_idle: Final[list[tuple[_Origin, Server]]] = []
"""Servers that wait for a slice, each with the process and the environment that started it."""


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
    origin = os.getpid(), dict(os.environ)
    server = _waiting(origin) or Server(RUN_SLICE)
    try:
        yield server
    except BaseException:
        server.close()
        raise
    _idle.append((origin, server))


def _waiting(origin: _Origin) -> Server | None:
    """Take a server that waits; those of another process, from which this was forked, stay."""
    for entry in tuple(_idle):
        (process, environment), server = entry
        if process == origin[0]:
            _idle.remove(entry)
            if environment == origin[1] and server.alive:
                return server
            server.close()
    return None


@atexit.register
def _close() -> None:
    while _waiting((os.getpid(), {})):
        pass
