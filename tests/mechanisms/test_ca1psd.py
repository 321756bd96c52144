"""PP1 and CaMKII in the postsynaptic density: targeting, retention, eviction."""

import numpy as np
import pytest

from ca1ltd.model import parameters


def value(name):
    """Parameter in the mod file's unit; what is fitted may change without changing a law."""
    return parameters.table()[f"ca1psd.{name}"].value


PP1_SITES, CAMKII_SITES = 3e-4, 0.01  # mM
PP1_HALF, PT_HALF = value("pp1_half"), value("pt_half")  # mM
TARGET, RETAIN, LEAVE = value("k_target") * 1e-3, value("k_retain") * 1e-3, 3e-8  # 1/ms
EVICT, EXPEL = value("k_evict"), value("k_expel")  # 1/(mM ms)
STATES = {"psqi": lambda head: head.seg._ref_psqi, "pski": lambda head: head.seg._ref_pski}


def hill(c, half):
    return c**4 / (c**4 + half**4)


HOLD_CAM = value("hold_cam")


def rates_of(pp1, pt, ck, can, block=0.0, targeting=0.0):
    def rates(y):
        phosphatase, kinase = y
        open_pp1 = (1 - targeting) * (1 - block) * pp1
        return [
            TARGET * hill(open_pp1, PP1_HALF) * (PP1_SITES - phosphatase)
            - (LEAVE + EVICT * pt) * phosphatase,
            RETAIN * hill(pt + HOLD_CAM * ck, PT_HALF) * (CAMKII_SITES - kinase)
            - (LEAVE + EXPEL * can) * kinase,
        ]

    return rates


def driving(rate, fastest, half):
    """Concentration that drives with a rate: within the test, however fast the fitted one is."""
    return half * (rate / (fastest - rate)) ** 0.25


@pytest.mark.parametrize(
    ("pp1", "retention", "by_calmodulin", "block", "targeting"),
    [
        (1.4, 2e-7, 0.0, 0.0, 0.0),
        (2.3, 6e-6, 0.3, 0.0, 0.0),
        (0.05, 8e-6, 0.0, 0.0, 0.0),
        (0.8, 8e-6, 1.0, 0.0, 0.0),
        (2.3, 6e-6, 0.3, 0.4, 0.0),
        (2.3, 6e-6, 0.3, 0.0, 0.4),
    ],
    ids=["LTD", "conflict", "LTP", "pulses far apart", "OA", "no anchor"],
)
def test_it_follows_its_equations(head, follows, pp1, retention, by_calmodulin, block, targeting):
    pp1, active = pp1 * PP1_HALF, driving(retention, RETAIN, PT_HALF)
    pt, ck = (1 - by_calmodulin) * active, by_calmodulin * active / HOLD_CAM
    can = 1e-6 / EXPEL

    def make():
        it = head("ca1psd", cani=0.0, ppi=0.0, pti=0.0, cki=0.0)
        it.ca1psd.phosphatase_block, it.ca1psd.target_block = block, targeting
        return it

    def begin(it):
        it.hold(cani=can, ppi=pp1, pti=pt, cki=ck)
        it.seg.psqi, it.seg.pski = 0.3 * PP1_SITES, 0.2 * CAMKII_SITES

    follows(make, STATES, rates_of(pp1, pt, ck, can, block, targeting), 3e5, change=begin)


@pytest.mark.parametrize("variable", [False, True])
def test_there_is_only_room_for_so_many(head, variable):
    it = head("ca1psd", cani=0.0, ppi=0.01, pti=0.2, cki=0.0)
    it.ca1psd.k_evict = it.ca1psd.k_expel = 0.0
    it.start()
    it.advance(1e7, variable=variable, dt=500.0)
    for found, sites, rate in (
        (it.seg.psqi, PP1_SITES, TARGET),
        (it.seg.pski, CAMKII_SITES, RETAIN),
    ):
        assert found < sites
        assert found == pytest.approx(sites * rate / (rate + LEAVE), rel=1e-2)


def test_targeting_and_retention_are_steep(head):
    mech = head("ca1psd").ca1psd
    assert mech.hill(PP1_HALF, PP1_HALF) == pytest.approx(0.5)
    assert mech.hill(2e-5, 2e-4) == pytest.approx(1e-4, rel=1e-3)
    assert mech.hill(2e-3, 2e-4) == pytest.approx(1, rel=1e-3)


@pytest.mark.parametrize("variable", [False, True])
@pytest.mark.parametrize(
    ("state", "sites", "other", "rate"),
    [("psqi", PP1_SITES, "pti", EVICT), ("pski", CAMKII_SITES, "cani", EXPEL)],
)
def test_camkii_drives_out_pp1_and_calcineurin_camkii(head, state, sites, other, rate, variable):
    duration = 6e5
    for given in (0.0, 1 / (rate * duration)):
        it = head("ca1psd", **({"cani": 0.0, "ppi": 0.0, "pti": 0.0, "cki": 0.0} | {other: given}))
        it.ca1psd.k_target = it.ca1psd.k_retain = 0.0
        it.start()
        setattr(it.seg, state, 0.5 * sites)
        it.advance(duration, variable=variable, dt=50.0)
        expected = 0.5 * sites * np.exp(-(LEAVE + rate * given) * duration)
        assert getattr(it.seg, state) == pytest.approx(expected, rel=2e-3)


@pytest.mark.parametrize("variable", [False, True])
def test_what_is_held_stays_when_all_is_quiet(head, variable):
    it = head("ca1psd", cani=0.0, ppi=0.0, pti=0.0, cki=0.0)
    it.start()
    it.seg.psqi, it.seg.pski = PP1_SITES, CAMKII_SITES
    it.advance(6e5, variable=variable, dt=50.0)
    assert it.seg.psqi == pytest.approx(PP1_SITES * np.exp(-LEAVE * 6e5), rel=1e-3)
    assert it.seg.pski == pytest.approx(CAMKII_SITES * np.exp(-LEAVE * 6e5), rel=1e-3)


@pytest.mark.parametrize("variable", [False, True])
def test_an_empty_density_at_rest_stays_empty(head, variable):
    it = head("ca1psd", cani=0.0, ppi=5e-3 * PP1_HALF, pti=1e-5 * PT_HALF, cki=1e-5 * PT_HALF)
    it.start()
    assert (it.seg.psqi, it.seg.pski) == (0, 0)
    it.advance(6e5, variable=variable, dt=50.0)
    assert 0 <= it.seg.psqi < 1e-6 * PP1_SITES
    assert 0 <= it.seg.pski < 1e-6 * CAMKII_SITES
