"""Inhibitor-1 and PP1: mass action, conservation, tight binding, inhibitors of phosphatases."""

import numpy as np
import pytest

from ca1ltd.model import parameters


def value(name):
    """Parameter in the mod file's unit; what is fitted may change without changing a law."""
    return parameters.table()[f"ca1i1.{name}"].value


I1, PP1 = value("i1_total"), value("pp1_total")  # mM
KON, KOFF = value("kon"), value("koff") * 1e-3  # 1/(mM ms), 1/ms
K_PKA, K_CAN = value("k_pka"), value("k_can")  # 1/(mM ms)
K_PP2A = value("k_pp2a") * 1e-3  # 1/ms
PKA = 1e-4  # mM
EVEN = K_PKA * PKA / K_CAN  # mM of calcineurin that undoes what PKA does
FREES = EVEN * max(I1 / PP1, 1)  # mM of it after which less is phosphorylated than there is PP1
TURNOVER = 1 / (K_PKA * PKA)  # ms
STATES = {
    "i1": lambda head: head.ca1i1._ref_i1,
    "i1p": lambda head: head.ca1i1._ref_i1p,
    "i1pp1": lambda head: head.ca1i1._ref_i1pp1,
    "thiopp1": lambda head: head.ca1i1._ref_thiopp1,
    "ppi": lambda head: head.seg._ref_ppi,
}


def equilibrium(can, pka=PKA, thio=0.0):
    """Phosphorylated inhibitor-1, and free PP1, at the fixed point (mM)."""
    off = K_CAN * can + K_PP2A
    phosphorylated = I1 * K_PKA * pka / (K_PKA * pka + off)
    kd, held = (KOFF + off) / KON, 1 + thio * KON / KOFF
    # PP1 = held free + phosphorylated free/(free + kd)
    b = held * kd + phosphorylated - PP1
    return phosphorylated, (np.sqrt(b**2 + 4 * held * PP1 * kd) - b) / (2 * held)


@pytest.mark.parametrize("variable", [False, True])
@pytest.mark.parametrize("can", [0.0, 1e-6, 1e-4, 2e-3])
def test_it_settles_where_binding_is_in_equilibrium(head, can, variable):
    it = head("ca1i1", cani=can, pkai=PKA)
    it.start()
    it.advance(1e7, variable=variable, dt=1e3)
    phosphorylated, free = equilibrium(can)
    assert it.ca1i1.i1p + it.ca1i1.i1pp1 == pytest.approx(phosphorylated, rel=1e-4)
    assert it.seg.ppi == pytest.approx(free, rel=2e-3)


def test_it_starts_with_the_right_phosphorylation_and_all_bound_that_can_be(head):
    for can in (0.0, 1e-4, 2e-3):
        it = head("ca1i1", cani=can, pkai=PKA)
        it.start()
        phosphorylated, _ = equilibrium(can)
        assert it.seg.ppi == pytest.approx(max(PP1 - phosphorylated, 0.0), abs=1e-12)
        assert it.ca1i1.i1p + it.ca1i1.i1pp1 == pytest.approx(phosphorylated, rel=1e-9)
        assert min(it.ca1i1.i1, it.ca1i1.i1p, it.ca1i1.i1pp1, it.seg.ppi) >= 0
        assert it.seg.ppi + it.ca1i1.i1pp1 == pytest.approx(PP1, rel=1e-12)


def test_calcineurin_sets_pp1_free(head):
    found = []
    for can in (0.0, 20 * FREES):
        it = head("ca1i1", cani=can, pkai=PKA)
        it.start()
        it.advance(1e7, variable=True)
        found.append(it.seg.ppi)
    assert found[0] < 5e-3 * PP1
    assert found[1] > 0.9 * PP1


@pytest.mark.parametrize(
    ("block", "thio"), [(0.0, 0.0), (0.9, 0.0), (0.0, 2e-3)], ids=["none", "PP2A", "thio"]
)
def test_it_follows_mass_action(head, follows, block, thio):
    can = 3 * EVEN

    def rates(y):
        i1, i1p, i1pp1, thiopp1, pp1 = y
        off = K_CAN * can + K_PP2A * (1 - block)
        on = K_PKA * PKA * i1
        bound = KON * i1p * pp1 - KOFF * i1pp1
        held = KON * thio * pp1 - KOFF * thiopp1
        return [
            off * (i1p + i1pp1) - on,
            on - off * i1p - bound,
            bound - off * i1pp1,
            held,
            off * i1pp1 - bound - held,
        ]

    def make():
        it = head("ca1i1", cani=0.0, pkai=PKA)
        it.ca1i1.pp2a_block, it.ca1i1.thio = block, thio
        return it

    states = {name: ref for name, ref in STATES.items() if thio or name != "thiopp1"}
    reduced = rates if thio else lambda y: np.delete(rates([*y[:3], 0.0, y[3]]), 3)
    follows(make, states, reduced, TURNOVER, change=lambda it: it.hold(cani=can))


@pytest.mark.parametrize("variable", [False, True])
@pytest.mark.parametrize("thio", [0.0, 1e-3])
def test_inhibitor_and_phosphatase_are_conserved(head, thio, variable):
    it = head("ca1i1", cani=0.0, pkai=PKA)
    it.start()
    before = it.ca1i1.i1pp1
    it.hold(cani=10 * FREES)
    it.ca1i1.thio = thio
    for t in (0.1 * TURNOVER, TURNOVER):
        it.advance(t, variable=variable, dt=1e-3 * TURNOVER)
        mech = it.ca1i1
        assert before - mech.i1pp1 > 0.1 * PP1
        assert (mech.thiopp1 > 0.1 * PP1) == (thio > 0)
        assert mech.i1 + mech.i1p + mech.i1pp1 == pytest.approx(I1, rel=1e-9)
        assert it.seg.ppi + mech.i1pp1 + mech.thiopp1 == pytest.approx(PP1, rel=1e-9)


def test_an_inhibitor_of_pp2a_spares_calcineurin(head):
    it = head("ca1i1", cani=1e-4, pkai=PKA)
    it.start()
    assert it.ca1i1.dephosphorylation() == pytest.approx(K_CAN * 1e-4 + K_PP2A, rel=1e-9)
    it.ca1i1.pp2a_block = 1.0
    assert it.ca1i1.dephosphorylation() == pytest.approx(K_CAN * 1e-4, rel=1e-9)


@pytest.mark.parametrize("variable", [False, True])
@pytest.mark.parametrize("thio", [1e-6, 1e-3])
def test_thiophosphorylated_inhibitor_holds_pp1_against_calcineurin(head, thio, variable):
    it = head("ca1i1", cani=2e-3, pkai=PKA)
    it.ca1i1.thio = thio
    it.start()
    it.advance(2e7, variable=variable, dt=2e3)
    phosphorylated, free = equilibrium(2e-3, thio=thio)
    assert it.seg.ppi == pytest.approx(free, rel=2e-3)
    assert it.ca1i1.thiopp1 == pytest.approx(free * thio * KON / KOFF, rel=2e-3)
    assert it.ca1i1.i1p + it.ca1i1.i1pp1 == pytest.approx(phosphorylated, rel=1e-4)
    assert free < 0.6 * equilibrium(2e-3)[1]
