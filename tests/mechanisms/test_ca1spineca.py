"""Spine calcium: influx, buffer, pump, BAPTA, EGTA, clamp; balance, positivity, rest."""

import numpy as np
import pytest

from ca1ltd.model import parameters

FARADAY = 96485.332  # C/mol
REST, TAU = 6e-5, 15.0  # mM, ms
OF = {
    name: parameters.table()[f"ca1spineca.{name}"].value
    for name in ("buffer_total", "pump_half", "exchanger")
}
BUFFER, KD, KON = OF["buffer_total"], 0.01, 500.0  # mM, mM, 1/(mM ms)
CHELATORS = {"bapta": (2.2e-4, 400.0), "egta": (1.8e-4, 10.0)}  # kd (mM), kon (1/(mM ms))
DIALYSIS = 2e4  # ms
CAPACITY = BUFFER * KD / (KD + REST) ** 2
HALF = OF["pump_half"]  # mM above rest, where the ATPase works at half its rate
EXCHANGER = OF["exchanger"]  # of extrusion, which does not saturate


def pump(cai):
    """Rate of extrusion (1/ms) at a concentration (mM)."""
    return (1 + CAPACITY) / TAU * (EXCHANGER + (1 - EXCHANGER) / (1 + (cai - REST) / HALF))


STATES = {
    "cai": lambda head: head.seg._ref_cai,
    "buffer": lambda head: head.ca1spineca._ref_buffer,
    "cabuffer": lambda head: head.ca1spineca._ref_cabuffer,
}
CHELATED_STATES = STATES | {
    name: lambda head, name=name: getattr(head.ca1spineca, f"_ref_{name}")
    for chelator in CHELATORS
    for name in (chelator, f"ca{chelator}")
}
CHELATED = ("chelator", tuple(CHELATORS))


def synapse(n, head, *times, **settings):
    """NMDA receptors in a head without magnesium; a quantum at each time (ms)."""
    receptors = n.ca1nmda(head.seg)
    receptors.mg_o = 0.0
    for name, value in settings.items():
        setattr(receptors, name, value)
    connection = n.NetCon(None, receptors, 0, 0.0, 1.0)
    head.deliver(connection, *times)
    return receptors


def loaded(head, **totals):
    """A head with chelators (mM) in the pipette since long ago."""
    it = head("ca1spineca")
    for chelator, total in totals.items():
        setattr(it.ca1spineca, f"{chelator}_total", total)
    return it


def test_capacity_is_the_measured_one(head):
    it = head("ca1spineca")
    assert it.ca1spineca.capacity(REST) == pytest.approx(CAPACITY, rel=1e-9)
    assert 13 < CAPACITY < 35  # 24 +- 11, Sabatini, Oertner & Svoboda 2002


@pytest.mark.parametrize("variable", [False, True])
@pytest.mark.parametrize("totals", [{}, {"bapta": 10.0}, {"egta": 10.0}], ids=str)
def test_it_stays_at_rest(head, totals, variable):
    it = loaded(head, **totals)
    it.start()
    it.advance(2000.0, variable=variable)
    assert it.seg.cai == pytest.approx(REST, rel=1e-6)
    assert it.ca1spineca.cabuffer == pytest.approx(BUFFER * REST / (REST + KD), rel=1e-6)
    for chelator, (kd, _) in CHELATORS.items():
        bound = totals.get(chelator, 0.0) * REST / (REST + kd)
        assert getattr(it.ca1spineca, f"ca{chelator}") == pytest.approx(bound, rel=1e-6)


def test_it_decays_with_the_slow_eigenvalue_near_its_nominal_time_constant(head):
    it = head("ca1spineca")
    it.start()
    it.seg.cai = 1.2 * REST
    found = []
    for t in (5.0, 20.0):
        it.advance(t, variable=False, dt=0.005)
        found.append(it.seg.cai - REST)
    free, off = KON * BUFFER * KD / (KD + REST), KON * (KD + REST)
    trace, product = pump(REST) + free + off, pump(REST) * off
    slow = (trace - np.sqrt(trace**2 - 4 * product)) / 2
    assert np.log(found[0] / found[1]) / 15.0 == pytest.approx(slow, rel=2e-3)
    assert 1 / slow == pytest.approx(TAU, rel=0.1)


def test_the_pump_slows_down_as_calcium_rises(head):
    """Scheuss et al. 2006: what is high falls less quickly than what is low, buffers apart."""
    rates = {}
    for level in (REST + HALF / 100, REST + 3 * HALF):
        it = head("ca1spineca")
        it.ca1spineca.buffer_total = 1e-9
        it.start()
        it.seg.cai = level
        it.advance(0.1, variable=False, dt=1e-3)
        rates[level] = np.log((level - REST) / (it.seg.cai - REST))
    low, high = rates.values()
    assert high / low == pytest.approx(EXCHANGER + (1 - EXCHANGER) / 4, rel=0.02)


