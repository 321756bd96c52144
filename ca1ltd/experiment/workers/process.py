"""The process of one slice, forked by the server: nothing of another simulation can reach it.

What happens is told in lines of JSON on a pipe, because NEURON itself prints on standard output,
which goes to the slice's log. The result goes to the store.
"""

import importlib
import json
import math
import os
import pickle
import sys
import traceback
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ca1ltd.errors import Ca1ltdError, NotStored
from ca1ltd.experiment.spec import ExperimentSpec
from ca1ltd.experiment.store.run_folder import Store
from ca1ltd.protocols import Protocol
from ca1ltd.recording import SliceResult

#: Part of a slice that is worth a word of how far it is: each of them wakes two processes.
FINEST: Final = 0.005


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A slice to be run.

    Attributes
    ----------
    description : dict
        Its ``number`` in the pool, ``spec``, ``index``, ``path`` of the store, ``handed`` and
        ``drives`` as of `local.Job`, ``function`` and ``environment``.
    report_to : int
        The file descriptor on which is told what happens.
    """

    description: dict[str, Any]
    report_to: int


def message(number: int, **content: Any) -> bytes:
    """Return what is told of a job, as a line."""
    return json.dumps({"job": number, **content}).encode() + b"\n"


def run(job: Job) -> int:
    """Run a slice, and return the exit status of its process."""
    described = job.description

    def tell(**content: Any) -> None:
        try:
            os.write(job.report_to, message(described["number"], **content))
        except BrokenPipeError:
            os._exit(1)  # the server is gone: no one waits for this slice

    os.environ.clear()
    os.environ.update(described["environment"])  # of now, and not of when the server started
    try:
        spec = ExperimentSpec.from_dict(described["spec"])
        store = Store(Path(described["path"]), spec)
        _print_to(store.slices.log_file(described["index"]))
        _run(described, store, lambda fraction: tell(event="progress", fraction=fraction))
    except Exception as error:
        if not isinstance(error, NotStored):  # which may mean that there is no log to print to
            traceback.print_exc()
        kind = type(error).__name__
        known = isinstance(error, Ca1ltdError)
        tell(event="failed", error=kind, message=str(error) if known else f"{kind}: {error}")
        return 1
    tell(event="done")
    return 0


def _print_to(log: Path) -> None:
    """Let all that this process prints, in Python or not, go to a file."""
    try:
        log.unlink(missing_ok=True)  # it might be a link
        with log.open("xb") as file:
            for stream in (sys.stdout, sys.stderr):
                os.dup2(file.fileno(), stream.fileno())
    except OSError as error:
        raise NotStored(f"{log} cannot be written: {error.strerror or error}") from None


def _run(described: dict[str, Any], store: Store, progress: Callable[[float], None]) -> None:
    module, _, name = described["function"].partition(":")
    run_slice: Callable[..., SliceResult] = getattr(importlib.import_module(module), name)
    spec = store.spec
    result = run_slice(
        spec.slice_specs()[described["index"]],
        _by_pulses(spec.protocol, progress),
        drives=described["drives"],
    )
    try:
        if described["handed"]:
            (store.path / "handed").write_bytes(pickle.dumps(result))
        else:
            store.slices.save(result)
    except OSError as error:
        raise NotStored(f"{store.path} cannot be written: {error.strerror or error}") from None


def _by_pulses(protocol: Protocol, progress: Callable[[float], None]) -> Callable[[float], None]:
    """Turn a fraction of simulated time into one of pulses: pulses cost time, waiting does not."""
    times = [pulse.time for pulse in protocol.pulses()]
    told = -math.inf

    def report(fraction: float) -> None:
        nonlocal told
        # The last bit is the pool's to give, when the result is stored.
        reached = bisect_right(times, fraction * protocol.t_stop) / (len(times) + 1)
        if reached - told >= FINEST:
            told = reached
            progress(reached)

    return report
