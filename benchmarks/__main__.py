"""``make bench``: speed and error of the integration strategies, and how cost grows.

Measures (some minutes of one core), prints the tables, and writes ``docs/results/speed.json``, from
which `docs/speed.md` has its numbers, and ``docs/figures/speed.png``.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import Any, Final

from benchmarks import figure, growth, strategies
from benchmarks.against import against
from benchmarks.machine import machine
from benchmarks.nightly import nightly
from benchmarks.say import say
from benchmarks.table import tables
from pages.result import Result
from pages.speed import SPEED

FIGURE: Final = Path(__file__).parents[1] / "docs" / "figures" / "speed.png"


def measure(commit: str | None) -> dict[str, Any]:
    """Return all measurements of one run, beside those of an earlier commit if one is given."""
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory() as work:
        rows = strategies.rows(Path(work))
    whole = strategies.whole()
    say("where the time of a step goes")
    command = [sys.executable, "-m", "benchmarks.profile"]
    answer = subprocess.run(command, check=True, capture_output=True, text=True)
    found = {
        "machine": machine(),
        "strategies": rows,
        "whole": whole,
        "growth": {**growth.synapses(), **growth.segments(), **growth.slices()},
        "profile": json.loads(answer.stdout.splitlines()[-1]),
        "nightly": nightly(),
        "against": against(commit) if commit else None,
    }
    say(f"measured in {(time.perf_counter() - begun) / 60:.1f} min")
    return found


def show(result: dict[str, Any]) -> None:
    """Print the tables and draw the figure."""
    print(tables(result))
    figure.save(result, FIGURE)


def main() -> None:
    """Measure and show, or show what was measured before."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--figure", action="store_true", help="Show docs/results/speed.json again; measure nothing."
    )
    parser.add_argument("--against", metavar="COMMIT", help="Measure an earlier commit beside it.")
    args = parser.parse_args()
    if not args.figure:
        SPEED.result(partial(measure, args.against)).write(SPEED.name)
    show(Result.read(SPEED.name).found)


if __name__ == "__main__":
    main()
