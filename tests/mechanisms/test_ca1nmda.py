"""NMDA receptors: two kinds, magnesium block and unblock, calcium, saturation, drugs."""

import numpy as np
import pytest

from ca1ltd.model import parameters

FARADAY, R = 96485.332, 8.314463  # C/mol, J/(mol K)
G, F_2B, F_CA = (  # uS, 1, 1
    parameters.table()[f"ca1nmda.{name}"].value for name in ("g_max", "f_2b", "f_ca")
)
RISE, TAU_2A, TAU_2B = 3.0, 42.0, 133.0  # ms at 34 degC
BOUND = 0.5  # of the receptors, by a quantum
MG_HALF, MG_SLOPE = (
    parameters.table()[f"ca1nmda.{name}"].value for name in ("mg_half", "mg_slope")
)  # mM, 1/mV
TAU_SLOW, TAU_UNBLOCK, K_INACTIVATE, RECOVERY = (  # ms at 34 degC twice, 1/(mM ms), s
    parameters.table()[f"ca1nmda.{name}"].value
    for name in ("tau_slow", "tau_unblock", "k_inactivate", "tau_recovery")
)
K_MK801 = 5.0  # 1/(mM ms)
CA_O, CA_I = 2.5, 6e-5  # mM


def unblocked(v, mg=1.3):
    """Part of the open channels that magnesium leaves free, Woodhull 1973."""
    return 1 / (1 + mg / MG_HALF * np.exp(-MG_SLOPE * v))


def test_block_is_by_the_published_rates():
    """Vargas-Caballero & Robinson 2004: magnesium comes and goes with these."""
    for v in (-80.0, -60.0, -40.0, -20.0, 0.0):
        come, go = 0.61 * np.exp(-v / 17), 5.4 * np.exp(v / 47)  # 1/ms in 1 mM
        assert unblocked(v, 1.0) == pytest.approx(go / (come + go), rel=0.6)


def driving(v, celsius=34.0, ci=CA_I, co=CA_O):
    """GHK current over permeability, in the form with z u = 2 F v/(R T), scaled to mV."""
    z_u = 2 * FARADAY * v * 1e-3 / (R * (celsius + 273.15))
    return v * (ci - co * np.exp(-z_u)) / (1 - np.exp(-z_u)) / co


def t_peak(tau):
    return RISE * tau / (tau - RISE) * np.log(tau / RISE)


def jump(tau):
    return 1 / (np.exp(-t_peak(tau) / tau) - np.exp(-t_peak(tau) / RISE))


def opened(times, tau, *events):
    """Open fraction of one kind of receptor after quanta at these times (ms)."""
    found, bound, last = np.zeros_like(times), 0.0, 0.0
    for event in events:
        bound *= np.exp(-(event - last) / tau)
        added = BOUND * (1 - bound)
        since = np.maximum(times - event, 0.0)
        found += added * jump(tau) * (np.exp(-since / tau) - np.exp(-since / RISE))
        bound, last = bound + added, event
    return found


#: Settings that leave out what tests of their own look at: channels that close over magnesium, and
#: inactivation by calcium.
APART = {"tau_slow": 1e12, "k_inactivate": 0.0}


class Synapse:
    """A synapse on a head; its channels become slow or inactivated only where that is asked for."""

    def __init__(self, n, head, *, quanta=1.0, events=(1.0,), **settings):
        self.head = head()
        self.point = n.ca1nmda(self.head.seg)
        for name, value in (APART | settings).items():
            setattr(self.point, name, value)
        self.head.hold(cai=CA_I, cao=CA_O)
        self.connection = n.NetCon(None, self.point, 0, 0.0, quanta)
        self.head.deliver(self.connection, *events)

    def run(self, t_stop, *, variable=False, dt=0.025, every=0.1, v=-65.0):
        """Conductance (uS), current and calcium current (nA) each so many ms."""
        names = {"g": self.point._ref_g, "i": self.point._ref_i, "ica": self.head.seg._ref_ica}
        taken = self.head.record(names, every)
        self.head.start(v)
        self.head.advance(t_stop, variable=variable, dt=dt)
        found = {name: vector.as_numpy().copy() for name, vector in taken.items()}
        found["ica"] *= self.head.seg.area() * 1e-2  # mA/cm2 to nA
        return found


