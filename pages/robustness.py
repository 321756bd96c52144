"""How outcomes answer to each parameter: what `calibration/robustness.py` found."""

from collections.abc import Mapping
from typing import Any, Final

from pages.source import Source, table

FACTORS: Final = (0.8, 1.25)
ALLOWED: Final[Mapping[str, tuple[float, float]]] = {
    "1 Hz": (55.0, 92.0),
    "100 Hz": (115.0, 190.0),
    "baseline": (97.0, 103.0),
}
"""What outcomes may come to (per cent of the EPSP before) with any one parameter changed."""
SHOWN: Final = 10

Change = tuple[str, float]


def worst(found: Mapping[str, Any], number: int) -> list[Change]:
    """Return the changes that carry an outcome farthest out of what is allowed, worst first.

    Farthest is in units of half of what is allowed; a change whose value is not allowed is none.
    """
    far = {
        (key, factor): _farthest(row[f"{factor:g}"])
        for key, row in found["parameters"].items()
        for factor in FACTORS
        if row[f"{factor:g}"] is not None
    }
    return sorted(far, key=lambda change: -far[change])[:number]


def _farthest(outcomes: Mapping[str, float]) -> float:
    """Return how far the farthest outcome is from the middle, 1 at the ends of what is allowed."""
    return max(
        abs(outcomes[name] - (low + high) / 2) / ((high - low) / 2)
        for name, (low, high) in ALLOWED.items()
    )


def summary(found: Mapping[str, Any]) -> str:
    """Return how many changes keep every outcome within what is allowed."""
    every = [
        row[f"{factor:g}"]
        for row in found["parameters"].values()
        for factor in FACTORS
        if row[f"{factor:g}"] is not None
    ]
    kept = sum(_farthest(each) <= 1 for each in every)
    apart = ", ".join(
        f"{name} in {sum(not low <= each[name] <= high for each in every)}"
        for name, (low, high) in ALLOWED.items()
    )
    return (
        f"Of {len(every)} changes of {len(found['parameters'])} parameters {kept} keep all three "
        f"outcomes within what is allowed. Outside are {apart}."
    )


def shown(found: Mapping[str, Any]) -> str:
    """Return the worst changes by replay, with what simulation makes of them if it was asked."""
    simulated = {(row["parameter"], row["factor"]): row for row in found.get("simulated", ())}
    head = ("parameter", "value", "times", *ALLOWED)
    rows = [(*head, *(f"{name}, simulated" for name in ALLOWED))]
    as_it_is = (f"{found['as_it_is'][name]:.0f} %" for name in ALLOWED)
    rows.append(("as it is", "", "", *as_it_is, *("" for _ in ALLOWED)))
    for key, factor in worst(found, SHOWN):
        row, run = found["parameters"][key], simulated.get((key, factor))
        by_replay = (_marked(name, row[f"{factor:g}"][name]) for name in ALLOWED)
        by_run = (_marked(name, run[name]) if run else "" for name in ALLOWED)
        rows.append((f"`{key}`", f"{row['value']:.3g}", f"{factor:g}", *by_replay, *by_run))
    return table(rows)


def _marked(name: str, value: float) -> str:
    """Return an outcome, bold where it is outside."""
    low, high = ALLOWED[name]
    return f"{value:.0f} %" if low <= value <= high else f"**{value:.0f} %**"


SOURCE: Final = Source(
    name="robustness",
    command="python -m calibration.robustness --simulate --results",
    views={"summary": summary, "worst": shown},
    files=(
        *("calibration/robustness.py", "calibration/drive.py", "calibration/targets.py"),
        "ca1ltd/export/replay",
    ),
)
