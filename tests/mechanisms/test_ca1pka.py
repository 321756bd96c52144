"""Protein kinase A: basal level, stimulation by calmodulin, relaxation, forskolin, H-89."""

import numpy as np
import pytest

from ca1ltd.model import parameters


def value(name):
    """Parameter in the mod file's unit; what is fitted may change without changing a law."""
    return parameters.table()[f"ca1pka.{name}"].value


BASAL, GAIN = value("basal"), value("gain")  # mM, 1
K_CAM, TAU = value("k_cam"), value("tau")  # mM, ms


def steady(cam, cyclase=0.0, block=0.0):
    return BASAL * (1 - block) * (1 + cyclase + GAIN * cam**2 / (cam**2 + K_CAM**2))


@pytest.mark.parametrize("variable", [False, True])
@pytest.mark.parametrize("cam", [0.0, 0.1 * K_CAM, K_CAM, 30 * K_CAM])
def test_it_starts_at_its_fixed_point_and_stays(head, cam, variable):
    it = head("ca1pka", cami=cam)
    it.start()
    assert it.seg.pkai == pytest.approx(steady(cam), rel=1e-9)
    it.advance(TAU, variable=variable, dt=TAU / 6e3)
    assert it.seg.pkai == pytest.approx(steady(cam), rel=1e-9)


def test_much_calmodulin_raises_it_by_the_gain_and_little_does_not(head):
    it = head("ca1pka")
    assert it.ca1pka.pka_inf(0.0) == pytest.approx(BASAL)
    assert it.ca1pka.pka_inf(1e3) == pytest.approx((1 + GAIN) * BASAL)
    assert it.ca1pka.pka_inf(K_CAM) == pytest.approx((1 + GAIN / 2) * BASAL)
    few, twice = (it.ca1pka.pka_inf(x * K_CAM) - BASAL for x in (0.01, 0.02))
    assert twice == pytest.approx(4 * few, rel=1e-3)


@pytest.mark.parametrize("variable", [False, True])
def test_it_relaxes_exponentially(head, variable):
    it = head("ca1pka", cami=0.0)
    it.start()
    it.hold(cami=K_CAM)
    for t in (0.5 * TAU, 2 * TAU):
        it.advance(t, variable=variable, dt=TAU / 6e3)
        risen = (steady(K_CAM) - BASAL) * (1 - np.exp(-t / TAU))
        assert it.seg.pkai - BASAL == pytest.approx(risen, rel=1e-3)


@pytest.mark.parametrize("variable", [False, True])
def test_forskolin_raises_the_basal_level_and_an_inhibitor_takes_its_share(head, variable):
    for cyclase, block in ((2.0, 0.0), (0.0, 0.8), (2.0, 0.8)):
        it = head("ca1pka", cami=K_CAM)
        it.start()
        it.ca1pka.cyclase, it.ca1pka.block = cyclase, block
        it.advance(20 * TAU, variable=variable, dt=TAU / 100)
        assert it.seg.pkai == pytest.approx(steady(K_CAM, cyclase, block), rel=1e-6)
    assert steady(K_CAM, 2.0) - steady(K_CAM) == pytest.approx(2 * BASAL)
