"""Calmodulin: its lobes, neurogranin, and the calcineurin and CaMKII that share it."""

import numpy as np
import pytest
from scipy.optimize import brentq

from ca1ltd.model import parameters


def value(name):
    """Parameter in the mod file's unit; what is fitted may change without changing a law."""
    return parameters.table()[f"ca1cam.{name}"].value


TOTAL, CAN, CAMKII = value("cam_total"), value("can_total"), value("camkii_total")  # mM
K_C, K_N = value("k_c"), value("k_n")  # mM
KOFF_C, KOFF_N = value("koff_c") * 1e-3, value("koff_n") * 1e-3  # 1/ms
HELD = 1 + value("neurogranin") / value("k_ng")
KON_CAN, KON_CAMKII = value("kon_can"), value("kon_camkii")  # 1/(mM ms)
KOFF_CAN, KOFF_CAMKII = value("koff_can") * 1e-3, value("koff_camkii") * 1e-3  # 1/ms
REST = 6e-5  # mM
HALF = max(K_C * np.sqrt(HELD), K_N)  # mM of calcium that fills half of the lobe that needs more
STATES = {
    name: lambda head, name=name: getattr(head.ca1cam, f"_ref_{name}")
    for name in ("c", "n", "cam", "canb")
} | {"cki": lambda head: head.seg._ref_cki}


def c_lobe(ca, held=HELD):
    return ca**2 / (ca**2 + held * K_C**2)


def n_lobe(ca):
    return ca**2 / (ca**2 + K_N**2)


def equilibrium(ca, *, can=CAN, camkii=CAMKII):
    """Calcineurin and CaMKII with calmodulin (mM) where neither gains nor loses any."""
    loaded = c_lobe(ca) * n_lobe(ca)

    def bound(cam):
        return (
            can * KON_CAN * loaded * cam / (KON_CAN * loaded * cam + KOFF_CAN),
            camkii * KON_CAMKII * loaded * cam / (KON_CAMKII * loaded * cam + KOFF_CAMKII),
        )

    return bound(brentq(lambda cam: cam + sum(bound(cam)) - TOTAL, 0.0, TOTAL, xtol=1e-18))


def share_of(kon, koff):
    """Share of a target with calmodulin (as a function of calcium) if it took none of it away."""
    return lambda ca: 1 / (1 + koff / (kon * c_lobe(ca) * n_lobe(ca) * TOTAL))


TARGETS = ((CAN, share_of(KON_CAN, KOFF_CAN)), (CAMKII, share_of(KON_CAMKII, KOFF_CAMKII)))


def bound_of(it):
    return it.ca1cam.canb, it.seg.cki


@pytest.mark.parametrize("variable", [False, True])
@pytest.mark.parametrize("neurogranin", [0.0, 3.0], ids=["alone", "with neurogranin"])
@pytest.mark.parametrize(("before", "during"), [(0.1, 2.0), (2.0, 0.1), (0.3, 0.6)])
def test_lobes_fill_and_empty_by_mass_action(head, before, during, neurogranin, variable):
    held = 1 + neurogranin
    before, during = before * HALF, during * HALF
    it = head("ca1cam", cai=before, phi=0.0)
    it.ca1cam.neurogranin = neurogranin * it.ca1cam.k_ng
    it.start()
    assert it.ca1cam.held() == pytest.approx(held)
    assert it.ca1cam.c == pytest.approx(c_lobe(before, held), rel=1e-9)
    assert it.ca1cam.n == pytest.approx(n_lobe(before), rel=1e-9)
    it.hold(cai=during)
    rates = (
        ("n", n_lobe, KOFF_N * ((during / K_N) ** 2 + 1)),
        ("c", lambda ca: c_lobe(ca, held), KOFF_C * ((during / K_C) ** 2 + held)),
    )
    for name, lobe, rate in sorted(rates, key=lambda row: -row[2]):
        it.advance(1 / rate, variable=variable, dt=1e-3 / max(each[2] for each in rates))
        expected = lobe(during) + (lobe(before) - lobe(during)) * np.exp(-1)
        assert getattr(it.ca1cam, name) == pytest.approx(expected, rel=2e-3)


def test_calmodulin_needs_four_ions(head):
    found = {}
    for cai in (1e-6, 2e-6, 10.0):
        it = head("ca1cam", cai=cai, phi=0.0)
        it.ca1cam.can_total, it.ca1cam.camkii_total = 0.0, 1e-9
        it.start()
        found[cai] = it.seg.cami
    assert found[2e-6] == pytest.approx(16 * found[1e-6], rel=1e-3)
    assert found[10.0] == pytest.approx(TOTAL, rel=1e-3)


