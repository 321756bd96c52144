"""Patch electrodes and the field electrode of a slice, as they are used in Python."""

import numpy as np
import pytest

import ca1ltd as ltd
from ca1ltd.analysis import measure_epsp
from ca1ltd.errors import BadInput

TWO_PULSES = ltd.protocols.paired_pulse(pairs=1, every=4)
#: A dendrite of dhc that conditioned synapses stand on.
DENDRITE = "apic[60](0.5)"
RELIABLE = (("ca1bouton.u_rest", 0.5),)


def slice_(**options) -> ltd.Slice:
    return ltd.Slice(cell="dhc", seed=1, synapses=30, parameters=RELIABLE, **options)


@pytest.fixture(scope="module")
def patched():
    rig = slice_()
    rig.patch(DENDRITE)
    return rig.run(TWO_PULSES)


def test_a_dendrite_sees_a_larger_and_faster_epsp_than_the_soma(patched):
    dendrite, soma = (patched.trace(name, pulse=0) for name in (DENDRITE, "soma"))
    assert dendrite.unit == soma.unit == "mV"
    there, here = (measure_epsp(trace.times, trace.values, 0.0) for trace in (dendrite, soma))
    assert here.amplitude > 1
    assert there.amplitude > 1.2 * here.amplitude
    assert there.slope > 1.5 * here.slope
    assert dendrite.times[dendrite.values.argmax()] < soma.times[soma.values.argmax()]


def clamped(where, series_resistance, holding=-65.0):
    """Return current (nA) and potential (mV) of a clamp around the first pulse."""
    rig = slice_()
    rig.patch(where, hold=holding, series_resistance=series_resistance)
    rig.record("potential", f"{where}.v")
    run = rig.run(TWO_PULSES)
    current = run.trace(where, pulse=0)
    assert current.unit == "nA"
    return current.values, run.trace("potential", pulse=0).values


@pytest.mark.parametrize("where", ["soma[0](0.5)", DENDRITE])
def test_series_resistance_lets_the_potential_escape_and_slows_the_current(where):
    good, poor = clamped(where, 1.0), clamped(where, 30.0)
    escape = [np.ptp(potential) for _, potential in (good, poor)]
    assert 0.01 < escape[0] < 0.2 * escape[1]
    peaks = [(current[0] - current).max() for current, _ in (good, poor)]
    assert 0.02 < peaks[1] < 0.85 * peaks[0]
    decays = [(current < (current[0] + current.min()) / 2).sum() for current, _ in (good, poor)]
    assert decays[0] < decays[1]  # the width at half the peak
    # Ohm's law at the electrode, wherever steps are short enough for the record of both
    current, potential = poor
    np.testing.assert_allclose(current, (-65.0 - potential) / 30.0, atol=0.1 * peaks[1])


def test_the_field_electrode_can_be_moved(patched):
    assert patched.geometry["field"]["tip"][1] == 175.0
    near = patched.trace("field", pulse=0)
    assert near.unit == "uV"
    rig = slice_(field=(-2000.0, 175.0, 0.0))
    run = rig.run(TWO_PULSES)
    assert run.geometry["field"]["tip"] == [-2000.0, 175.0, 0.0]
    far = run.trace("field", pulse=0)
    assert np.ptp(near.values) > 0.05
    assert np.ptp(far.values) < 0.05 * np.ptp(near.values)
    # where it is measured changes nothing of what happens
    somas = [each.trace("soma", pulse=0).values for each in (patched, run)]
    np.testing.assert_array_equal(*somas)


def test_the_table_tells_the_slope_of_the_field(patched):
    table = patched.epsp
    assert (table["fepsp_slope_uV_per_ms"] > 0).any()
    assert np.isfinite(table["fepsp_slope_uV_per_ms"]).all()


def test_what_cannot_be_patched_is_refused():
    rig = slice_()
    for where in ("apic[12].v", "apic", "apic[12](1.2.3)"):
        with pytest.raises(BadInput, match="cannot be patched"):
            rig.patch(where)
    rig.patch(DENDRITE)
    with pytest.raises(BadInput, match="already"):
        rig.patch(DENDRITE, hold=-65)
    for tip in ((0.0, 1.0), ("a", 0.0, 0.0), 3):
        with pytest.raises(BadInput, match="position"):
            slice_(field=tip)


def test_what_has_the_wrong_type_is_said_at_once():
    with pytest.raises(BadInput, match="seed is 'x', and must be a whole number"):
        ltd.Slice(seed="x")
    with pytest.raises(BadInput, match="synapses is 'x', and must be a whole number"):
        ltd.Slice(synapses="x")
    rig = slice_()
    with pytest.raises(BadInput, match="'3' cannot be patched"):
        rig.patch(3)
    with pytest.raises(BadInput, match="hold is 'x', and must be a number"):
        rig.patch(DENDRITE, hold="x")
    with pytest.raises(BadInput, match="series_resistance is of a clamp"):
        rig.patch(DENDRITE, series_resistance=5)
    with pytest.raises(BadInput, match="the protocol is 'lfs'"):
        rig.run("lfs")
    for taken in (["D-AP5"], ltd.drugs.d_ap5(50)):
        with pytest.raises(BadInput, match="must be a list of drugs"):
            rig.run(TWO_PULSES, drugs=taken)


@pytest.mark.parametrize(
    ("where", "options", "sentence"),
    [
        ("apic[999](0.5)", {}, "no section"),
        ("soma[0](1.5)", {}, "between 0 and 1"),
        ("soma[0](0.5)", {"hold": -650.0}, "-200 and 200 mV"),
        ("soma[0](0.5)", {"hold": -65.0, "series_resistance": 0.0}, "above 0 MOhm"),
    ],
)
def test_a_patch_that_cannot_be_is_said_at_once(where, options, sentence):
    with pytest.raises(BadInput, match=sentence):
        slice_().patch(where, **options)
