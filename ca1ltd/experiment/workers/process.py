"""The process of one slice: ``python -m ca1ltd.experiment.workers.process`` as the pool starts it.

A slice runs in a fresh interpreter, so that nothing of one simulation can reach another. The job
comes as JSON on standard input; what happens is told in lines of JSON on the file descriptor that
the job names, because NEURON itself prints on standard output. The result goes to the store.
"""

import importlib
import json
import os
import signal
import sys
import traceback
from bisect import bisect_right
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ca1ltd.errors import Ca1ltdError, NotStored
from ca1ltd.experiment.spec import ExperimentSpec
from ca1ltd.experiment.store.run_folder import Store
from ca1ltd.protocols import Protocol
from ca1ltd.recording import SliceResult


def main() -> int:
    """Run the slice described on standard input; return the exit status."""
    # Ctrl-C reaches every process of the terminal; the pool decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    job = json.load(sys.stdin)
    with os.fdopen(job["report_to"], "w", encoding="utf-8", buffering=1) as pipe:

        def tell(**message: Any) -> None:
            try:
                pipe.write(json.dumps(message) + "\n")
            except BrokenPipeError:
                os._exit(1)  # the pool is gone: no one waits for this slice

        try:
            _run(job, lambda fraction: tell(event="progress", fraction=fraction))
        except Exception as error:
            traceback.print_exc()
            kind = type(error).__name__
            known = isinstance(error, Ca1ltdError)
            tell(event="failed", error=kind, message=str(error) if known else f"{kind}: {error}")
            return 1
        tell(event="done")
    return 0


def _run(job: dict[str, Any], progress: Callable[[float], None]) -> None:
    spec = ExperimentSpec.from_dict(job["spec"])
    module, _, name = job["function"].partition(":")
    run_slice: Callable[..., SliceResult] = getattr(importlib.import_module(module), name)
    result = run_slice(spec.slice_specs()[job["index"]], _by_pulses(spec.protocol, progress))
    try:
        Store(Path(job["path"]), spec).save_slice(result)
    except OSError as error:
        raise NotStored(f"{job['path']} cannot be written: {error.strerror or error}") from None


def _by_pulses(protocol: Protocol, progress: Callable[[float], None]) -> Callable[[float], None]:
    """Turn a fraction of simulated time into one of pulses: pulses cost time, waiting does not."""
    times = [pulse.time for pulse in protocol.pulses()]

    def report(fraction: float) -> None:
        # The last bit is the pool's to give, when the result is stored.
        progress(bisect_right(times, fraction * protocol.t_stop) / (len(times) + 1))

    return report


if __name__ == "__main__":
    sys.exit(main())
