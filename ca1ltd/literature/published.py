"""The table of published outcomes."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal

Direction = Literal["LTD", "NC", "LTP"]
DIRECTIONS: Final[tuple[Direction, ...]] = ("LTD", "NC", "LTP")

RECOLLECTED: Final = 0.5
"""Weight of a direction that nobody has looked up, beside 1 of one that was found in a text."""
LEAST: Final = 5.0
"""Least half width of a band (per cent) where no uncertainty is stated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A condition of the literature and what came out of it.

    Attributes
    ----------
    id : str
        Its name.
    paper, identifier : str
        Citation, and a doi or the like if there is one.
    species, age, temperature, mg, ca : str
        The preparation, as the paper has it; empty where it is not known.
    accepted : tuple of str
        Directions that agree with the paper, the first that in which it counts; empty where the
        condition is about a number alone.
    mean, sem, uncertainty : float or None
        Outcome, in `unit`, and how sure it is.
    unit : str
        "%" of the baseline or control, or the unit of a number.
    window : tuple of float or None
        When it was measured (min after the end of induction).
    n : str
        Number of slices or cells.
    rule : str
        "value", "value_wide", "direction" or "ordering": what the paper tells.
    mechanism : str
        What the condition is about.
    number_seen, direction_seen : str
        In which text the number, or the direction, was found; empty where it is recollected.
    contested_with : tuple of str
        Conditions of other papers that say otherwise.
    """

    id: str
    paper: str
    identifier: str
    species: str
    age: str
    temperature: str
    mg: str
    ca: str
    accepted: tuple[Direction, ...]
    mean: float | None
    sem: float | None
    uncertainty: float | None
    unit: str
    window: tuple[float, float] | None
    n: str
    rule: str
    mechanism: str
    number_seen: str
    direction_seen: str
    contested_with: tuple[str, ...]

    @property
    def stated(self) -> tuple[float, float] | None:
        """Return the band about its number, ends included; None where there is no number.

        It is the mean plus and minus the stated uncertainty or, where none is stated, the larger
        of twice the SEM and 5 per cent.
        """
        if self.mean is None:
            return None
        half = self.uncertainty
        if half is None:
            half = max(2 * (self.sem or 0.0), LEAST)
        return self.mean - half, self.mean + half

    @property
    def band(self) -> tuple[float, float] | None:
        """Return the band that an outcome is judged by: that of a number that was looked up."""
        return self.stated if self.number_seen else None

    @property
    def direction_weight(self) -> float:
        """Return the weight of its direction."""
        return 1.0 if self.direction_seen else RECOLLECTED


@cache
def published() -> Mapping[str, Published]:
    """Return every condition by its id, in the order of the table."""
    text = Path(__file__).with_name("published.csv").read_text(encoding="utf-8")
    return {row["id"]: _condition(row) for row in csv.DictReader(text.splitlines(), strict=True)}


def _condition(row: Mapping[str, str]) -> Published:
    return Published(
        id=row["id"],
        paper=row["paper"],
        identifier=row["identifier"],
        species=row["species"],
        age=row["age"],
        temperature=row["temperature_degC"],
        mg=row["mg_mM"],
        ca=row["ca_mM"],
        accepted=tuple(
            each for word in row["direction"].split() for each in DIRECTIONS if each == word
        ),
        mean=_number(row["mean"]),
        sem=_number(row["sem"]),
        uncertainty=_number(row["uncertainty"]),
        unit=row["unit"],
        window=_window(row["window_min"]),
        n=row["n"],
        rule=row["rule"],
        mechanism=row["mechanism"],
        number_seen=row["number_seen"],
        direction_seen=row["direction_seen"],
        contested_with=tuple(row["contested_with"].split()),
    )


def _number(text: str) -> float | None:
    return float(text) if text else None


def _window(text: str) -> tuple[float, float] | None:
    """Return a window; a single time is the end of five minutes."""
    if not text:
        return None
    start, _, end = text.partition("-")
    return (float(start), float(end)) if end else (float(start) - 5, float(start))
