"""Hyperpolarisation-activated current: its activation can be shifted."""

import numpy as np
import pytest
from channels import ih_l_inf, ih_l_tau


@pytest.mark.parametrize("vhalf", [-81.0, -73.0])
def test_rates_follow_the_equations_wherever_they_are_shifted(patch, vhalf):
    cell = patch("ca1ih")
    cell.ca1ih.vhalf = vhalf
    assert cell.ca1ih.l_inf(vhalf) == pytest.approx(0.5)
    for v in np.arange(-130.0, -20.0, 10.0):
        assert cell.ca1ih.l_inf(v) == pytest.approx(ih_l_inf(v, vhalf), rel=1e-6)
        assert cell.ca1ih.l_tau(v) == pytest.approx(ih_l_tau(v), rel=1e-6)
