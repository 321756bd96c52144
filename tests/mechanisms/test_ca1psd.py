"""PP1 and CaMKII in the postsynaptic density: opened sites, loose and firm holding, eviction."""

import numpy as np
import pytest

from ca1ltd.model import parameters


def value(name):
    """Parameter in the mod file's unit; what is fitted may change without changing a law."""
    return parameters.table()[f"ca1psd.{name}"].value


PP1_SITES, CAMKII_SITES = value("pp1_sites"), value("camkii_sites")  # mM
OPEN, TARGET, PP1, EVICT = (  # 1/(mM ms)
    value(f"k_{name}") for name in ("open", "target", "pp1", "evict")
)
CLOSE, RETAIN, LEAVE, LOOSE, FIRM = (  # 1/ms
    value(f"k_{name}") * 1e-3 for name in ("close", "retain", "leave", "loose", "firm")
)
PT_HALF, HOLD_CAM = value("pt_half"), value("hold_cam")  # mM, 1
BUSES = {"cani": 0.0, "ppi": 0.0, "cki": 0.0, "pti": 0.0, "ckai": 0.0}
STATES = {
    "open": lambda head: head.ca1psd._ref_open,
    "psqi": lambda head: head.seg._ref_psqi,
    "loose": lambda head: head.ca1psd._ref_loose,
    "firm": lambda head: head.ca1psd._ref_firm,
}
T = 6e5  # ms
LTD = {"cani": 2 / (OPEN * T), "ppi": 4 / (TARGET * T), "cki": 1e-3 * PT_HALF}
LTP = {"cki": 0.1 * PT_HALF, "pti": 0.6 * PT_HALF, "ckai": 2 / (EVICT * T)}
BOTH = LTD | LTP | {"ppi": min(LTD["ppi"], 2 / (PP1 * T))}


def rates_of(
    *, cani, ppi, cki, pti, ckai, phosphatase_block=0.0, target_block=0.0, can_released=0.0
):
    active = 1 - phosphatase_block
    opening = OPEN * (1 - can_released) * cani
    retain = RETAIN * ((pti + HOLD_CAM * cki) / PT_HALF) ** 4

    def rates(y):
        is_open, psq, loose, firm = y
        targeting = TARGET * is_open * (1 - target_block) * active * ppi
        return [
            opening * (1 - is_open) - CLOSE * is_open,
            targeting * (PP1_SITES - psq) - (LEAVE + EVICT * ckai) * psq,
            retain * (CAMKII_SITES - loose - firm)
            - (LOOSE + PP1 * active * (ppi + psq) + FIRM) * loose,
            FIRM * loose - LEAVE * firm,
        ]

    return rates


def slower(inputs):
    """Return inputs that hold CaMKII within the test, however fast the fitted rate is."""
    hold = inputs["pti"] + HOLD_CAM * inputs["cki"]
    share = min(1.0, PT_HALF * (3 / (RETAIN * T)) ** 0.25 / hold)
    return inputs | {"pti": share * inputs["pti"], "cki": share * inputs["cki"]}


@pytest.mark.parametrize(
    "changed",
    [{}, {"phosphatase_block": 0.4}, {"target_block": 0.6}, {"can_released": 0.7}],
    ids=["none", "OA", "no anchor of PP1", "no anchor of calcineurin"],
)
@pytest.mark.parametrize("inputs", [LTD, BOTH], ids=["LTD", "conflict"])
def test_it_follows_its_equations(head, follows, inputs, changed):
    inputs = slower(BUSES | inputs)

    def make():
        it = head("ca1psd", **BUSES)
        for name, fraction in changed.items():
            setattr(it.ca1psd, name, fraction)
        return it

    def begin(it):
        it.hold(**inputs)
        it.ca1psd.open, it.seg.psqi = 0.1, 0.3 * PP1_SITES
        it.ca1psd.loose, it.ca1psd.firm = 0.3 * CAMKII_SITES, 0.1 * CAMKII_SITES

    follows(make, STATES, rates_of(**inputs, **changed), T, change=begin)


def after(head, t, *, variable=True, start=None, changed=None, **inputs):
    """A density some time (ms) after inputs have come, from states that are given."""
    it = head("ca1psd", **BUSES)
    it.start()
    for name, number in (changed or {}).items():
        setattr(it.ca1psd, name, number)
    for name, number in (start or {}).items():
        setattr(it.seg if name == "psqi" else it.ca1psd, name, number)
    it.hold(**inputs)
    it.advance(t, variable=variable, dt=t / 2e4)
    return it


@pytest.mark.parametrize("variable", [False, True])
def test_only_calcineurin_and_pp1_together_fill_sites(head, variable):
    can, pp1 = {"cani": LTD["cani"]}, {"ppi": LTD["ppi"]}
    both = after(head, T, variable=variable, **can, **pp1)
    assert both.seg.psqi > 0.1 * PP1_SITES
    for alone in (can, pp1):
        assert after(head, T, variable=variable, **alone).seg.psqi == pytest.approx(0, abs=1e-15)


def test_sites_stay_open_for_a_while_after_calcineurin(head):
    it = after(head, 1 / CLOSE, start={"open": 0.8})
    assert it.ca1psd.open == pytest.approx(0.8 * np.exp(-1), rel=1e-3)
    late = after(head, 0.1 / CLOSE, start={"open": 0.8}, ppi=1e-3)
    assert late.seg.psqi > 0


