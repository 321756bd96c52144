"""What the commands print and leave when all is well."""

import functools
import json
import subprocess
from pathlib import Path

import pytest
from forked import start_command

import ca1ltd
import ca1ltd.cli.figure
from ca1ltd import figures, protocols, resources
from ca1ltd.cli import main
from ca1ltd.experiment.results import load_run
from ca1ltd.model import conditions, drugs

SHORT = ("lfs", "--baseline", "5", "--follow-up", "10", "--pulses", "60", "--slices", "2")


def said_by(capsys, *words):
    assert main(words) == 0
    return capsys.readouterr().out


def with_fake_slices(*words, cwd):
    process = start_command(*words, cwd=cwd)
    out, err = process.communicate(timeout=120)
    return subprocess.CompletedProcess(words, process.returncode, out, err)


def test_info_says_what_is_installed(capsys):
    text = said_by(capsys, "info")
    for word in ("NEURON", "Python", "compiler", "libnrnmech", str(resources.mod_dir())):
        assert word in text


def test_info_lists_everything_there_is(capsys):
    text = said_by(capsys, "info", "protocols")
    for name, kind in protocols.PROTOCOLS.items():
        assert f"{name}: " in text
        for option in protocols.options_of(kind):
            assert f"--{option.word} {option.default}" in text
    text = said_by(capsys, "info", "drugs")
    for known in drugs.DRUGS:
        assert known.name in text
        assert known.source in text
        assert f"in the {known.site}, {known.default:g} uM" in text
    assert "EC50 30 uM, Hill coefficient 1.4: ca1nmda.agonist" in text
    assert "ca1nmda.mk801, k_mk801 5 /mM-ms, k_leave 1e-07 /ms" in text
    text = said_by(capsys, "info", "conditions")
    for option in conditions.options():
        assert f"--{option.word} {option.default}" in text
    for law in conditions.laws():
        assert law.parameter in text
        assert law.source in text
    text = said_by(capsys, "info", "cells")
    assert "dhc" in text
    assert "c5038804" in text
    text = said_by(capsys, "info", "figures")
    for name in figures.FIGURES:
        assert name in text
    assert "spine.neck_resistance" in said_by(capsys, "info", "parameters")


def test_cell_show_gives_the_lengths_of_the_layers(capsys):
    text = said_by(capsys, "cell", "show", "--cell", "dhc")
    lines = dict(line.split(maxsplit=1) for line in text.splitlines())
    assert lines["sections"] == "165"
    # MODEL of the reconstruction: basal 2463 um, apical 7541 um
    assert float(lines["oriens"].split()[0]) == pytest.approx(2463, abs=1)
    apical = sum(float(lines[layer].split()[0]) for layer in ("radiatum", "lacunosum"))
    assert apical == pytest.approx(7541, abs=2)


def test_the_version_is_printed(capsys):
    assert said_by(capsys, "--version").strip() == ca1ltd.__version__


def test_every_protocol_has_a_help_that_names_its_options(capsys):
    for name, kind in protocols.PROTOCOLS.items():
        text = said_by(capsys, "run", name, "--help")
        for option in protocols.options_of(kind):
            assert f"--{option.word}" in text
        for option in ("--drug", "--cell", "--slices", "--seed", "--workers", "--out", "--resume"):
            assert option in text


def test_run_passes_its_options_on_and_prints_json(fake_slices, tmp_path):
    result = with_fake_slices(
        *("run", *SHORT, "--seed", "3", "--drug", "d-ap5=25@0..1", "--cell", "c5038804"),
        *("--ca", "4", "--age", "30", "--gaba", "intact", "--holding", "-80"),
        *("--buffer", "egta=0.2", "--set", "spine.neck_resistance=300", "--json"),
        cwd=tmp_path,
    )
    assert result.returncode == 0, result.stderr
    assert result.stderr.splitlines() == [  # no terminal, no bar
        "ca1ltd: c5038804: its soma has 176 um2, and one of CA1 300 to 2000 um2",
        "ca1ltd: c5038804: 1 gap of more than 20 um between points of dendrite (before id 155)",
        "lfs: 0 of 2 slices finished, time left not known yet",
        "lfs: 2 of 2 slices finished",
    ]
    summary = json.loads(result.stdout)
    assert summary["pathways"]["conditioned"]["percent_expected"] == pytest.approx(70)
    run = load_run(tmp_path / "runs" / "lfs-3")
    assert run.summary == summary
    assert run.spec["protocol"]["pulses"] == 60
    assert run.spec["protocol"]["follow_up"] == 10
    assert run.spec["cell"] == "c5038804"
    assert run.spec["parameters"] == {"spine.neck_resistance": 300}
    assert run.spec["conditions"] == {
        **conditions.USUAL.as_dict(),
        "ca_o": 4,
        "age": 30,
        "gaba": "intact",
        "holding": -80,
        "buffer": "EGTA=0.2",
    }
    assert run.spec["drugs"] == [
        {"name": "D-AP5", "concentration": 25, "start": 0, "end": 1},
    ]


