"""The integration strategy: its order, spikes, clocks, and what it leaves behind."""

from contextlib import ExitStack, contextmanager

import numpy as np
import pytest

from ca1ltd.engine import session
from ca1ltd.engine.arrivals import MOMENT
from ca1ltd.engine.integrators import Efficient, Reference
from ca1ltd.engine.integrators.clocks import Clocks
from ca1ltd.engine.recorder import SpineStates, Tape
from ca1ltd.engine.rig import Rig


class Bench:
    """A rig at rest, on which responses are simulated on copies of the state."""

    def __init__(self, cvode, rig):
        self.cvode, self.rig = cvode, rig
        self.spines = SpineStates(rig)
        self.soma = Tape(rig.cell.soma(0.5)._ref_v)
        spine = rig.synapses[int(rig.pathways["conditioned"][0])].spine
        self.head, self.dendrite = Tape(spine.head(0.5)._ref_v), Tape(spine.neck.parentseg()._ref_v)
        self.efficient, self.reference = Efficient(cvode), Reference(cvode)
        self.efficient.find_rest()
        for tape in (self.soma, self.head, self.dendrite):
            tape.erase()
        self.efficient.advance(1.0)  # so that there is a record of the start

    @contextmanager
    def aside(self, integrator):
        """Leave no trace of what is done meanwhile."""
        with ExitStack() as stack:
            stack.enter_context(self.rig.electrode.kept())
            stack.enter_context(integrator.excursion())
            for tape in (self.soma, self.head, self.dendrite):
                stack.enter_context(tape.set_aside())
            yield
        self.spines.clear_peaks()

    def response(self, integrator, stimulate, *, refine=1.0, to=60.0):
        """Return somatic potential, calcium peaks and activation of calcineurin."""
        before = self.spines.read("calcineurin_active").copy()
        with self.aside(integrator):
            self.cvode.active(integrator is self.reference)
            if integrator is self.efficient:
                integrator.refine(refine)
            begun = session.n.t
            stimulate(integrator, begun)
            integrator.changed()
            integrator.advance(begun + to)
            self.rig.restore_quanta()
            potential = self.soma.window(begun, begun + to)[1]
            peaks = self.spines.read("spine_ca_peak_uM").copy()
            active = self.spines.read("calcineurin_active") - before
        return potential, peaks, active


@pytest.fixture(scope="module")
def bench():
    rig = Rig(cell="dhc", seed=1, index=0, synapses=10, changed={})
    with session.settings(celsius=rig.celsius, atol=1e-6) as cvode:
        yield Bench(cvode, rig)


def pulse(rig):
    return lambda integrator, time: integrator.pulse(rig.stimulate_mean("conditioned", time))


def spike(rig):
    def stimulate(integrator, time):
        rig.electrode.inject(3.0)
        integrator.current_changed()
        integrator.advance(time + 2.0)
        rig.electrode.inject(0.0)
        integrator.current_changed()

    return stimulate


def test_the_error_falls_with_the_square_of_the_step(bench):
    exact, _, _ = bench.response(bench.reference, pulse(bench.rig))
    errors = [
        np.abs(bench.response(bench.efficient, pulse(bench.rig), refine=refine)[0] - exact).max()
        for refine in (1, 2, 4)
    ]
    assert errors[0] / errors[1] > 2.5
    assert errors[1] / errors[2] > 2.5
    assert errors[2] < 1e-3


@pytest.mark.parametrize("stimulus", [pulse, spike])
def test_calcium_and_calcineurin_agree_with_variable_steps(bench, stimulus):
    _, expected, active = bench.response(bench.reference, stimulus(bench.rig), to=150.0)
    _, found, ours = bench.response(bench.efficient, stimulus(bench.rig), to=150.0)
    assert expected.max() > 0.3
    np.testing.assert_allclose(found, expected, rtol=0.01)
    assert ours.sum() == pytest.approx(active.sum(), rel=0.015)


def test_heads_follow_their_dendrite_and_do_not_ring(bench):
    """What a head has over its dendrite is CVODE's, step by step."""
    tapes = bench.head, bench.dendrite
    found = []
    for integrator in (bench.reference, bench.efficient):
        with bench.aside(integrator):
            bench.cvode.active(integrator is bench.reference)
            begun = session.n.t
            integrator.pulse(bench.rig.stimulate_mean("conditioned", begun))
            integrator.changed()
            integrator.advance(begun + 40.0)
            bench.rig.restore_quanta()
            head, dendrite = (tape.window(begun, begun + 40.0)[1] for tape in tapes)
            found.append(head - dendrite)
    expected, ours = found
    size = np.ptp(expected)
    assert size > 2.0
    error = np.abs(ours - expected) / size
    assert error.max() < 0.3  # while it rises: records are straight from step to step
    assert error[60:].max() < 0.03


def test_a_spike_is_found_and_timed(bench):
    expected, _, _ = bench.response(bench.reference, spike(bench.rig))
    found, _, _ = bench.response(bench.efficient, spike(bench.rig))
    assert expected.max() > 10
    assert found.max() == pytest.approx(expected.max(), abs=0.5)
    assert abs(int(found.argmax()) - int(expected.argmax())) <= 1  # samples of .1 ms


def test_mechanisms_are_handed_back_after_an_error(bench):
    def calcium_after_a_release():
        with bench.efficient.excursion():
            session.n.dt = 0.1
            head = next(iter(bench.rig.synapses.values())).spine.head(0.5)
            head.cai = 1e-3
            session.n.fadvance()
            return head.cai

    def stumble():
        raise ZeroDivisionError

    before = calcium_after_a_release()
    with bench.efficient.excursion():
        session.n.CVode().event(session.n.t + 0.5, stumble)
        with pytest.raises(RuntimeError):
            bench.efficient.advance(session.n.t + 1)
    assert calcium_after_a_release() == before < 1e-3
    assert session.n.late_ca1ampa == session.n.late_ca1nmda == 0.0


def test_the_loop_of_steps_is_of_one_simulation(bench):
    """What it is told last holds; another one's time does not advance by it."""
    told = Clocks._told
    try:
        Clocks._told = None
        with pytest.raises(RuntimeError, match="told of another simulation"):
            bench.efficient.advance(session.n.t + 1)
    finally:
        Clocks._told = told


LATE = [(2**22 + day * 864e5) % 864e5 + third / 3 for day in (0, 0.3, 0.9) for third in (0, 1, 2)]


def given_late(rig, begun, integrator):
    """Stimulate at a time from which on rounding errors are as large as they become in a day."""
    session.n.t = begun
    for k in range(20):
        integrator.pulse(rig.stimulate_mean("conditioned", session.n.t))
        integrator.advance(begun + (k + 1) * 2000 / 3)


@pytest.mark.parametrize("begun", LATE)
def test_steps_move_the_time_however_late_it_is(bench, begun):
    with bench.aside(bench.efficient):
        given_late(bench.rig, begun, bench.efficient)
        assert session.n.t == pytest.approx(begun + 20 * 2000 / 3, abs=MOMENT)
        bench.rig.restore_quanta()
