"""Which published conditions the calibration has used: ``python -m calibration.fitted``.

Writes ``ca1ltd/literature/fitted.csv``, by which the scorecard tells what a fit has seen.
"""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from ca1ltd.literature import history
from ca1ltd.writing import write_text
from calibration import spine, targets

FILE = Path(history.__file__).with_name("fitted.csv")


def used() -> Iterator[tuple[str, str]]:
    """Yield what was fitted, and a condition that it was fitted to."""
    for target in targets.TARGETS:
        for condition in target.conditions:
            yield target.name, condition
    for measure, conditions in spine.CONDITIONS.items():
        for condition in conditions:
            yield measure, condition


def text() -> str:
    """Return the file."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([("fitted", "condition"), *used()])
    return out.getvalue()


if __name__ == "__main__":
    write_text(text(), FILE)
