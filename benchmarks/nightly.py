"""The cost with NEURON's nightly build, which `make nightly` installs, beside the release."""

import subprocess
import sys
from pathlib import Path
from statistics import median
from typing import Any, Final

from benchmarks.excerpts import LENGTHS
from benchmarks.measure import Job, in_own_process
from benchmarks.say import say

PYTHON: Final = Path(__file__).parents[1] / ".venv-nightly" / "bin" / "python"
EXCERPT: Final = "1 Hz"
REPEATS: Final = 3

_VERSION: Final = "from ca1ltd import build; print(build.neuron_version())"


def nightly() -> dict[str, Any] | None:
    """Return the nightly build's version, and the ratio of its processor time to the release's.

    None where it is not installed; the ratio is None where the model does not run with it.
    """
    if not PYTHON.exists():
        return None
    command = [str(PYTHON), "-c", _VERSION]
    answer = subprocess.run(command, check=False, capture_output=True, text=True)
    if answer.returncode:
        return None
    say("NEURON's nightly build, beside the release")
    return {"version": answer.stdout.strip(), "ratio": _ratio()}


def _ratio() -> float | None:
    """Return the ratio of medians of runs that take turns, as a machine's speed drifts."""
    job = Job(excerpt=EXCERPT, length=LENGTHS[EXCERPT][0])
    spent: dict[str, list[float]] = {str(PYTHON): [], sys.executable: []}
    try:
        for _ in range(REPEATS):
            for python, seconds in spent.items():
                seconds.append(in_own_process(job, python).cpu_s)
    except RuntimeError as error:
        say(str(error))
        return None
    tried, release = (median(seconds) for seconds in spent.values())
    return tried / release
