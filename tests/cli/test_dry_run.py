"""What `--dry-run` says: what would be run, how long it takes here, and what it can show."""

import json
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from ca1ltd import build, protocols, resources
from ca1ltd.cli import main
from ca1ltd.experiment.plan import speed
from ca1ltd.experiment.plan.plan import plan
from ca1ltd.experiment.plan.power import difference_found, power_of, slices_needed, spread_of
from ca1ltd.experiment.spec import ExperimentSpec
from ca1ltd.experiment.store.run_folder import Store

SHORT = ("--pulses", "20", "--baseline", "1", "--follow-up", "1", "--test-interval", "10")


@pytest.fixture
def cache(monkeypatch, tmp_path):
    """An empty cache, and an empty folder to be in."""
    monkeypatch.setenv("CA1LTD_CACHE", str(tmp_path / "cache"))
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    return tmp_path / "cache"


def said(capsys, *words):
    assert main(words) == 0
    return capsys.readouterr().out


# -- how many slices


@pytest.mark.parametrize(("difference", "sd", "slices"), [(10, 10, 17), (5, 10, 64), (8, 10, 26)])
def test_slices_needed_are_those_of_the_tables(difference, sd, slices):
    """Cohen 1988, table 2.4.1: two-sided, alpha .05, power .8."""
    assert slices_needed(difference, sd) == slices
    assert power_of(difference, sd, slices) >= 0.8 > power_of(difference, sd, slices - 1)
    assert difference_found(sd, slices) <= difference < difference_found(sd, slices - 1)
    assert difference_found(sd, 1) is None
    assert slices_needed(1e-3, sd) is None


def test_power_is_the_share_of_tests_that_find_the_difference():
    rng = np.random.default_rng(1)
    groups = rng.normal(0, 7, (2, 4000, 5))
    groups[1] += 12
    found = stats.ttest_ind(*groups, axis=1).pvalue < 0.05
    assert power_of(12, 7, 5) == pytest.approx(found.mean(), abs=0.03)


def test_the_spread_is_measured_and_of_protocols_whose_outcome_is_a_per_cent():
    measured = json.loads(resources.spread_file().read_text())["found"]
    spread = spread_of(protocols.lfs())
    assert spread.sd == measured["lfs"]["sd"]
    assert 1 < spread.sd < 30
    assert spread_of(protocols.make("saturation", {})).protocol == "lfs"
    assert spread_of(protocols.paired_pulse()) is None


# -- how long


def spec_of(**options):
    return ExperimentSpec(protocol=protocols.lfs(**options), slices=5)


def test_the_last_run_of_the_protocol_tells_how_long_another_takes(cache):
    assert speed.last(spec_of()) is None
    speed.remember(spec_of(), [90.0, 110.0])
    speed.remember(ExperimentSpec(protocol=protocols.hfs()), [30.0])
    found = speed.last(spec_of(pulses=450))
    assert (found.protocol, found.seconds) == ("lfs", 100)
    pulses = [speed.pulses_of(protocols.lfs(pulses=count)) for count in (450, 900)]
    assert found.of(protocols.lfs(pulses=450)) == pytest.approx(100 * pulses[0] / pulses[1])
    assert speed.last(ExperimentSpec(protocol=protocols.tbs())).protocol == "hfs"
    assert speed.last(replace(spec_of(), integrator="fixed")) is None
    assert speed.last(replace(spec_of(), synapses=10)) is None
    assert speed.last(spec_of(pulses=30_000, rate=10)) is None  # of so many it tells too little
    speed.remember(spec_of(), [50.0])
    assert speed.last(spec_of()).seconds == 50
    assert len(speed.known()) == 2


@pytest.mark.parametrize("content", ["", "{}", "[1]", '[{"protocol": "lfs"}]', "\x00"])
def test_a_damaged_memory_of_speeds_is_none(cache, content):
    cache.mkdir()
    (cache / speed.FILE).write_text(content)
    assert speed.last(spec_of()) is None
    speed.remember(spec_of(), [1.0])
    assert speed.last(spec_of()).seconds == 1


def test_slices_are_shared_out_among_workers(cache, tmp_path):
    speed.remember(spec_of(), [100.0])
    store = Store.open(tmp_path / "run", spec_of(), resume=False)
    assert plan([store], workers=2)["seconds"] == pytest.approx(300)
    assert plan([store], workers=5)["seconds"] == pytest.approx(100)
    assert plan([store, store], workers=10)["seconds"] == pytest.approx(100)


# -- what is said


def test_a_dry_run_says_all_and_writes_nothing(capsys, cache, tmp_path):
    words = ("run", "lfs", *SHORT, "--drug", "picrotoxin", "--drug", "D-AP5@0..1", "--dry-run")
    text = said(capsys, *words)
    assert "unknown time" in text
    assert "ca1ltd build" in text
    assert not cache.exists()
    speed.remember(spec_of(), [100.0])
    before = {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*")}
    text, told = said(capsys, *words), json.loads(said(capsys, *words, "--json"))
    assert {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*")} == before
    (run,) = told["runs"]
    assert ExperimentSpec.from_dict(run["spec"]).drugs[1].name == "D-AP5"
    assert told["missing"] == told["slices"] == 5
    assert told["measured"]["how"] == "last run"
    assert f"{told['precision']['slices_needed']} slices in each of two groups" in text
    assert "100 uM picrotoxin throughout and 50 uM D-AP5 from 0 min to 1 min" in text
    assert "picrotoxin changes nothing" in text
    assert "pulses 20" in text
    assert run["folder"] in text
    assert "as the last run of lfs here" in text
    intact = said(capsys, *words, "--gaba", "intact")
    assert "changes nothing" not in intact


def test_a_dry_sweep_says_in_what_its_runs_differ(capsys, cache, tmp_path):
    speed.remember(spec_of(), [100.0])
    words = ("sweep", "lfs", *SHORT, "--rate", "1,5", "--drug", "none", "--drug", "FK506")
    text = said(capsys, *words, "--dry-run")
    assert "4, which differ in drugs, rate" in text
    assert "run-0003" in text
    told = json.loads(said(capsys, *words, "--dry-run", "--json"))
    assert [run["spec"]["protocol"]["rate"] for run in told["runs"]] == [1, 1, 5, 5]
    assert told["slices"] == 20
    assert not list((tmp_path / "here").iterdir())


def test_what_would_be_refused_is_refused(capsys, cache, tmp_path):
    (tmp_path / "here" / "notes.txt").write_text("mine")
    assert main(["run", "lfs", "--out", str(tmp_path / "here"), "--dry-run"]) == 2
    assert "holds files that are no run" in capsys.readouterr().err


def test_without_a_memory_some_pulses_are_timed(monkeypatch, capsys, cache):
    monkeypatch.delenv("CA1LTD_CACHE")
    library = build.build()
    monkeypatch.setattr(speed, "known", list)
    words = ("run", "lfs", *SHORT, "--synapses", "4", "--dry-run", "--json")
    told = json.loads(said(capsys, *words))
    assert told["measured"]["how"] == "first pulses"
    assert 0 < told["measured"]["seconds_a_slice"] < 600
    assert library.exists()
