"""``python -m benchmarks.start``: what it costs to start, before anything is simulated.

Seconds are of processor time, the median of five: of commands that list or help, and of a slice's
process from its fork to the first step, with what its server imports once for all slices of a run.
"""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

from benchmarks.say import say
from ca1ltd import protocols
from ca1ltd.errors import Interrupted
from ca1ltd.experiment.slice import run_slice
from ca1ltd.experiment.spec import ExperimentSpec, SliceSpec
from ca1ltd.experiment.store.run_folder import Store
from ca1ltd.experiment.workers.local import Job, run_local
from ca1ltd.recording import SliceResult

REPEATS: Final = 5
COMMANDS: Final = (
    "--version",
    "--help",
    "info",
    "info protocols",
    "info drugs",
    "info conditions",
    "info cells",
    "info figures",
    "info parameters",
    "run --help",
    "run lfs --help",
)
FIRST_STEP: Final = "benchmarks.start:to_first_step"
NOTHING: Final = "benchmarks.start:nothing"


def to_first_step(spec: SliceSpec, _progress: Callable[[float], None]) -> SliceResult:
    """Simulate a slice up to its first step."""
    return run_slice(spec, stop=lambda: True)


def nothing(_spec: SliceSpec, _progress: Callable[[float], None]) -> SliceResult:
    """Simulate nothing."""
    raise Interrupted("as it should be")


def children_cpu(work: Callable[[], object]) -> float:
    """Return the processor time of the processes that something starts and ends (s)."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    work()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def command(words: Sequence[str]) -> float:
    """Return the processor time of a command of ca1ltd (s)."""
    line = [sys.executable, "-m", "ca1ltd", *words]
    return children_cpu(lambda: subprocess.run(line, check=True, capture_output=True))


def slices(count: int, function: str) -> float:
    """Return the processor time of slices that end early and of what forks them (s)."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder), ExperimentSpec(protocol=protocols.lfs(), slices=count))
        store.begin()
        jobs = [Job(store, index) for index in range(count)]
        with closing(run_local(jobs, workers=1, function=function)) as reports:
            return children_cpu(lambda: list(reports))


def medians() -> dict[str, float]:
    """Return what each start costs (s)."""
    found = {}
    for words in COMMANDS:
        say(words)
        found[words] = statistics.median(command(words.split()) for _ in range(REPEATS))
    say("a slice")
    alone = statistics.median(slices(1, NOTHING) for _ in range(REPEATS))
    first = statistics.median(slices(1, FIRST_STEP) for _ in range(REPEATS))
    return found | {
        "imports, once for a run": alone,
        "a slice to its first step": first - alone,
    }


def main() -> None:
    """Measure and print."""
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    for name, seconds in medians().items():
        print(f"{name:28s} {seconds:6.3f} s")


if __name__ == "__main__":
    main()