@pytest.mark.parametrize(
    ("changed", "phosphorylated"),
    [
        ({}, 0.0),
        ({"block": 0.4}, 0.0),
        ({"camkii_block": 0.7}, 0.0),
        ({"can_block": 0.7}, 0.0),
        ({"can_total": 0.01, "camkii_total": 0.01}, 0.0),
        ({}, 0.6),
    ],
    ids=["usual", "W-7", "KN-62", "FK506", "as many of both", "T305/306"],
)
def test_it_follows_its_equations(head, follows, changed, phosphorylated):
    cai = 0.7 * HALF
    can, camkii = changed.get("can_total", CAN), changed.get("camkii_total", CAMKII)
    free = (1 - changed.get("camkii_block", 0.0)) * (1 - phosphorylated)

    def make():
        it = head("ca1cam", cai=REST, phi=phosphorylated * camkii)
        for name, number in changed.items():
            setattr(it.ca1cam, name, number)
        return it

    def rates(y):
        c, n, cam, canb, cki = y
        loaded = (1 - changed.get("block", 0.0)) * c * n
        to_can = KON_CAN * loaded * cam * (can - canb) - KOFF_CAN * canb
        to_camkii = KON_CAMKII * loaded * cam * free * (camkii - cki) - KOFF_CAMKII * cki
        return [
            KOFF_C * ((cai / K_C) ** 2 * (1 - c) - HELD * c),
            KOFF_N * ((cai / K_N) ** 2 * (1 - n) - n),
            -to_can - to_camkii,
            to_can,
            to_camkii,
        ]

    follows(make, STATES, rates, 15.0, change=lambda it: it.hold(cai=cai))


@pytest.mark.parametrize("variable", [False, True])
def test_calmodulin_goes_back_as_it_lets_go_of_its_targets(head, variable):
    it = head("ca1cam", cai=0.0, phi=0.0)
    it.start()
    it.ca1cam.canb, it.seg.cki, it.ca1cam.cam = 0.5 * CAN, 0.2 * TOTAL, 0.8 * TOTAL - 0.5 * CAN
    t = 1 / max(KOFF_CAN, KOFF_CAMKII)
    it.advance(t, variable=variable, dt=1e-3 * t)
    left = 0.5 * CAN * np.exp(-KOFF_CAN * t), 0.2 * TOTAL * np.exp(-KOFF_CAMKII * t)
    assert bound_of(it) == pytest.approx(left, rel=1e-3)
    assert it.ca1cam.cam == pytest.approx(TOTAL - sum(left), rel=1e-4)


@pytest.mark.parametrize(("variable", "dt"), [(False, 0.025), (False, 25.0), (True, None)])
def test_calmodulin_is_conserved(head, variable, dt):
    it = head("ca1cam", cai=REST, phi=0.0)
    it.start()
    for cai, lasts in ((HALF, 100.0), (100 * HALF, 100.0), (REST, 1000.0), (0.3 * HALF, 1000.0)):
        before = it.ca1cam.cam
        it.hold(cai=cai)
        it.advance(it.n.t + lasts, variable=variable, dt=dt)
        assert it.ca1cam.cam + sum(bound_of(it)) == pytest.approx(TOTAL, rel=1e-9)
        assert abs(it.ca1cam.cam - before) > 1e-3 * TOTAL


@pytest.mark.parametrize("variable", [False, True])
@pytest.mark.parametrize("cai", [REST, 0.1 * HALF, HALF, 100 * HALF])
def test_from_where_it_starts_it_goes_to_its_fixed_point(head, cai, variable):
    it = head("ca1cam", cai=cai, phi=0.0)
    it.start()
    assert it.ca1cam.cam + sum(bound_of(it)) == pytest.approx(TOTAL, rel=1e-9)
    wanted = [all_of * share(cai) for all_of, share in TARGETS]
    assert bound_of(it) == pytest.approx([min(1, TOTAL / sum(wanted)) * each for each in wanted])
    assert it.ca1cam.cam >= 0
    if cai == REST:
        assert bound_of(it) == pytest.approx(equilibrium(cai), rel=1e-2)
    it.advance(20 / min(KOFF_CAN, KOFF_CAMKII), variable=variable, dt=20.0)
    assert bound_of(it) == pytest.approx(equilibrium(cai), rel=1e-4)


def test_little_is_bound_at_rest():
    canb, cki = equilibrium(REST)
    assert canb < 0.02 * CAN
    assert cki < 0.02 * CAMKII


@pytest.mark.parametrize("variable", [False, True])
def test_no_more_is_bound_than_there_is(head, variable):
    it = head("ca1cam", cai=REST, phi=0.0)
    it.ca1cam.cam_total, it.ca1cam.can_total, it.ca1cam.camkii_total = 0.01, 0.02, 0.02
    it.start()
    it.hold(cai=100 * HALF)
    for t in (1.0, 10.0, 100.0, 1e4):
        it.advance(t, variable=variable, dt=0.1)
        assert 0 < it.ca1cam.canb < 0.02
        assert 0 < it.seg.cki < 0.02
        assert it.ca1cam.cam > -1e-12
        assert sum(bound_of(it)) == pytest.approx(0.01 - it.ca1cam.cam, rel=1e-9)
    assert sum(bound_of(it)) > 0.99 * 0.01


