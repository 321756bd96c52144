"""Phosphorylation of CaMKII: T286 between neighbours, T305/306 without calmodulin, phosphatases."""

import numpy as np
import pytest

from ca1ltd.model import parameters


def value(name):
    """Parameter in the mod file's unit; what is fitted may change without changing a law."""
    return parameters.table()[f"ca1camkii.{name}"].value


TOTAL = 0.04  # mM
K_AUTO, K_PP2 = value("k_auto") * 1e-3, value("k_pp2") * 1e-3  # 1/ms
K_INHIBITORY, K_305 = value("k_inhibitory") * 1e-3, value("k_305") * 1e-3  # 1/ms
PP2A = value("pp2a_share")
STATES = {
    name: lambda head, name=name: getattr(head.ca1camkii, f"_ref_{name}")
    for name in ("p286", "p305")
}


def holding(share):
    """Concentrations (mM) on the buses where a share of the subunits holds calmodulin."""
    return {"cki": share * TOTAL, "cfi": (1 - share) * TOTAL}


def rates_of(share, t286d=0.0, block=0.0, pp2a_block=0.0, k_auto=K_AUTO):
    def rates(y):
        p286, p305 = y
        active = share + (1 - share) * p286
        return [
            (1 - block) * k_auto * share * active * (1 - p286)
            - K_PP2 * (1 - PP2A * pp2a_block) * (p286 - t286d),
            K_INHIBITORY * (1 - share) * p286 * (1 - p305) - K_305 * p305,
        ]

    return rates


@pytest.mark.parametrize(
    "changed",
    [{}, {"block": 0.5}, {"pp2a_block": 0.8}, {"t286d": 0.2}],
    ids=["none", "KN-62", "PP2A", "T286D"],
)
@pytest.mark.parametrize("share", [0.3, 0.7])
def test_it_follows_its_equations(head, follows, share, changed):
    def make():
        it = head("ca1camkii", **holding(0.0))
        for name, number in changed.items():
            setattr(it.ca1camkii, name, number)
        return it

    def begin(it):
        it.ca1camkii.p286, it.ca1camkii.p305 = 0.4, 0.1
        it.hold(**holding(share))

    t = 3 / (K_AUTO + K_PP2 + K_INHIBITORY + K_305)
    follows(make, STATES, rates_of(share, **changed), t, change=begin)


@pytest.mark.parametrize("share", [0.0, 0.4])
def test_what_is_inhibited_leaves_and_comes_back(head, follows, share):
    def make():
        it = head("ca1camkii", **holding(share))
        it.ca1camkii.k_auto = it.ca1camkii.k_pp2  # slow enough to be seen before T305/306 is done
        return it

    def begin(it):
        it.ca1camkii.p286, it.ca1camkii.p305 = 0.9, 0.02

    t = 1 / min(K_PP2, K_INHIBITORY, K_305)
    follows(make, STATES, rates_of(share, k_auto=K_PP2), t, change=begin)


@pytest.mark.parametrize("variable", [False, True])
@pytest.mark.parametrize(("blocked", "left"), [(0.0, 1.0), (0.6, 1 - 0.6 * PP2A), (1.0, 1 - PP2A)])
def test_without_pp2a_there_is_pp2c(head, blocked, left, variable):
    it = head("ca1camkii", **holding(0.0))
    it.start()
    it.ca1camkii.pp2a_block = blocked
    it.ca1camkii.p286 = 0.5
    t = 1 / (left * K_PP2)
    it.advance(t, variable=variable, dt=1e-4 * t)
    assert it.ca1camkii.p286 == pytest.approx(0.5 * np.exp(-1), rel=1e-3)


def soon(head, share, p286=0.0):
    """Subunits (share of all) newly phosphorylated at T286 a little later."""
    it = head("ca1camkii", **holding(share))
    it.ca1camkii.k_pp2 = 0.0
    it.start()
    it.ca1camkii.p286 = p286
    it.advance(0.01 / K_AUTO, variable=True)
    return it.ca1camkii.p286 - p286


