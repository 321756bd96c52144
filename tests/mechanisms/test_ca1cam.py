"""Calmodulin: the two lobes, each with its rate, fixed point."""

import numpy as np
import pytest

from ca1ltd.model import parameters


def value(name):
    """Parameter in the mod file's unit; what is fitted may change without changing a law."""
    return parameters.table()[f"ca1cam.{name}"].value


TOTAL, TAU = 0.03, 2.0  # mM, ms
K_C, K_N = value("k_c"), value("k_n")  # mM
KOFF_C = value("koff_c") * 1e-3  # 1/ms
STATES = {"c": lambda head: head.ca1cam._ref_c, "n": lambda head: head.ca1cam._ref_n}


def lobe(ca, k):
    return ca**2 / (ca**2 + k**2)


def cam_inf(ca):
    return TOTAL * lobe(ca, K_C) * lobe(ca, K_N)


@pytest.mark.parametrize("cai", [6e-5, 7e-4, 5e-3, 1e-1])
def test_it_starts_at_its_fixed_point_and_stays(head, cai):
    for variable in (False, True):
        it = head("ca1cam", cai=cai)
        it.start()
        assert it.ca1cam.c == pytest.approx(lobe(cai, K_C), rel=1e-9)
        assert it.seg.cami == pytest.approx(cam_inf(cai), rel=1e-9)
        it.advance(50.0, variable=variable)
        assert it.ca1cam.c == pytest.approx(lobe(cai, K_C), rel=1e-9)
        assert it.seg.cami == pytest.approx(cam_inf(cai), rel=1e-9)


def test_both_lobes_bind_two_ions(head):
    it = head("ca1cam")
    assert it.ca1cam.lobe(3.0, 1.0) == pytest.approx(0.9)
    found = {}
    for cai in (1e-5, 2e-5, 1.0):
        it.hold(cai=cai)
        it.start()
        found[cai] = it.seg.cami
    assert found[2e-5] == pytest.approx(16 * found[1e-5], rel=1e-3)
    assert found[1.0] == pytest.approx(TOTAL, rel=1e-3)


@pytest.mark.parametrize("variable", [False, True])
@pytest.mark.parametrize(("before", "during"), [(6e-5, 5e-3), (5e-3, 6e-5), (6e-5, 5e-4)])
def test_the_c_lobe_fills_faster_than_it_empties(head, before, during, variable):
    it = head("ca1cam", cai=before)
    it.start()
    it.hold(cai=during)
    rate = KOFF_C * (1 + during / K_C)
    start, end = lobe(before, K_C), lobe(during, K_C)
    for t in (0.5 / rate, 2 / rate):
        it.advance(t, variable=variable, dt=0.01 / rate)
        assert it.ca1cam.c == pytest.approx(end + (start - end) * np.exp(-rate * t), rel=1e-3)


@pytest.mark.parametrize("variable", [False, True])
def test_the_n_lobe_follows_with_its_short_time_constant(head, variable):
    it = head("ca1cam", cai=K_N / 2)
    it.start()
    it.hold(cai=20 * K_N)
    before, after = lobe(K_N / 2, K_N), lobe(20 * K_N, K_N)
    for t in (1.0, 3.0):
        it.advance(t, variable=variable)
        assert it.ca1cam.n == pytest.approx(after + (before - after) * np.exp(-t / TAU), rel=1e-3)


@pytest.mark.parametrize("during", [1e-3, 2e-2])
def test_it_follows_its_equations(head, follows, during):
    rate = KOFF_C * (1 + during / K_C)

    def rates(y):
        c, n = y
        return [rate * (lobe(during, K_C) - c), (lobe(during, K_N) - n) / TAU]

    follows(
        lambda: head("ca1cam", cai=6e-5),
        STATES,
        rates,
        100.0,
        change=lambda it: it.hold(cai=during),
    )


@pytest.mark.parametrize("variable", [False, True])
def test_the_bus_carries_calmodulin_with_both_lobes_full(head, variable):
    it = head("ca1cam", cai=6e-5)
    it.start()
    for cai, t in ((K_C, 5.0), (2 * K_N, 6.0), (6e-5, 7.0)):
        it.hold(cai=cai)
        it.advance(t, variable=variable)
        assert it.seg.cami == pytest.approx(TOTAL * it.ca1cam.c * it.ca1cam.n, rel=1e-9)
        assert it.seg.cami > 2 * cam_inf(6e-5)


def test_a_brief_peak_counts_where_calcium_went_before(head):
    """As a spike counts after a synaptic input and not before it."""

    def most(*clamps):
        it = head("ca1cam", cai=6e-5)
        it.ca1cam.k_c, it.ca1cam.k_n, it.ca1cam.koff_c = 1e-3, 1e-2, 10.0
        cami = it.n.Vector().record(it.seg._ref_cami)
        it.start()
        for cai, duration in clamps:
            it.hold(cai=cai)
            it.advance(it.n.t + duration, variable=False)
        return cami.max()

    low, peak = (2e-3, 100.0), (1e-2, 2.0)
    assert most(low, peak) > 2 * most(peak, low)


def test_both_integrators_agree_in_a_calcium_transient(head):
    found = []
    for variable in (False, True):
        it = head("ca1spineca", "ca1cam")
        taken = it.record({"cami": it.seg._ref_cami, "c": it.ca1cam._ref_c}, 0.5)
        it.start()
        it.seg.cai = 0.5
        it.advance(60.0, variable=variable, dt=0.005)
        found.append({name: vector.as_numpy()[:120].copy() for name, vector in taken.items()})
    assert found[0]["cami"].max() > 0.1 * TOTAL
    for name, values in found[0].items():
        np.testing.assert_allclose(values, found[1][name], rtol=0, atol=2e-3 * values.max())


def test_an_antagonist_holds_its_fraction_of_what_is_loaded(head):
    it = head("ca1cam", cai=5e-3)
    it.start()
    loaded = it.seg.cami
    it.ca1cam.block = 0.75
    it.advance(10.0, variable=False)
    assert it.seg.cami == pytest.approx(0.25 * loaded, rel=1e-9)
    assert it.ca1cam.c == pytest.approx(lobe(5e-3, K_C), rel=1e-9)
