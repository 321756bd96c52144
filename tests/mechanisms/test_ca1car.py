"""R-type calcium current: where the channel, not its gate, is half open."""

import numpy as np


def test_half_activation_of_the_channel_is_the_measured_one(patch):
    # Foehring et al. 2000: -16 mV. Magee & Johnston 1995: +3 mV in 20 mM barium, of which 8 mV
    # are its screening
    v = np.arange(-60.0, 60.0, 0.1)
    opened = np.array([patch("ca1car").ca1car.m_inf(x) for x in v]) ** 3
    assert -17.0 < v[np.searchsorted(opened, 0.5)] < -4.0
