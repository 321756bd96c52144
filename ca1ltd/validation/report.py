"""Measures beside their targets: z-scores, a score for each group, and how they are written."""

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

import numpy as np

from ca1ltd.arrays import Floats

MISSING: Final = 100.0
"""The z-score of a measure that a cell does not show, as HippoUnit counts a missing block."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What recordings show of one measure.

    Attributes
    ----------
    name, group, unit, note, source : str
        The measure, the group whose score it counts for, its unit, and what else to know.
    kinds : tuple of (float, float)
        Mean and standard deviation of each kind of recording; empty without recordings.
    """

    name: str
    group: str
    unit: str
    note: str
    source: str
    kinds: tuple[tuple[float, float], ...]

    def z_score(self, value: float) -> float | None:
        """Return how many standard deviations a value is from the nearest kind of recording."""
        if not self.kinds:
            return None
        if math.isnan(value):
            return MISSING
        return min(((value - mean) / sd for mean, sd in self.kinds), key=abs)


@dataclass(frozen=True, slots=True, kw_only=True)
class CellReport:
    """A cell's measures beside their targets.

    Attributes
    ----------
    cell : str
        Name of the cell.
    values : mapping of str to float
        Measures by name; NaN where the cell does not show it.
    curves : mapping of str to (x, y)
        Curves by name.
    """

    cell: str
    values: Mapping[str, float]
    curves: Mapping[str, tuple[Floats, Floats]]

    def scores(self) -> dict[str, float]:
        """Return the mean absolute z-score of each group of measures."""
        found: dict[str, list[float]] = {}
        for target in targets():
            z = target.z_score(self.values[target.name])
            if z is not None:
                found.setdefault(target.group, []).append(abs(z))
        return {group: float(np.mean(values)) for group, values in found.items()}

    def rows(self) -> list[tuple[str, ...]]:
        """Return a line of words for each measure, a heading first."""
        lines: list[tuple[str, ...]] = [("measure", "cell", "recordings", "unit", "z", "note")]
        for target in targets():
            value = self.values[target.name]
            z = target.z_score(value)
            kinds = " or ".join(f"{mean:g} +- {sd:g}" for mean, sd in target.kinds)
            lines.append(
                (
                    target.name.replace("_", " "),
                    "not shown" if math.isnan(value) else f"{value:.3g}",
                    kinds,
                    "" if target.unit == "1" else target.unit,
                    "" if z is None else f"{z:+.1f}",
                    target.note,
                )
            )
        return lines

    def as_dict(self) -> dict[str, Any]:
        """Return measures, targets and scores as JSON values; null stands for not shown."""
        return {
            "cell": self.cell,
            "scores": self.scores(),
            "measures": {
                target.name: {
                    "value": _or_none(self.values[target.name]),
                    "unit": target.unit,
                    "recordings": [{"mean": mean, "sd": sd} for mean, sd in target.kinds],
                    "z": target.z_score(self.values[target.name]),
                    "source": target.source,
                }
                for target in targets()
            },
        }


@cache
def targets() -> tuple[Target, ...]:
    """Return all targets, group by group."""
    text = resources.files("ca1ltd.validation").joinpath("targets.toml").read_text("utf-8")
    tables = tomllib.loads(text)
    sources = tables.pop("sources")
    return tuple(
        Target(
            name=name,
            group=group,
            unit=row["unit"],
            note=row.get("note", ""),
            source=sources[row["source"]] if "source" in row else "",
            kinds=tuple((kind["mean"], kind["sd"]) for kind in _kinds(row)),
        )
        for group, table in tables.items()
        for name, row in table.items()
    )


def _kinds(row: Mapping[str, Any]) -> list[Mapping[str, float]]:
    kinds = [row, row.get("other", {})]
    return [kind for kind in kinds if "mean" in kind]


def _or_none(value: float) -> float | None:
    return None if math.isnan(value) else value
