"""What is plotted of a sweep: an outcome of its table, and the points that its runs make."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from ca1ltd.errors import BadInput


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What is plotted: columns of the table of mean, SEM and, without noise, the expected.

    Attributes
    ----------
    mean : str
        Column of the mean.
    sem, expected : str
        Columns, or "".
    title : str
        Label of its axis.
    unchanged : float or None
        Where nothing has changed.
    """

    mean: str
    sem: str = ""
    expected: str = ""
    title: str
    unchanged: float | None = None


OUTCOMES: Final = (
    Outcome(
        mean="conditioned_percent_of_baseline",
        sem="conditioned_sem",
        expected="conditioned_percent_expected",
        title="EPSP slope (% of baseline)",
        unchanged=100.0,
    ),
    Outcome(
        mean="paired_pulse_ratio_mean",
        sem="paired_pulse_ratio_sem",
        title="Paired-pulse ratio of EPSP slopes",
        unchanged=1.0,
    ),
)


def outcome_of(table: pd.DataFrame, column: str | None = None) -> Outcome:
    """Return what is plotted of a sweep: a column, or the first of `OUTCOMES` that it has.

    Raises
    ------
    BadInput
        If it has none.
    """
    numbers = [str(each) for each in table.select_dtypes("number").columns if each != "x"]
    if column is not None:
        if column not in numbers:
            raise BadInput(
                f"the sweep's table has no number '{column}': it has {', '.join(numbers)}"
            )
        return next(
            (each for each in OUTCOMES if each.mean == column),
            Outcome(mean=column, title=column.replace("_", " ")),
        )
    for outcome in OUTCOMES:
        if outcome.mean in numbers and table[outcome.mean].notna().any():
            return outcome
    raise BadInput(
        f"no pathway has an outcome in this sweep: name a column with --y, of {', '.join(numbers)}"
    )


def points_of(table: pd.DataFrame, outcome: Outcome) -> pd.DataFrame:
    """Return ``curve, x, mean, sem, expected, runs`` of each point.

    Runs of one curve at one x differ in their seed: their point is the mean of theirs, with the
    SEM over runs.
    """
    columns = {"mean": outcome.mean, "sem": outcome.sem, "expected": outcome.expected}
    taken = pd.DataFrame({name: table.get(column, np.nan) for name, column in columns.items()})
    taken[["curve", "x"]] = table[["curve", "x"]]
    groups = taken.groupby(["curve", "x"], sort=False, dropna=False)
    found = groups.agg(
        mean=("mean", "mean"),
        own=("sem", "mean"),
        over=("mean", "sem"),
        expected=("expected", "mean"),
        runs=("mean", "size"),
    ).reset_index()
    found["sem"] = found["own"].where(found["runs"] == 1, found["over"])
    return found[["curve", "x", "mean", "sem", "expected", "runs"]]