def test_autophosphorylation_needs_an_active_neighbour(head):
    assert soon(head, 0.0, 0.5) == pytest.approx(0, abs=1e-12)  # neighbours, but no calmodulin
    alone = soon(head, 0.01)
    assert alone == pytest.approx(0.01 * 0.01**2, rel=1e-2)
    assert soon(head, 0.1) == pytest.approx(100 * alone, rel=1e-2)
    assert soon(head, 0.01, 0.2) > 10 * alone  # neighbours that are active without calmodulin


@pytest.mark.parametrize("variable", [False, True])
def test_t305_waits_until_calmodulin_has_left(head, variable):
    t = 0.1 / (K_INHIBITORY + K_305)
    for share in (1.0, 0.5, 0.0):
        it = head("ca1camkii", **holding(share))
        it.ca1camkii.k_auto = it.ca1camkii.k_pp2 = 0.0
        it.start()
        it.ca1camkii.p286 = 0.5
        it.advance(t, variable=variable, dt=1e-4 * t)
        on, off = K_INHIBITORY * (1 - share) * 0.5, K_305
        expected = on / (on + off) * (1 - np.exp(-(on + off) * t))
        assert it.ca1camkii.p305 == pytest.approx(expected, rel=1e-3, abs=1e-9)


@pytest.mark.parametrize("variable", [False, True])
def test_fractions_never_exceed_all(head, variable):
    it = head("ca1camkii", **holding(0.0))
    it.start()
    it.ca1camkii.k_auto = it.ca1camkii.k_inhibitory = 1e3
    for share in (0.5, 1.0, 0.1, 0.0):
        it.hold(**holding(share))
        it.advance(it.n.t + 3e3, variable=variable, dt=30.0)
        assert -1e-9 < it.ca1camkii.p286 < 1
        assert -1e-9 < it.ca1camkii.p305 < 1
        if 0 < share < 1:
            assert it.ca1camkii.p286 > 0.99
            assert it.ca1camkii.p305 > 0.99


@pytest.mark.parametrize("variable", [False, True])
def test_it_stays_at_rest(head, variable):
    share = 1e-6
    it = head("ca1camkii", **holding(share))
    it.start()
    assert (it.ca1camkii.p286, it.ca1camkii.p305) == (0, 0)
    it.advance(6e4, variable=variable, dt=10.0)
    most = 10 * K_AUTO / K_PP2 * share**2
    assert 0 <= it.ca1camkii.p286 < most
    assert 0 <= it.ca1camkii.p305 < K_INHIBITORY / K_305 * most


@pytest.mark.parametrize("variable", [False, True])
def test_subunits_with_aspartate_count_as_phosphorylated_for_good(head, variable):
    share = 0.1
    it = head("ca1camkii", **holding(0.0))
    it.ca1camkii.t286d = share
    it.start()
    assert it.seg.pti == pytest.approx(share * TOTAL)
    assert it.seg.ckai == pytest.approx(share * TOTAL)
    it.ca1camkii.p286 = 0.5
    it.advance(1 / K_PP2, variable=variable, dt=1e-4 / K_PP2)
    left = share + (0.5 - share) * np.exp(-1)
    assert it.ca1camkii.p286 == pytest.approx(left, rel=1e-3)


@pytest.mark.parametrize("variable", [False, True])
def test_buses_carry_what_is_phosphorylated_and_what_is_active(head, variable):
    it = head("ca1camkii", **holding(0.2))
    it.ca1camkii.t286d = 0.1
    it.ca1camkii.k_auto = it.ca1camkii.k_pp2  # neither all nor none is phosphorylated
    it.start()

    def check():
        expected = {
            "pti": TOTAL * it.ca1camkii.p286,
            "phi": TOTAL * it.ca1camkii.p305,
            "ckai": TOTAL * (share + (1 - share) * it.ca1camkii.p286),
        }
        found = {name: getattr(it.seg, name) for name in expected}
        assert found == pytest.approx(expected, rel=1e-5)
        return found

    share = 0.2
    first = check()
    it.ca1camkii.p286, it.ca1camkii.p305 = 0.4, 0.3
    for share in (0.6, 0.3):
        it.hold(**holding(share))
        it.advance(it.n.t + 0.1 / K_PP2, variable=variable, dt=1e-4 / K_PP2)
        found = check()
        assert found["ckai"] > 1.1 * found["pti"] > 2 * first["pti"]
    assert found["phi"] > 0
