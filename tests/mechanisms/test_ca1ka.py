"""A-type potassium current: its proximal and its distal form, and their temperature."""

import numpy as np
import pytest
from channels import DISTAL, PROXIMAL, ka_l_inf, ka_l_tau, ka_n_inf, ka_n_tau


def make(patch, form):
    cell = patch("ca1ka")
    for name, value in form.items():
        setattr(cell.ca1ka, name, value)
    return cell


@pytest.mark.parametrize("form", [PROXIMAL, DISTAL], ids=["proximal", "distal"])
def test_rates_follow_the_equations(n, patch, form):
    n.celsius = 34.0
    for v in np.arange(-110.0, 80.0, 9.5):
        mech = make(patch, form).ca1ka
        assert mech.n_inf(v) == pytest.approx(ka_n_inf(v, form), rel=1e-3)
        assert mech.n_tau(v) == pytest.approx(ka_n_tau(v, form), rel=1e-3)
        assert mech.l_inf(v) == pytest.approx(ka_l_inf(v), rel=1e-3)
        assert mech.l_tau(v) == pytest.approx(ka_l_tau(v), rel=1e-6)


@pytest.mark.parametrize(("form", "v"), [(PROXIMAL, 11.0), (DISTAL, -1.0)])
def test_half_activation(patch, form, v):
    assert make(patch, form).ca1ka.n_inf(v) == pytest.approx(0.5, abs=1e-6)


def test_activation_is_five_times_slower_ten_degrees_colder(n, patch):
    mech = patch("ca1ka").ca1ka
    warm = mech.n_tau(0.0)
    n.celsius = 24.0
    n.finitialize(-70.0)
    assert mech.n_tau(0.0) == pytest.approx(5.0 * warm, rel=0.05)  # F/(R T) moves by 3 %
