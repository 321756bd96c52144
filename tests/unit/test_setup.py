"""What a slice is asked to record, in words."""

import pytest

import ca1ltd as ltd
from ca1ltd.errors import BadInput
from ca1ltd.experiment.spec import ExperimentSpec
from ca1ltd.model.field_electrode import FieldElectrode
from ca1ltd.model.setup import PatchSpec, Place, Record, Setup, Spine, interval

PROTOCOL = ltd.protocols.test_pulses(duration=2, baseline=1)


@pytest.mark.parametrize(
    ("what", "place", "variable"),
    [
        ("apic[12](0.5).v", Place("apic[12]", 0.5), "v"),
        ("soma[0].ca1nat.m", Place("soma[0]", 0.5), "ca1nat.m"),
        ("axon(1).v", Place("axon", 1.0), "v"),
        ("axon.ena", Place("axon", 0.5), "ena"),
        ("spine[19].ca1cam.canb", Spine(19), "ca1cam.canb"),
    ],
)
def test_a_record_says_where_and_what(what, place, variable):
    record = Record(name="one", what=what)
    assert (record.place, record.variable) == (place, variable)


@pytest.mark.parametrize(
    "what", ["apic(0.5).v", "apic[12](0.5)", "apic[1](x).v", "spine.v", "spine[-1].v", ".v", "", 3]
)
def test_what_is_written_otherwise_is_refused(what):
    with pytest.raises(BadInput, match="cannot be recorded"):
        Record(name="one", what=what)


@pytest.mark.parametrize(
    ("text", "length"), [("1 s", 1e3), ("100ms", 100.0), ("0.5 min", 3e4), (" .1 ms ", 0.1)]
)
def test_an_interval_has_its_unit(text, length):
    assert interval(text) == pytest.approx(length)


@pytest.mark.parametrize("text", [1, "1", "0 s", "1 h", "-1 s", "s", "", None, float("nan")])
def test_an_interval_without_unit_or_length_is_refused(text):
    with pytest.raises(BadInput, match="with its unit"):
        interval(text)


def test_more_samples_than_memory_holds_are_refused():
    setup = Setup(records=(Record(name="one", what="axon.v", every=1e-3),))
    with pytest.raises(BadInput, match="gives 120000000 samples"):
        ExperimentSpec(protocol=PROTOCOL, setup=setup)


def test_a_setup_survives_its_description():
    setup = Setup(
        records=(Record(name="one", what="axon.v", every=0.1), Record(name="two", what="axon.v")),
        patches=(PatchSpec(where="soma[0]", hold=-65), PatchSpec(where="apic[3](0.1)")),
        field=FieldElectrode(tip=(1.0, 2.0, 3.0)),
    )
    spec = ExperimentSpec(protocol=PROTOCOL, setup=setup)
    assert ExperimentSpec.from_dict(spec.as_dict()) == spec
    plain = ExperimentSpec(protocol=PROTOCOL)
    assert "setup" not in plain.as_dict()
    assert ExperimentSpec.from_dict(plain.as_dict()) == plain
    with pytest.raises(BadInput, match="setup of the slice cannot be read"):
        ExperimentSpec.from_dict({**spec.as_dict(), "setup": {"records": [{"where": 3}]}})
