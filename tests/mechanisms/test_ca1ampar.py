"""AMPA receptor trafficking: equations, conserved receptors, slots, phosphorylation, the bus."""

import numpy as np
import pytest

from ca1ltd.model import parameters


def value(name):
    """Parameter in the mod file's unit; what is fitted may change without changing a law."""
    return parameters.table()[f"ca1ampar.{name}"].value


TOTAL, SLOTS, TAU_SLOTS = value("total"), value("slots_rest"), 6e4  # receptors, slots, ms
SLOTS_CAMKII = value("slots_camkii") * 1e3  # slots per mM
K845, D845, D845_CAN = value("k845"), value("d845"), value("d845_can")  # 1/(mM ms)
K831, D831 = value("k831"), value("d831")  # 1/(mM ms)
PP2A, PP2A_831, KINASE_831 = value("pp2a"), value("pp2a_831"), value("kinase_831")  # mM
ANCHOR, FREE, CROWD = (value(f"k_{name}") * 1e-3 for name in ("anchor", "free", "crowd"))  # 1/ms
ANCHOR_CAMKII = value("anchor_camkii") * 1e3  # 1/mM
FREE_PP1, ENDO_CAN, ENDO_PP = (  # 1/mM
    value(name) * 1e3 for name in ("free_pp1", "endo_can", "endo_pp")
)
ENDO, EXO = value("k_endo") * 1e-3, value("k_exo") * 1e-3  # 1/ms
EXO_CAMKII = value("exo_camkii") * 1e3  # 1/mM
GAIN = value("s831_gain")
RECEPTOR = 1e-6  # mM on the bus
REST = {
    "cani": 1e-7,
    "pkai": 1e-4,
    "ppi": 2e-6,
    "ckai": 1e-7,
    "psqi": 0.0,
    "pski": 0.0,
}
LOOSE = 1 / FREE_PP1  # mM of PP1 in the density, which lets anchored receptors go twice as fast
HALF_MORE = 0.5 * SLOTS / SLOTS_CAMKII  # mM of CaMKII in the density: half as many slots more
LTD = REST | {"cani": 5e-4, "ppi": 5e-4, "psqi": LOOSE}
LTP = REST | {"ckai": 0.025, "pski": HALF_MORE}
POOLS = ("anchored", "diffusing", "vesicles")
NAMES = ("s845", "s831", "slots", *POOLS)
STATES = {name: lambda head, name=name: getattr(head.ca1ampar, f"_ref_{name}") for name in NAMES}
BLOCKS = (
    *("phosphatase_block", "pp2a_block", "endo_block", "exo_block"),
    *("pka_released", "can_released"),
)


def rates_of(*, cani, pkai, ppi, ckai, psqi, pski, **blocks):
    pp1, pp2a, endo, exo, pka, can = (1 - blocks.get(name, 0.0) for name in BLOCKS)

    def rates(y):
        s845, s831, slots, anchored, diffusing, vesicles = y
        p = pp1 * (ppi + psqi)
        wanted = SLOTS + SLOTS_CAMKII * pski
        anchoring = (
            ANCHOR * (1 + ANCHOR_CAMKII * pski) * diffusing * max(slots - anchored, 0)
            - FREE * (1 + FREE_PP1 * pp1 * psqi) * anchored
            - CROWD * max(anchored - slots, 0)
        )
        inward = (
            endo * ENDO * (1 + ENDO_CAN * cani + ENDO_PP * p) * diffusing
            - exo * EXO * (1 + s845 + EXO_CAMKII * pski) * vesicles
        )
        return [
            K845 * pka * pkai * (1 - s845)
            - (D845 * (pp2a * PP2A + p) + D845_CAN * can * cani) * s845,
            K831 * (KINASE_831 + ckai + pski) * (1 - s831)
            - D831 * (pp2a * PP2A_831 + pp1 * ppi) * s831,
            (wanted - slots) / TAU_SLOTS,
            anchoring,
            -anchoring - inward,
            inward,
        ]

    return rates