@pytest.mark.parametrize(("more", "less"), [("can_total", 1), ("camkii_total", 0)])
def test_targets_take_calmodulin_from_each_other(head, more, less):
    found = []
    for factor in (1.0, 3.0):
        it = head("ca1cam", cai=REST, phi=0.0)
        it.ca1cam.cam_total = it.ca1cam.can_total = it.ca1cam.camkii_total = 0.01
        it.ca1cam.kon_camkii, it.ca1cam.koff_camkii = it.ca1cam.kon_can, it.ca1cam.koff_can
        setattr(it.ca1cam, more, factor * 0.01)
        it.start()
        it.hold(cai=HALF)
        it.advance(500.0, variable=True)
        found.append(bound_of(it))
    assert found[1][less] < 0.8 * found[0][less]
    assert found[1][1 - less] > 1.1 * found[0][1 - less]


def test_a_brief_peak_counts_where_calcium_went_before(head):
    """As a spike counts after a synaptic input and not before it."""

    def most(*clamps):
        it = head("ca1cam", cai=REST, phi=0.0)
        it.ca1cam.k_c, it.ca1cam.k_n, it.ca1cam.koff_c = 1e-3, 1e-2, 1.0
        it.ca1cam.neurogranin = 0.0
        it.ca1cam.kon_can = it.ca1cam.kon_camkii = 0.0
        cami = it.n.Vector().record(it.seg._ref_cami)
        it.start()
        for cai, duration in clamps:
            it.hold(cai=cai)
            it.advance(it.n.t + duration, variable=False)
        return cami.max()

    low, peak = (2e-3, 1000.0), (1e-2, 2.0)
    assert most(low, peak) > 2 * most(peak, low)


def test_both_integrators_agree_in_a_calcium_transient(head):
    found = []
    for variable in (False, True):
        it = head("ca1spineca", "ca1cam", phi=0.0)
        taken = it.record({name: STATES[name](it) for name in STATES}, 0.5)
        it.start()
        it.seg.cai = 0.5
        it.advance(60.0, variable=variable, dt=0.001)
        found.append({name: vector.as_numpy()[:120].copy() for name, vector in taken.items()})
    assert found[0]["canb"].max() > 0.1 * CAN
    for name, values in found[0].items():
        np.testing.assert_allclose(values, found[1][name], rtol=0, atol=2e-3 * values.max())


def buses_of(it):
    return it.seg.cami, it.seg.cani, it.seg.cfi


@pytest.mark.parametrize("variable", [False, True])
def test_buses_carry_loaded_calmodulin_active_calcineurin_and_free_camkii(head, variable):
    it = head("ca1cam", cai=REST, phi=0.0)
    it.ca1cam.block, it.ca1cam.can_block = 0.3, 0.2
    it.start()
    before = buses_of(it)
    for cai, t in ((REST, 0.0), (HALF, 5.0), (3 * HALF, 6.0), (REST, 7.0)):
        it.hold(cai=cai)
        if t:
            it.advance(t, variable=variable, dt=1e-3)
        mech = it.ca1cam
        expected = 0.7 * mech.c * mech.n * mech.cam, 0.8 * mech.canb, CAMKII - it.seg.cki
        assert buses_of(it) == pytest.approx(expected, rel=1e-6)
    assert buses_of(it)[0] > 2 * before[0]
    assert buses_of(it)[1] > 2 * before[1]
    assert buses_of(it)[2] < 0.99 * before[2]


def after(head, t, *, phosphorylated=0.0, **blocks):
    """Loaded calmodulin, active calcineurin and CaMKII with calmodulin (mM) some time later."""
    it = head("ca1cam", cai=REST, phi=phosphorylated * CAMKII)
    for name, fraction in blocks.items():
        setattr(it.ca1cam, name, fraction)
    it.start()
    it.hold(cai=0.5 * HALF)
    it.advance(t, variable=True)
    return np.array([it.seg.cami, it.seg.cani, it.seg.cki])


def test_drugs_act_on_calmodulin_or_on_one_target(head):
    usual = after(head, 20.0)
    of_calmodulin = after(head, 20.0, block=0.9) / usual
    assert of_calmodulin.max() < 0.6
    of_calcineurin = after(head, 20.0, can_block=0.75) / usual
    assert of_calcineurin == pytest.approx([1, 0.25, 1], rel=1e-4)
    of_camkii = after(head, 20.0, camkii_block=0.9) / usual
    assert of_camkii[2] < 0.5
    assert of_camkii[:2].min() > 1  # what CaMKII does not hold


def test_camkii_phosphorylated_at_t305_or_306_binds_no_calmodulin(head):
    usual, half, none = (after(head, 5.0, phosphorylated=p) for p in (0.0, 0.5, 1.0))
    assert half[2] < 0.9 * usual[2]
    assert none[2] < 1e-2 * usual[2]
    assert none[1] > usual[1]  # calcineurin takes it