@pytest.mark.parametrize(("f_2b", "tau"), [(0.0, TAU_2A), (1.0, TAU_2B)], ids=["2A", "2B"])
@pytest.mark.parametrize("celsius", [24.0, 30.0, 34.0])
def test_a_quantum_peaks_at_half_of_all_when_the_closed_form_says(n, head, celsius, f_2b, tau):
    n.celsius = celsius
    g = Synapse(n, head, mg_o=0.0, f_2b=f_2b).run(60.0)["g"]
    assert g.max() == pytest.approx(BOUND * G, rel=1e-3)
    slower = 2 ** ((34 - celsius) / 10)
    assert g.argmax() * 0.1 - 1.0 == pytest.approx(t_peak(tau) * slower, abs=0.2)


@pytest.mark.parametrize("variable", [False, True])
@pytest.mark.parametrize("f_2b", [0.0, F_2B, 0.8])
def test_conductance_follows_the_closed_form_and_saturates(n, head, f_2b, variable):
    events = (1.0, 21.0, 121.0)
    synapse = Synapse(n, head, events=events, mg_o=0.0, f_2b=f_2b)
    times = np.arange(0.0, 400.0, 1.0)
    g = synapse.run(401.0, variable=variable, dt=0.01, every=1.0)["g"][: len(times)]
    fast, slow = (opened(times, tau, *events) for tau in (TAU_2A, TAU_2B))
    expected = G * ((1 - f_2b) * fast + f_2b * slow)
    np.testing.assert_allclose(g, expected, rtol=0, atol=5e-3 * expected.max())


@pytest.mark.parametrize("variable", [False, True])
def test_a_glun2b_antagonist_leaves_the_fast_receptors(n, head, variable):
    times = np.arange(0.0, 300.0, 1.0)
    for f_2b, block in ((0.4, 1.0), (0.4, 0.7), (1.0, 0.95)):
        synapse = Synapse(n, head, mg_o=0.0, f_2b=f_2b, shared=0.0, antagonist_2b=block)
        g = synapse.run(301.0, variable=variable, dt=0.01, every=1.0)["g"][: len(times)]
        fast, slow = (opened(times, tau, 1.0) for tau in (TAU_2A, TAU_2B))
        expected = G * ((1 - f_2b) * fast + f_2b * (1 - block) * slow)
        np.testing.assert_allclose(g, expected, rtol=0, atol=5e-3 * expected.max())


@pytest.mark.parametrize(("f_2b", "tri"), [(0.3, 0.15), (0.8, 0.1), (1.0, 0.0)])
def test_triheteromers_are_of_both_kinds_and_blocked_by_a_share_of_their_own(n, head, f_2b, tri):
    times = np.arange(0.0, 300.0, 1.0)
    settings = {"f_2b": f_2b, "shared": 0.5, "antagonist_2b": 0.9, "antagonist_tri": 0.25}
    synapse = Synapse(n, head, mg_o=0.0, **settings)
    g = synapse.run(301.0, dt=0.01, every=1.0)["g"][: len(times)]
    fast, slow = (opened(times, tau, 1.0) for tau in (TAU_2A, TAU_2B))
    fast_left = (1 - f_2b - tri) + 0.75 * tri
    slow_left = 0.1 * (f_2b - tri) + 0.75 * tri
    expected = G * (fast_left * fast + slow_left * slow)
    np.testing.assert_allclose(g, expected, rtol=0, atol=5e-3 * expected.max())