def test_run_says_the_outcome_of_both_pathways(fake_slices, tmp_path):
    result = with_fake_slices("run", *SHORT, "--out", "here", cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    lines = result.stdout.splitlines()
    assert lines[0].startswith("conditioned")
    assert "without release noise 70.0 %" in lines[0]
    assert lines[1].startswith("control")
    assert lines[2] == f"results in {tmp_path / 'here'}"
    again = with_fake_slices("run", *SHORT, "--out", "here", cwd=tmp_path)
    assert again.returncode == 2
    assert "holds a run already" in again.stderr


def test_run_says_the_currents_of_a_cell_in_voltage_clamp(fake_slices, tmp_path):
    result = with_fake_slices("run", "clamped-pairing", "--slices", "2", cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    head, before, after, _ = (line.split("  ") for line in result.stdout.splitlines())
    assert head[0] == "pathway"
    assert "peak (pA)" in head
    for line, peak, when in ((before, "-20.00", "before"), (after, "-40.00", "after")):
        words = [word.strip() for word in line if word]
        assert words == ["conditioned", "-65", peak, "0.00", "-1.00", when]
    result = with_fake_slices("run", "current-voltage", "--slices", "1", cwd=tmp_path)
    assert "-40.00" in result.stdout
    assert "after" not in result.stdout.splitlines()[1]


def test_run_takes_phases_from_a_file_and_says_the_outcome_of_every_part(fake_slices, tmp_path):
    train = {"kind": "train", "rate": 1, "pulses": 30}
    phases = [train, {"kind": "rest", "duration": 12}, train]
    (tmp_path / "twice.json").write_text(json.dumps(phases))
    result = with_fake_slices(
        *("run", "phases", "--file", "twice.json", "--baseline", "5", "--follow-up", "10"),
        *("--slices", "2", "--out", "here"),
        cwd=tmp_path,
    )
    assert result.returncode == 0, result.stderr
    lines = result.stdout.splitlines()
    assert [line.split("  ")[0] for line in lines[:-1]] == ["2 to 12 min"] * 2 + [
        "13 to 23 min"
    ] * 2
    run = load_run(tmp_path / "here")
    assert run.spec["protocol"]["phases"][1] == {"kind": "rest", "duration": 12}
    (between,) = run.summary["phases"]
    assert between["window_min"] == [2.5, 12.5]
    assert between["pathways"]["conditioned"]["percent_expected"] == pytest.approx(70)
    assert between["pathways"]["conditioned"]["n_slices"] == 2
    assert between["pathways"]["control"]["percent_expected"] == pytest.approx(100)


def test_what_is_said_or_not_said_is_a_flag(fake_slices, tmp_path):
    words = ("--lfs-pulses", "30", "--hfs-pulses", "10", "--rest", "1", "--follow-up", "1")
    for folder, flags in (("once", ()), ("twice", ("--again",))):
        result = with_fake_slices(
            *("run", "depotentiation", *words, *flags, "--slices", "1", "--out", folder),
            cwd=tmp_path,
        )
        assert result.returncode == 0, result.stderr
        assert load_run(tmp_path / folder).spec["protocol"]["again"] == bool(flags)


def test_a_failed_run_has_exit_status_1(fake_slices, tmp_path, monkeypatch):
    monkeypatch.setenv("FAKE_FAILS", "1:raise")
    result = with_fake_slices("run", *SHORT, cwd=tmp_path)
    assert result.returncode == 1
    _, said = result.stderr.splitlines()  # after how far it is
    assert said.startswith("ca1ltd: slice 1 (seed 1) failed: ZeroDivisionError")


class FigureRuns:
    """Figures of made-up slices that are not drawn; remembers what they would be drawn from."""

    def __init__(self, monkeypatch, function):
        self.drawn = []
        missing = functools.partial(ca1ltd.cli.figure.run_missing, workers=1, function=function)
        monkeypatch.setattr(
            ca1ltd.cli.figure,
            "run_missing",
            lambda runs, workers, progress: missing(runs, progress=progress),
        )
        monkeypatch.setattr(figures, "save_figure", self.save)
        short = {"baseline": 2, "pulses": 5}
        lfs = figures.Declared("lfs", short)
        self.declare(monkeypatch, "ltd", {"lfs": lfs})
        self.declare(
            monkeypatch,
            "two",
            {
                "again": lfs,
                "ap5": figures.Declared(
                    "lfs", short, ("D-AP5=25",), {"ca": 4}, {"ca1cam.kon_can": 50}
                ),
            },
        )

    def declare(self, monkeypatch, name, runs):
        entry = figures.FigureEntry(
            name=name,
            runs=runs,
            draw=lambda runs: pytest.fail("drawn"),
            words=lambda runs: f"caption of {', '.join(runs)}",
            numbers=lambda runs: {},
        )
        monkeypatch.setitem(figures.FIGURES, name, entry)

    def save(self, name, runs, out):
        self.drawn.append(runs)
        return (out / f"{name}.png",)


@pytest.fixture
def figure_runs(monkeypatch, fake_slices, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("ca1ltd.figures.registry.FIGURES", {})
    monkeypatch.setattr(figures, "FIGURES", figures.registry.FIGURES)
    return FigureRuns(monkeypatch, fake_slices)


def test_figure_runs_three_slices_of_its_protocol_and_prints_the_caption(figure_runs, capsys):
    text = said_by(capsys, "figure", "ltd", "--out", "there")
    assert text.splitlines() == ["caption of lfs", "there/ltd.png"]
    ((run,),) = (runs.values() for runs in figure_runs.drawn)
    assert run.spec["slices"] == 3
    assert run.spec["protocol"] == protocols.lfs(baseline=2, pulses=5).as_dict()
    assert run.path.parent == Path("there/runs").absolute()


def test_a_quick_figure_is_one_slice_with_fewer_pulses_in_a_folder_of_its_own(figure_runs, capsys):
    said_by(capsys, "figure", "ltd", "--quick")
    said_by(capsys, "figure", "ltd", "--slices", "1")
    quick, one = (runs["lfs"] for runs in figure_runs.drawn)
    assert quick.spec["slices"] == one.spec["slices"] == 1
    assert quick.spec["protocol"]["test_interval"] == 60
    assert quick.spec["protocol"]["follow_up"] == 30
    assert one.spec["protocol"]["test_interval"] == 30
    assert quick.path != one.path


def test_figures_share_runs_and_are_drawn_again_from_them(
    figure_runs, capsys, monkeypatch, tmp_path
):
    said_by(capsys, "figure", "all", "--quick")
    alone, two = figure_runs.drawn
    assert alone["lfs"].path == two["again"].path
    assert len(list((tmp_path / "figures" / "runs").glob("*/run.json"))) == 2
    assert two["ap5"].spec["drugs"][0]["name"] == "D-AP5"
    assert two["ap5"].spec["conditions"]["ca_o"] == 4
    assert two["ap5"].spec["parameters"] == {"ca1cam.kon_can": 50}

    monkeypatch.setattr(ca1ltd.cli.figure, "run_missing", lambda *_, **__: pytest.fail("run"))
    said_by(capsys, "figure", "all", "--quick", "--from", "figures/runs", "--out", "again")
    assert [sorted(runs) for runs in figure_runs.drawn[2:]] == [["lfs"], ["again", "ap5"]]
    said_by(capsys, "figure", "ltd", "--from", str(alone["lfs"].path))
    assert figure_runs.drawn[-1]["lfs"].path == alone["lfs"].path


def test_a_figure_is_not_drawn_from_runs_of_different_models(figure_runs, capsys, tmp_path):
    said_by(capsys, "figure", "two", "--quick")
    (runs,) = figure_runs.drawn
    file = runs["ap5"].path / "run.json"
    described = json.loads(file.read_text())
    described["provenance"]["mechanisms"] = "others"
    file.write_text(json.dumps(described))
    assert main(["figure", "two", "--quick", "--from", "figures/runs"]) == 2
    said = capsys.readouterr().err
    assert "lacks 1 of the 2 runs of 1 slice that the figure 'two' needs (ap5)" in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("two --from figures/runs", "lacks 2 of the 2 runs of 3 slices"),
        ("all --from one", "the figure 'two' needs 2 runs, and one is the folder of one"),
    ],
)
def test_what_is_missing_of_a_figure_is_said_and_nothing_is_drawn(figure_runs, capsys, words, said):
    said_by(capsys, "figure", "ltd", "--quick")
    figure_runs.drawn[0]["lfs"].path.rename("one")
    Path("one").rename("figures/runs/one") if "figures" in words else None
    assert main(["figure", *words.split(), "--out", "none"]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1
    assert len(figure_runs.drawn) == 1
    assert not Path("none").exists()
