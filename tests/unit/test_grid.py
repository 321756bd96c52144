"""Which runs a sweep is made of."""

import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ca1ltd import protocols
from ca1ltd.errors import BadInput
from ca1ltd.experiment.sweep.grid import experiment, experiments, grid, row_of
from ca1ltd.experiment.sweep.rows import read_rows
from ca1ltd.experiment.sweep.values import conditions, values
from ca1ltd.model import parameters

NMDA = "ca1nmda.g_max"
AXES = {
    "rate": st.lists(st.sampled_from([0.5, 1, 5]), min_size=1, max_size=2, unique=True),
    "pulses": st.lists(st.integers(1, 100), min_size=1, max_size=2, unique=True),
    "drug": st.lists(
        st.sampled_from(["none", "D-AP5", "FK506=0.5", "D-AP5=5+KN-62@0..5"]),
        min_size=1,
        max_size=2,
        unique=True,
    ),
    "cell": st.lists(st.sampled_from(["dhc", "c5038804", "nmo49821"]), min_size=1, unique=True),
    "ca": st.lists(st.sampled_from([2.5, 4]), min_size=1, unique=True),
    "gaba": st.lists(st.sampled_from(["blocked", "intact"]), min_size=1, unique=True),
    "buffer": st.lists(st.sampled_from(["none", "EGTA=0.2"]), min_size=1, unique=True),
    "seed": st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=2, unique=True),
    NMDA: st.lists(st.sampled_from([7e-5, 8e-5, 9e-5]), min_size=1, unique=True),
}


@settings(deadline=None, max_examples=20)
@given(st.fixed_dictionaries({}, optional=AXES))
def test_a_grid_has_each_combination_once_and_always_in_the_same_order(tried):
    specs = grid("lfs", tried)
    assert len(specs) == math.prod(len(axis) for axis in tried.values())
    assert len(set(specs)) == len(specs)
    assert grid("lfs", tried) == specs
    keys = [name for name in tried if "." in name]
    for spec in specs:  # a row says all that the experiment is
        row = {name: str(value) for name, value in row_of(spec, keys).items()}
        assert experiment(row) == spec


def test_the_last_value_varies_fastest():
    specs = grid("lfs", {"rate": "1,5", "seed": [3, 4]})
    found = [(spec.protocol.rate, spec.seed) for spec in specs]
    assert found == [(1, 3), (1, 4), (5, 3), (5, 4)]


def test_a_value_given_twice_is_run_once():
    assert len(grid("lfs", {"rate": ["1", "1.0", 1], "seed": "2,2"})) == 1


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1", ("1",)),
        ("0.5, 1,5", ("0.5", "1", "5")),
        ("0.1:0.3:3", ("0.1", "0.2", "0.3")),
        ("1:10:10", (*tuple("123456789"), "10")),
        ("0.1:100:4:log", ("0.1", "1", "10", "100")),
        ("5:1:2,7", ("5", "1", "7")),
    ],
)
def test_a_text_holds_one_value_or_several(text, found):
    assert values(text) == found


@pytest.mark.parametrize("text", ["1:2", "1:2:1", "1:2:x", "a:2:3", "0:2:3:log", "1:2:3:lin"])
def test_a_range_that_is_none_is_refused(text):
    with pytest.raises(BadInput, match="not written FROM:TO:N"):
        values(text)


def test_drugs_together_have_a_plus_and_a_concentration_may_be_several():
    assert conditions("D-AP5=1e+1,50@-5..15+FK506") == (
        "D-AP5=1e+1@-5..15+FK506",
        "D-AP5=50@-5..15+FK506",
    )
    together, apart = grid("lfs", {"drug": ["D-AP5=1e+1+FK506", "none"]})
    assert [drug.name for drug in together.drugs] == ["D-AP5", "FK506"]
    assert together.drugs[0].concentration == 10
    assert apart.drugs == ()


def test_conditions_are_swept_like_options():
    specs = grid("lfs", {"age": "10:30:3", "holding": ["none", -80]})
    found = [(spec.conditions.age, spec.conditions.holding) for spec in specs]
    assert found == [(age, holding) for age in (10, 20, 30) for holding in (None, -80)]
    row = row_of(specs[1])
    assert (row["age"], row["holding"], row["mg"], row["gaba"]) == (10, -80, 1.3, "blocked")


def test_an_option_that_is_a_list_itself_is_repeated():
    specs = grid("input-output", {"currents": ["10,20", "30"]})
    assert [spec.protocol.currents for spec in specs] == [(10, 20), (30,)]


@pytest.mark.parametrize("name", [name for name in protocols.PROTOCOLS if name != "phases"])
def test_every_protocol_has_a_row_that_says_all_of_it(name):
    (spec,) = grid(name, {})
    row = {key: str(value) for key, value in row_of(spec).items()}
    assert experiment(row) == spec


def test_files_of_phases_are_swept_and_written_in_the_row(tmp_path):
    for rate in (1, 2):
        phases = [{"kind": "train", "rate": rate, "holding": -40}, {"kind": "calcium"}]
        (tmp_path / f"{rate}.json").write_text(json.dumps(phases))
    specs = grid("phases", {"file": f"{tmp_path}/1.json,{tmp_path}/2.json", "baseline": "5,10"})
    found = [(spec.protocol.phases[0].rate, spec.protocol.baseline) for spec in specs]
    assert found == [(1, 5), (1, 10), (2, 5), (2, 10)]
    for spec in specs:
        row = {key: str(value) for key, value in row_of(spec).items()}
        assert experiment(row) == spec