def test_it_follows_mass_action(head, follows):
    def rates(y):
        cai, buffer, cabuffer = y
        bound = KON * (cai * buffer - KD * cabuffer)
        return [pump(cai) * (REST - cai) - bound, -bound, bound]

    follows(
        lambda: head("ca1spineca"),
        STATES,
        rates,
        60.0,
        change=lambda it: it.hold(cai=0.3),
    )


def test_it_follows_mass_action_with_chelators(head, follows):
    totals = {"bapta": 0.3, "egta": 0.7}

    def rates(y):
        cai, buffer, cabuffer, *chelators = y
        bound = KON * (cai * buffer - KD * cabuffer)
        taken, changes = bound, []
        for k, (chelator, (kd, kon)) in enumerate(CHELATORS.items()):
            free, loaded_ = chelators[2 * k : 2 * k + 2]
            chelated = kon * (cai * free - kd * loaded_)
            resting = totals[chelator] * kd / (kd + REST)
            changes.append((resting - free) / DIALYSIS - chelated)
            changes.append((totals[chelator] - resting - loaded_) / DIALYSIS + chelated)
            taken += chelated
        return [pump(cai) * (REST - cai) - taken, -bound, bound, *changes]

    follows(
        lambda: loaded(head, **totals),
        CHELATED_STATES,
        rates,
        2000.0,
        change=lambda it: it.hold(cai=0.5),
    )


@pytest.mark.parametrize("variable", [False, True])
def test_calcium_that_entered_is_free_bound_or_pumped(n, head, variable):
    it = head("ca1spineca")
    _kept = synapse(n, it, 1.0)
    times = n.Vector().record(n._ref_t)
    current, cai = n.Vector().record(it.seg._ref_ica), n.Vector().record(it.seg._ref_cai)
    it.start()
    before = it.seg.cai + it.ca1spineca.cabuffer
    it.advance(20.0, variable=variable, dt=0.005)
    # mA/cm2 um2 = 1e-2 nA; nA/um3/(2 F) = 1e-9 C/s / 1e-15 l /(2 F) = 1e6/(2 F) M/s or mM/ms
    charge = np.trapezoid(-current.as_numpy(), times.as_numpy()) * it.seg.area() * 1e-2
    entered = charge * 1e6 / (2 * FARADAY * it.volume)
    above = cai.as_numpy() - REST
    pumped = np.trapezoid(pump(above + REST) * above, times.as_numpy())
    kept = it.seg.cai + it.ca1spineca.cabuffer - before
    assert min(kept, pumped) > 0.1 * entered
    assert kept + pumped == pytest.approx(entered, rel=2e-3)


@pytest.mark.parametrize("variable", [False, True])
def test_the_buffer_is_conserved_in_a_transient(n, head, variable):
    it = head("ca1spineca")
    _kept = synapse(n, it, 1.0, g_max=1e-3)
    it.start()
    for t in (5.0, 20.0, 100.0):
        it.advance(t, variable=variable)
        assert it.ca1spineca.cabuffer > 2 * BUFFER * REST / (REST + KD)
        total = it.ca1spineca.buffer + it.ca1spineca.cabuffer
        assert total == pytest.approx(BUFFER, rel=1e-9)


@pytest.mark.parametrize("variable", [False, True])
def test_peak_is_the_highest_calcium_since_it_was_cleared(n, head, variable):
    it = head("ca1spineca")
    _kept = synapse(n, it, 1.0)
    cai = n.Vector().record(it.seg._ref_cai)
    it.start()
    assert it.ca1spineca.peak == REST
    it.advance(150.0, variable=variable)
    assert it.ca1spineca.peak == pytest.approx(cai.max(), rel=1e-6)
    assert it.seg.cai < 0.5 * it.ca1spineca.peak
    it.ca1spineca.peak = 0.0
    it.advance(200.0, variable=variable)
    assert it.seg.cai <= it.ca1spineca.peak < 0.5 * cai.max()


@pytest.mark.parametrize("variable", [False, True])
def test_calcium_stays_positive_far_above_its_reversal(n, head, variable):
    it = head("ca1spineca")
    _kept = synapse(n, it, 1.0, g_max=1e-2)
    cai, current = n.Vector().record(it.seg._ref_cai), n.Vector().record(it.seg._ref_ica)
    it.start(250.0)
    it.advance(100.0, variable=variable)
    assert current.max() > 0  # outward
    assert 0 < cai.min() < 0.9 * REST


@pytest.mark.parametrize("variable", [False, True])
@pytest.mark.parametrize(*CHELATED)
def test_a_chelator_loads_with_its_time_constant_and_leaves_rest_alone(head, chelator, variable):
    it = head("ca1spineca")
    it.start()
    setattr(it.ca1spineca, f"{chelator}_total", 10.0)
    kd, _ = CHELATORS[chelator]
    for t in (DIALYSIS, 3 * DIALYSIS):
        it.advance(t, variable=variable, dt=5.0)
        bound = getattr(it.ca1spineca, f"ca{chelator}")
        total = getattr(it.ca1spineca, chelator) + bound
        assert total == pytest.approx(10.0 * (1 - np.exp(-t / DIALYSIS)), rel=2e-3)
        assert it.seg.cai == pytest.approx(REST, rel=1e-4)
        assert bound / total == pytest.approx(REST / (REST + kd), rel=1e-4)


