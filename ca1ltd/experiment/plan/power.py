"""How many slices a difference needs: from the spread that was measured between slices."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from scipy import stats

from ca1ltd import resources
from ca1ltd.jsontext import read_json
from ca1ltd.protocols import Protocol
from ca1ltd.protocols.tested import TestedProtocol

ALPHA: Final = 0.05
POWER: Final = 0.8
DIFFERENCE: Final = 10.0
"""The difference that is planned for (points of per cent of baseline)."""
_MOST: Final = 1000
_USUAL: Final = "lfs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """The standard deviation between slices, as measured.

    Attributes
    ----------
    sd : float
        Of per cent of baseline as the electrode saw it (points).
    protocol : str
        In slices of which protocol.
    slices : int
        In how many.
    """

    sd: float
    protocol: str
    slices: int


def spread_of(protocol: Protocol) -> Spread | None:
    """Return the spread between slices of a protocol; None if its outcome is no per cent.

    Protocols in which it was not measured are taken to be as ``lfs``.
    """
    if not isinstance(protocol, TestedProtocol):
        return None
    measured: Mapping[str, Any] = read_json(resources.spread_file())["found"]
    name = protocol.name if protocol.name in measured else _USUAL
    return Spread(sd=measured[name]["sd"], protocol=name, slices=measured[name]["slices"])


def power_of(difference: float, sd: float, slices: int) -> float:
    """Return how often a two-sided t test finds a difference between two groups of slices."""
    freedom = 2 * slices - 2
    limit = float(stats.t.ppf(1 - ALPHA / 2, freedom))
    shift = difference / (sd * math.sqrt(2 / slices))
    found = stats.nct.sf(limit, freedom, shift) + stats.nct.cdf(-limit, freedom, shift)
    return float(found)


def slices_needed(difference: float, sd: float) -> int | None:
    """Return how many slices each of two groups needs; None beyond a thousand."""
    enough = (n for n in range(2, _MOST + 1) if power_of(difference, sd, n) >= POWER)
    return next(enough, None)


def difference_found(sd: float, slices: int) -> float | None:
    """Return the least difference that so many slices in each group find; None for one slice."""
    if slices < 2:
        return None
    low, high = 0.0, sd * math.sqrt(2 / slices)
    while power_of(high, sd, slices) < POWER:
        low, high = high, 1.5 * high
    while high - low > 1e-3 * sd:
        middle = (low + high) / 2
        low, high = (low, middle) if power_of(middle, sd, slices) >= POWER else (middle, high)
    return high