def test_a_second_quantum_binds_half_of_what_is_left(n, head):
    peaks = [Synapse(n, head, events=(1.0,) * k).run(40.0)["g"].max() for k in (1, 2, 3)]
    assert peaks[1] == pytest.approx(1.5 * peaks[0], rel=1e-6)
    assert peaks[2] == pytest.approx(1.75 * peaks[0], rel=1e-6)


@pytest.mark.parametrize("variable", [False, True])
@pytest.mark.parametrize("calcium", [6e-5, 1e-3, 2e-2])
def test_calcium_inactivates_receptors_which_come_back_within_seconds(n, head, calcium, variable):
    synapse = Synapse(n, head, events=(), k_inactivate=K_INACTIVATE)
    synapse.head.start()
    rest = synapse.point.inactivated
    rate = K_INACTIVATE * calcium**2 / (calcium + 1e-3)
    leave = 1e-3 / RECOVERY
    synapse.head.hold(cai=calcium)
    synapse.head.advance(800.0, variable=variable, dt=0.1)
    steady = rate / (rate + leave)
    left = np.exp(-800.0 * (rate + leave))
    found = synapse.point.inactivated
    assert found == pytest.approx(steady + (rest - steady) * left, rel=1e-3)
    assert rest < 0.02  # a cell at rest keeps its receptors
    synapse.head.hold(cai=0.0)
    synapse.head.advance(800.0 + 1e3 * RECOVERY, variable=variable, dt=1.0)
    assert synapse.point.inactivated == pytest.approx(found / np.e, rel=1e-2)


def test_inactivated_receptors_carry_no_current(n, head):
    traces = []
    for inactivated in (0.0, 0.75):
        synapse = Synapse(n, head)
        synapse.head.start()
        synapse.point.inactivated, synapse.point.tau_recovery = inactivated, 1e4
        synapse.head.advance(10.0, variable=False)
        traces.append((synapse.point.i, synapse.head.seg.ica))
    assert min(map(abs, traces[0])) > 0
    assert traces[1] == pytest.approx([0.25 * value for value in traces[0]], rel=1e-5)


@pytest.mark.parametrize("variable", [False, True])
@pytest.mark.parametrize(("before", "after"), [(-60.0, 40.0), (40.0, -60.0), (-60.0, -30.0)])
def test_channels_close_over_magnesium_and_lose_it_slowly(n, head, before, after, variable):
    """Vargas-Caballero & Robinson 2004 as one state: what is slow comes and goes by its rates."""
    synapse = Synapse(n, head, events=(), agonist=1.0, mg_o=1.0, tau_slow=TAU_SLOW)
    synapse.head.start(before)
    synapse.head.advance(1.0, variable=variable)
    old, steady = slow_inf(before), slow_inf(after)
    b = unblocked(after, 1.0)
    tau = 1 / ((1 - b) / TAU_SLOW + b / TAU_UNBLOCK)
    assert synapse.point.g == pytest.approx(G * unblocked(before, 1.0) * (1 - old), rel=1e-6)
    assert abs(old - steady) > 0.1
    synapse.head.seg.v = after
    for since in (0.5, 2.0, 10.0, 100.0):
        synapse.head.advance(1.0 + since, variable=variable, dt=0.005)
        slow = steady + (old - steady) * np.exp(-since / tau)
        assert synapse.point.g == pytest.approx(G * b * (1 - slow), rel=5e-3)


def slow_inf(v, mg=1.0):
    close, free = (1 - unblocked(v, mg)) / TAU_SLOW, unblocked(v, mg) / TAU_UNBLOCK
    return close / (close + free)


