"""Do fits from different starts agree on what they were not fitted to?

    ca1ltd experiment run all --slices 1 --drives 1 --out runs
    python -m calibration.starts --runs runs --slices 1 --to b.json            # some minutes
    python -m calibration.starts --runs runs --slices 1 --to b.json --results  # for docs/

Each file holds parameters that `cascade.py --refine` found from another start. Scored are the
parameters of the mod files, by the runs of the scorecard, and those of the files, by replay of what
drove the spines of these runs (`sensitivity.py`).
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from ca1ltd.literature.experiments import Setting
from ca1ltd.literature.history import HISTORIES, histories
from ca1ltd.literature.judge import Judged
from ca1ltd.model import parameters
from calibration.sensitivity import in_scope, judged, lacking
from pages.calibration import STARTS


def factors(found: Mapping[str, float]) -> dict[str, float]:
    """Return what the values of the mod files are multiplied by."""
    return {key: value / parameters.table()[key].value for key, value in found.items()}


def compared(here: Sequence[Judged], there: Sequence[Judged]) -> dict[str, dict[str, int]]:
    """Return how many directions are right here and there, and how many are the same."""
    rows: dict[str, dict[str, int]] = {}
    for history in HISTORIES:
        pairs = [
            (a, b)
            for a, b in zip(here, there, strict=True)
            if histories()[a.condition.id] == history and a.direction_right is not None
        ]
        rows[history] = {
            "conditions": len(pairs),
            "right": sum(bool(a.direction_right) for a, _ in pairs),
            "right_there": sum(bool(b.direction_right) for _, b in pairs),
            "same": sum(a.outcome.direction == b.outcome.direction for a, b in pairs),
        }
    return rows


def measured(files: Sequence[Path], setting: Setting, runs: Path, workers: int) -> dict[str, Any]:
    """Return the comparison with each file, as JSON values."""
    changes = [{}, *(factors(json.loads(file.read_text())) for file in files)]
    score = partial(judged, changes=changes, setting=setting, runs=runs)
    with ProcessPoolExecutor(workers) as pool:
        _, here, *others = zip(*pool.map(score, in_scope()), strict=True)
    return {
        "starts": [
            {"name": file.stem, "shares": compared(here, there)}
            for file, there in zip(files, others, strict=True)
        ]
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=Path, default=Path("runs", "experiments"))
    parser.add_argument("--slices", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--to", type=Path, nargs="+", required=True, metavar="FILE")
    parser.add_argument("--results", action="store_true", help="leave the file for docs/")
    given = parser.parse_args()
    setting = Setting(slices=given.slices)
    if lack := lacking(given.runs, setting):
        parser.error(lack)
    result = STARTS.result(lambda: measured(given.to, setting, given.runs, given.workers))
    print(STARTS.views["table"](result.found))
    if given.results:
        print(result.write(STARTS.name))
