"""What a rule of plasticity is: its equations, and its parameters with published values."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal

Drive = Literal["calcium", "potential"]

FITTED_FILE: Final = Path(__file__).with_name("fitted.csv")
"""The fitted values, as ``python -m calibration.rules`` writes them."""
_NONE: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number of a rule.

    Attributes
    ----------
    name : str
        The paper's letter, in ASCII.
    value : float
        Where the fit starts: the published value, unless `source` says otherwise.
    low, high : float
        Bounds of the fit.
    unit : str
        Of all three.
    source : str
        Where the value is from.
    """

    name: str
    value: float
    low: float
    high: float
    unit: str
    source: str

    @property
    def positive(self) -> bool:
        """Return whether it is positive, and fitted by its logarithm."""
        return self.low > 0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rule:
    """A rule of plasticity for one synapse; code is C++, in which everything has its own name.

    Attributes
    ----------
    name, title : str
        Its name in files, and in words.
    reference : str
        The paper, with its DOI.
    driven_by : str
        "calcium" or "potential".
    parameters : tuple of Parameter
        Its numbers.
    states : mapping of str to str
        What a synapse remembers, and what it is at first.
    of_calcium : mapping of str to str
        What depends on calcium ``c`` (uM) and parameters alone, in this order.
    step : str
        Moves the states by ``dt``: seconds, during which calcium is ``c``; or milliseconds, during
        which the potential is ``u`` (mV), after ``X`` releases at the beginning. A synapse at rest
        makes one step of any length.
    weight : str
        The EPSP, in proportion.
    still : str
        Whether calcium is so low that nothing but time passes, and so it is below it.
    """

    name: str
    title: str
    reference: str
    driven_by: Drive
    parameters: tuple[Parameter, ...]
    states: Mapping[str, str]
    of_calcium: Mapping[str, str] = field(default_factory=lambda: _NONE)
    step: str
    weight: str
    still: str = "false"

    @property
    def published(self) -> dict[str, float]:
        """Return where the fit starts, by parameter."""
        return {each.name: each.value for each in self.parameters}

    @property
    def fitted(self) -> dict[str, float]:
        """Return the fitted values, by parameter.

        Raises
        ------
        KeyError
            If it has not been fitted.
        """
        return {each.name: _fitted()[self.name, each.name] for each in self.parameters}


@cache
def _fitted() -> Mapping[tuple[str, str], float]:
    rows = csv.DictReader(FITTED_FILE.read_text(encoding="utf-8").splitlines(), strict=True)
    return {(row["rule"], row["parameter"]): float(row["value"]) for row in rows}
