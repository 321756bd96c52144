"""Conditions of a window: which can change, how solutions follow, and what is refused."""

import math
from itertools import pairwise

import pytest

from ca1ltd import protocols
from ca1ltd.errors import BadInput
from ca1ltd.experiment.spec import ExperimentSpec
from ca1ltd.experiment.sweep.grid import grid, row_of
from ca1ltd.model import parameters
from ca1ltd.model.condition_windows import ConditionWindow, parse, steps
from ca1ltd.model.conditions import USUAL, Conditions
from ca1ltd.units import minute

LFS = protocols.lfs()  # from -20 to 75 min
START = LFS.induction_start


def found(*texts, said=None, **given):
    return steps(Conditions(**given), [parse(text) for text in texts], LFS, said or {})


def test_without_a_window_there_is_one_step_that_changes_nothing():
    (step,) = found(holding=-75)
    assert (step.time, step.parameters, step.holding) == (0.0, {}, -75)


@pytest.mark.parametrize("tau", [2.0, 10.0])
def test_a_solution_follows_what_flows_in(tau):
    course = found("mg=0.1@-5..15", wash=tau)
    assert course[0].parameters["ca1nmda.mg_o"] == 1.3
    assert all(step.gradual for step in course[1:])
    for step, following in pairwise(course[1:]):
        middle = ((step.time + following.time) / 2 - START) / minute
        if -5 < middle < 15:
            expected = 0.1 + 1.2 * math.exp(-(middle + 5) / tau)
        else:
            there = 0.1 + 1.2 * math.exp(-20 / tau)
            expected = 1.3 + (there - 1.3) * math.exp(-(middle - 15) / tau)
        assert step.parameters["ca1nmda.mg_o"] == pytest.approx(expected, abs=0.03)
    assert course[-1].parameters["ca1nmda.mg_o"] == pytest.approx(1.3, abs=0.03)


def test_laws_go_with_what_is_there():
    course = found("ca=4@0..15", "mg=2@5..15", wash=0)
    assert [(step.time - START) / minute for step in course[1:]] == [0, 5, 15]
    assert not any(step.gradual for step in course)
    for step, there in zip(course[1:], ({"ca": 4}, {"ca": 4, "mg": 2}, {}), strict=True):
        expected = Conditions(**there).parameters()
        for key, value in step.parameters.items():
            assert value == expected.get(key, parameters.default(key))
    assert course[0].parameters == course[-1].parameters


def test_what_the_user_sets_stays_as_it_is():
    course = found("ca=4@0..15", said={"ca1bouton.u_rest": 0.3}, wash=0)
    assert all(step.parameters.keys() == {"slice.ca_o"} for step in course)


def test_a_window_from_the_start_of_the_run_is_there_at_rest():
    course = found("mg=0@..0", wash=2)
    assert course[0].parameters["ca1nmda.mg_o"] == 0
    assert course[-1].parameters["ca1nmda.mg_o"] == pytest.approx(1.3, abs=0.03)


def test_a_holding_potential_is_switched():
    course = found("holding=-80@0..15", "mg=1@10..20", wash=2)
    held = {(step.time - START) / minute: step for step in course}
    assert held[0].holding == -80
    assert held[15].holding is None
    assert not held[0].gradual
    assert not held[15].gradual


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("mg=0.1", "is not written NAME=VALUE@FROM..TO"),
        ("mg@0..5", "is not written NAME=VALUE@FROM..TO"),
        ("mg=0.1@a..5", "'a' is not a number"),
        ("mg=low@0..5", "mg is low, and must be a number from 0 to 10 mM"),
        ("ca=0@0..5", "ca is 0, and must be a number from 0.1 to 20 mM"),
        ("holding=none@0..5", "holding in a window must be a number of mV"),
        ("temperature=35@0..5", "temperature cannot change during a run: channels have"),
        ("age=60@0..5", "age cannot change during a run"),
        ("gaba=intact@0..5", "give --gaba intact, and picrotoxin with a window"),
        ("genotype=I1-ko@0..5", "genotype cannot change during a run"),
        ("sodium=1@0..5", "no condition 'sodium' can change during a run: mg, ca, holding can"),
        ("mg=0.1@5..0", "mg: the window 5..0 min ends before it starts"),
    ],
)
def test_what_is_no_condition_of_a_window_is_refused_in_one_sentence(text, words):
    with pytest.raises(BadInput) as caught:
        parse(text)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        (("mg=0.1@0..5", "mg=1@4..9"), "mg is given twice at once, as mg=0.1@0..5 and as mg=1@4"),
        (("mg=0.1@80..90",), "mg: the window 80..90 min is outside the run"),
    ],
)
def test_windows_that_no_run_can_have_are_refused(texts, words):
    with pytest.raises(BadInput) as caught:
        ExperimentSpec(protocol=LFS, windows=tuple(map(parse, texts)))
    assert words in str(caught.value)


def test_the_clamp_of_a_protocol_takes_no_holding_potential():
    clamped = protocols.clamped_pairing()
    with pytest.raises(BadInput, match="holding is -80 mV, and clamped-pairing clamps the soma"):
        ExperimentSpec(protocol=clamped, windows=(parse("holding=-80@0..1"),))


def test_it_is_kept_with_a_run_and_swept():
    spec = ExperimentSpec(protocol=LFS, windows=(ConditionWindow(name="mg", value=0.1, end=0),))
    assert spec.as_dict()["windows"] == [{"name": "mg", "value": 0.1, "start": None, "end": 0}]
    assert ExperimentSpec.from_dict(spec.as_dict()) == spec
    assert "windows" not in ExperimentSpec(protocol=LFS).as_dict()
    swept = grid("lfs", {"condition": ["none", "mg=0.1,1@0..15+ca=4@0.."]})
    assert [row_of(each)["condition"] for each in swept] == [
        "none",
        "mg=0.1@0..15+ca=4@0..",
        "mg=1@0..15+ca=4@0..",
    ]


def test_a_readjusted_stimulus_follows_the_solution_of_a_window():
    course = found("ca=4@0..15", readjust=True, wash=2)
    release = [step.parameters["ca1bouton.u_rest"] * step.strength for step in course]
    assert release == pytest.approx([parameters.default("ca1bouton.u_rest")] * len(course))
    assert min(step.strength for step in course) < 0.7
    assert {step.strength for step in found("ca=4@0..15", wash=2)} == {1.0}


def test_a_readjusted_stimulus_recruits_what_releases_as_much():
    assert USUAL.recruited(60) == 60
    assert Conditions(readjust=True).recruited(60) == 60
    for given in ({"ca": 4}, {"ca": 1.2, "mg": 2}, {"ca": 4, "age": 60}):
        here = Conditions(readjust=True, **given)
        usual = Conditions(age=given.get("age", 17)).parameters()
        release = [
            each.get("ca1bouton.u_rest", parameters.default("ca1bouton.u_rest"))
            for each in (usual, here.parameters())
        ]
        assert here.recruited(1000) * release[1] == pytest.approx(1000 * release[0], rel=2e-3)
        assert Conditions(**given).recruited(60) == 60
    swept = grid("lfs", {"readjust": ["no", "yes"]})
    assert [row_of(each)["readjust"] for each in swept] == ["no", "yes"]
    said = {"ca1bouton.u_rest": 0.3}
    assert Conditions(readjust=True, ca=4).recruited(60, said) == 60
