"""AMPA receptor trafficking: equations, conserved receptors, slots, phosphorylation, the bus."""

import numpy as np
import pytest

from ca1ltd import parameters


def value(name):
    """Parameter in the mod file's unit; what is fitted may change without changing a law."""
    return parameters.table()[f"ca1ampar.{name}"].value


TOTAL, SLOTS, TAU_SLOTS = 130.0, 70.0, 3e5  # receptors, slots, ms
SLOTS_PP1, SLOTS_CAMKII = value("slots_pp1") * 1e3, value("slots_camkii") * 1e3  # 1/mM
K845, D845, D845_CAN, PP2A = 0.01, 0.004, 0.001, 1.5e-4  # 1/(mM ms), mM
K831, D831, PP2A_831 = 2.5e-4, 0.002, 2e-4
ANCHOR, FREE, CROWD = 4e-7, 4e-6, 2e-5  # 1/ms
ENDO, ENDO_CAN, ENDO_PP, EXO = 2.5e-6, 375.0, 1000.0, 8e-7  # 1/ms, 1/mM, 1/mM, 1/ms
RECEPTOR = 1e-6  # mM on the bus
REST = {
    "cani": 1e-7,
    "pkai": 1e-4,
    "ppi": 2e-6,
    "cki": 1e-7,
    "pti": 0.0,
    "psqi": 0.0,
    "pski": 0.0,
}
LTD = REST | {"cani": 5e-4, "ppi": 5e-4, "psqi": 2e-4}
LTP = REST | {"cki": 5e-3, "pti": 0.02, "pski": 8e-3}
POOLS = ("anchored", "diffusing", "vesicles")
NAMES = ("s845", "s831", "slots", *POOLS)
STATES = {name: lambda head, name=name: getattr(head.ca1ampar, f"_ref_{name}") for name in NAMES}


def rates_of(*, cani, pkai, ppi, cki, pti, psqi, pski, block=0.0):
    def rates(y):
        s845, s831, slots, anchored, diffusing, vesicles = y
        p = (1 - block) * (ppi + psqi)
        wanted = SLOTS * (1 - SLOTS_PP1 * psqi * (1 - block) + SLOTS_CAMKII * pski)
        anchoring = (
            ANCHOR * diffusing * max(slots - anchored, 0)
            - FREE * anchored
            - CROWD * max(anchored - slots, 0)
        )
        inward = (
            ENDO * (1 + ENDO_CAN * cani + ENDO_PP * p) * diffusing - EXO * (1 + s845) * vesicles
        )
        return [
            K845 * pkai * (1 - s845) - (D845 * ((1 - block) * PP2A + p) + D845_CAN * cani) * s845,
            K831 * (cki + pti) * (1 - s831) - D831 * ((1 - block) * PP2A_831 + p) * s831,
            (wanted - slots) / TAU_SLOTS,
            anchoring,
            -anchoring - inward,
            inward,
        ]

    return rates


def settled(head, **inputs):
    it = head("ca1ampar", **REST)
    it.start()
    it.advance(3e8, variable=False, dt=2e4)
    it.n.t = 0.0
    it.hold(**inputs)
    return it


def pools(it):
    return np.array([getattr(it.ca1ampar, pool) for pool in POOLS])


@pytest.mark.parametrize(
    ("inputs", "block"),
    [(LTD, 0.0), (LTD, 0.6), (LTD | LTP, 0.0)],
    ids=["LTD", "OA", "conflict"],
)
def test_it_follows_its_equations(head, follows, inputs, block):
    def make():
        it = head("ca1ampar", **inputs)
        it.ca1ampar.phosphatase_block = block
        return it

    def begin(it):
        it.ca1ampar.s831 = 0.2

    follows(make, STATES, rates_of(**inputs, block=block), 2e6, change=begin)


def test_potentiation_follows_its_equations(head, follows):
    follows(lambda: head("ca1ampar", **LTP), STATES, rates_of(**LTP), 2e6)


@pytest.mark.parametrize(("variable", "dt"), [(False, 50.0), (False, 2000.0), (True, None)])
@pytest.mark.parametrize("inputs", [LTD, LTP], ids=["LTD", "LTP"])
def test_receptors_are_conserved(head, inputs, variable, dt):
    it = head("ca1ampar", **inputs)
    it.start()
    before = pools(it)
    for t in (1e5, 1e6, 3e6):
        it.advance(t, variable=variable, dt=dt)
        assert pools(it).sum() == pytest.approx(TOTAL, rel=1e-9)
    assert np.abs(pools(it) - before).max() > 5
    assert pools(it).min() > 0


@pytest.mark.parametrize("variable", [False, True])
def test_it_rests_and_stays_there(head, variable):
    it = settled(head)
    before = pools(it)
    assert 0.3 * TOTAL < before[0] < it.ca1ampar.slots
    assert 0.5 < it.ca1ampar.s845 < 0.7
    it.advance(6e5, variable=variable, dt=100.0)
    np.testing.assert_allclose(pools(it), before, rtol=1e-6)


def test_phosphatase_in_the_density_removes_anchored_receptors_and_kinase_adds_them(head):
    resting = pools(settled(head))[0]
    ltd, ltp = settled(head, psqi=2e-4), settled(head, pski=8e-3)
    for it in (ltd, ltp):
        it.advance(1.5e7, variable=False, dt=1e3)
    assert ltd.ca1ampar.slots == pytest.approx(SLOTS * (1 - SLOTS_PP1 * 2e-4), rel=1e-6)
    assert ltp.ca1ampar.slots == pytest.approx(SLOTS * (1 + SLOTS_CAMKII * 8e-3), rel=1e-6)
    assert pools(ltd)[0] < 0.75 * resting
    assert pools(ltp)[0] > 1.2 * resting


def test_crowded_receptors_leave_within_a_minute(head):
    it = settled(head)
    it.ca1ampar.slots = 20.0
    it.ca1ampar.slots_rest = 20.0
    before = it.ca1ampar.anchored
    it.advance(1000.0, variable=True)
    lost = FREE * before + CROWD * (before - 20.0)
    assert before - it.ca1ampar.anchored == pytest.approx(1000.0 * lost, rel=0.02)


@pytest.mark.parametrize("variable", [False, True])
@pytest.mark.parametrize("inputs", [LTD, LTP], ids=["LTD", "LTP"])
def test_the_bus_carries_the_conductance_in_receptors(head, inputs, variable):
    it = settled(head, **inputs)
    before = it.seg.ampari
    for t in (1e5, 2e6):
        it.advance(t, variable=variable, dt=100.0)
        expected = RECEPTOR * it.ca1ampar.anchored * (1 + 0.3 * it.ca1ampar.s831)
        assert it.seg.ampari == pytest.approx(expected, rel=1e-3)
    assert abs(it.seg.ampari / before - 1) > 0.1


def test_fixed_points_of_phosphorylation(head):
    it = settled(head, **(REST | {"cki": 4e-3}))
    it.advance(3e7, variable=False, dt=1e3)
    up, down = K845 * 1e-4, D845 * (PP2A + 2e-6) + D845_CAN * 1e-7
    assert it.ca1ampar.s845 == pytest.approx(up / (up + down), rel=1e-6)
    up, down = K831 * 4e-3, D831 * (PP2A_831 + 2e-6)
    assert it.ca1ampar.s831 == pytest.approx(up / (up + down), rel=1e-6)
