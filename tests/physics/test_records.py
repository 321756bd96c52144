"""What can be recorded of a slice, and how."""

import numpy as np
import pytest

import ca1ltd as ltd
from ca1ltd.engine.access import reference_of
from ca1ltd.errors import BadInput
from ca1ltd.experiment.slice import build_rig
from ca1ltd.experiment.spec import SliceSpec
from ca1ltd.export.replay.spines import Spines
from ca1ltd.model import parameters
from ca1ltd.model.setup import Record, place_of

PROTOCOL = ltd.protocols.test_pulses(duration=2, baseline=1, test_interval=60)


def slice_(**options):
    return ltd.Slice(seed=1, synapses=2, parameters=(("ca1bouton.u_rest", 0.9),), **options)


@pytest.fixture(scope="module")
def axon():
    axons = slice_().axons
    return int(axons[axons["pathway"] == "conditioned"]["axon"].iloc[0])


@pytest.fixture(scope="module")
def recorded(axon):
    rig = slice_()
    rig.record("calcium", f"spine[{axon}].cai", every="1 ms")
    rig.record("reversal", f"spine[{axon}].eca", every="1 ms")
    rig.record("pulse", f"spine[{axon}].cai")
    rig.record("nmda", f"spine[{axon}].ca1nmda.g")
    rig.record("anchored", f"spine[{axon}].ca1ampar.anchored", every="10 s")
    rig.record("initial segment", "axon(0.5).v", every="0.5 min")
    return rig.run(PROTOCOL)


def test_all_that_is_listed_is_there_with_neurons_unit(n, axon):
    rig = build_rig(SliceSpec(protocol=PROTOCOL, synapses=2, seed=1))
    listing = slice_()._anatomy
    for place in ("soma[0](0.5)", "axon(0.5)", "apic[5](0.5)", "dend[2](0.5)", f"spine[{axon}]"):
        variables = listing.variables(place_of(place))
        assert len(variables) > 20
        for variable in variables:
            what = f"{place}.{variable.name}"
            assert np.isfinite(reference_of(rig, Record(name="one", what=what))[0]), what
            assert _unit(n, variable.name) == variable.unit, what


def _unit(n, name):
    mechanism, _, last = name.rpartition(".")
    at_synapse = mechanism in ("ca1ampa", "ca1nmda", "ca1bouton")
    hoc = f"{mechanism}.{last}" if at_synapse else f"{last}_{mechanism}" if mechanism else last
    return n.units(hoc) or "1"


def test_recording_moves_no_bit(recorded):
    plain = slice_().run(PROTOCOL)
    assert recorded.epsp.equals(plain.epsp)
    assert recorded.synapses.equals(plain.synapses)
    assert recorded.timecourse.equals(plain.timecourse)


def test_a_state_is_sampled_through_the_whole_run(recorded):
    for name, every, unit in (
        ("calcium", 1.0, "mM"),
        ("anchored", 1e4, "1"),
        ("initial segment", 3e4, "mV"),
    ):
        trace = recorded.trace(name)
        assert trace.unit == unit
        # from the start to the end, 0 being the start of induction
        np.testing.assert_allclose(trace.times, np.arange(-6e4, 6e4 + 1, every))
    assert recorded.trace("initial segment").values == pytest.approx(-65, abs=5)
    anchored = recorded.trace("anchored").values
    assert anchored[:2] == pytest.approx(float(Spines(1, {}).get("anchored")[0]), rel=0.01)
    assert (anchored < parameters.default("ca1ampar.total")).all()


def test_samples_and_what_is_kept_around_a_pulse_agree(recorded):
    calcium = recorded.trace("calcium")
    pulses = [trace for name, trace in recorded.traces.items() if name.startswith("pulse/")]
    assert len(pulses) == 4
    onsets = np.sort(recorded.epsp["time_min"]) * 6e4
    rises = []
    for onset, pulse in zip(onsets, pulses, strict=True):
        assert pulse.unit == "mM"
        times = calcium.times - onset
        inside = (times >= pulse.times[0]) & (times <= pulse.times[-1])
        seen = np.interp(times[inside], pulse.times, pulse.values)
        assert calcium.values[inside] == pytest.approx(seen, rel=0.01)
        rises.append(np.ptp(seen))
    assert max(rises) > 2e-4  # a release, in mM
    assert recorded.trace("nmda", pulse=0).unit == "uS"


def test_a_recorded_reversal_potential_follows_calcium(n, recorded):
    calcium, reversal = recorded.trace("calcium").values, recorded.trace("reversal").values
    follows = np.vectorize(n.nernst)(calcium, 2.5, 2.0)
    # NEURON's is of the calcium at the start of a step
    assert np.ptp(follows) > 20
    assert reversal == pytest.approx(follows, abs=0.2 * np.ptp(follows))
    assert reversal.min() == pytest.approx(follows.min(), abs=2)


def test_the_axons_listed_are_those_of_the_run(recorded, axon):
    known = slice_().axons
    recruited = known[known["pathway"] != ""].reset_index(drop=True)
    ran = recorded.synapses.sort_values("synapse").reset_index(drop=True)
    assert recruited["axon"].tolist() == ran["synapse"].tolist()
    for column in ("pathway", "section", "x", "domain", "path_distance_um"):
        assert recruited[column].tolist() == ran[column].tolist()


def test_the_sections_listed_are_those_of_the_cell(n):
    listed = slice_().sections
    rig = build_rig(SliceSpec(protocol=PROTOCOL, synapses=2, seed=1))
    assert listed["length_um"].tolist() == pytest.approx(
        [sec.L for sec in rig.cell.sections()], rel=1e-4
    )
    assert {"soma", "axon", "oriens", "radiatum", "lacunosum"} == set(listed["domain"])


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        ("apic[999](0.5).v", "no section apic.999.: `sections` lists them"),
        ("axon[0](0.5).v", "no section axon.0."),
        ("spine[9999].cai", "no axon 9999: they are numbered from 0"),
        ("apic[3](0.5).cani", "no variable 'cani' there; `recordable`"),
        ("spine[3].ca1nat.m", "no variable 'ca1nat.m' there"),
        ("apic[3](1.5).v", "between 0 and 1"),
    ],
)
def test_what_is_not_there_is_said_at_once(what, sentence):
    rig = slice_()
    with pytest.raises(BadInput, match=sentence):
        rig.record("one", what)
    rig.record("one", "soma[0](0.5).v")


def test_an_axon_that_the_protocol_does_not_reach_is_said_at_the_run():
    rig = slice_()
    axons = rig.axons
    rig.record("one", f"spine[{axons[axons['pathway'] == '']['axon'].iloc[0]}].cai")
    with pytest.raises(BadInput, match="no electrode recruits the axon"):
        rig.run(PROTOCOL)


def test_what_is_no_place_has_nothing_to_record():
    with pytest.raises(BadInput, match="is no place"):
        slice_().recordable("apic")
    assert "v" in slice_().recordable("apic[3]")["variable"].tolist()
