"""Transient sodium current: its singular points and its slow inactivation."""

import numpy as np
import pytest
from channels import nat_s_inf, nat_s_tau


@pytest.mark.parametrize(("name", "v"), [("m_inf", -30.0), ("h_tau", -45.0)])
def test_the_singular_point_is_continuous(patch, name, v):
    rate = getattr(patch("ca1nat").ca1nat, name)
    assert rate(v) == pytest.approx((rate(v - 1e-3) + rate(v + 1e-3)) / 2, rel=1e-6)


def test_rates_of_the_slow_gate_follow_the_equations(patch):
    mech = patch("ca1nat").ca1nat
    mech.sf = 0.3
    for v in np.arange(-119.5, 60, 7.0):
        assert mech.s_inf(v) == pytest.approx(nat_s_inf(v, 0.3), rel=1e-6)
        assert mech.s_tau(v) == pytest.approx(nat_s_tau(v), rel=1e-4)


def test_slow_gate_inactivates_only_the_fraction_that_is_not_exempt(patch):
    found = []
    for sf in (1.0, 0.0):
        cell = patch("ca1nat")
        cell.ca1nat.sf = sf
        cell.clamp(-80, -20, 30.0)
        found.append(cell.ca1nat.s)
    expected = nat_s_inf(-20) + (nat_s_inf(-80) - nat_s_inf(-20)) * np.exp(-30 / nat_s_tau(-20))
    assert found[0] == pytest.approx(1.0, abs=1e-9)
    assert found[1] == pytest.approx(expected, abs=1e-3)
    assert found[1] < 0.1
