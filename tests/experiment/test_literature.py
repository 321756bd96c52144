"""Published experiments run and scored from the command line, with slices that are made up."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from ca1ltd.cli import main
from ca1ltd.experiment.runs import run_missing
from ca1ltd.experiment.store.cache import Cache
from ca1ltd.experiment.store.drive_file import read_drives
from ca1ltd.experiment.store.identity import name_of
from ca1ltd.literature.experiments import Setting, experiments
from ca1ltd.literature.published import published

# fake slices give 70 % in the conditioned pathway and 100 % in the control pathway
IDS = ("MM92_ctrl", "MM92_control_input", "MHM93_ctrl", "MCN11_WT_TBS")


@pytest.fixture
def done(said_by, tmp_path):
    """Run and score some conditions; return what the scoring said."""
    status, out, err = said_by("experiment", "run", *IDS, "--slices", "1")
    assert status == 0, err
    assert out.startswith(f"2 runs in {tmp_path}/runs/experiments")
    status, out, err = said_by("experiment", "run", *IDS, "--slices", "1", "--json")
    assert status == 0, err
    told = json.loads(out)
    assert told["folder"] == f"{tmp_path}/runs/experiments"
    assert list(told["runs"]) == list(IDS)
    assert told["runs"]["MM92_ctrl"] == told["runs"]["MM92_control_input"]
    assert all((Path(one) / "summary.json").exists() for (one,) in told["runs"].values())
    status, out, err = said_by("experiment", "score", "--slices", "1")
    assert status == 0, err
    return out


def test_what_is_run_is_scored_and_what_is_missing_is_named(done, tmp_path):
    folder = tmp_path / "runs" / "experiments"
    card = json.loads((folder / "scorecard.json").read_text())
    rows = {row["id"]: row for row in card["conditions"]}
    assert set(IDS) <= set(rows)
    assert rows["MM92_ctrl"]["outcome"] == pytest.approx(70, abs=5)
    assert rows["MM92_ctrl"]["direction_right"]
    assert rows["MM92_ctrl"]["in_band"] is None  # its number is recollected
    assert rows["MCN11_WT_LTD"]["in_band"]  # the same run
    assert rows["MM92_control_input"]["direction"] == "NC"
    assert rows["MCN11_WT_TBS"]["direction_right"] is False
    assert rows["MCN11_WT_TBS"]["in_band"] is False
    # the same run answers conditions that were not asked for
    assert "REV_LTD" in rows
    found = [row["direction_right"] for row in rows.values() if row["published"] == "LTD"]
    ltd = card["model"]["classes"]["LTD"]
    assert (ltd["right"], ltd["of"]) == (sum(found), len(found))
    assert card["model"]["classes"]["LTP"]["weighted"] == 0
    assert card["always_no_change"]["classes"]["NC"]["weighted"] == 1
    assert card["reached"] is None
    put_in = {row["id"] for row in card["put_in"]}
    everything = {*rows, *put_in, *card["missing"], *card["out_of_scope"]}
    assert everything == set(published())
    assert "DB92_1Hz" in card["missing"]
    table = pd.read_csv(folder / "scorecard.csv")
    assert list(table["id"]) == list(rows)
    page = (folder / "scorecard.md").read_text()
    for key, experiment in experiments().items():
        assert key in page
        assert (experiment.out_of_scope or "") in page
    assert "not run: " in done
    assert "not all run" in done


def test_what_is_there_stays_and_only_the_rest_is_run(done, said_by, tmp_path, left_in):
    folder = tmp_path / "runs" / "experiments"
    before = left_in(folder)
    # a slice that would fail is not run again
    words = ("experiment", "run", "MM92_ctrl", "--slices", "1")
    assert said_by(*words, FAKE_FAILS="0:raise")[0] == 0
    assert left_in(folder) == before
    # with another setting it is another run, and another score
    other = ("--seed", "2")
    status, _, err = said_by(*words, *other, FAKE_FAILS="0:raise")
    assert status == 1
    assert err.splitlines()[-1].endswith("the same command runs the rest")
    status, _, err = said_by("experiment", "score", "--slices", "1", *other)
    assert status == 2
    assert "no finished run" in err
    assert said_by(*words, *other)[0] == 0


def test_what_drove_the_spines_is_recorded_when_it_is_asked_for(said_by, tmp_path, left_in):
    words = ("experiment", "run", "MM92_ctrl", "--slices", "2")
    assert said_by(*words)[0] == 0
    folder = tmp_path / "runs" / "experiments"
    before = left_in(folder)
    status, _, err = said_by(*words, "--drives", "1")
    assert status == 0, err
    after = left_in(folder)
    (new,) = after.keys() - before.keys()
    assert new.endswith("slices/drives-000.npz")
    assert {name: after[name] for name in before} == before
    # what is recorded is not recorded again
    assert said_by(*words, "--drives", "1", FAKE_FAILS="0:raise")[0] == 0
    drives = read_drives(folder / new)
    assert list(drives) == ["conditioned", "control"]
    assert drives["control"].calcium.values.shape == (15 * 200, 3)
    (folder / new).write_bytes(after[new][:-100])
    with pytest.raises(ValueError, match="no archive of drives"):
        read_drives(folder / new)
    status, _, err = said_by(*words, "--drives", "-1")
    assert status == 2
    assert "drives is -1, and must be 0 or more" in err


def test_experiments_are_listed(capsys):
    assert main(["experiment", "list"]) == 0
    text = capsys.readouterr().out
    for key in published():
        assert key in text
    assert "out of scope: a living animal" in text
    assert main(["experiment", "list", "--json"]) == 0
    rows = {row["id"]: row for row in json.loads(capsys.readouterr().out)}
    assert rows["MM92_ctrl"]["experiment"] == {"protocol": "lfs"}
    assert rows["MM92_ctrl"]["band"] is None  # its number is recollected
    assert rows["JP08_WT_LTD"]["band"] == [56, 68]
    assert rows["MM92_APV"]["seen_by_the_fits"] == "near"


def test_one_slice_of_every_run_comes_before_the_second_of_any(fake_slices, tmp_path):
    setting = Setting(slices=2)
    specs = [
        *setting.specs(experiments()["MM92_ctrl"]),
        *setting.specs(experiments()["JP08_WT_LTD"]),
    ]
    runs = Cache.open(tmp_path / "runs", specs)
    run_missing(runs, workers=1, function=fake_slices)
    made = sorted(
        tmp_path.glob("runs/*/slices/slice-*"), key=lambda folder: folder.stat().st_mtime_ns
    )
    assert [folder.name for folder in made] == ["slice-000", "slice-000", "slice-001", "slice-001"]


def test_equal_runs_are_run_once_and_named_by_what_they_are(fake_slices, tmp_path):
    setting = Setting(slices=1)
    (one,), (other,), (age,) = (
        setting.specs(experiments()[key]) for key in ("MM92_ctrl", "SE95_AMPA", "JP08_WT_LTD")
    )
    assert name_of(one) == name_of(other) != name_of(age)
    runs = Cache.open(tmp_path / "runs", [one, other])
    run_missing(runs, workers=1, function=fake_slices)
    assert [store.completed for store in runs.stores()] == [True]
    assert Cache.open(tmp_path / "runs", [age]).stores()[0].completed is False
    # another process gives the same name
    code = (
        "from ca1ltd.experiment.store.identity import name_of;"
        "from ca1ltd.literature.experiments import Setting, experiments;"
        "print(name_of(Setting(slices=1).specs(experiments()['MM92_ctrl'])[0]))"
    )
    again = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONHASHSEED": "7"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert again.stdout.strip() == name_of(one)
