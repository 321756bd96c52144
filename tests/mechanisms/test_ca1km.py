"""M current: rates, relaxation, current."""

import numpy as np
import pytest


def m_inf(v):
    return 1 / (1 + np.exp(-(v + 40) / 10))


def m_tau(v):
    return 60 + np.exp(0.10584 * (v + 42)) / (0.003 * (1 + np.exp(0.2646 * (v + 42))))


@pytest.mark.parametrize(
    ("v", "steady", "tau"), [(-70, 0.047426, 77.20), (-50, 0.26894, 187.58), (-20, 0.8808, 70.109)]
)
def test_rates_are_the_published_ones(patch, v, steady, tau):
    cell = patch("ca1km")
    assert (cell.ca1km.m_inf(v), cell.ca1km.m_tau(v)) == pytest.approx((steady, tau), rel=1e-3)


def test_rates_follow_the_equations(patch):
    cell = patch("ca1km")
    for v in np.arange(-120.0, 60.0, 10.0):
        assert cell.ca1km.m_inf(v) == pytest.approx(m_inf(v), rel=1e-6)
        assert cell.ca1km.m_tau(v) == pytest.approx(m_tau(v), rel=1e-6)


def test_half_activation(patch):
    assert patch("ca1km").ca1km.m_inf(-40.0) == pytest.approx(0.5)


def test_gate_relaxes_exponentially(relaxes):
    relaxes("ca1km", {"m": (m_inf, m_tau)}, (-70, -42, 100.0), (0, -90, 60.0))


def test_gate_starts_at_its_fixed_point(stays_at_rest):
    stays_at_rest("ca1km", -90.0, -70.0, -40.0)


def test_clamp_current_is_the_recorded_current(patch):
    cell = patch("ca1km")
    cell.ca1km.gbar = 0.01
    cell.section.ek = -90.0
    _clamp, current = cell.clamp(-30, -30, 10.0)
    expected = 0.01 * m_inf(-30) * (-30 + 90)
    assert cell.seg.ik == pytest.approx(expected, rel=1e-4)
    assert current == pytest.approx(expected * cell.seg.area() * 1e-2, rel=1e-3)


def test_a_blocker_takes_its_share_of_the_current_and_leaves_the_gates(patch):
    found = []
    for block in (0.0, 0.95, 1.0):
        cell = patch("ca1km")
        cell.ca1km.gbar, cell.ca1km.block = 0.01, block
        cell.section.ek = -90.0
        cell.clamp(-30, -30, 10.0)
        found.append((cell.seg.ik, cell.ca1km.g, cell.ca1km.m))
    (current, g, gate), *blocked = found
    assert current > 0
    assert blocked[0] == pytest.approx((0.05 * current, 0.05 * g, gate), rel=1e-6)
    assert blocked[1] == pytest.approx((0.0, 0.0, gate), rel=1e-6, abs=1e-15)


def test_both_integrators_agree(agrees_with_cvode):
    agrees_with_cvode("ca1km", 0.03)
