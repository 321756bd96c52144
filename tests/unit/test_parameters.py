"""The table of parameters: read from the files that hold them, checked when changed."""

import re

import pytest

from ca1ltd import resources
from ca1ltd.errors import BadInput
from ca1ltd.model import parameters

ROWS = list(parameters.table().values())


def parameter_block(stem):
    text = (resources.mod_dir() / f"{stem}.mod").read_text()
    return re.search(r"^PARAMETER\s*\{(.*?)^\}", text, re.M | re.S)[1]


MECHANISMS = [file for file in resources.mod_files() if file.stem != "ca1clock"]


def test_every_parameter_of_every_mod_file_is_there():
    for file in MECHANISMS:
        written = re.findall(r"^\s*(\w+)\s*=", parameter_block(file.stem), re.M)
        assert written
        assert [row.name for row in ROWS if row.group == file.stem] == written


def test_the_groups_of_the_synapse_are_there():
    groups = {row.group for row in ROWS}
    own = {"slice", "spine", "afferents", "inhibition"}
    assert own <= groups
    assert groups - own == {f.stem for f in MECHANISMS}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.key)
def test_each_has_a_unit_a_source_and_a_value_within_its_limits(row):
    assert row.key == f"{row.group}.{row.name}"
    assert row.unit.strip()
    assert len(row.source) > 3
    assert row.low <= row.value <= row.high


def test_units_limits_and_source_are_those_written():
    row = parameters.table()["ca1ampa.tau_decay"]
    assert (row.value, row.unit, row.low, row.high) == (2.5, "ms", 1e-3, 1e4)
    assert row.source == "at 34 degC"
    assert parameters.table()["slice.celsius"].unit == "degC"


def test_a_change_is_returned_as_a_number():
    assert parameters.checked([("ca1ampar.total", 100), ("slice.celsius", 34.0)]) == {
        "ca1ampar.total": 100.0,
        "slice.celsius": 34.0,
    }
    assert parameters.checked([]) == {}


@pytest.mark.parametrize("edge", ["low", "high"])
def test_the_limits_are_allowed(edge):
    row = parameters.table()["slice.celsius"]
    assert parameters.checked([(row.key, getattr(row, edge))])


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ([("ca1nmda.gmax", 1.0)], r"no parameter 'ca1nmda\.gmax'.*info parameters"),
        ([("g_max", 1.0)], "no parameter 'g_max'"),
        ([("slice.celsius", 30.0), ("slice.celsius", 31.0)], r"'slice\.celsius' is given twice"),
        ([("slice.celsius", 80.0)], "is 80 degC; it must lie between 10 and 42"),
        ([("ca1nmda.f_ca", -0.1)], "is -0.1 1; it must lie between 0 and 0.99"),
        ([("ca1nmda.f_ca", float("nan"))], "must lie between"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(given, sentence):
    with pytest.raises(BadInput, match=sentence):
        parameters.checked(given)
