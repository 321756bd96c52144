"""Descent on mean distances by linear programmes."""

import numpy as np
import pytest

from calibration.descent import cost, descent

A, B = ("cell", "a"), ("cell", "b")
BARS = {A: 1.0, B: 2.0}
MATRIX = np.random.default_rng(0).normal(size=(40, 6))
FIRST = np.full(6, 0.5)


def measured_about(target):
    """Distances that are linear in the point, and none at the target."""

    def measured(points):
        rows = [5.0 * MATRIX @ (point - target) for point in points]
        return [{A: row[:20], B: row[20:]} for row in rows]

    return measured


def ends(measured, rounds=8):
    *_, (point, distances) = descent(FIRST, measured, BARS, rounds=rounds)
    return point, distances


def test_it_finds_where_all_distances_vanish():
    target = np.array([0.3, 0.7, 0.55, 0.42, 0.6, 0.35])
    point, distances = ends(measured_about(target))
    assert point == pytest.approx(target, abs=1e-6)
    assert cost(distances, BARS) < 1e-6


def test_it_stays_in_the_cube():
    point, distances = ends(measured_about(np.full(6, 1.3)), rounds=20)
    assert point.max() == pytest.approx(1.0)
    assert cost(distances, BARS) < cost(measured_about(np.full(6, 1.3))([FIRST])[0], BARS)


def test_it_never_gets_worse_where_distances_bend_and_points_fail():
    target = np.array([0.3, 0.7, 0.55, 0.42, 0.6, 0.35])
    linear = measured_about(target)

    def measured(points):
        found = linear(points)
        bent = [{c: z + 0.3 * np.sin(9 * z) for c, z in row.items()} for row in found]
        return [None if point[0] > 0.51 else row for point, row in zip(points, bent, strict=True)]

    costs = [cost(distances, BARS) for _, distances in descent(FIRST, measured, BARS, rounds=12)]
    assert (np.diff(costs) <= 0).all()
    assert costs[-1] < 0.5 * costs[0]


def test_half_of_the_largest_ratio_counts_beside_the_mean():
    distances = {A: np.array([1.0, -3.0]), B: np.array([2.0])}
    assert cost(distances, BARS) == pytest.approx((2.0 + 1.0) / 2 + 0.5 * 2.0)
