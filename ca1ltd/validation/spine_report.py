"""Measures of spines beside recordings: whether each is met, and how they are written."""

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

import numpy as np

from ca1ltd.arrays import Floats

SPREAD: Final = (5.0, 95.0)
"""Percentiles over spines between which the spread is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpineTarget:
    """What recordings show of one measure of spines.

    Attributes
    ----------
    name, title : str
        The measure, and what it is in words.
    low, high : float
        Range of the recordings, in `unit`.
    unit : str
        Its unit; 1 for a number.
    source : str
        The paper.
    looked_up : bool
        Whether the number was found in a public text; otherwise it is recollected.
    note : str
        How it is defined, and what else to know.
    """

    name: str
    title: str
    low: float
    high: float
    unit: str
    source: str
    looked_up: bool = False
    note: str = ""

    def miss(self, value: float) -> float:
        """Return how far a value is out of the range, in halves of its width; 0 inside.

        Infinite for a value that is not shown.
        """
        if math.isnan(value):
            return math.inf
        half = (self.high - self.low) / 2
        return max(self.low - value, value - self.high, 0.0) / half


@dataclass(frozen=True, slots=True, kw_only=True)
class SpineReport:
    """Measures of a cell's spines beside recordings.

    Attributes
    ----------
    cell : str
        Name of the cell.
    values : mapping of str to ndarray
        Each measure in each spine, shape ``(n_spines,)``; NaN where a spine does not show it.
    curves : mapping of str to (x, y)
        Curves by name.
    """

    cell: str
    values: Mapping[str, Floats]
    curves: Mapping[str, tuple[Floats, Floats]]

    def median(self, name: str) -> float:
        """Return the median of a measure over spines; NaN if most do not show it."""
        return float(np.median(self.values[name]))

    def spread(self, name: str) -> tuple[float, float]:
        """Return the percentiles `SPREAD` of a measure over the spines that show it."""
        values = self.values[name]
        shown = values[~np.isnan(values)]
        if not shown.size:
            return math.nan, math.nan
        low, high = np.percentile(shown, SPREAD).tolist()
        return low, high

    def misses(self) -> tuple[str, ...]:
        """Return the names of the measures that are not within the range of the recordings."""
        return tuple(
            target.name for target in spine_targets() if target.miss(self.median(target.name)) > 0
        )

    def rows(self) -> list[tuple[str, ...]]:
        """Return a line of words for each measure, a heading first."""
        heading = ("measure", "median", "5-95 %", "recordings", "unit", "", "source")
        lines: list[tuple[str, ...]] = [heading]
        for target in spine_targets():
            median = self.median(target.name)
            low, high = self.spread(target.name)
            lines.append(
                (
                    target.title,
                    "not shown" if math.isnan(median) else f"{median:.3g}",
                    "" if low == high or math.isnan(low) else f"{low:.3g}-{high:.3g}",
                    f"{target.low:g}-{target.high:g}",
                    "" if target.unit == "1" else target.unit,
                    "out" if target.miss(median) > 0 else "in",
                    f"{target.source} ({'looked up' if target.looked_up else 'recollected'})",
                )
            )
        return lines

    def as_dict(self) -> dict[str, Any]:
        """Return measures and recordings as JSON values; null stands for not shown."""
        return {
            "cell": self.cell,
            "spines": max(len(values) for values in self.values.values()),
            "misses": list(self.misses()),
            "measures": {target.name: self._measure(target) for target in spine_targets()},
        }

    def _measure(self, target: SpineTarget) -> dict[str, Any]:
        median = self.median(target.name)
        low, high = self.spread(target.name)
        return {
            "title": target.title,
            "median": _or_none(median),
            "spread": {"low": _or_none(low), "high": _or_none(high)},
            "recordings": {"low": target.low, "high": target.high},
            "unit": target.unit,
            "inside": target.miss(median) == 0,
            "source": target.source,
            "looked_up": target.looked_up,
            "note": target.note,
        }


@cache
def spine_targets() -> tuple[SpineTarget, ...]:
    """Return all targets, in the order of their file."""
    text = resources.files("ca1ltd.validation").joinpath("spine_targets.toml").read_text("utf-8")
    tables = tomllib.loads(text)
    sources = tables.pop("sources")
    return tuple(
        SpineTarget(name=name, **{**row, "source": sources[row["source"]]})
        for name, row in tables.items()
    )


def _or_none(value: float) -> float | None:
    return None if math.isnan(value) else value
