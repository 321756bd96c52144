import json

import pytest

from ca1ltd import protocols
from ca1ltd.errors import BadInput
from ca1ltd.experiment.spec import ExperimentSpec
from ca1ltd.model import drugs
from ca1ltd.model.conditions import USUAL, Conditions


def full_spec():
    return ExperimentSpec(
        protocol=protocols.lfs(pulses=450),
        cell="c5038804",
        seed=7,
        slices=3,
        synapses=80,
        drugs=(drugs.d_ap5(25, start=0, end=15), drugs.bapta()),
        conditions=Conditions(ca_o=4.0, age=30, gaba="intact", holding=-75, buffer="EGTA=0.5"),
        integrator="reference",
        parameters=(("spine.neck_resistance", 300.0),),
    )


def test_json_gives_the_same_experiment_back():
    spec = full_spec()
    assert ExperimentSpec.from_dict(json.loads(json.dumps(spec.as_dict()))) == spec


def test_slices_differ_in_their_index_alone():
    first, second, third = full_spec().slice_specs()
    assert [first.index, second.index, third.index] == [0, 1, 2]
    for one in (first, second, third):
        assert one.seed == 7
        assert one.cell == "c5038804"
        assert one.synapses == 80
        assert one.drugs == full_spec().drugs
        assert one.conditions == full_spec().conditions
        assert one.integrator == "reference"
        assert one.parameters == full_spec().parameters
        assert one.protocol == full_spec().protocol


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"cell": "granule"}, "no cell 'granule': there are c5038804, dhc, nmo49821"),
        ({"slices": 0}, "slices is 0, and must be from 1"),
        ({"seed": -1}, "seed is -1, and must be from 0"),
        ({"synapses": 0}, "synapses is 0, and must be from 1"),
        ({"seed": "x"}, "seed is 'x', and must be a whole number"),
        ({"synapses": 2.5}, "synapses is 2.5, and must be a whole number"),
        ({"protocol": "lfs"}, "the protocol is 'lfs', and must be one of ca1ltd.protocols"),
        ({"drugs": ("D-AP5",)}, "and must be a list of drugs"),
        ({"drugs": drugs.fk506()}, "and must be a list of drugs"),
        ({"conditions": {"age": 60}}, "and must be Conditions"),
        ({"parameters": ("ca1nmda.g_max",)}, "must be a name and a number"),
        ({"integrator": "euler"}, "no integrator 'euler': there are efficient"),
        ({"drugs": (drugs.fk506(start=200, end=300),)}, "outside the run"),
        ({"drugs": (drugs.fk506(1), drugs.fk506(2))}, "FK506 is given twice"),
        (
            {"drugs": (drugs.bapta(),), "conditions": Conditions(buffer="BAPTA=10")},
            "BAPTA is given as a buffer and as a drug",
        ),
        (
            {"protocol": protocols.current_voltage(), "conditions": Conditions(holding=-60)},
            "holding is -60 mV, and current-voltage clamps the soma throughout",
        ),
        ({"parameters": (("spine.colour", 1.0),)}, "no parameter 'spine.colour'"),
        ({"parameters": (("spine.neck_resistance", -5.0),)}, "neck_resistance' is -5 MOhm"),
    ],
)
def test_a_value_that_is_not_allowed_is_one_sentence(values, words):
    with pytest.raises(BadInput, match=words):
        ExperimentSpec(**{"protocol": protocols.lfs(), **values})


def test_a_description_from_before_there_were_conditions_is_of_the_usual_slice():
    values = full_spec().as_dict()
    assert values.pop("conditions")["ca_o"] == 4
    assert ExperimentSpec.from_dict(values).conditions == USUAL


def test_a_description_that_lacks_a_part_is_refused():
    values = full_spec().as_dict()
    del values["cell"]
    with pytest.raises(BadInput, match="lacks 'cell'"):
        ExperimentSpec.from_dict(values)
