"""Where the numbers of pages come from: runs, tests that record, and what other programs left."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from ca1ltd import protocols
from ca1ltd.experiment import runs as running
from ca1ltd.literature import page as scorecard_page
from ca1ltd.model import drugs
from pages import cell, headlines, outcomes, pictures, runs, tested
from pages.marks import PageError
from pages.page import pages
from pages.registry import SOURCES
from pages.result import RESULTS, ROOT, Result
from pages.source import Given


def test_words_of_the_command_line_are_an_experiment():
    spec = runs.spec_of("lfs --rate 3 --drug D-AP5=50@-10..15 --age 60", slices=2)
    assert spec.protocol == protocols.lfs(rate=3)
    assert spec.drugs == (drugs.parse("D-AP5=50@-10..15"),)
    assert spec.conditions.age == 60
    assert spec.slices == 2
    assert runs.spec_of("depotentiation --again").protocol == protocols.depotentiation(again=True)
    assert runs.spec_of("stdp --interval -25").protocol == protocols.stdp(interval=-25)


def test_runs_are_made_once_and_their_outcomes_kept(tmp_path, fake_slices, monkeypatch):
    def run_missing(*given, **options):
        return running.run_missing(*given, **options, function=fake_slices)

    monkeypatch.setattr(runs, "run_missing", run_missing)
    monkeypatch.setattr(outcomes, "ROWS", outcomes.ROWS[:1])
    found = outcomes.collect(Given(runs=tmp_path, workers=1))
    assert found["lfs"]["expected"] == pytest.approx(70)  # as the made-up slices have it
    assert found["lfs"]["control"] == pytest.approx(100)
    assert f"| `lfs` | 70.0 ({found['lfs']['seen']:.1f}) | 60-76 |" in outcomes.shown(found)
    made = sorted(tmp_path.rglob("summary.json"))
    times = [file.stat().st_mtime_ns for file in made]
    assert outcomes.collect(Given(runs=tmp_path)) == found
    assert [file.stat().st_mtime_ns for file in made] == times


def test_every_row_of_the_tables_is_a_possible_experiment():
    for words, _, _ in outcomes.ROWS:
        runs.spec_of(words, slices=outcomes.SLICES)
    for each in headlines.CELLS:
        assert {spec.cell for spec in headlines.wanted(each).values()} == {each}


def test_every_result_is_on_a_page_and_every_view_can_be_shown():
    text = "".join(page.read_text() for page in pages())
    for name, source in SOURCES.items():
        assert f"<!-- numbers: {name} " in text, f"no page shows {name}"
        assert all((ROOT / file).exists() for file in source.files)
        found = Result.read(name).found
        for view, show in source.views.items():
            assert f": {name} {view} -->" not in text or show(found)
    assert {file.stem for file in RESULTS.glob("*.json")} == SOURCES.keys()


def test_what_tests_record_is_read_from_their_report(tmp_path):
    file = tmp_path / "test_recorded.py"
    file.write_text("def test_it(record_property):\n    record_property('error', 0.25)\n")
    assert tested.recorded(str(file)) == {"error": 0.25}


def test_the_worst_of_several_numbers_is_shown_with_its_limit(monkeypatch):
    found = {
        "error of a": 0.001, "limit of error of a": 0.01,
        "error of b": 3e-7, "limit of error of b": 0.01,
        "other": 2e-6, "limit of other": 1e-4,
    }  # fmt: skip
    shown = tested.shown([("errors", ("error of ",)), ("one", ("other",))])(found)
    assert "| errors | 0.1 % (`a`) | 1 % |" in shown
    assert "| one | 2.0e-6 | 0.01 % |" in shown


def test_scores_of_hippounit_carry_the_model_they_were_made_with(tmp_path):
    for name in cell.CELLS:
        folder = tmp_path / f"{name}-0123"
        folder.mkdir()
        (folder / "scores.json").write_text(json.dumps({"provenance": {"mechanisms": name}}))
    found = cell.hippounit_scores(Given(runs=tmp_path))
    made = SOURCES["hippounit"].result(lambda: found).made_with
    assert made == {name: {"mechanisms": name} for name in cell.CELLS}
    with pytest.raises(PageError, match="has no scores of dhc"):
        cell.hippounit_scores(Given(runs=tmp_path / "dhc-0123"))


def test_a_picture_that_is_not_the_one_that_was_drawn_is_seen(tmp_path):
    for name in pictures.TITLES:
        (tmp_path / f"{name}.png").write_bytes(name.encode())
    found = pictures.hashes(tmp_path)
    assert "![](figures/ltd.png)" in pictures.gallery(found, tmp_path)
    (tmp_path / "ltd.png").write_bytes(b"other")
    with pytest.raises(PageError, match=r"ltd\.png is not the picture"):
        pictures.gallery(found, tmp_path)


def test_the_scorecard_is_written_from_its_json_alone():
    found = Result.read("scorecard").found
    page = scorecard_page.markdown(found)
    assert page.count("\n| ") > 100
    assert f"## Conditions\n\n{scorecard_page.table_of(scorecard_page.conditions(found))}" in page


def test_the_cells_are_measured_by_the_command_line(monkeypatch, tmp_path):
    there = Result.read("cell").found
    pictures_folder = tmp_path / "docs" / "figures"
    pictures_folder.mkdir(parents=True)
    monkeypatch.setattr(cell, "ROOT", tmp_path)

    def run(command, **_):
        name, out = (command[command.index(word) + 1] for word in ("--cell", "--out"))
        (Path(out) / f"cell-{name}.png").write_text(name)
        return SimpleNamespace(stdout=json.dumps(there[name]))

    monkeypatch.setattr(cell.subprocess, "run", run)
    assert cell.collect(Given()) == there
    assert [file.read_text() for file in pictures_folder.iterdir()] == ["dhc"]
