"""The field electrode: Kirchhoff's currents are NEURON's, and the field is that of both."""

from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np
import pytest

from ca1ltd import cell_files, protocols
from ca1ltd.analysis import measure_fepsp
from ca1ltd.engine import session
from ca1ltd.engine.field import Field, axial_currents, segment_lines
from ca1ltd.engine.highest import Highest
from ca1ltd.engine.integrators import Efficient, Fixed
from ca1ltd.engine.integrators.base import potentials_inside
from ca1ltd.engine.patch import Patch
from ca1ltd.engine.rig import Rig
from ca1ltd.engine.simulation import simulate


@dataclass
class Pulse:
    """What is found 3 ms after a pulse; the rig is gone, for NEURON simulates all cells there are.

    Currents (nA) and potentials (mV) of the segments, spines counted with the segment they are on.
    """

    currents: np.ndarray  # that flow in along the cell, for 1 mV in each segment
    inside: np.ndarray
    membrane: np.ndarray  # NEURON's own
    injected: np.ndarray
    weights: np.ndarray  # line-source potentials
    seen: float

    @property
    def size(self) -> float:
        return float(np.abs(self.membrane).max())


def after_pulse(pipettes):
    rig = Rig(cell="dhc", seed=1, index=0, synapses=20, changed={})
    patches = [Patch(rig.cell.segment(rig.cell.morphology.trunk()[-1], 0.5), hold=-50.0)] * pipettes
    rig.electrode.inject(-0.3 * pipettes)  # the cell is to rest
    n = session.n
    segments = [segment for section in rig.cell.sections() for segment in section]
    with session.settings(celsius=rig.celsius, atol=session.ATOL) as cvode:
        field = Field(rig.cell, rig.field)
        integrator = Fixed(cvode)
        integrator.find_rest()
        rig.stimulate_mean("conditioned", 0.0)
        cvode.use_fast_imem(True)
        with integrator.telling(field):
            integrator.advance(3.0)
        membrane, injected = dict.fromkeys(segments, 0.0), dict.fromkeys(segments, 0.0)
        for section in n.allsec():
            for segment in section:
                on = segment
                while on not in membrane:
                    on = on.sec.parentseg()
                membrane[on] += segment.i_membrane_
        cvode.use_fast_imem(False)
    potentials = potentials_inside()
    clamps = [*n.List("IClamp"), *n.List("SEClamp")]
    assert len(clamps) == 2 + len(patches)  # the rig has one of each kind
    for clamp in clamps:
        injected[clamp.get_segment()] += clamp.i
    return Pulse(
        currents=axial_currents(rig.cell),
        inside=potentials.gather().copy(),
        membrane=np.array(list(membrane.values())),
        injected=np.array(list(injected.values())),
        weights=rig.field.potential(*segment_lines(rig.cell)),
        seen=field.potential[0],
    )


#: NEURON's clamp current is that of the start of the step, so that its balance is not exact.
LIMITS = {"alone": 1e-8, "with pipettes": 1e-3}


@pytest.fixture(scope="module", params=list(LIMITS))
def pulse(request):
    return after_pulse(request.param == "with pipettes"), LIMITS[request.param]


def test_what_comes_along_the_dendrite_leaves_through_the_membrane(pulse):
    pulse, limit = pulse
    found = pulse.currents @ pulse.inside + pulse.injected
    assert pulse.size > 0.01
    np.testing.assert_allclose(found, pulse.membrane, rtol=0, atol=limit * pulse.size)


def test_membrane_currents_add_up_to_what_is_injected(pulse):
    pulse, limit = pulse
    assert abs(pulse.injected).max() == 0 or abs(pulse.injected.sum()) > 0.1
    expected = pytest.approx(pulse.injected.sum(), abs=10 * limit * pulse.size)
    assert pulse.membrane.sum() == expected


def test_the_field_is_that_of_neurons_membrane_currents(pulse):
    pulse, limit = pulse
    expected = pulse.weights @ pulse.membrane
    assert abs(expected) > 1e-5
    assert pulse.seen == pytest.approx(expected, rel=100 * limit)


def test_equal_potentials_make_no_current(pulse):
    currents = pulse[0].currents
    np.testing.assert_allclose(currents, currents.T, atol=1e-12)
    np.testing.assert_allclose(currents.sum(axis=1), 0.0, atol=1e-10)
    assert (np.diag(currents) < 0).all()


PAIRS = protocols.paired_pulse(pairs=1, every=4)


def recorded(integrator, cell="dhc"):
    rig = Rig(cell=cell, seed=1, index=0, synapses=60, changed={})
    return simulate(rig, PAIRS, [], integrator=integrator).responses


def test_our_steps_see_what_variable_steps_see():
    for ours, reference in zip(recorded("efficient"), recorded("reference"), strict=True):
        size = np.abs(reference.field - reference.field[0]).max()
        assert size > 2e-5
        expected = np.interp(ours.times, reference.times, reference.field)
        np.testing.assert_allclose(ours.field, expected, rtol=0, atol=0.05 * size)
        found, expected = (measure_fepsp(r.times, r.field, 0.0) for r in (ours, reference))
        assert found.slope == pytest.approx(expected.slope, rel=0.03)


@pytest.mark.parametrize("cell", cell_files.project_cells())
def test_synapses_of_both_pathways_are_sinks_at_the_default_electrode(cell):
    synapses = 20 if cell == "nmo49821" else 60  # it is so thin that 60 make spikes
    rig = Rig(cell=cell, seed=1, index=0, synapses=synapses, changed={})
    protocol = protocols.test_pulses(duration=2, baseline=1)
    for response in simulate(rig, protocol, []).responses:
        if response.kind == "probe":
            wave = response.field - response.field[0]
            assert wave.min() < -5e-5 * synapses / 60
            assert wave.max() < 0.03 * -wave.min()
            assert 1.0 < response.times[wave.argmin()] < 8.0


def test_the_loop_of_steps_tells_what_is_computed_of_the_potentials():
    """With pipettes that inject and clamp: to the last digits of another order of summing."""
    rig = Rig(cell="dhc", seed=1, index=0, synapses=10, changed={})
    patch = Patch(rig.cell.segment(rig.cell.morphology.trunk()[-1], 0.5), hold=-50.0)
    rig.electrode.inject(-0.3)
    with session.settings(celsius=rig.celsius, atol=session.ATOL) as cvode:
        field, highest = Field(rig.cell, rig.field), Highest()
        integrator = Efficient(cvode)
        with integrator.telling(field, highest):
            integrator.find_rest()
            integrator.pulse(rig.stimulate_mean("conditioned", 0.0))
            integrator.advance(7.0)
        told = field.potential[0]
        inside = potentials_inside()
        field.see(inside.gather())
        assert highest.potential[0] == inside.values.max() > -60
    assert told == pytest.approx(field.potential[0], rel=1e-10)
    assert abs(told) > 1e-4
    del patch


def test_nothing_is_told_any_more_after_a_run(n):
    calls = []
    section = n.Section(name="alone")
    cvode = n.CVode()
    integrator = Fixed(cvode)
    with integrator.telling(SimpleNamespace(see=calls.append)):
        n.finitialize(-65)
        n.fadvance()
        during = len(calls)
    n.fadvance()
    assert during == len(calls) == 1
    del section
