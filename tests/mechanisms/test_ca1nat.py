"""Transient sodium current: rates, relaxation, slow inactivation, current."""

import numpy as np
import pytest

K = 96485.332 / (8.314463 * 307.15) * 1e-3  # 1/mV at 34 degC


def linexp(x, scale):
    return x / (1 - np.exp(-x / scale))


def m_rates(v):
    return 0.4 * linexp(v + 30, 7.2), 0.124 * linexp(-v - 30, 7.2)


def m_inf(v):
    a, b = m_rates(v)
    return a / (a + b)


def m_tau(v, q=2.0):
    return max(0.02, 1 / (sum(m_rates(v)) * q))


def h_inf(v):
    return 1 / (1 + np.exp((v + 50) / 4))


def h_tau(v, q=2.0):
    return max(0.5, 1 / ((0.03 * linexp(v + 45, 1.5) + 0.01 * linexp(-v - 45, 1.5)) * q))


def s_inf(v, sf=0.0):
    c = 1 / (1 + np.exp((v + 58) / 2))
    return c + sf * (1 - c)


def s_tau(v):
    x = 12 * K * (v + 60)
    return max(10.0, np.exp(0.2 * x) / (3e-4 * (1 + np.exp(x))))


@pytest.mark.parametrize(
    ("v", "reference"),
    [
        (-70, {"m_inf": 0.012317, "m_tau": 0.09918, "h_inf": 0.99331, "s_tau": 1331.8}),
        (-50, {"m_inf": 0.16706, "m_tau": 0.15749, "h_tau": 8.711, "s_tau": 87.694}),
        (-20, {"m_inf": 0.92825, "h_inf": 5.528e-4}),
    ],
)
def test_rates_are_the_published_ones(patch, v, reference):
    cell = patch("ca1nat")
    found = {name: getattr(cell.ca1nat, name)(v) for name in reference}
    assert found == pytest.approx(reference, rel=1e-3)


def test_rates_follow_the_equations(patch):
    cell = patch("ca1nat")
    cell.ca1nat.sf = 0.3
    for v in np.arange(-119.5, 60, 7.0):
        assert cell.ca1nat.m_inf(v) == pytest.approx(m_inf(v), rel=1e-6)
        assert cell.ca1nat.m_tau(v) == pytest.approx(m_tau(v), rel=1e-6)
        assert cell.ca1nat.h_inf(v) == pytest.approx(h_inf(v), rel=1e-6)
        assert cell.ca1nat.h_tau(v) == pytest.approx(h_tau(v), rel=1e-6)
        assert cell.ca1nat.s_inf(v) == pytest.approx(s_inf(v, 0.3), rel=1e-6)
        assert cell.ca1nat.s_tau(v) == pytest.approx(s_tau(v), rel=1e-4)


@pytest.mark.parametrize(("name", "v"), [("m_inf", -30.0), ("h_tau", -45.0)])
def test_the_singular_point_is_continuous(patch, name, v):
    rate = getattr(patch("ca1nat").ca1nat, name)
    assert rate(v) == pytest.approx((rate(v - 1e-3) + rate(v + 1e-3)) / 2, rel=1e-6)


def test_half_activation(patch):
    assert patch("ca1nat").ca1nat.m_inf(-38.4) == pytest.approx(0.5, abs=2e-3)


def test_rates_double_in_ten_degrees(n, patch):
    cell = patch("ca1nat")
    warm = cell.ca1nat.m_tau(-60), cell.ca1nat.h_tau(-50)
    n.celsius = 24.0
    n.finitialize(-70.0)
    assert (cell.ca1nat.m_tau(-60), cell.ca1nat.h_tau(-50)) == pytest.approx(
        (2 * warm[0], 2 * warm[1]), rel=1e-6
    )


def test_gates_relax_exponentially(relaxes, patch):
    relaxes("ca1nat", {"m": (m_inf, m_tau), "h": (h_inf, h_tau)}, (-70, -40, 0.2), (-20, -80, 1.0))


def test_slow_gate_inactivates_only_the_fraction_that_is_not_exempt(patch):
    found = []
    for sf in (1.0, 0.0):
        cell = patch("ca1nat")
        cell.ca1nat.sf = sf
        cell.clamp(-80, -20, 30.0)
        found.append(cell.ca1nat.s)
    expected = s_inf(-20) + (s_inf(-80) - s_inf(-20)) * np.exp(-30 / s_tau(-20))
    assert found[0] == pytest.approx(1.0, abs=1e-9)
    assert found[1] == pytest.approx(expected, abs=1e-3)
    assert found[1] < 0.1


def test_gates_start_at_their_fixed_point(stays_at_rest):
    stays_at_rest("ca1nat", -90.0, -70.0, -50.0)


def test_clamp_current_is_the_recorded_current(patch):
    cell = patch("ca1nat")
    cell.ca1nat.gbar, cell.ca1nat.sf = 0.01, 0.5
    cell.section.ena = 50.0
    _clamp, current = cell.clamp(-80, -45, 500.0)
    expected = 0.01 * m_inf(-45) ** 3 * h_inf(-45) * s_inf(-45, 0.5) * (-45 - 50)
    assert cell.seg.ina == pytest.approx(expected, rel=1e-3)
    assert current == pytest.approx(expected * cell.seg.area() * 1e-2, rel=2e-3)
    assert current < -1e-3


def test_both_integrators_agree(agrees_with_cvode):
    agrees_with_cvode("ca1nat", 0.004, sf=0.0)
