"""How many conditions are right: shares, how sure they are, and two predictions that know nothing.

A run that serves several conditions counts once: it is as right as the mean of its conditions. A
direction that nobody has looked up counts half.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from ca1ltd.literature.judge import Judged, Outcome, judge
from ca1ltd.literature.published import DIRECTIONS

BARS: Final = {"direction": 0.9, "LTD": 0.8, "NC": 0.8, "LTP": 0.8, "band": 0.7}
"""Least shares of right directions, in all and in each class, and of outcomes in the band."""
DRAWS: Final = 2000
LEVEL: Final = 0.9
"""Of the interval, by so many draws of as many runs from those that there are."""

Run = Hashable
"""What makes two conditions the same run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How many of some conditions are right.

    Attributes
    ----------
    right, of : float
        Conditions that are right, and all; a baseline's are expected numbers.
    weighted : float or None
        The share that is right, each run once and by its confidence; None of no condition.
    interval : tuple of float or None
        In which `LEVEL` of its bootstrap over runs lie.
    """

    right: float
    of: int
    weighted: float | None
    interval: tuple[float, float] | None = None


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


def totals(judged: Sequence[Judged], run: Callable[[Judged], Run]) -> Totals:
    """Return the shares of the model.

    Parameters
    ----------
    judged : sequence of Judged
        The conditions.
    run : callable
        What makes a condition's runs the same as another's.
    """
    return _totals(
        judged,
        run,
        lambda each: float(bool(each.direction_right)),
        lambda each: float(bool(each.in_band)),
    )


def always_no_change(judged: Sequence[Judged], run: Callable[[Judged], Run]) -> Totals:
    """Return the shares of the prediction that nothing ever changes.

    It is 100 per cent everywhere; of a number in another unit it says nothing, which is wrong.
    """

    def predicted(each: Judged) -> Judged:
        value = 100.0 if each.condition.unit == "%" else None
        return judge(each.condition, Outcome(value=value, change=100.0))

    return totals([predicted(each) for each in judged], run)


def shuffled(judged: Sequence[Judged], run: Callable[[Judged], Run]) -> Totals:
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
        judged,
        run,
        chance(lambda each: each.direction_right),
        chance(lambda each: each.in_band),
    )


def ahead(
    one: Sequence[Judged], other: Sequence[Judged], run: Callable[[Judged], Run]
) -> tuple[Share, Share]:
    """Return by how much the shares of one exceed those of another: of directions, and of bands.

    Their intervals are of the difference, run by run; ``right`` is the net number of conditions.

    Parameters
    ----------
    one, other : sequence of Judged
        The same conditions in the same order.
    run : callable
        What makes a condition's runs the same as another's.
    """
    pairs = list(zip(one, other, strict=True))
    directions = [
        (
            run(a),
            float(bool(a.direction_right)) - bool(b.direction_right),
            a.condition.direction_weight,
        )
        for a, b in pairs
        if a.direction_right is not None
    ]
    bands = [
        (run(a), float(bool(a.in_band)) - bool(b.in_band), 1.0)
        for a, b in pairs
        if a.in_band is not None
    ]
    return _share(directions), _share(bands)


def _totals(
    judged: Sequence[Judged],
    run: Callable[[Judged], Run],
    direction: Callable[[Judged], float],
    band: Callable[[Judged], float],
) -> Totals:
    directed = [each for each in judged if each.direction_right is not None]
    banded = [each for each in judged if each.in_band is not None]

    def directions(some: Sequence[Judged]) -> Share:
        return _share(
            [(run(each), direction(each), each.condition.direction_weight) for each in some]
        )

    return Totals(
        direction=directions(directed),
        classes={
            name: directions([each for each in directed if each.condition.accepted[0] == name])
            for name in DIRECTIONS
        },
        band=_share([(run(each), band(each), 1.0) for each in banded]),
    )


def _share(rights: Sequence[tuple[Run, float, float]]) -> Share:
    """Return the share of conditions, each its run, whether it is right, and its weight."""
    of_run: dict[Run, list[tuple[float, float]]] = defaultdict(list)
    for run, right, weight in rights:
        of_run[run].append((right, weight))
    if not of_run:
        return Share(right=0.0, of=0, weighted=None)
    weights = np.array([max(weight for _, weight in some) for some in of_run.values()])
    means = np.array(
        [sum(r * w for r, w in some) / sum(w for _, w in some) for some in of_run.values()]
    )
    drawn = np.random.default_rng(0).integers(len(means), size=(DRAWS, len(means)))
    shares = (weights * means)[drawn].sum(axis=1) / weights[drawn].sum(axis=1)
    low, high = np.quantile(shares, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Share(
        right=sum(right for _, right, _ in rights),
        of=len(rights),
        weighted=float((weights * means).sum() / weights.sum()),
        interval=(float(low), float(high)),
    )
