"""What the calibration came to, and how outcomes answer to each fitted parameter.

`calibration/cascade.py` and `calibration/sensitivity.py` print these tables and, with
``--results``, leave the files that they are made from.
"""

from collections.abc import Mapping
from typing import Any, Final

from ca1ltd.literature.shares import BARS
from pages.source import Source, View, table

Row = Mapping[str, Any]
#: What the objective is made by.
FITTED_BY: Final = ("calibration/targets.py", "ca1ltd/export/replay", "calibration/cascade.py")


def targets(found: Any) -> str:
    """Return what each target came to."""
    rows = [("experiment", "model", "target", "allowed", "missed by", "after")]
    for row in found["targets"]:
        miss = _miss(row)
        rows.append(
            (
                row["name"],
                f"{row['outcome']:.3f}",
                f"{row['target']:g}",
                f"{row['allowed']:g}",
                f"{miss:.1f}" if miss > 1 else "",
                row["source"],
            )
        )
    met = sum(_miss(row) <= 1 for row in found["targets"])
    return (
        f"{met} of {len(found['targets'])} are met; the sum of misses is {found['misses']:.2f}. "
        "Outcomes are the EPSP 55 min after induction over that of rest, where the name says "
        f"nothing else; *missed by* is in units of what is allowed.\n\n{table(rows)}"
    )


def _miss(row: Row) -> float:
    return float(abs(row["outcome"] - row["target"]) / row["allowed"])


def _target(name: str) -> View:
    """Return the view of a target's outcome, in per cent."""

    def shown(found: Any) -> str:
        outcome = next(row["outcome"] for row in found["targets"] if row["name"] == name)
        return f"{100 * outcome:.0f} %"

    return shown


def objective(found: Any) -> str:
    """Return the sum of misses and the share of right directions with each change."""
    rows: list[tuple[str, ...]] = [
        ("parameter", "value", "misses x 0.8", "x 1.25", "direction right x 0.8", "x 1.25"),
        ("as it is", "", f"{found['misses']:.0f}", "", f"{found['directions']:.0%}", ""),
    ]
    for row in found["parameters"]:
        misses = (f"{value:.0f}" for value in row["misses"])
        right = (f"{value:.0%}" for value in row["directions"])
        rows.append((f"`{row['parameter']}`", f"{row['value']:.3g}", *misses, *right))
    return table(rows)


def sensitivity(found: Any) -> str:
    """Return the weighted shares with each change, bold where they miss their bar."""
    rows: list[tuple[str, ...]] = [
        ("parameter", "value", *(name for name in BARS)),
        ("as it is", "", *_cells([found["as_it_is"]])),
        ("the replay alone", "", *_cells([found["replay_alone"]])),
    ]
    for row in found["parameters"]:
        value = f"{row['value']:.3g}"
        rows.append((f"`{row['parameter']}`", value, *_cells(row["shares"])))
    changes = [shares for row in found["parameters"] for shares in row["shares"]]
    reached = sum(all(shares[name] >= bar for name, bar in BARS.items()) for shares in changes)
    still = sum(_moved(row, found["as_it_is"]) <= 0.015 for row in found["parameters"])
    differs = found["replay_differs"]
    return (
        f"In {reached} of {len(changes)} changes all bars are reached. Directions are right in "
        f"{_range(found, 'direction')} and bands in {_range(found, 'band')}. {still} of "
        f"{len(found['parameters'])} parameters move no share by more than a point: what they "
        "stand for is known to exist, but no scored experiment decides how much of it there is."
        f"\n\n{table(rows)}\n\n"
        "The replay alone, without what the slices measured, differs from them by "
        f"{differs['mean']:.1f} points in the mean of the {differs['conditions']} conditions with "
        f"a direction and by {differs['median']:.1f} in the median."
    )


def _cells(shares: list[Row]) -> list[str]:
    return [
        " / ".join(
            f"{100 * share[name]:.0f}" if share[name] >= bar else f"**{100 * share[name]:.0f}**"
            for share in shares
        )
        for name, bar in BARS.items()
    ]


def _moved(row: Row, base: Row) -> float:
    """Return the largest change of a share; tables show points, so half a one is lost."""
    moves = (abs(shares[name] - base[name]) for shares in row["shares"] for name in BARS)
    return float(max(moves))


def _range(found: Any, name: str) -> str:
    shares = [shares[name] for row in found["parameters"] for shares in row["shares"]]
    return f"{100 * min(shares):.0f} to {100 * max(shares):.0f} %"


def ranges(found: Any) -> str:
    """Return a sentence on how little the score answers to any one parameter."""
    return (
        f"With any one of the {len(found['parameters'])} fitted parameters multiplied by 0.8 or "
        f"1.25, directions are right in {_range(found, 'direction')} and bands in "
        f"{_range(found, 'band')} "
        "([sensitivity](docs/calibration.md#sensitivity-of-the-scorecard))."
    )


def held(found: Any) -> str:
    """Return how what was predicted of a change compares with simulations of it."""
    return (
        f"For {found['change']}, one of the changes that move the score most, {found['conditions']}"
        f" conditions were simulated. What was predicted is off by {found['mean']:.1f} points in "
        f"the mean and {found['most']:.1f} at most, where outcomes moved by up to "
        f"{found['moved']:.0f}; {found['directions_same']} of {found['directions']} directions and "
        f"{found['bands_same']} of {found['bands']} bands are the same."
    )


def starts(found: Any) -> str:
    """Return how far other fits agree with the model, by what they were fitted to."""
    rows = [("fit", "seen by the fits", "conditions", "same direction", "right", "model")]
    for start in found["starts"]:
        for history, row in start["shares"].items():
            same = f"{row['same'] / row['conditions']:.0%}"
            right = (f"{row[key] / row['conditions']:.0%}" for key in ("right_there", "right"))
            rows.append((start["name"], history, str(row["conditions"]), same, *right))
    return table(rows)


TARGETS: Final = Source(
    name="targets",
    files=FITTED_BY,
    command="python -m calibration.cascade --drive drive.npz --results",
    views={"table": targets, "step-to-0-mV": _target("step to 0 mV")},
)
OBJECTIVE: Final = Source(
    name="objective",
    files=FITTED_BY,
    command="python -m calibration.cascade --drive drive.npz --sensitivity --results",
    views={"table": objective},
)
SENSITIVITY: Final = Source(
    name="sensitivity",
    files=(*FITTED_BY, "calibration/sensitivity.py"),
    command="python -m calibration.sensitivity --runs runs --results",
    views={
        "table": sensitivity,
        "sentence": ranges,
    },
)
HELD: Final = Source(
    name="sensitivity-held",
    command="ca1ltd experiment run ... --slices 2 --set ca1psd.pt_half=0.006825",
    views={"sentence": held},
)
STARTS: Final = Source(
    name="starts",
    files=(*FITTED_BY, "calibration/sensitivity.py", "calibration/starts.py"),
    command="python -m calibration.starts --runs runs --to starts/*.json --results",
    views={"table": starts},
)