@pytest.fixture(scope="module")
def rested():
    """States of a head that has rested for days, once one has."""
    return {}


@pytest.fixture
def settled(head, rested):
    """Maker of heads that have rested for days, with inputs from now on."""

    def make(**inputs):
        it = head("ca1ampar", **REST)
        it.start()
        if not rested:
            it.advance(3e8, variable=False, dt=2e4)
            it.n.t = 0.0
            rested.update({name: getattr(it.ca1ampar, name) for name in NAMES})
            rested["ampari"] = it.seg.ampari
        for name, value in rested.items():
            setattr(it.seg if name == "ampari" else it.ca1ampar, name, value)
        it.hold(**inputs)
        return it

    return make


def pools(it):
    return np.array([getattr(it.ca1ampar, pool) for pool in POOLS])


@pytest.mark.parametrize("blocks", [{}, *({name: 0.6} for name in BLOCKS)], ids=str)
@pytest.mark.parametrize("inputs", [LTD, LTD | LTP], ids=["LTD", "conflict"])
def test_it_follows_its_equations(head, follows, inputs, blocks):
    def make():
        it = head("ca1ampar", **inputs)
        for name, fraction in blocks.items():
            setattr(it.ca1ampar, name, fraction)
        return it

    def begin(it):
        it.ca1ampar.s831, it.ca1ampar.slots = 0.3, 0.5 * SLOTS

    follows(make, STATES, rates_of(**inputs, **blocks), 1e6, change=begin)


@pytest.mark.parametrize(("variable", "dt"), [(False, 200.0), (False, 2000.0), (True, None)])
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
def test_it_rests_and_stays_there(settled, variable):
    it = settled()
    before = pools(it)
    assert 0.2 * TOTAL < before[0] < it.ca1ampar.slots == pytest.approx(SLOTS)
    it.advance(6e5, variable=variable, dt=100.0)
    np.testing.assert_allclose(pools(it), before, rtol=1e-6)


def at_fixed_point(it, *, hours=10.0, dt=1e3):
    it.advance(hours * 3.6e6, variable=False, dt=dt)
    return pools(it)


def equilibrium(*, psqi=0.0, pski=0.0, slots=SLOTS, s845):
    """Pools at rest with PP1 and CaMKII in the density (mM), with so many slots."""
    p = REST["ppi"] + psqi
    inward = ENDO * (1 + ENDO_CAN * REST["cani"] + ENDO_PP * p)
    inward /= EXO * (1 + s845 + EXO_CAMKII * pski)
    leaving = FREE * (1 + FREE_PP1 * psqi)
    # anchoring U (slots - B) = leaving B,  B + U (1 + inward) = TOTAL
    kd = leaving / (ANCHOR * (1 + ANCHOR_CAMKII * pski)) * (1 + inward)
    s = TOTAL + slots + kd
    anchored = (s - np.sqrt(s**2 - 4 * TOTAL * slots)) / 2
    diffusing = (TOTAL - anchored) / (1 + inward)
    return anchored, diffusing, inward * diffusing


def test_pp1_in_the_density_loosens_the_anchor_and_leaves_the_slots(settled):
    resting, it = settled(), settled(psqi=LOOSE)
    found = at_fixed_point(it)
    expected = equilibrium(psqi=LOOSE, s845=it.ca1ampar.s845)
    np.testing.assert_allclose(found, expected, rtol=1e-4)
    np.testing.assert_allclose(pools(resting), equilibrium(s845=resting.ca1ampar.s845), rtol=1e-4)
    assert it.ca1ampar.slots == pytest.approx(SLOTS, rel=1e-9)
    assert found[0] < 0.95 * pools(resting)[0]


def test_camkii_in_the_density_makes_slots_that_receptors_fill(settled):
    resting, it = settled(), settled(pski=HALF_MORE)
    found = at_fixed_point(it)
    slots = 1.5 * SLOTS
    assert it.ca1ampar.slots == pytest.approx(slots, rel=1e-6)
    expected = equilibrium(pski=HALF_MORE, slots=slots, s845=it.ca1ampar.s845)
    np.testing.assert_allclose(found, expected, rtol=1e-4)
    assert found[0] > 1.05 * pools(resting)[0]