@pytest.mark.parametrize("quanta", [1.0, 2.0])
def test_what_a_quantum_binds_is_not_slow(n, head, quanta):
    synapse = Synapse(n, head, events=(1.0, 40.0), quanta=quanta, tau_slow=TAU_SLOW)
    synapse.head.start(-60.0)
    synapse.head.advance(39.9, variable=False, dt=0.05)
    bound, slow = occupied(synapse), synapse.point.slow
    synapse.head.advance(40.1, variable=False, dt=0.05)
    assert 0.1 < slow < slow_inf(-60.0, 1.3)
    assert synapse.point.slow == pytest.approx(slow * bound / occupied(synapse), rel=0.02)
    assert synapse.point.slow < 0.8 * slow


@pytest.mark.parametrize("late", [0.125, 2.0])
def test_what_meets_receptors_ahead_of_their_time_is_as_slow_as_had_it_come_in_time(n, head, late):
    """Receptors may be ahead of an event: as many are slow as had it come in time."""
    synapse = Synapse(n, head, events=(), tau_slow=TAU_SLOW)
    found = []
    for ahead in (0.0, late):
        synapse.head.start(-40.0)
        synapse.point.slow = 0.5
        synapse.point.b_2a = synapse.point.b_2b = 0.3
        synapse.point.tau_2a = synapse.point.tau_2b = 1e6  # what is bound stays so
        if ahead:
            synapse.head.advance(ahead, variable=False, dt=0.005)
        n.late_ca1nmda = ahead
        try:
            synapse.connection.event(n.t)
            synapse.head.advance(n.t + 0.005, variable=False, dt=0.005)
        finally:
            n.late_ca1nmda = 0.0
        if not ahead:
            at_once = synapse.point.slow
            synapse.head.advance(late, variable=False, dt=0.005)
        found.append(synapse.point.slow)
    assert at_once < 0.3
    assert abs(found[0] - at_once) > 1e-3
    assert found[1] == pytest.approx(found[0], abs=2e-3 * late)


def occupied(synapse):
    return (1 - F_2B) * synapse.point.b_2a + F_2B * synapse.point.b_2b


@pytest.mark.parametrize("v", [-80.0, -65.0, -40.0, -10.0, 30.0])
def test_magnesium_blocks_as_its_rates_say(n, head, v):
    for mg in (0.0, 1.0, 1.3, 2.0):
        synapse = Synapse(n, head, mg_o=mg)
        assert synapse.point.unblocked(v) == pytest.approx(unblocked(v, mg), rel=1e-6)
    blocked, free = (Synapse(n, head, mg_o=mg).run(20.0, v=v) for mg in (1.3, 0.0))
    for name in blocked:
        np.testing.assert_allclose(blocked[name], unblocked(v) * free[name], rtol=1e-6)


def test_half_is_blocked_where_the_paper_says(n, head):
    synapse = Synapse(n, head, mg_o=1.0)
    half = -np.log(MG_HALF) / MG_SLOPE
    assert synapse.point.unblocked(half) == pytest.approx(0.5, rel=1e-9)
    assert synapse.point.unblocked(half) < synapse.point.unblocked(0.0)


@pytest.mark.parametrize("ca_o", [CA_O, 1.2, 5.0])
@pytest.mark.parametrize("celsius", [24.0, 30.0, 34.0])
def test_calcium_carries_its_part_at_minus_65_and_follows_what_is_outside(n, head, celsius, ca_o):
    n.celsius = celsius
    synapse = Synapse(n, head)
    synapse.head.hold(cao=ca_o)
    trace = synapse.run(20.0)
    calcium, rest = trace["ica"].min(), trace["i"].min()
    share = driving(-65.0, celsius, co=ca_o) * ca_o / (driving(-65.0, celsius) * CA_O)
    assert share == pytest.approx(ca_o / CA_O, rel=1e-3)
    assert calcium < 0
    assert calcium / rest == pytest.approx(F_CA / (1 - F_CA) * share, rel=1e-5)


