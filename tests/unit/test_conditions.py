"""Conditions of the slice: the default changes nothing, each law goes the way slices do."""

import inspect
import math
from itertools import pairwise

import pytest

from ca1ltd import protocols
from ca1ltd.cli.run import run_command
from ca1ltd.cli.sweep import sweep_command
from ca1ltd.errors import BadInput
from ca1ltd.model import conditions, parameters
from ca1ltd.model.conditions import USUAL, Conditions, laws

TABLE = parameters.table()
U, N_RRP = (TABLE[f"ca1bouton.{name}"].value for name in ("u_rest", "n_rrp"))


def value(key, **given):
    return Conditions(**given).parameters().get(key, TABLE[key].value)


def test_the_default_slice_changes_no_parameter():
    assert Conditions() == USUAL
    assert USUAL.parameters() == {}
    assert (USUAL.mg_o, USUAL.ca_o) == (TABLE["ca1nmda.mg_o"].value, TABLE["slice.ca_o"].value)
    assert USUAL.temperature == TABLE["slice.celsius"].value
    assert USUAL.gaba == "blocked"
    assert TABLE["inhibition.g_axon"].value == 0


@pytest.mark.parametrize("law", laws(), ids=lambda law: f"{law.parameter} by {law.of}")
def test_each_law_has_a_source_and_leaves_the_usual_value_as_it_is(law):
    before = TABLE[law.parameter].value
    assert len(law.source) > 20
    assert law.value(USUAL, before) == before
    assert law.fields


@pytest.mark.parametrize(
    "given",
    [
        {"mg": 0, "ca": 20},
        {"mg": 10, "ca": 0.1},
        {"temperature": 15},
        {"temperature": 40},
        {"age": 5},
        {"age": 900},
        {"gaba": "intact", "buffer": "BAPTA=10", "age": 7, "ca": 20, "mg": 0},
    ],
)
def test_whatever_is_asked_for_the_parameters_are_allowed(given):
    found = Conditions(**given).parameters()
    assert found
    assert parameters.checked(found.items()) == found


def test_divalents_reach_channels_and_release():
    found = Conditions(mg_o=1.0, ca_o=2.0).parameters()
    assert found["ca1nmda.mg_o"] == 1.0
    assert found["slice.ca_o"] == 2.0
    assert found.keys() == {"ca1nmda.mg_o", "slice.ca_o", "ca1bouton.u_rest"}
    # between 2.5 and 1.3 mM release falls two- to threefold, and it saturates
    assert 2 < U / value("ca1bouton.u_rest", ca=1.3) < 3
    assert 1.2 * U < value("ca1bouton.u_rest", ca=4) < 2 * U
    assert value("ca1bouton.u_rest", ca=20, mg=0) < 1
    assert value("ca1bouton.u_rest", mg=4) < 0.8 * U


Q10 = {law.parameter: law for law in laws() if "q10" in law.constants}


@pytest.mark.parametrize("key", Q10)
def test_warmth_speeds_up_each_rate_by_its_q10(key):
    usual, q10 = TABLE[key].value, Q10[key].constants["q10"]
    exponent = {"q10": -1, "q10_rate": 1}[Q10[key].form]  # of a time constant, of a rate
    assert 1.3 <= q10 <= 4  # from diffusion to channel gates
    for celsius, tens in ((20, -1), (25, -0.5), (35, 0.5)):
        found = value(key, temperature=celsius)
        expected = min(usual * q10 ** (exponent * tens), TABLE[key].high)  # limits hold
        assert found == pytest.approx(expected), celsius


def test_warmth_reaches_calcium_boutons_receptors_and_cascade():
    assert value("slice.celsius", temperature=36) == 36
    assert Q10.keys() >= {"ca1spineca.tau_decay", "ca1bouton.tau_rec", "ca1nmda.g_max"}
    assert {key.split(".")[0] for key in Q10} >= {
        "ca1cam",
        "ca1camkii",
        "ca1pka",
        "ca1i1",
        "ca1psd",
        "ca1ampar",
    }
    # 12 ms at 34 and 20 ms at 22-24 degC: Sabatini, Oertner & Svoboda 2002
    warm, cold = (value("ca1spineca.tau_decay", temperature=t) for t in (34, 23))
    assert cold / warm == pytest.approx(20 / 12, rel=0.1)


