"""The table of parameters: read from the files that hold them, checked when changed."""

import re

import pytest

from ca1ltd import resources
from ca1ltd.errors import BadInput
from ca1ltd.model import parameters
from ca1ltd.model.cell_biophysics import biophysics_of
from ca1ltd.model.mechanisms import CASCADE

ROWS = list(parameters.table().values())


def parameter_block(stem):
    text = (resources.mod_dir() / f"{stem}.mod").read_text()
    return re.search(r"^PARAMETER\s*\{(.*?)^\}", text, re.M | re.S)[1]


MECHANISMS = [file for file in resources.mod_files() if file.stem != "ca1clock"]


def test_every_parameter_of_every_mod_file_is_there():
    for file in MECHANISMS:
        written = re.findall(r"^\s*(\w+)\s*=", parameter_block(file.stem), re.M)
        assert written
        here = [name for name in written if f"{file.stem}.{name}" not in parameters.by_place()]
        assert [row.name for row in ROWS if row.group == file.stem] == here


def test_the_groups_of_the_synapse_are_there():
    groups = {row.group for row in ROWS}
    own = {"slice", "spine", "afferents", "placement", "electrodes", "field", "inhibition"}
    assert own <= groups
    assert groups - own == {f.stem for f in MECHANISMS if f.stem != "ca1capool"}  # set by the cell


def test_a_cell_shows_its_values_by_domain():
    table = parameters.table("dhc")
    rules = biophysics_of("dhc")
    for domain in ("soma", "axon", "basal", "apical"):
        row = table[f"{domain}.nat"]
        assert (row.value, row.unit) == (getattr(rules.nat, domain).value, "S/cm2")
        assert row.source == getattr(rules.nat, domain).source
    assert table["ka_distal.vhalf"].value == rules.ka.distal.vhalf.value
    assert "soma.nat" not in parameters.table()
    assert not set(parameters.by_place()) & set(table)


@pytest.mark.parametrize(
    ("key", "instead"),
    [
        ("ca1nat.gbar", r"soma\.nat, axon\.nat, basal\.nat, apical\.nat$"),
        ("ca1nat.sf", r"nat\.exempt, nat\.slow_from, nat\.slow_to$"),
        ("ca1ka.vhalf", r"ka_proximal\.vhalf, ka_distal\.vhalf$"),
        ("ca1ih.eh", r"reversal\.h$"),
        ("ca1ih.vhalf", r"ih\.vhalf_proximal, ih\.vhalf_distal$"),
        ("ca1sk.gbar", r"soma\.sk, dendrites\.sk$"),
        ("ca1capool.tau", r"capool\.tau$"),
    ],
)
def test_what_has_no_single_value_is_refused_and_says_what_to_set(key, instead):
    with pytest.raises(BadInput, match=f"'{key}' differs from place to place.*: set {instead}"):
        parameters.checked([(key, 0.01)], "dhc")


def test_each_that_the_cell_sets_says_what_to_set():
    keys = set(parameters.table("dhc"))
    for key, instead in parameters.by_place().items():
        assert set(instead) <= keys, key
        assert instead, key


def test_what_cannot_be_together_is_refused():
    with pytest.raises(BadInput, match="slow_to must lie beyond slow_from"):
        parameters.checked([("nat.slow_from", 480.0)], "dhc")
    assert parameters.checked([("nat.slow_from", 480.0), ("nat.slow_to", 490.0)], "dhc")


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


OF_CASCADE = [row for row in ROWS if row.group in CASCADE]
#: Those that are further than that from what is published, until they are fitted to it.
FAR: set[str] = set()


def how_far(row):
    """By which factor a value lies outside of what is published; 1 inside."""
    low, high = row.published
    return max(1.0, low / row.value, row.value / high)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("published 0.01-0.1; fitted", (0.01, 0.1)),
        ("fitted; published 3e-4-2e-3: half saturation", (3e-4, 2e-3)),
        ("published 1e2-1.5e+3", (100, 1500)),
        ("published 1e-3: Endo et al. 1996", (1e-3, 1e-3)),
        ("as published in 1996", None),
        ("assumed", None),
    ],
)
def test_what_is_published_is_read_from_the_source(source, expected):
    row = parameters.Parameter(
        group="any", name="k", value=1.0, unit="1", low=0.0, high=1.0, source=source
    )
    assert row.published == expected


@pytest.mark.parametrize("row", OF_CASCADE, ids=lambda row: row.key)
def test_each_of_the_cascade_is_published_or_fitted_or_assumed(row):
    given = row.value == 0 and re.search("set by (the )?(drug|genotype)", row.source)
    assert given or row.published or re.match("(assumed|calibration/)", row.source)
    if row.published:
        low, high = row.published
        assert row.low <= low <= high <= row.high
        assert row.key in FAR or how_far(row) < 3