def test_monovalent_current_is_ohmic_and_calcium_follows_ghk(n, head):
    at_65 = driving(-65.0)
    for v in (-80.0, -40.0, -0.01, 20.0, 60.0):
        trace = Synapse(n, head).run(20.0, v=v)
        g = trace["g"].max()
        assert trace["i"][trace["g"].argmax()] == pytest.approx(g * v, rel=1e-4)
        expected = g * (F_CA / (1 - F_CA)) * -65.0 * driving(v) / at_65
        assert trace["ica"].min() == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize("v", [0.0, 40.0, 80.0, 100.0])
def test_calcium_flows_inward_up_to_large_positive_potentials(n, head, v):
    assert Synapse(n, head).run(20.0, v=v)["ica"].max() <= 0
    assert Synapse(n, head).run(20.0, v=v)["ica"].min() < -1e-8


def test_calcium_driving_force_vanishes_at_the_nernst_potential(n, head, tabulated):
    tabulated("ca1nmda", False)
    synapse = Synapse(n, head)
    synapse.head.start()
    nernst = R * 307.15 / (2 * FARADAY) * 1e3 * np.log(CA_O / CA_I)
    for v, sign in ((nernst - 1, -1), (nernst, 0), (nernst + 1, 1)):
        found = synapse.point.ghk(v, CA_I, CA_O)
        assert np.sign(round(found, 5)) == sign
    around = [synapse.point.ghk(v, CA_I, CA_O) for v in (-2e-3, -1e-3, 0.0, 1e-3, 2e-3)]
    np.testing.assert_allclose(np.diff(around), np.diff(around)[0], rtol=1e-3)


def test_antagonist_takes_its_share_of_both_currents(n, head):
    plain, blocked = (Synapse(n, head, antagonist=b).run(40.0) for b in (0.0, 0.9))
    for name in ("g", "i", "ica"):
        assert np.abs(plain[name]).max() > 0
        np.testing.assert_allclose(blocked[name], 0.1 * plain[name], rtol=1e-6)
    assert not Synapse(n, head, antagonist=1.0).run(40.0)["ica"].any()


@pytest.mark.parametrize("variable", [False, True])
def test_a_train_overcomes_a_competitor_as_glutamate_stays(n, head, variable):
    """Each quantum binds of the receptors that glutamate has left what the competitor leaves."""
    held, every, number = 0.9, 10.0, 40
    train = tuple(1.0 + every * k for k in range(number))
    peaks = {}
    for block in (0.0, held):
        synapse = Synapse(n, head, events=train, antagonist=block, f_2b=0.0)
        g = synapse.run(train[-1] + 40.0, variable=variable, dt=0.025, every=1.0)["g"]
        peaks[block] = g[:15].max(), g[int(train[-1]) :].max()
    single, last = (peaks[held][k] / peaks[0.0][k] for k in (0, 1))
    bound = 0.0
    for _ in train:
        bound += 0.5 * (1 - held) * (1 - bound)
        bound *= np.exp(-every / TAU_2A)
    assert single < 0.2
    assert last > 2 * single
    assert synapse.point.b_2a == pytest.approx(bound * np.exp(-30.0 / TAU_2A), rel=1e-2)


@pytest.mark.parametrize("variable", [False, True])
def test_a_bath_agonist_holds_its_share_open_and_quanta_open_of_the_rest(n, head, variable):
    held, f_2b = 0.3, 0.4
    for block in (0.0, 0.9):
        settings = {"agonist": held, "f_2b": f_2b, "antagonist_2b": block, "mg_o": 0.0}
        settings["shared"] = 0.0
        g = Synapse(n, head, events=(101.0,), **settings).run(
            200.0, variable=variable, dt=0.01, every=1.0
        )["g"]
        unblocked_2b = (1 - f_2b) + f_2b * (1 - block)
        np.testing.assert_allclose(g[1:100], held * unblocked_2b * G, rtol=1e-6)
        fast, slow = (opened(np.arange(1.0, 99.0), tau, 1.0) for tau in (TAU_2A, TAU_2B))
        more = (1 - held) * G * ((1 - f_2b) * fast + f_2b * (1 - block) * slow)
        np.testing.assert_allclose(g[101:199] - g[50], more, rtol=0, atol=5e-3 * more.max())


