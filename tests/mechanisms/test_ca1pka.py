"""Protein kinase A: basal level, stimulation by calmodulin, relaxation."""

import numpy as np
import pytest

BASAL, K_CAM, TAU = 1e-4, 1e-3, 6e4  # mM, mM, ms


@pytest.mark.parametrize("variable", [False, True])
@pytest.mark.parametrize("cam", [0.0, 1e-5, K_CAM, 0.03])
def test_it_starts_at_its_fixed_point_and_stays(head, cam, variable):
    it = head("ca1pka", cami=cam)
    it.start()
    expected = BASAL * (1 + cam / (cam + K_CAM))
    assert it.seg.pkai == pytest.approx(expected, rel=1e-9)
    it.advance(TAU, variable=variable, dt=10.0)
    assert it.seg.pkai == pytest.approx(expected, rel=1e-9)


def test_calmodulin_at_most_doubles_it(head):
    it = head("ca1pka")
    assert it.ca1pka.pka_inf(0.0) == pytest.approx(BASAL)
    assert it.ca1pka.pka_inf(K_CAM) == pytest.approx(1.5 * BASAL)
    assert it.ca1pka.pka_inf(1e3) == pytest.approx(2 * BASAL)


@pytest.mark.parametrize("variable", [False, True])
def test_it_relaxes_exponentially(head, variable):
    it = head("ca1pka", cami=0.0)
    it.start()
    it.hold(cami=K_CAM)
    for t in (0.5 * TAU, 2 * TAU):
        it.advance(t, variable=variable, dt=10.0)
        assert it.seg.pkai - BASAL == pytest.approx(0.5 * BASAL * (1 - np.exp(-t / TAU)), rel=1e-3)
