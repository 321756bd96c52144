"""Descent on mean distances from recordings, by linear programmes.

What is minimised is piecewise linear in the distances, and they are nearly so in the parameters:
each round solves the linear programme of the distances' derivatives within a box around the best
point, tries boxes of several sizes, and corrects the derivatives by what it found (Broyden).
Derivatives are differences over a step so long that a spike more or less averages out. Where one
sets the best point itself apart from nearly all its neighbours, its distance is taken to be theirs.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

import numpy as np
from scipy.optimize import linprog

from calibration.slopes import corrected, inward

#: Of the range of a parameter: the step of a derivative, and half the side of the boxes tried.
STEP: Final = 0.03
BOXES: Final = (0.008, 0.02, 0.05, 0.1)
#: Percentiles of the neighbours' distances beyond which the best point stands apart.
APART: Final = (10.0, 90.0)
#: By what the boxes shrink when none has anything better.
SMALLER: Final = 3.0
#: Rounds with corrected derivatives between those that measure them all.
CORRECTED: Final = 4
#: Weight of the largest ratio of a score to its bar beside their mean.
LARGEST: Final = 0.5

Distances = dict[tuple[str, str], np.ndarray]


def descent(
    first: np.ndarray,
    measured: Callable[[Sequence[np.ndarray]], list[Distances | None]],
    bars: Mapping[tuple[str, str], float],
    *,
    rounds: int,
) -> Iterator[tuple[np.ndarray, Distances]]:
    """Yield the best point of the unit cube so far, and its distances, after each round.

    Parameters
    ----------
    first : ndarray, shape (n,)
        Where it begins.
    measured : callable
        Returns the distances (sd) in each column at each of some points, or None where there are
        none.
    bars : mapping
        The mean distance of a column that is good enough.
    rounds : int
        How many linear programmes are solved, at most.
    """
    (at_first,) = measured([first])
    if at_first is None:
        raise ValueError("the descent begins where nothing can be measured")
    best, distances = first, at_first
    weights = _weights(distances, bars)
    slopes, derived_at, scale = _derivatives(best, distances, measured), best, 1.0
    for number in range(1, rounds + 1):
        trials = [best + _step(best, distances, slopes, weights, scale * box) for box in BOXES]
        origin, before = best, distances
        for trial, found in zip(trials, measured(trials), strict=True):
            if found is not None:
                move = trial - origin
                change = _joined(found) - _joined(before)
                slopes = corrected(slopes, move, change, share=1 / len(trials))
                if cost(found, bars) < cost(distances, bars):
                    best, distances = trial, found
        yield best, distances
        if best is origin:
            scale /= SMALLER
        if (
            number < rounds
            and best is not derived_at
            and (best is origin or number % (CORRECTED + 1) == 0)
        ):
            slopes, derived_at, scale = _derivatives(best, distances, measured), best, 1.0


def cost(distances: Distances, bars: Mapping[tuple[str, str], float]) -> float:
    """Return the mean over the columns of mean distance over bar, plus half the largest."""
    return total([float(np.abs(z).mean() / bars[column]) for column, z in distances.items()])


def total(ratios: Sequence[float]) -> float:
    """Return the mean of the columns' ratios of score over bar, plus half the largest."""
    return float(np.mean(ratios) + LARGEST * max(ratios))


def _joined(distances: Distances) -> np.ndarray:
    return np.concatenate([distances[column] for column in sorted(distances)])


def _weights(distances: Distances, bars: Mapping[tuple[str, str], float]) -> np.ndarray:
    """Return what a unit of each distance adds to the ratio of each column (column, distance)."""
    sizes = [len(distances[column]) for column in sorted(distances)]
    table = np.zeros((len(sizes), sum(sizes)))
    end = 0
    for row, (column, size) in enumerate(zip(sorted(distances), sizes, strict=True)):
        table[row, end : end + size] = 1.0 / (size * bars[column])
        end += size
    return table


def _derivatives(
    best: np.ndarray,
    distances: Distances,
    measured: Callable[[Sequence[np.ndarray]], list[Distances | None]],
) -> np.ndarray:
    steps, points = inward(best, np.zeros(len(best)), np.ones(len(best)), STEP)
    at_best = _joined(distances)
    table = np.array([at_best if found is None else _joined(found) for found in measured(points)])
    base = np.clip(at_best, *np.percentile(table, APART, axis=0))
    return np.asarray((table - base).T / steps)


def _step(
    best: np.ndarray, distances: Distances, slopes: np.ndarray, weights: np.ndarray, box: float
) -> np.ndarray:
    """Return the move within a box that is best by the derivatives."""
    base, (n_rows, n_moves) = _joined(distances), slopes.shape
    # variables: the move, the absolute distances, and the largest ratio
    goal = np.concatenate([np.zeros(n_moves), weights.mean(axis=0), [LARGEST]])
    of_move = np.vstack([slopes, -slopes, np.zeros((len(weights), n_moves))])
    of_distance = np.vstack([-np.eye(n_rows), -np.eye(n_rows), weights])
    of_largest = np.repeat([0.0, 0.0, -1.0], [n_rows, n_rows, len(weights)])
    rows = np.column_stack([of_move, of_distance, of_largest])
    limits = np.concatenate([-base, base, np.zeros(len(weights))])
    low = np.concatenate([np.maximum(-box, -best), np.zeros(n_rows + 1)])
    high = np.concatenate([np.minimum(box, 1.0 - best), np.full(n_rows + 1, np.inf)])
    bounds = list(zip(low.tolist(), high.tolist(), strict=True))
    solved = linprog(goal, A_ub=rows, b_ub=limits, bounds=bounds)
    if solved.x is None:  # it is feasible where nothing moves, so this is the solver's
        raise RuntimeError(f"a linear programme was not solved: {solved.message}")
    return np.asarray(solved.x)[:n_moves]