@pytest.mark.parametrize(
    ("key", "sign"),
    [
        ("ca1nmda.f_2b", -1),
        ("ca1nmda.g_max", -1),
        ("ca1spineca.tau_decay", -1),
        ("ca1spineca.buffer_total", 1),
        ("ca1bouton.u_rest", -1),
    ],
)
def test_development_goes_one_way_and_slows_down(key, sign):
    ages = (7, 12, 17, 22, 42, 100)
    found = [sign * value(key, age=age) for age in ages]
    speeds = [
        (y - x) / (after - before)
        for (before, after), (x, y) in zip(pairwise(ages), pairwise(found), strict=True)
    ]
    assert all(x > y > 0 for x, y in pairwise(speeds))
    adult = sign * value(key, age=200)
    assert adult - found[-1] == pytest.approx(0, abs=0.1 * (found[-1] - found[0]))


def test_development_is_exponential_from_the_seventh_day():
    (law,) = (law for law in laws() if law.parameter == "ca1nmda.f_2b")
    pup, grown, tau = (law.constants[name] for name in ("pup", "grown", "tau"))
    found = {age: value("ca1nmda.f_2b", age=age) for age in (7, 7 + tau, 900)}
    assert found[7] / found[900] == pytest.approx(pup / grown)
    left = (found[7 + tau] - found[900]) / (found[7] - found[900])
    assert left == pytest.approx(math.exp(-1))


def test_the_adult_has_at_most_half_of_the_glun2b_of_a_pup():
    # ifenprodil: all receptors of pups, half of those of adults, Williams et al. 1993
    assert value("ca1nmda.f_2b", age=100) <= 0.5 * value("ca1nmda.f_2b", age=7)
    assert value("ca1nmda.f_2b", age=7) <= 1


def test_old_age_brings_l_type_channels_and_adulthood_does_not():
    scale = [value("ca1cal.scale", age=age) for age in (17, 100, 250, 650)]
    assert scale[:3] == pytest.approx([1, 1, 1], abs=0.02)
    assert scale[3] > 1.8
    adult, old = (value("ca1spineca.tau_decay", age=age) for age in (250, 650))
    assert old > 1.3 * adult


def test_laws_of_one_parameter_multiply():
    key, usual = "ca1spineca.tau_decay", TABLE["ca1spineca.tau_decay"].value
    both = value(key, age=7, temperature=24) / usual
    alone = (value(key, age=7) / usual) * (value(key, temperature=24) / usual)
    assert both == pytest.approx(alone)


def test_a_buffer_is_what_the_drug_is():
    assert Conditions(buffer="egta=.2").parameters() == {"ca1spineca.egta_total": 0.2}
    assert Conditions(buffer="OGB1=0.1").parameters() == {"ca1spineca.bapta_total": 0.1}
    assert Conditions(buffer="egta=.2") == Conditions(buffer="EGTA=0.2")
    assert Conditions(buffer="none", holding="None") == USUAL


def test_json_gives_the_same_conditions_back():
    made = Conditions(mg=1, ca=4, temperature=32, age=60, gaba="intact", holding=-60)
    assert Conditions.model_validate(made.as_dict()) == made
    assert made.as_dict()["mg_o"] == 1
    assert made.parameters().keys() >= {"inhibition.g_axon", "ca1nmda.f_2b"}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"mg_o": -1}, "mg is -1, and must be a number from 0 to 10 mM"),
        ({"ca": "lots"}, "ca is lots, and must be a number from 0.1 to 20 mM"),
        ({"temperature": 50}, "temperature is 50, and must be a number from 15 to 40 degC"),
        ({"age": 1}, "age is 1, and must be a number from 5 to 900 days"),
        ({"gaba": "half"}, "gaba is half, and must be blocked or intact"),
        ({"holding": 40}, "holding is 40, and must be a number from -120 to 0 mV, or none"),
        ({"buffer": "EGTA"}, "'EGTA' is not written NAME=mM"),
        ({"buffer": "D-AP5=1"}, "D-AP5 is no calcium buffer"),
        ({"buffer": "sand=1"}, "no buffer 'sand': there are BAPTA, EGTA, OGB-1"),
        ({"buffer": "EGTA=0"}, "EGTA: the concentration is 0 uM"),
        ({"mg": 1, "mg_o": 2}, "mg is given twice, as mg and as mg_o"),
        ({"oxygen": 95}, "conditions has no option 'oxygen'"),
    ],
)
def test_a_condition_that_is_not_allowed_is_one_sentence(given, words):
    with pytest.raises(BadInput, match=words):
        Conditions(**given)


def test_no_option_of_a_protocol_or_run_is_called_as_a_condition():
    words = {option.key for option in conditions.options()}
    for kind in protocols.PROTOCOLS.values():
        assert not words & {option.key for option in protocols.options_of(kind)}
    for command in (run_command, sweep_command):
        named = [p.name for p in inspect.signature(command).parameters.values() if p.kind == 3]
        assert not words & set(named)