@pytest.mark.parametrize("variable", [False, True])
def test_mk801_enters_open_channels_at_its_rate_and_leaves_at_its(n, head, variable):
    concentration, leave = 1e-3, 2e-3  # mM, 1/ms
    synapse = Synapse(n, head, events=(), agonist=1.0, mg_o=0.0, k_leave=leave)
    synapse.point.mk801 = concentration
    enter = K_MK801 * concentration
    share = enter / (enter + leave)
    synapse.head.start()
    for t in (50.0, 300.0):
        synapse.head.advance(t, variable=variable)
        expected = share * (1 - np.exp(-(enter + leave) * t))
        assert synapse.point.trapped == pytest.approx(expected, rel=1e-3)
        assert synapse.point.g == pytest.approx(G * (1 - expected), rel=1e-3)
    synapse.point.mk801 = 0.0
    synapse.head.advance(800.0, variable=variable)
    assert synapse.point.trapped == pytest.approx(expected * np.exp(-leave * 500.0), rel=1e-3)


@pytest.mark.parametrize("variable", [False, True])
@pytest.mark.parametrize(("v", "mg"), [(-65.0, 0.0), (-65.0, 1.3), (20.0, 1.3)])
def test_mk801_accumulates_with_every_opening(n, head, v, mg, variable):
    area = sum(  # of the open fraction of all receptors, by one quantum (ms)
        share * BOUND * jump(tau) * (tau - RISE)
        for share, tau in ((1 - F_2B, TAU_2A), (F_2B, TAU_2B))
    )
    spared, every, pulses = 0.7, 900.0, 3  # of the channels by a pulse, ms, number
    concentration = -np.log(spared) / (K_MK801 * area * unblocked(v, mg))
    events = tuple(1.0 + k * every for k in range(pulses))
    drug = {"mk801": concentration, "k_leave": 1e-12}
    synapse = Synapse(n, head, events=events, mg_o=mg, **drug)
    synapse.head.start(v)
    for k in range(pulses):
        synapse.head.advance((k + 1) * every, variable=variable, dt=0.1)
        assert 1 - synapse.point.trapped == pytest.approx(spared ** (k + 1), rel=5e-3)


@pytest.mark.parametrize("variable", [False, True])
def test_mk801_leaves_closed_channels_alone(n, head, variable):
    synapse = Synapse(n, head, events=(), mk801=0.1)
    synapse.head.start()
    synapse.head.advance(1000.0, variable=variable)
    assert synapse.point.trapped == 0.0


def test_trapped_receptors_carry_no_current(n, head):
    traces = []
    for trapped in (0.0, 0.75):
        synapse = Synapse(n, head)
        synapse.head.start()
        synapse.point.trapped = trapped
        synapse.head.advance(10.0, variable=False)
        traces.append((synapse.point.i, synapse.head.seg.ica))
    assert min(map(abs, traces[0])) > 0
    assert traces[1] == pytest.approx([0.25 * value for value in traces[0]], rel=1e-5)


def test_clamp_current_is_the_sum_of_both_currents(n, head):
    synapse = Synapse(n, head, mg_o=0.0)
    synapse.head.section.cm = 1.0
    clamp = n.SEClamp(synapse.head.seg)
    clamp.rs, clamp.dur1, clamp.amp1 = 1e-4, 1e9, -40.0
    trace = synapse.run(10.0, v=-40.0)
    assert clamp.i == pytest.approx(trace["i"][-1] + trace["ica"][-1], rel=1e-3)
    assert 0.02 < trace["ica"][-1] / clamp.i < 0.5


def test_nothing_happens_without_release(n, head):
    trace = Synapse(n, head, events=()).run(50.0)
    assert not any(values.any() for values in trace.values())
