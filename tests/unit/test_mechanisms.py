"""The rows of the mechanisms: complete, and what their mod files say."""

import re

import pytest

from ca1ltd import resources
from ca1ltd.model import parameters
from ca1ltd.model.mechanisms import (
    CASCADE,
    CLOCKS,
    DOWNSTREAM,
    ENZYMES,
    MECHANISMS,
    Place,
    advancing,
    shown,
    standing,
)

ROWS = pytest.mark.parametrize("row", MECHANISMS, ids=lambda row: row.name)


def code(name):
    text = (resources.mod_dir() / f"{name}.mod").read_text(encoding="utf-8")
    return re.sub(r"COMMENT.*?ENDCOMMENT|:.*?$", "", text, flags=re.DOTALL | re.MULTILINE)


def test_every_mod_file_has_a_row():
    files = {file.stem for file in resources.mod_files()} - {"ca1clock"}
    assert sorted(row.name for row in MECHANISMS) == sorted(files)


@ROWS
def test_it_stands_where_its_mod_file_lets_it(row):
    kind = re.search(r"^ +(SUFFIX|POINT_PROCESS|ARTIFICIAL_CELL) ", code(row.name), re.M)[1]
    assert row.places
    assert (Place.SYNAPSE in row.places) == (kind != "SUFFIX")
    assert not row.of_cascade or row.places == (Place.HEAD,)


@ROWS
def test_it_has_a_clock_if_it_solves_something(row):
    assert (row.clock is not None) == ("SOLVE " in code(row.name))


@ROWS
def test_it_shows_what_the_mod_file_has(row):
    text = code(row.name)
    block = re.search(r"^STATE \{(.*?)\}", text, re.M | re.S)
    states = re.findall(r"^ +(\w+)", block[1], re.M) if block else []
    written = re.findall(r"USEION \w+ .*?WRITE (\w+)", text)
    names = [state.name for state in row.states]
    if row.of_cascade:
        assert set(names) == {*states, *written}
    for state in row.states:
        assert re.search(rf"\b{state.name}\b", text)
        assert state.title
        if row.of_cascade:
            assert (state.size is not None) == (state.name in states and state.name in written)
        if state.total:
            assert f"{row.name}.{state.total}" in parameters.table()
    if row.binding:
        assert parameters.table()[f"{row.name}.{row.binding}"].unit == "/uM-s"
        assert re.search("READ cami|WRITE cami", text)


def test_no_two_states_share_a_name_or_a_column():
    names = [state.name for _, state in shown()]
    columns = [state.column for _, state in shown() if state.column]
    assert len(set(names)) == len(names)
    assert len(set(columns)) == len(columns)


def test_the_lists_are_in_the_order_of_the_signal():
    known = ["ca1cam", "ca1pka", "ca1i1", "ca1camkii", "ca1psd", "ca1ampar"]
    assert [name for name in CASCADE if name in known] == known
    assert standing(Place.HEAD) == ("ca1car", "ca1skr", "ca1spineca", *CASCADE)
    enzymes, downstream = advancing(ENZYMES), advancing(DOWNSTREAM)
    assert [name for name in enzymes if name in known] == ["ca1pka", "ca1i1", "ca1camkii"]
    assert [name for name in downstream if name in known] == ["ca1psd", "ca1ampar"]
    clocked = [name for clock in CLOCKS for name in advancing(clock)]
    assert len(clocked) == len(set(clocked)) == len(MECHANISMS) - 1  # the bouton waits for events
