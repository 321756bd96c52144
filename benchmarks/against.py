"""The cost beside that of an earlier commit, on the same machine in turns."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, Final

from benchmarks.excerpts import LENGTHS
from benchmarks.measure import Job, in_own_process
from benchmarks.say import say
from benchmarks.start import children_cpu

ROOT: Final = Path(__file__).parents[1]
REPEATS: Final = 3
#: What is typed for a whole experiment, beside where it goes.
WHOLE: Final = ("run", "lfs", "--slices", "1", "--workers", "1")


def against(commit: str) -> dict[str, Any]:
    """Return the processor time (s) of each excerpt and of a whole run, then and now.

    Medians of `REPEATS` that take turns, as a machine's speed drifts. An excerpt is without its
    audits, a whole run with all that it starts.
    """
    with _checkout(commit) as then:
        sources = {"before": then, "now": ROOT}
        rows = []
        for excerpt, (length, _) in LENGTHS.items():
            say(f"{excerpt}: {length:g} s by ours, at {commit} and now")
            job = Job(excerpt=excerpt, length=length)
            rows.append({"protocol": excerpt} | _in_turns(sources, partial(_cost, job)))
        say(f"the whole of `ca1ltd {' '.join(WHOLE)}`, at {commit} and now")
        rows.append({"protocol": "1 Hz, whole run"} | _in_turns(sources, _whole))
    return {"commit": commit, "rows": rows}


def _in_turns(sources: dict[str, Path], cost: Callable[[Path], float]) -> dict[str, float]:
    spent: dict[str, list[float]] = {name: [] for name in sources}
    for _ in range(REPEATS):
        for name, at in sources.items():
            spent[name].append(cost(at))
    return {name: median(seconds) for name, seconds in spent.items()}


@contextmanager
def _checkout(commit: str) -> Iterator[Path]:
    """Yield a checkout of a commit, which exists as long as the context."""
    with tempfile.TemporaryDirectory() as work:
        at = Path(work) / "then"
        git = ["git", "-C", str(ROOT), "worktree"]
        subprocess.run([*git, "add", "--quiet", "--detach", str(at), commit], check=True)
        try:
            yield at
        finally:
            subprocess.run([*git, "remove", "--force", str(at)], check=True)


def _environment(at: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(at), "OPENBLAS_NUM_THREADS": "1"}


def _cost(job: Job, at: Path) -> float:
    """Return the processor time of an excerpt with the model of a checkout, measured by us."""
    with tempfile.TemporaryDirectory() as work:
        (Path(work) / "benchmarks").symlink_to(ROOT / "benchmarks")
        return in_own_process(job, folder=Path(work), environment=_environment(at)).cpu_s


def _whole(at: Path) -> float:
    """Return the processor time of a command and of all processes that it starts."""
    with tempfile.TemporaryDirectory() as work:
        command = [sys.executable, "-m", "ca1ltd", *WHOLE, "--out", str(Path(work) / "run")]
        started = partial(subprocess.run, command, check=True, capture_output=True)
        return children_cpu(partial(started, cwd=work, env=_environment(at)))
