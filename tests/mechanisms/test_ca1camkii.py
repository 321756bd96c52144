"""CaMKII: calmodulin binding, autophosphorylation between neighbours, phosphatases, KN-62."""

import numpy as np
import pytest

from ca1ltd.model import parameters


def value(name):
    """Parameter in the mod file's unit; what is fitted may change without changing a law."""
    return parameters.table()[f"ca1camkii.{name}"].value


TOTAL, KON, KOFF = 0.04, value("kon"), value("koff") * 1e-3  # mM, 1/(mM ms), 1/ms
K_AUTO = value("k_auto") * 1e-3  # 1/ms
K_PP2C, K_PP2A = value("k_pp2c") * 1e-3, value("k_pp2a") * 1e-3  # 1/ms
K_PP1 = value("k_pp1")  # 1/(mM ms)
STATES = {"cki": lambda head: head.seg._ref_cki, "pti": lambda head: head.seg._ref_pti}
CAM, PP1 = 1e-3, 1e-5  # mM


def rates_of(cam, pp1, block=0.0, phosphatase_block=0.0, pp2a_block=0.0):
    def rates(y):
        bound, phosphorylated = y
        free = TOTAL - bound - phosphorylated
        auto = (1 - block) * K_AUTO * bound * (bound + phosphorylated) / TOTAL
        loss = K_PP2C + (1 - pp2a_block) * K_PP2A + (1 - phosphatase_block) * K_PP1 * pp1
        return [(1 - block) * KON * cam * free - KOFF * bound - auto, auto - loss * phosphorylated]

    return rates


@pytest.mark.parametrize(
    "blocks",
    [{}, {"block": 0.5}, {"phosphatase_block": 0.8}, {"pp2a_block": 0.8}],
    ids=["none", "KN-62", "PP1", "PP2A"],
)
def test_it_follows_its_equations(head, follows, blocks):
    def make():
        it = head("ca1camkii", cami=0.0, ppi=PP1)
        for name, fraction in blocks.items():
            setattr(it.ca1camkii, name, fraction)
        return it

    follows(
        make,
        STATES,
        rates_of(CAM, PP1, **blocks),
        1e4,
        change=lambda it: it.hold(cami=CAM),
    )


def test_phosphatases_undo_it_when_calmodulin_is_gone(head, follows):
    def phosphorylated(it):
        it.seg.cki, it.seg.pti = 0.0, 0.5 * TOTAL
        it.hold(ppi=1e-3)

    follows(
        lambda: head("ca1camkii", cami=1e-6, ppi=PP1),
        STATES,
        rates_of(1e-6, 1e-3),
        1e4,
        change=phosphorylated,
    )


@pytest.mark.parametrize("variable", [False, True])
@pytest.mark.parametrize(
    ("blocks", "left"),
    [
        ({}, K_PP2C + K_PP2A + K_PP1 * 1e-2),
        ({"phosphatase_block": 1.0}, K_PP2C + K_PP2A),
        ({"pp2a_block": 1.0}, K_PP2C + K_PP1 * 1e-2),
        ({"phosphatase_block": 1.0, "pp2a_block": 1.0}, K_PP2C),
    ],
    ids=["none", "PP1", "PP2A", "both"],
)
def test_inhibitors_leave_the_other_phosphatases(head, blocks, left, variable):
    it = head("ca1camkii", cami=0.0, ppi=1e-2)
    it.start()
    for name, fraction in blocks.items():
        setattr(it.ca1camkii, name, fraction)
    it.seg.cki, it.seg.pti = 0.0, 0.5 * TOTAL
    it.advance(1 / left, variable=variable, dt=1e-4 / left)
    assert it.seg.pti == pytest.approx(0.5 * TOTAL * np.exp(-1), rel=1e-3)


@pytest.mark.parametrize("variable", [False, True])
def test_bound_and_phosphorylated_subunits_never_exceed_all(head, variable):
    it = head("ca1camkii", cami=0.0, ppi=PP1)
    it.start()
    it.hold(cami=100 * KOFF / KON)
    for t in (1e3, 1e4, 1e5):
        it.advance(t, variable=variable, dt=1.0)
        assert min(it.seg.cki, it.seg.pti) > 0
        assert 0.9 * TOTAL < it.seg.cki + it.seg.pti < TOTAL


def test_autophosphorylation_needs_an_active_neighbour(head):
    mech = head("ca1camkii").ca1camkii
    alone = mech.autophosphorylation(1e-4)
    assert alone == pytest.approx(K_AUTO * 1e-4 / TOTAL, rel=1e-9)
    assert mech.autophosphorylation(1e-3) == pytest.approx(10 * alone, rel=1e-9)
    assert mech.autophosphorylation(0.0) == 0


def test_a_tenth_of_the_calmodulin_phosphorylates_far_less_than_a_tenth(head):
    found = []
    for cam in (0.01 * KOFF / KON, 0.1 * KOFF / KON):
        it = head("ca1camkii", cami=0.0, ppi=PP1)
        it.start()
        it.hold(cami=cam)
        it.advance(1000.0, variable=True)
        found.append(it.seg.pti)
    assert 0 < found[0] < 0.02 * found[1]


@pytest.mark.parametrize("variable", [False, True])
def test_it_stays_at_rest(head, variable):
    it = head("ca1camkii", cami=1e-6 * KOFF / KON, ppi=PP1)
    it.start()
    before = it.seg.cki
    assert before == pytest.approx(1e-6 * TOTAL, rel=1e-4)
    it.advance(6e4, variable=variable, dt=10.0)
    assert it.seg.cki == pytest.approx(before, rel=1e-4)
    assert 0 <= it.seg.pti < 1e-7 * TOTAL


@pytest.mark.parametrize("variable", [False, True])
def test_subunits_with_aspartate_count_as_phosphorylated_for_good(head, variable):
    share = 0.1
    it = head("ca1camkii", cami=0.0, ppi=1e-2)
    it.ca1camkii.t286d = share
    it.start()
    assert it.seg.pti == pytest.approx(share * TOTAL)
    it.seg.cki, it.seg.pti = 0.0, 0.5 * TOTAL
    loss = K_PP2C + K_PP2A + K_PP1 * 1e-2
    it.advance(1 / loss, variable=variable, dt=1e-4 / loss)
    left = share + (0.5 - share) * np.exp(-1)
    assert it.seg.pti == pytest.approx(left * TOTAL, rel=1e-3)
