"""Fit the membrane of the CA1 cell to recordings, over several objectives.

    python -m calibration.membrane fit --targets DIR --columns dhc:somatic,dhc:rules
    python -m calibration.membrane fit --targets DIR --rounds 20
    python -m calibration.membrane pareto    # the trade-offs found
    python -m calibration.membrane apply     # into cells/biophysics.toml
    python -m calibration.membrane block --cell dhc --change km.axon=.0034,.0031

Objectives are the scores of HippoUnit's columns (Saray et al. 2021) for both cells, measured by our
own faster experiments (`ca1ltd.validation.measures`): the somatic features of the patch recordings,
which are read from HippoUnit's observation file in DIR, depolarisation block, back-propagation,
EPSP attenuation and oblique integration; then steady attenuation. Dendrites are ten times as dear
as the soma, so a first fit takes the cheap columns, and the fit of all begins where it ended.

The column `rules` guards the experiments the cell is for: it counts spikes that weak inputs evoke,
EPSPs that are not graded, a cell that strong inputs silence, and one that does not come to rest.

What is minimised is the mean over the columns of score over bar, plus half the largest of them, so
that no column pays for another. Every candidate is kept with all its scores: `pareto` lists those
that none other beats in every column, and `apply` takes the one of the smallest cost among them.
Candidates are measured on coarse segments at a loose tolerance; what is applied is measured again
by `ca1ltd cell validate` and HippoUnit. Whether the depolarisation block lasts is decided by less
than they can tell: `block` is a sweep of one parameter of the committed cell, on finer segments.
"""

import argparse
import json
import re
import sys
import warnings
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from ca1ltd import resources
from ca1ltd.errors import RunError
from calibration.descent import descent
from calibration.membrane_scores import (
    COLUMNS,
    PARAMETERS,
    block_of,
    cost,
    distances_of,
    scores,
    start,
)

FOLDER = Path(__file__).with_name("membrane")
FOUND = FOLDER / "candidates.jsonl"
FEATURES = "feat_rat_CA1_JMakara_more_features.json"

#: The name of a cell and of a column of its scores.
Column = tuple[str, str]


def _evaluate(
    job: tuple[list[float], dict[str, Any], tuple[Column, ...]],
) -> dict[Column, np.ndarray] | None:
    x, features, columns = job
    warnings.simplefilter("ignore")  # eFEL's, of features that a bad cell does not have
    try:
        return distances_of(np.array(x), features, columns)
    except (RuntimeError, RunError) as error:  # a cell that cannot be integrated is no candidate
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return None


def fit(folder: Path, columns: tuple[Column, ...], rounds: int, workers: int) -> None:
    """Search, going on from the best candidate so far with regard to these columns."""
    features = json.loads((folder / FEATURES).read_text("utf-8"))
    FOLDER.mkdir(exist_ok=True)
    # a candidate that lacks a column was not bad in it, but not measured: next best to one that was
    before = sorted(
        (c for c in candidates() if c["scores"].keys() & set(columns)),
        key=lambda c: (
            len(set(columns) - c["scores"].keys()),
            cost({n: s for n, s in c["scores"].items() if n in columns}),
        ),
    )

    def measured(points: Sequence[np.ndarray]) -> list[dict[Column, np.ndarray] | None]:
        # a new process for each point: whatever a cell leaves behind does not pile up
        with ProcessPoolExecutor(
            workers, mp_context=get_context("spawn"), max_tasks_per_child=1
        ) as pool:
            found = list(pool.map(_evaluate, [(p.tolist(), features, columns) for p in points]))
        with FOUND.open("a", encoding="utf-8") as file:
            for point, distances in zip(points, found, strict=True):
                if distances is not None:
                    kept = {_said(c): round(score, 4) for c, score in scores(distances).items()}
                    row = {"x": [round(float(v), 5) for v in point], "scores": kept}
                    file.write(json.dumps(row) + "\n")
        return found

    first = np.array(before[0]["x"]) if before else start()
    for number, (_, distances) in enumerate(descent(first, measured, COLUMNS, rounds=rounds)):
        found = scores(distances)
        print(
            f"{number:4d}  {cost(found):.3f}  "
            + "  ".join(f"{_said(column)} {found[column]:.2f}" for column in columns),
            flush=True,
        )


def candidates() -> Iterator[dict[str, Any]]:
    """Yield every candidate tried."""
    if FOUND.exists():
        for line in FOUND.read_text("utf-8").splitlines():
            row = json.loads(line)
            yield row | {"scores": {_column(said): s for said, s in row["scores"].items()}}


def pareto() -> list[dict[str, Any]]:
    """Return the candidates that none other beats in every column, best first."""
    whole = (c for c in candidates() if c["scores"].keys() == COLUMNS.keys())
    found = sorted(whole, key=lambda c: cost(c["scores"]))
    table = np.array([[c["scores"][name] for name in COLUMNS] for c in found])
    return [
        found[k]
        for k in range(len(found))
        if not np.any(np.all(table <= table[k], axis=1) & np.any(table < table[k], axis=1))
    ]


def apply(candidate: dict[str, Any]) -> None:
    """Write a candidate's values into the biophysics of all cells and of one, to three digits."""
    cells = resources.cells_dir()
    for free, at in zip(PARAMETERS, candidate["x"], strict=True):
        path = cells / (free.cell or "") / "biophysics.toml"
        table, entry = free.key.rsplit(".", 1)
        pattern = rf"(\[{re.escape(table)}\]\n(?:(?!\[).*\n)*?{entry} = {{ value = )[^,]+"
        value = float(f"{free.value(at):.3g}")
        text, count = re.subn(pattern, rf"\g<1>{value:g}", path.read_text("utf-8"))
        if count != 1:
            raise SystemExit(f"{free.key} was found {count} times in {path}")
        path.write_text(text, encoding="utf-8")


def block(cell: str, key: str, values: Sequence[float]) -> None:
    """Print spikes and the longest silence of long steps with each value of a parameter."""
    for value in values:
        found = block_of(cell, {key: value})
        print(
            f"{key} {value:g}:", "; ".join(f"{i:.2f} nA {n}, {gap:.0f} ms" for i, n, gap in found)
        )


def _said(column: Column) -> str:
    return ":".join(column)


def _column(said: str) -> Column:
    cell, _, name = said.partition(":")
    return cell, name


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["fit", "pareto", "apply", "block"])
    parser.add_argument("--targets", type=Path, help="HippoUnit's observation files")
    parser.add_argument("--columns", default=",".join(map(_said, COLUMNS)), help="CELL:COLUMN,...")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--cell", default="dhc", help="whose block")
    parser.add_argument(
        "--change", default="km.axon=.0031", help="PARAMETER=VALUE,... of its sweep"
    )
    given = parser.parse_args()
    if given.what == "fit":
        if given.targets is None:
            parser.error("fit needs --targets")
        columns = tuple(map(_column, given.columns.split(",")))
        if not set(columns) <= COLUMNS.keys():
            parser.error(f"the columns are {', '.join(map(_said, COLUMNS))}")
        fit(given.targets, columns, given.rounds, given.workers)
        return
    if given.what == "block":
        key, _, values = given.change.partition("=")
        block(given.cell, key, [float(value) for value in values.split(",")])
        return
    front = pareto()
    if given.what == "apply":
        apply(front[0])
    print("  ".join(f"{_said(column):>29s}" for column in COLUMNS))
    for candidate in front[:20]:
        print("  ".join(f"{candidate['scores'][column]:29.2f}" for column in COLUMNS))


if __name__ == "__main__":
    main()
