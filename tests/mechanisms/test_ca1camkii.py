"""CaMKII: calmodulin binding, autophosphorylation between neighbours, phosphatases, KN-62."""

import pytest

from ca1ltd import parameters


def value(name):
    """Parameter in the mod file's unit; what is fitted may change without changing a law."""
    return parameters.table()[f"ca1camkii.{name}"].value


TOTAL, KON, KOFF = 0.04, value("kon"), 1.5e-3  # mM, 1/(mM ms), 1/ms
K_AUTO = value("k_auto") * 1e-3  # 1/ms
K_PP2C, K_PP2A = value("k_pp2c") * 1e-3, value("k_pp2a") * 1e-3  # 1/ms
K_PP1 = value("k_pp1")  # 1/(mM ms)
STATES = {"cki": lambda head: head.seg._ref_cki, "pti": lambda head: head.seg._ref_pti}
CAM, PP1 = 1e-3, 1e-5  # mM


def rates_of(cam, pp1, block=0.0, phosphatase_block=0.0):
    def rates(y):
        bound, phosphorylated = y
        free = TOTAL - bound - phosphorylated
        auto = (1 - block) * K_AUTO * bound * (bound + phosphorylated) / TOTAL
        loss = (K_PP2C + (1 - phosphatase_block) * (K_PP2A + K_PP1 * pp1)) * phosphorylated
        return [(1 - block) * KON * cam * free - KOFF * bound - auto, auto - loss]

    return rates


@pytest.mark.parametrize(
    ("block", "phosphatase_block"), [(0.0, 0.0), (0.5, 0.0), (0.0, 0.8)], ids=["", "KN-62", "OA"]
)
def test_it_follows_its_equations(head, follows, block, phosphatase_block):
    def make():
        it = head("ca1camkii", cami=0.0, ppi=PP1)
        it.ca1camkii.block, it.ca1camkii.phosphatase_block = block, phosphatase_block
        return it

    follows(
        make,
        STATES,
        rates_of(CAM, PP1, block, phosphatase_block),
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
def test_bound_and_phosphorylated_subunits_never_exceed_all(head, variable):
    it = head("ca1camkii", cami=0.0, ppi=PP1)
    it.start()
    it.hold(cami=0.03)
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
    for cam in (1e-5, 1e-4):
        it = head("ca1camkii", cami=0.0, ppi=PP1)
        it.start()
        it.hold(cami=cam)
        it.advance(1000.0, variable=True)
        found.append(it.seg.pti)
    assert 0 < found[0] < 0.02 * found[1]


@pytest.mark.parametrize("variable", [False, True])
def test_it_stays_at_rest(head, variable):
    it = head("ca1camkii", cami=6e-10, ppi=PP1)
    it.start()
    before = it.seg.cki
    assert before == pytest.approx(TOTAL * KON * 6e-10 / KOFF, rel=1e-4)
    it.advance(6e4, variable=variable, dt=10.0)
    assert it.seg.cki == pytest.approx(before, rel=1e-4)
    assert 0 <= it.seg.pti < 1e-7 * TOTAL
