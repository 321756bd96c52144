"""Calcineurin: binding of calmodulin, fixed point, FK506."""

import numpy as np
import pytest

from ca1ltd.model import parameters


def value(name):
    """Parameter in the mod file's unit; what is fitted may change without changing a law."""
    return parameters.table()[f"ca1can.{name}"].value


TOTAL = 4e-3  # mM
KON, KOFF = value("kon"), value("koff") * 1e-3  # 1/(uM s) or 1/(mM ms), 1/ms


def steady(cam, block=0.0):
    return TOTAL * (1 - block) * KON * cam / (KON * cam + KOFF)


@pytest.mark.parametrize("variable", [False, True])
@pytest.mark.parametrize(("cam", "block"), [(1e-9, 0.0), (1e-5, 0.0), (1e-5, 0.4), (1e-3, 0.0)])
def test_it_starts_at_its_fixed_point_and_stays(head, cam, block, variable):
    it = head("ca1can", cami=cam)
    it.ca1can.block = block
    it.start()
    assert it.seg.cani == pytest.approx(steady(cam, block), rel=1e-9)
    it.advance(5e4, variable=variable, dt=5.0)
    assert it.seg.cani == pytest.approx(steady(cam, block), rel=1e-6)


@pytest.mark.parametrize("variable", [False, True])
def test_it_relaxes_exponentially(head, variable):
    it = head("ca1can", cami=0.0)
    it.start()
    it.hold(cami=2e-5)
    rate = KON * 2e-5 + KOFF
    for t in (1000.0, 4000.0):
        it.advance(t, variable=variable, dt=1.0)
        assert it.seg.cani == pytest.approx(steady(2e-5) * (1 - np.exp(-rate * t)), rel=1e-3)
    it.hold(cami=0.0)
    before = it.seg.cani
    it.advance(9000.0, variable=variable, dt=1.0)
    assert it.seg.cani == pytest.approx(before * np.exp(-KOFF * 5000.0), rel=1e-3)


def test_fk506_takes_its_share_of_all_activity(head):
    found = []
    for block in (0.0, 0.75):
        it = head("ca1can", cami=0.0)
        it.ca1can.block = block
        it.start()
        it.hold(cami=2e-5)
        it.advance(4000.0, variable=True)
        found.append(it.seg.cani)
    assert found[1] == pytest.approx(0.25 * found[0], rel=1e-3)
