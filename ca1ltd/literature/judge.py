"""Outcomes of the model against those of the literature: directions, bands, and two baselines.

The thresholds were set before anything was scored. A response below `FALLS` per cent of the level
it is compared with has fallen (LTD), one above `RISES` has risen (LTP), and between them nothing
has changed (NC): what the table says of conditions without a change is sure to some 4 to 8 per
cent, so that a larger change is one that a paper would report.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ca1ltd.literature.published import DIRECTIONS, Direction, Published

FALLS: Final = 92.0
RISES: Final = 108.0

BARS: Final = {"direction": 0.9, "LTD": 0.8, "NC": 0.8, "LTP": 0.8, "band": 0.7}
"""Least shares of right directions, in all and in each class, and of outcomes in the band."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the model gave for a condition.

    Attributes
    ----------
    value : float or None
        In the unit of the condition; None if there is no such number.
    sem : float or None
        Its standard error over slices.
    n_slices : int
        How many slices.
    change : float or None
        The response in per cent of the level that the direction is judged against; None if the
        condition is about a number alone, or spikes left no EPSP to measure.
    spiked : float or None
        At how many test pulses (per cent) a spike set the peak, so that no EPSP was measured; of
        several runs the most. None if the condition is not about EPSPs.
    """

    value: float | None
    sem: float | None = None
    n_slices: int = 0
    change: float | None = None
    spiked: float | None = None

    @property
    def direction(self) -> Direction | None:
        """Return the direction of the change."""
        return None if self.change is None else direction_of(self.change)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A condition with its outcome; None where it is not judged on that."""

    condition: Published
    outcome: Outcome
    direction_right: bool | None
    in_band: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How many of some conditions are right.

    Attributes
    ----------
    right, of : float
        Conditions that are right, and all; a baseline's are expected numbers.
    weighted : float or None
        The share that is right, each condition by its confidence; None of no condition.
    """

    right: float
    of: int
    weighted: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Shares of right directions, in all and by class, and of outcomes in the band."""

    direction: Share
    classes: Mapping[str, Share]
    band: Share

    def named(self) -> dict[str, Share]:
        """Return the share that each of the `BARS` is about, by its name."""
        return {"direction": self.direction, **self.classes, "band": self.band}

    def reached(self) -> dict[str, bool]:
        """Return whether the weighted share reaches the bar, by its name."""
        return {
            name: share.weighted is not None and share.weighted >= BARS[name]
            for name, share in self.named().items()
        }


def direction_of(change: float) -> Direction:
    """Return the direction of a response (per cent of what it is compared with)."""
    if change < FALLS:
        return "LTD"
    return "LTP" if change > RISES else "NC"


def judge(condition: Published, outcome: Outcome) -> Judged:
    """Return whether an outcome has the direction of its condition and lies in its band."""
    right = outcome.direction in condition.accepted if condition.accepted else None
    return Judged(
        condition=condition,
        outcome=outcome,
        direction_right=right,
        in_band=_within(outcome.value, condition.band),
    )


def _within(value: float | None, band: tuple[float, float] | None) -> bool | None:
    if band is None:
        return None
    return value is not None and math.isfinite(value) and band[0] <= value <= band[1]


def totals(judged: Sequence[Judged]) -> Totals:
    """Return the shares of the model."""
    return _totals(
        judged,
        lambda each: float(bool(each.direction_right)),
        lambda each: float(bool(each.in_band)),
    )


def always_no_change(judged: Sequence[Judged]) -> Totals:
    """Return the shares of the prediction that nothing ever changes.

    It is 100 per cent everywhere; of a number in another unit it says nothing, which is wrong.
    """

    def predicted(each: Judged) -> Judged:
        value = 100.0 if each.condition.unit == "%" else None
        return judge(each.condition, Outcome(value=value, change=100.0))

    return totals([predicted(each) for each in judged])


def shuffled(judged: Sequence[Judged]) -> Totals:
    """Return the expected shares if the model's outcomes are dealt out at random.

    Outcomes of the same unit change places. The mean over all orders is exact: in each place every
    outcome is as likely.
    """
    pools: dict[str, list[Outcome]] = {}
    for each in judged:
        pools.setdefault(each.condition.unit, []).append(each.outcome)

    def chance(which: Callable[[Judged], bool | None]) -> Callable[[Judged], float]:
        def of(each: Judged) -> float:
            pool = pools[each.condition.unit]
            return sum(bool(which(judge(each.condition, other))) for other in pool) / len(pool)

        return of

    return _totals(
        judged, chance(lambda each: each.direction_right), chance(lambda each: each.in_band)
    )


def _totals(
    judged: Sequence[Judged],
    direction: Callable[[Judged], float],
    band: Callable[[Judged], float],
) -> Totals:
    directed = [each for each in judged if each.direction_right is not None]
    banded = [each for each in judged if each.in_band is not None]

    def directions(some: Sequence[Judged]) -> Share:
        return _share(
            [(direction(each), each.condition.direction_weight) for each in some],
        )

    return Totals(
        direction=directions(directed),
        classes={
            name: directions([each for each in directed if each.condition.accepted[0] == name])
            for name in DIRECTIONS
        },
        band=_share([(band(each), each.condition.weight) for each in banded]),
    )


def _share(rights: Sequence[tuple[float, float]]) -> Share:
    weight = sum(each for _, each in rights)
    return Share(
        right=sum(right for right, _ in rights),
        of=len(rights),
        weighted=sum(right * each for right, each in rights) / weight if weight else None,
    )
