"""``make bench``: speed and error of the integration strategies, and how cost grows.

Measures (some minutes of one core), prints the tables, and writes ``benchmarks/results.json``,
``docs/figures/speed.png`` and the tables in ``docs/speed.md``.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

from benchmarks import figure, growth, strategies
from benchmarks.machine import machine
from benchmarks.say import say
from benchmarks.table import tables

RESULTS: Final = Path(__file__).with_name("results.json")
DOCS: Final = Path(__file__).parents[1] / "docs"
#: The page's tables stand between these.
MARKS: Final = ("<!-- make bench -->\n", "<!-- end of make bench -->\n")


def measure() -> dict[str, Any]:
    """Return all measurements of one run."""
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
    }
    say(f"measured in {(time.perf_counter() - begun) / 60:.1f} min")
    return found


def show(result: dict[str, Any]) -> None:
    """Print the tables, draw the figure and put the tables into the page."""
    text = tables(result)
    print(text)
    figure.save(result, DOCS / "figures" / "speed.png")
    page = DOCS / "speed.md"
    before, rest = page.read_text().split(MARKS[0])
    after = rest.split(MARKS[1])[1]
    page.write_text(f"{before}{MARKS[0]}\n{text}\n\n{MARKS[1]}{after}")


def main() -> None:
    """Measure and show, or show what was measured before."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--figure", action="store_true", help="Show benchmarks/results.json again; measure nothing."
    )
    if not parser.parse_args().figure:
        RESULTS.write_text(json.dumps(measure(), indent=1) + "\n")
    show(json.loads(RESULTS.read_text()))


if __name__ == "__main__":
    main()