@pytest.mark.parametrize("variable", [False, True])
@pytest.mark.parametrize(("drug", "grows"), [("endo_block", True), ("exo_block", False)])
def test_blocked_traffic_leaves_one_way_only(settled, drug, grows, variable):
    it = settled()
    anchored, diffusing, vesicles = pools(it)
    setattr(it.ca1ampar, drug, 1.0)
    it.advance(1e3, variable=variable, dt=10.0)
    out = EXO * (1 + it.ca1ampar.s845) * vesicles if grows else 0.0
    inward = (
        0.0 if grows else ENDO * (1 + ENDO_CAN * REST["cani"] + ENDO_PP * REST["ppi"]) * diffusing
    )
    assert pools(it)[2] - vesicles == pytest.approx(1e3 * (inward - out), rel=1e-2)
    it.advance(1.8e6, variable=variable, dt=100.0)
    assert (pools(it)[0] > 1.02 * anchored) == grows
    assert (pools(it)[0] < 0.98 * anchored) == (not grows)


def test_crowded_receptors_leave_within_a_minute(settled):
    it = settled()
    before = it.ca1ampar.anchored
    slots = 0.3 * before
    it.ca1ampar.slots = it.ca1ampar.slots_rest = slots
    t = 0.1 / (FREE + CROWD)
    it.advance(t, variable=True)
    left = CROWD * slots / (FREE + CROWD)  # where it would go if it stayed crowded
    expected = left + (before - left) * np.exp(-(FREE + CROWD) * t)
    assert slots < expected < before
    assert before - it.ca1ampar.anchored == pytest.approx(before - expected, rel=2e-3)


@pytest.mark.parametrize("variable", [False, True])
@pytest.mark.parametrize("inputs", [LTD, LTP], ids=["LTD", "LTP"])
def test_the_bus_carries_the_conductance_in_receptors(settled, inputs, variable):
    it = settled(**inputs)
    before = it.seg.ampari
    for t in (1e5, 2e6):
        it.advance(t, variable=variable, dt=100.0)
        expected = RECEPTOR * it.ca1ampar.anchored * (1 + GAIN * it.ca1ampar.s831)
        assert it.seg.ampari == pytest.approx(expected, rel=1e-3)
    assert abs(it.seg.ampari / before - 1) > 0.05


@pytest.mark.parametrize(
    "blocks",
    [
        {},
        {"phosphatase_block": 1.0},
        {"pp2a_block": 1.0},
        {"pka_released": 0.6},
        {"can_released": 1.0},
    ],
    ids=["none", "PP1", "PP2A", "PKA released", "calcineurin released"],
)
@pytest.mark.parametrize("kinase", ["ckai", "pski"])
def test_fixed_points_of_phosphorylation(settled, kinase, blocks):
    inputs = {"ppi": 2e-4, "psqi": 1e-4, "cani": 1e-3, kinase: 4e-3}
    it = settled(**inputs)
    for name, fraction in blocks.items():
        setattr(it.ca1ampar, name, fraction)
    at_fixed_point(it, hours=240.0, dt=1e5)  # S831 takes a day without PP1
    pp1, pp2a, _, _, pka, can = (1 - blocks.get(name, 0.0) for name in BLOCKS)
    p = pp1 * 3e-4
    up, down = K845 * pka * REST["pkai"], D845 * (pp2a * PP2A + p) + D845_CAN * can * 1e-3
    assert it.ca1ampar.s845 == pytest.approx(up / (up + down), rel=1e-5)
    kinases = KINASE_831 + 4e-3 + (REST["ckai"] if kinase != "ckai" else 0.0)
    up, down = K831 * kinases, D831 * (pp2a * PP2A_831 + pp1 * 2e-4)  # none in the density
    assert it.ca1ampar.s831 == pytest.approx(up / (up + down), rel=1e-5)
