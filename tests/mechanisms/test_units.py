"""Every mod file: clean units, the features it may use, its header, its name."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from ca1ltd import build, compiler, resources
from ca1ltd.model import parameters

CLOCK = resources.mod_dir() / "ca1clock.mod"  # not a mechanism: procedures for the integrator
FILES = tuple(file for file in resources.mod_files() if file != CLOCK)
FORBIDDEN = ("UNITSOFF", "VERBATIM", "POINTER", "BBCOREPOINTER", "euler")
HEADER = ("What", "Equations", "States", "Reference", "Departures")
LONGEST = 190  # lines


def code(file: Path) -> str:
    """NMODL without comments and title, with what it includes."""
    text = "".join(source.read_text() for source in build.sources((file,)))
    text = re.sub(r"COMMENT.*?ENDCOMMENT", "", text, flags=re.DOTALL)
    return re.sub(r"[:?].*|^TITLE.*", "", text, flags=re.MULTILINE)


@pytest.fixture(params=FILES, ids=lambda file: file.stem)
def file(request):
    return request.param


def test_there_are_all_mechanisms():
    assert len(FILES) >= 21


def modlunit(file, folder):
    """What NEURON's own modlunit says; the command of that name starts Python to find it."""
    data = compiler._neuron() / ".data"
    return subprocess.run(
        [data / "bin" / "modlunit", file],
        env={**os.environ, "NEURONHOME": str(data / "share" / "nrn")},
        capture_output=True,
        text=True,
        cwd=folder,
        check=False,
    )


def test_units_are_clean(file, tmp_path):
    result = modlunit(file, tmp_path)
    printed = (result.stdout + result.stderr).lower()
    assert result.returncode == 0, printed
    assert "checking units" in printed
    assert not re.search(r"error|units differ|warning|not conform", printed), printed


def test_units_of_the_clock_are_clean(tmp_path):
    test_units_are_clean(CLOCK, tmp_path)


def test_modlunit_would_notice(tmp_path):
    wrong = tmp_path / "wrong.mod"
    text = (resources.mod_dir() / "ca1pka.mod").read_text()
    wrong.write_text(text.replace("- pkai)/tau\n}", "- pkai)\n}", 1))
    assert wrong.read_text() != text
    assert modlunit(wrong, tmp_path).returncode != 0


def test_it_is_thread_safe_and_uses_nothing_forbidden(file):
    words = set(re.findall(r"\w+", code(file)))
    assert "THREADSAFE" in words
    assert not words & set(FORBIDDEN)


def test_a_table_is_made_anew_for_all_it_depends_on(file):
    """A table that did not know of a new temperature would go on giving the old rates."""
    functions = re.findall(r"^FUNCTION (\w+)\((.*?)\).*?\{\n(.*?)^\}", code(file), re.M | re.S)
    bodies = {name: body for name, _, body in functions}
    parameters_ = {row.name for row in parameters.table().values() if row.group == file.stem}
    for name, _, body in functions:
        if table := re.search(r"TABLE (?:DEPEND ([\w, ]+?) )?FROM", body):
            used, seen = set(re.findall(r"\w+", body)), set()
            while called := (used & bodies.keys()) - seen - {name}:
                seen |= called
                used |= {word for each in called for word in re.findall(r"\w+", bodies[each])}
            depends = set((table[1] or "").replace(",", " ").split())
            assert depends == used & (parameters_ | {"celsius"}), name


def test_the_file_is_named_after_its_mechanism(file):
    names = re.findall(r"^\s*(?:SUFFIX|POINT_PROCESS|ARTIFICIAL_CELL)\s+(\w+)", code(file), re.M)
    assert names == [file.stem]


def test_the_header_says_what_whence_and_how_it_departs(file):
    lines = file.read_text().splitlines()
    assert lines[0].startswith("TITLE ")
    comment = "\n".join(lines).split("COMMENT\n")[1].split("ENDCOMMENT")[0]
    at = [re.search(rf"^{section}\b", comment, re.M) for section in HEADER]
    assert all(at), [section for section, found in zip(HEADER, at, strict=True) if not found]
    starts = [found.start() for found in at if found]
    assert starts == sorted(starts)
    assert re.search(r"doi |\(\d{4}\)| \d{4}", comment)


def test_it_is_short(file):
    assert len(file.read_text().splitlines()) <= LONGEST


def test_compiling_gives_no_notice():
    log = build.log_of(build.build())
    assert log.count("Translating") + log.count("-> ") >= len(FILES)
    assert "notice" not in log.lower()
    assert "warning" not in log.lower()


def test_neuron_has_the_parameters_of_the_table(file, n, head):
    """The table is read from the text of the mod files; NEURON has compiled the same numbers."""
    it = head()
    kind = re.search(r"^\s*(SUFFIX|POINT_PROCESS|ARTIFICIAL_CELL)", code(file), re.M)[1]
    if kind == "SUFFIX":
        it.section.insert(file.stem)
        mechanism = getattr(it.seg, file.stem)
    else:
        make = getattr(n, file.stem)
        mechanism = make(it.seg) if kind == "POINT_PROCESS" else make()
    rows = parameters.declared(file)
    assert rows
    for row in rows:
        found = (
            getattr(mechanism, row.name)
            if hasattr(mechanism, row.name)
            else getattr(n, f"{row.name}_{file.stem}")
        )
        assert found == pytest.approx(row.value, rel=1e-12), row.key