@pytest.mark.parametrize("variable", [False, True])
def test_there_is_only_room_for_so_many(head, variable):
    driven = {"cani": 100 * CLOSE / OPEN, "ppi": 1e3 * LEAVE / TARGET, "pti": 10 * PT_HALF}
    it = after(head, 30 / LEAVE, variable=variable, changed={"k_pp1": 0.0}, **driven)
    assert it.ca1psd.open == pytest.approx(100 / 101, rel=1e-3)
    for found, sites in ((it.seg.psqi, PP1_SITES), (it.seg.pski, CAMKII_SITES)):
        assert 0.98 * sites < found < sites


def test_a_holoenzyme_is_held_by_four_subunits_at_once(head):
    def held(**inputs):
        it = after(head, 1e-3 / RETAIN, changed={"k_loose": 0.0}, **inputs)
        return it.seg.pski / CAMKII_SITES

    little = held(pti=0.1 * PT_HALF)
    assert little == pytest.approx(1e-3 * 0.1**4, rel=2e-2)
    assert held(pti=0.2 * PT_HALF) == pytest.approx(16 * little, rel=2e-2)
    assert held(cki=0.1 * PT_HALF) == pytest.approx(HOLD_CAM**4 * little, rel=2e-2)


@pytest.mark.parametrize("variable", [False, True])
def test_what_is_loose_consolidates(head, variable):
    start = {"loose": 0.5 * CAMKII_SITES}
    it = after(head, 1 / FIRM, variable=variable, start=start)
    total = LOOSE + FIRM
    gone = 1 - np.exp(-total / FIRM)
    assert it.ca1psd.loose == pytest.approx(0.5 * CAMKII_SITES * (1 - gone), rel=1e-3)
    expected = 0.5 * CAMKII_SITES * FIRM / total * gone
    assert it.ca1psd.firm == pytest.approx(expected, rel=2 * LEAVE / FIRM + 1e-3)
    assert it.seg.pski == pytest.approx(it.ca1psd.loose + it.ca1psd.firm, rel=1e-6)


@pytest.mark.parametrize("variable", [False, True])
@pytest.mark.parametrize("where", ["ppi", "psqi"])
def test_pp1_frees_what_is_loose_and_not_what_is_firm(head, where, variable):
    pp1 = 1e-4  # mM
    t = 1 / (PP1 * pp1)
    start = {"loose": 0.4 * CAMKII_SITES, "firm": 0.4 * CAMKII_SITES}
    start |= {where: pp1} if where == "psqi" else {}
    inputs = {where: pp1} if where == "ppi" else {}
    changed = {"k_firm": 0.0, "k_leave": 0.0, "k_loose": 0.0}
    for block in (0.0, 0.5, 1.0):
        it = after(
            head, t, variable=variable, start=start,
            changed=changed | {"phosphatase_block": block}, **inputs,
        )  # fmt: skip
        expected = 0.4 * CAMKII_SITES * np.exp(block - 1)
        assert it.ca1psd.loose == pytest.approx(expected, rel=1e-3)
        assert it.ca1psd.firm == pytest.approx(0.4 * CAMKII_SITES, rel=1e-6)


@pytest.mark.parametrize("variable", [False, True])
def test_active_camkii_drives_out_pp1(head, variable):
    for ckai in (0.0, 1 / (EVICT * T)):
        start = {"psqi": 0.5 * PP1_SITES}
        it = after(head, T, variable=variable, start=start, ckai=ckai)
        expected = 0.5 * PP1_SITES * np.exp(-(LEAVE + EVICT * ckai) * T)
        assert it.seg.psqi == pytest.approx(expected, rel=2e-3)


@pytest.mark.parametrize(
    "changed",
    [{"phosphatase_block": 0.75}, {"target_block": 0.75}, {"can_released": 0.75}],
    ids=str,
)
def test_drugs_and_genotypes_keep_pp1_away(head, changed):
    t = 1e-2 * min(1 / CLOSE, T)
    inputs = {"cani": LTD["cani"], "ppi": LTD["ppi"]}
    usual, less = (after(head, t, changed=each, **inputs) for each in ({}, changed))
    assert less.seg.psqi == pytest.approx(0.25 * usual.seg.psqi, rel=5e-2)


@pytest.mark.parametrize("variable", [False, True])
def test_what_is_held_firmly_stays_when_all_is_quiet(head, variable):
    start = {"psqi": PP1_SITES, "firm": CAMKII_SITES}
    it = after(head, T, variable=variable, start=start)
    assert it.seg.psqi == pytest.approx(PP1_SITES * np.exp(-LEAVE * T), rel=1e-3)
    assert it.seg.pski == pytest.approx(CAMKII_SITES * np.exp(-LEAVE * T), rel=1e-3)


@pytest.mark.parametrize("variable", [False, True])
def test_an_empty_density_at_rest_stays_empty(head, variable):
    resting = {
        "cani": 1e-4 * CLOSE / OPEN, "ppi": 1e-2 / (TARGET * T),
        "cki": 1e-3 * PT_HALF, "pti": 1e-3 * PT_HALF, "ckai": 1e-3 * PT_HALF,
    }  # fmt: skip
    it = head("ca1psd", **BUSES)
    it.start()
    states = it.ca1psd.open, it.seg.psqi, it.ca1psd.loose, it.ca1psd.firm, it.seg.pski
    assert states == (0, 0, 0, 0, 0)
    it.hold(**resting)
    it.advance(T, variable=variable, dt=50.0)
    assert 0 < it.seg.psqi < 1e-5 * PP1_SITES
    assert 0 < it.seg.pski < 1e-6 * CAMKII_SITES