def test_everything_else_has_its_default():
    (spec,) = grid("lfs", {NMDA: 8e-5})
    assert spec.protocol == protocols.lfs()
    assert (spec.cell, spec.slices, spec.synapses, spec.seed) == ("dhc", 5, 60, 1)
    assert spec.parameters == ((NMDA, 8e-5),)
    (plain,) = grid("lfs", {})
    assert row_of(plain, [NMDA])[NMDA] == parameters.table()[NMDA].value


@pytest.mark.parametrize(
    ("tried", "words"),
    [
        ({"rate": "0.5,-1"}, "rate is -1"),
        ({"seed": "1,x"}, "seed is 'x'"),
        ({"rate": []}, "rate has no value"),
        ({"rate": "1,,2"}, "empty value"),
        ({"colour": "red"}, "no option 'colour'"),
        ({"age": "17,5000"}, "age is 5000"),
        ({"drug": "aspirin"}, "no drug 'aspirin'"),
        ({"drug": "D-AP5+D-AP5"}, "D-AP5 is given twice"),
        ({"no.such": 1}, "no parameter 'no.such'"),
        ({"seed": "1:1000:1000", "rate": "1:5:1000"}, "1000000 runs"),
    ],
)
def test_a_grid_that_cannot_be_run_is_refused(tried, words):
    with pytest.raises(BadInput, match=words):
        grid("lfs", tried)


CSV = f"""protocol, rate, drug, seed, {NMDA}, currents
lfs, 1, D-AP5=50@0..15+FK506, 1, 8e-5,
input-output, , none, 2, , "10,20"
"""
JSON = f"""[
  {{"protocol": "lfs", "rate": 1, "drug": ["D-AP5=50@0..15", "FK506"], "{NMDA}": 8e-5}},
  {{"protocol": "input-output", "seed": 2, "currents": [10, 20]}}
]"""
TOML = """
[[run]]
protocol = "lfs"
drug = "D-AP5=50@0..15+FK506"
ca1nmda.g_max = 8e-5
[[run]]
protocol = "input-output"
seed = 2
currents = [10, 20]
"""


def test_a_list_is_the_same_in_csv_json_and_toml(tmp_path):
    found = []
    for name, text in (("a.csv", CSV), ("a.json", JSON), ("a.toml", TOML)):
        (tmp_path / name).write_text(text)
        found.append(experiments(read_rows(tmp_path / name)))
    assert found[0] == found[1] == found[2]
    first, second = found[0]
    assert first.protocol == protocols.lfs()
    assert first.parameters == ((NMDA, 8e-5),)
    assert [drug.name for drug in first.drugs] == ["D-AP5", "FK506"]
    assert second.protocol.currents == (10, 20)
    assert second.seed == 2


def test_each_row_of_a_list_is_combined_with_the_options():
    rows = [{"protocol": "lfs", "rate": "1"}, {"protocol": "lfs", "rate": "5"}]
    specs = experiments(rows, [[{"seed": "1"}, {"seed": "2"}]])
    assert [(spec.protocol.rate, spec.seed) for spec in specs] == [(1, 1), (1, 2), (5, 1), (5, 2)]
    with pytest.raises(BadInput, match=r"a\.csv, row 1: rate is given both"):
        experiments(rows, [[{"rate": "1"}]], source="a.csv")


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("a.csv", "protocol,rate\nlfs\n", "row 1 has not the 2 cells"),
        ("a.csv", "protocol,rate\nlfs,1,2\n", "row 1 has not the 2 cells"),
        ("a.csv", "protocol,rate\n", "has no row"),
        ("a.csv", "", "has no row"),
        ("a.csv", "protocol,rate, rate\nlfs,1,2\n", "'rate' is given twice"),
        ("a.csv", "protocol,follow-up,follow_up\nlfs,1,2\n", "'follow_up' is given twice"),
        ("a.json", '[{"protocol": "lfs", "rate": 1, "rate": 2}]', "'rate' is given twice"),
        ("a.json", '[{"a": {"b": 1}, "a.b": 2}]', "'a.b' is given twice"),
        ("a.json", "[" * 100_000, "it is nested too deeply"),
        ("a.toml", "a = " + "[" * 100_000, "it is nested too deeply"),
        ("a.json", "{}", "a list of objects"),
        ("a.json", "[", "cannot be read"),
        ("a.json", '[{"protocol": null}]', "null is neither"),
        ("a.toml", "run = 1", "tables"),
        ("a.toml", "run", "cannot be read"),
        ("a.xls", "", "must be a file"),
    ],
)
def test_a_list_that_cannot_be_read_is_refused(tmp_path, name, text, words):
    (tmp_path / name).write_text(text)
    with pytest.raises(BadInput, match=words):
        read_rows(tmp_path / name)
    with pytest.raises(BadInput, match="cannot be read: No such file"):
        read_rows(tmp_path / "nowhere.csv")
