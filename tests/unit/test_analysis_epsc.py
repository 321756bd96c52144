"""Peak and late size of a synaptic current, from curves whose sizes are known."""

import numpy as np
import pytest

from ca1ltd.analysis import measure_epsc
from ca1ltd.errors import RunError

TIMES = np.arange(-50, 601) * 0.1


def current(size, tau, *, steady=0.3):
    """A current (nA) that jumps by a size 2 ms after the pulse and decays, on a steady one."""
    later = np.clip(TIMES - 2, 0, None)
    return steady + np.where(TIMES >= 2, size * np.exp(-later / tau), 0.0)


@pytest.mark.parametrize("size", [-0.05, 0.02])
def test_peak_keeps_its_sign_and_late_is_what_is_left(size):
    epsc = measure_epsc(TIMES, current(size, 60.0), 0.0)
    assert epsc.peak == pytest.approx(size, rel=1e-2)
    assert epsc.late == pytest.approx(size * np.exp(-47 / 60), rel=1e-2)


def test_a_fast_current_leaves_nothing_late():
    epsc = measure_epsc(TIMES, current(-0.1, 3.0), 0.0)
    assert epsc.peak == pytest.approx(-0.1, rel=0.04)
    assert epsc.late == pytest.approx(0, abs=1e-6)


def test_a_steady_current_is_no_epsc():
    assert measure_epsc(TIMES, np.full_like(TIMES, 0.7), 0.0).peak == pytest.approx(0)


def test_a_trace_that_ends_early_is_refused():
    with pytest.raises(RunError, match="does not cover"):
        measure_epsc(TIMES[:300], np.zeros(300), 0.0)
