"""Least squares within bounds."""

import numpy as np
import pytest

from calibration.levenberg import SOFT, downhill, total

LOW, HIGH = np.full(6, -2.0), np.full(6, 2.0)
MATRIX = np.random.default_rng(0).normal(size=(30, 6))
TARGET = np.array([1.2, -0.7, 0.4, -1.5, 0.1, 0.9])


def bent(points):
    """Residuals that vanish at the target, along curves."""
    return [np.sinh(MATRIX @ (point - TARGET)) for point in points]


def ends(measured, rounds=12):
    *_, (point, residuals) = downhill(np.zeros(6), measured, LOW, HIGH, rounds=rounds)
    return point, residuals


def test_it_finds_where_all_residuals_vanish():
    point, residuals = ends(bent)
    assert point == pytest.approx(TARGET, abs=1e-3)
    assert total(residuals) < 1e-4


def test_a_bound_holds_and_the_rest_does_what_it_can():
    beyond = TARGET.copy()
    beyond[0] = 3.0

    def measured(points):
        return [point - beyond for point in points]

    point, _ = ends(measured)
    assert point == pytest.approx([2.0, *TARGET[1:]], abs=1e-3)


def test_what_is_out_of_reach_does_not_take_the_rest_along():
    """Two residuals of one parameter: one of them is far from what the other four agree on."""

    def measured(points):
        return [np.concatenate([np.repeat(point[:1], 4) - 1, point[:1] + 50]) for point in points]

    point, _ = ends(measured)
    # where the slope of the four squares, 8 (1 - x), is that of the line, 2 SOFT
    assert point[0] == pytest.approx(1 - SOFT / 4, abs=0.01)


def test_it_never_gets_worse():
    rng = np.random.default_rng(1)

    def measured(points):
        return [row + rng.normal(0, 0.3, len(row)) for row in bent(points)]

    totals = [total(r) for _, r in downhill(np.zeros(6), measured, LOW, HIGH, rounds=8)]
    assert (np.diff(totals) <= 0).all()


def test_a_residual_counts_less_than_its_square_when_it_is_large():
    assert total(np.array([1.0, -SOFT])) == pytest.approx(1 + SOFT**2)
    assert total(np.array([-10.0])) == pytest.approx(SOFT * (20 - SOFT))
