"""What a result is made with: whatever decides a number changes it, and nothing else does."""

import ast
import shutil
from pathlib import Path

import pytest

from ca1ltd import cell_files, resources
from ca1ltd import provenance as module
from ca1ltd.errors import BadInput
from ca1ltd.provenance import provenance, simulation_source

ROOT = Path(__file__).parents[2]


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """A copy of the package, the mechanisms and the cells, of which provenance is then told."""
    for name in ("ca1ltd", "mod", "cells"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path / "ca1ltd")
    module._shared.cache_clear()
    yield tmp_path
    module._shared.cache_clear()


def parts_moved(copy, file, old, new, *, cell="dhc"):
    """Replace a text in a file of the copy; return which parts of the provenance that moves."""
    before, path = provenance(cell), copy / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    module._shared.cache_clear()
    after = provenance(cell)
    assert (before.name != after.name) == (before != after)
    return {part for part in before if before[part] != after[part]}


@pytest.mark.parametrize(
    ("file", "old", "new", "part"),
    [
        ("mod/ca1psd.mod", "k_leave = 3e-5", "k_leave = 4e-5", "mechanisms"),
        ("ca1ltd/model/synapse.toml", "value = 200.0", "value = 50.0", "synapse.toml"),
        ("ca1ltd/model/conditions.toml", "n = 3.1", "n = 3.2", "conditions.toml"),
        ("ca1ltd/model/drugs/drugs.toml", "ic50 = ", "ic50 = 1", "drugs.toml"),
        ("cells/dhc/morphology.swc", "\n2 1 ", "\n2 1 0", "cell"),
        ("ca1ltd/engine/spine.py", "4 * geometry", "5 * geometry", "source"),
        ("ca1ltd/model/placement.py", "0.0, 1.0)", "0.0, 0.9)", "source"),
        ("ca1ltd/protocols/lfs.py", '"""', '"""Other. ', "source"),
        ("ca1ltd/units.py", '"""', '"""Other. ', "source"),
        ("ca1ltd/build.py", "-O3", "-O2", "source"),
    ],
)
def test_one_number_or_one_line_of_source_is_another_provenance(copy, file, old, new, part):
    assert parts_moved(copy, file, old, new) == {part}


def test_a_density_of_the_cell_is_another_provenance_of_that_cell(copy):
    file = cell_files.files_of("dhc").biophysics[0].relative_to(copy).as_posix()
    assert parts_moved(copy, file, "[kdr]\nsoma = { value = 0", "[kdr]\nsoma = { value = 1") == {
        "cell"
    }


def test_a_new_number_file_a_new_module_and_a_new_mechanism_count(copy):
    known = provenance("dhc")
    for place, text in (
        ("ca1ltd/model/more.toml", "x = 1\n"),
        ("ca1ltd/engine/more.py", "X = 1\n"),
        ("mod/ca1more.mod", "TITLE More\n"),
    ):
        (copy / place).write_text(text)
        module._shared.cache_clear()
        assert provenance("dhc").name != known.name
        known = provenance("dhc")


def test_two_files_of_numbers_of_one_name_both_count(copy):
    (copy / "ca1ltd/engine/synapse.toml").write_text("x = 1\n")
    module._shared.cache_clear()
    before = provenance("dhc")
    assert {"model/synapse.toml", "engine/synapse.toml"} <= set(before)
    assert parts_moved(copy, "ca1ltd/engine/synapse.toml", "x = 1", "x = 2") == {
        "engine/synapse.toml"
    }


@pytest.mark.parametrize(
    "file", ["ca1ltd/figures/gallery/ltd.py", "ca1ltd/cli/run.py", "ca1ltd/literature/judge.py"]
)
def test_what_shows_and_judges_results_is_no_part_of_what_they_are_made_with(copy, file):
    assert parts_moved(copy, file, '"""', '"""Other. ') == set()


def test_each_cell_has_a_provenance_of_its_own():
    here, there = provenance("dhc"), provenance("c5038804")
    assert {part for part in here if here[part] != there[part]} == {"cell"}
    with pytest.raises(BadInput, match="no cell 'none'"):
        provenance("none")


def test_a_difference_is_told_in_words():
    here = provenance("dhc")
    assert here.difference(here) is None
    other = {**here, "synapse.toml": "0" * 64}
    assert here.difference(other) == f"synapse.toml {'0' * 12} and not {here['synapse.toml'][:12]}"
    assert here.difference({}) == f"ca1ltd unknown and not {here['ca1ltd']}"


def imported(file, package):
    """Return the files of the package that a file imports, wherever in it they stand."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    typing_only = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }
    names = set()
    for node in ast.walk(tree):
        if node in typing_only:
            continue
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
    for name in names:
        if name.split(".")[0] == "ca1ltd":
            place = package.joinpath(*name.split(".")[1:])
            for candidate in (place.with_suffix(".py"), place / "__init__.py"):
                if candidate.is_file():
                    yield candidate


def test_all_that_a_slice_imports_counts():
    package = ROOT / "ca1ltd"
    counted = set(simulation_source(package))
    reached, waiting = set(), {package / "experiment" / "slice.py"}
    while waiting:
        file = waiting.pop()
        reached.add(file)
        waiting |= set(imported(file, package)) - reached
    assert package / "engine" / "rig.py" in reached
    assert reached <= counted


def test_source_that_moves_to_another_folder_is_another_provenance(copy):
    before = provenance("dhc")
    (copy / "ca1ltd/protocols/lfs.py").rename(copy / "ca1ltd/analysis/lfs.py")
    module._shared.cache_clear()
    after = provenance("dhc")
    assert {part for part in before if before[part] != after[part]} == {"source"}


def test_a_part_that_only_the_other_has_is_a_difference():
    mine = module.Provenance(neuron="9.0.2")
    assert mine.difference({"neuron": "9.0.2", "solver": "0123456789abcdef"}) == (
        "solver 0123456789ab and not unknown"
    )
    assert mine.difference({"neuron": "9.0.2"}) is None