@pytest.mark.parametrize("variable", [False, True])
@pytest.mark.parametrize(*CHELATED)
def test_a_chelator_cuts_a_transient(n, head, chelator, variable):
    peaks = []
    for total in (0.0, 10.0):
        it = loaded(head, **{chelator: total})
        _kept = synapse(n, it, 1.0)
        it.start()
        it.advance(100.0, variable=variable)
        peaks.append(it.ca1spineca.peak - REST)
    assert peaks[0] > 5 * REST
    assert peaks[1] < 0.05 * peaks[0]


def clamped(head, rate, level, **totals):
    it = loaded(head, **totals)
    it.start()
    it.ca1spineca.clamp_rate, it.ca1spineca.clamp_cai = rate, level
    return it


@pytest.mark.parametrize("variable", [False, True])
@pytest.mark.parametrize(*CHELATED)
def test_a_chelator_binds_at_its_rate_up_to_its_equilibrium(head, chelator, variable):
    level, total = 1e-3, 1e-3
    kd, kon = CHELATORS[chelator]
    it = clamped(head, 1000.0, level, **{chelator: total})
    it.ca1spineca.tau_dialysis = 1e7
    rate = kon * (level + kd)
    start, end = (total * ca / (ca + kd) for ca in (REST, level))
    for t in (1 / rate, 3 / rate, 20 / rate):
        it.advance(t, variable=variable, dt=1e-3 / rate)
        expected = end + (start - end) * np.exp(-rate * t)
        assert getattr(it.ca1spineca, f"ca{chelator}") == pytest.approx(expected, rel=0.02)


@pytest.mark.parametrize("variable", [False, True])
def test_egta_lets_pass_a_peak_that_bapta_cuts(head, variable):
    """Calcium .05 ms after a jump, with as much of either."""
    peaks = {}
    for totals in ({}, {"egta": 0.2}, {"bapta": 0.2}):
        it = loaded(head, **totals)
        it.start()
        it.hold(cai=1e-2)
        it.advance(0.05, variable=variable, dt=1e-3)
        peaks[(*totals, "none")[0]] = it.seg.cai - REST
    assert peaks["egta"] > 0.9 * peaks["none"]
    assert peaks["bapta"] < 0.5 * peaks["none"]


@pytest.mark.parametrize("variable", [False, True])
@pytest.mark.parametrize("level", [3e-5, 7e-4, 1e-2])
def test_a_clamp_reaches_its_level_holds_it_and_lets_go(head, level, variable):
    rate = 500.0
    it = clamped(head, rate, level)
    held = (pump(level) * REST + rate * level) / (pump(level) + rate)
    assert held == pytest.approx(level, rel=0.01)
    for t in (50.0, 2000.0):
        it.advance(t, variable=variable)
        assert it.seg.cai == pytest.approx(held, rel=1e-4)
        assert it.ca1spineca.cabuffer == pytest.approx(BUFFER * held / (held + KD), rel=1e-4)
    it.ca1spineca.clamp_rate = 0.0
    it.advance(2000.0 + 30 * TAU, variable=variable)
    assert it.seg.cai == pytest.approx(REST, rel=1e-3)


def test_a_clamp_follows_its_equation(head, follows):
    rate, level = 0.7, 2e-3

    def rates(y):
        cai, buffer, cabuffer = y
        bound = KON * (cai * buffer - KD * cabuffer)
        return [pump(cai) * (REST - cai) + rate * (level - cai) - bound, -bound, bound]

    follows(lambda: clamped(head, rate, level), STATES, rates, 60.0)


@pytest.mark.parametrize("variable", [False, True])
def test_a_clamp_holds_against_an_influx(n, head, variable):
    risen = []
    for rate in (0.0, 500.0):
        it = clamped(head, rate, REST)
        _kept = synapse(n, it, 1.0)
        it.start()  # with the release in the queue
        it.advance(100.0, variable=variable)
        risen.append(it.ca1spineca.peak - REST)
    assert risen[0] > 5 * REST
    assert risen[1] < 0.02 * risen[0]


def test_both_integrators_agree_on_a_transient(n, head):
    found = []
    for variable in (False, True):
        it = head("ca1spineca")
        _kept = synapse(n, it, 1.0, 30.0)
        taken = it.record({"cai": it.seg._ref_cai}, 1.0)
        it.start()
        it.advance(150.0, variable=variable, dt=0.01)
        found.append(taken["cai"].as_numpy()[:150].copy())
    assert found[0].max() > 5 * REST
    np.testing.assert_allclose(found[0], found[1], rtol=0, atol=2e-3 * found[0].max())
