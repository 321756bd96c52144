"""Plots of sweeps: what lies along the axis, what the points are, and what is told of them."""

import json

import numpy as np
import pandas as pd
import pytest

import ca1ltd as ltd
from ca1ltd.cli import main
from ca1ltd.errors import BadInput
from ca1ltd.experiment.sweep.axes import CONCENTRATION, lay_out
from ca1ltd.figures.parts.swept import outcome_of, points_of
from ca1ltd.figures.sweep import MOST_CURVES, draw, save_sweep


def table_of(rows):
    table = pd.DataFrame(rows)
    table.insert(0, "run", [f"run-{k:04d}" for k in range(len(table))])
    size = np.arange(len(table), dtype=float)
    return table.assign(
        conditioned_percent_of_baseline=60 + size,
        conditioned_sem=1 + size / 10,
        conditioned_percent_expected=70 + size,
        control_percent_of_baseline=100.0,
    )


def laid_out(rows, protocol="lfs", along=None):
    swept = [name for name in rows[0] if len({row[name] for row in rows}) > 1]
    return lay_out(table_of(rows), swept, protocol, along=along)


def picture(layout, column=None):
    outcome = outcome_of(layout.table, column)
    points = points_of(layout.table, outcome)
    figure = draw(points, outcome, title=layout.title, log=layout.log)
    return points, figure.axes[0]


DOSES = [{"drug": "none"}, *({"drug": f"D-AP5={dose:g}@-10..15"} for dose in (0.1, 1, 10, 100))]


def test_a_dose_response_lies_along_the_logarithm_of_the_concentration_beside_no_drug():
    layout = laid_out(DOSES)
    assert layout.name == CONCENTRATION
    assert layout.title == "Concentration of D-AP5 (µM)"
    points, axes = picture(layout)
    assert axes.get_xscale() == "log"
    assert list(points["x"][1:]) == [0.1, 1, 10, 100]
    assert np.isnan(points["x"][0])
    assert list(dict.fromkeys(points["curve"])) == ["no drug", "D-AP5@-10..15"]
    labels = [text.get_text() for text in axes.get_legend().get_texts()]
    assert set(labels) == {"no drug", "D-AP5@-10..15", "without release noise"}


def test_what_is_given_beside_the_dose_tells_curves_apart():
    others = ("FK506=1", "KN-62=2")
    rows = [{"drug": f"D-AP5={dose}+{other}"} for dose in (1, 10) for other in others]
    layout = laid_out(rows)
    assert sorted(set(layout.table["curve"])) == ["D-AP5 + FK506=1", "D-AP5 + KN-62=2"]
    assert list(layout.table["x"]) == [1, 1, 10, 10]


def test_drugs_of_one_concentration_stand_below_each_other():
    layout = laid_out([{"drug": each} for each in ("none", "D-AP5=50", "FK506=1")])
    assert (layout.name, layout.numeric) == ("drug", False)
    _, axes = picture(layout)
    words = [label.get_text() for label in axes.get_yticklabels()]
    assert words == ["no drug", "D-AP5=50", "FK506=1"]
    assert axes.get_xlabel() == "EPSP slope (% of baseline)"


@pytest.mark.parametrize(
    ("name", "values", "title", "scale"),
    [
        ("rate", [0.5, 1.0, 3.0], "Rate of the induction (Hz)", "log"),
        ("pulses", [100, 300, 900, 1000], "Pulses of the induction", "linear"),
        ("ca", [1.5, 2.5, 3.5], "Calcium in the bath (mM)", "linear"),
        ("ca1nmda.g_max", [7e-5, 8e-5, 9e-5], "ca1nmda.g_max (uS)", "linear"),
        ("ca1nmda.g_max", [1e-5, 1e-4, 1e-3], "ca1nmda.g_max (uS)", "log"),
        ("synapses", [20, 40], "Synapses in each pathway", "linear"),
    ],
)
def test_a_number_lies_along_its_axis_with_its_unit(name, values, title, scale):
    layout = laid_out([{name: value} for value in values])
    assert layout.title == title
    points, axes = picture(layout)
    assert list(points["x"]) == values
    assert axes.get_xscale() == scale
    assert axes.get_xlabel() == title


def test_an_interval_has_the_unit_of_its_protocol():
    rows = [{"interval": float(value)} for value in (-20, 10, 20)]
    assert laid_out(rows, "stdp").title.endswith("(ms)")


def test_points_are_means_and_sems_and_the_line_is_what_is_expected():
    rows = [{"rate": rate, "age": age} for rate in (1.0, 3.0, 10.0) for age in (17.0, 60.0)]
    layout = laid_out(rows)
    points, axes = picture(layout)
    assert set(points["curve"]) == {"age 17", "age 60"}
    young = points[points["curve"] == "age 17"]
    assert list(young["mean"]) == [60, 62, 64]
    assert list(young["sem"]) == pytest.approx([1, 1.2, 1.4])
    line = next(line for line in axes.get_lines() if len(line.get_xdata()) == 3)
    assert list(line.get_ydata()) == [70, 72, 74]


def test_runs_of_other_seeds_are_one_point():
    rows = [{"rate": rate, "seed": seed} for rate in (1.0, 3.0) for seed in (1, 2, 3)]
    points, _ = picture(laid_out(rows))
    assert list(points["mean"]) == [61, 64]
    assert list(points["sem"]) == pytest.approx([1 / np.sqrt(3)] * 2)
    assert list(points["runs"]) == [3, 3]


def test_another_axis_and_another_column_may_be_asked_for():
    rows = [{"rate": rate, "age": age} for rate in (1.0, 3.0, 10.0) for age in (17.0, 60.0)]
    layout = laid_out(rows, along="age")
    assert (layout.name, layout.log) == ("age", False)
    points, axes = picture(layout, "control_percent_of_baseline")
    assert set(points["mean"]) == {100}
    assert axes.get_ylabel() == "control percent of baseline"


@pytest.mark.parametrize(
    ("rows", "along", "words"),
    [
        ([{"seed": 1}, {"seed": 2}], None, "differ in nothing but their seed"),
        ([{"rate": 1.0}, {"rate": 2.0}], "age", "'age' was not swept: rate was"),
        ([{"drug": "none"}, {"drug": "FK506=1"}], CONCENTRATION, "no drug was swept in several"),
    ],
)
def test_what_cannot_be_plotted_is_one_sentence(rows, along, words):
    with pytest.raises(BadInput, match=words):
        laid_out(rows, along=along)


def test_more_curves_than_can_be_told_apart_are_refused():
    ages = range(10, 11 + MOST_CURVES)
    rows = [{"rate": rate, "age": float(age)} for rate in (1.0, 3.0) for age in ages]
    with pytest.raises(BadInput, match="9 curves in one plot, and 8 can be told apart"):
        picture(laid_out(rows, along="rate"))
    with pytest.raises(BadInput, match="no number 'nonsense': it has rate"):
        picture(laid_out([{"rate": 1.0}, {"rate": 2.0}]), "nonsense")


def test_the_caption_has_the_numbers_and_the_same_runs_give_the_same_bytes(tmp_path):
    layout = laid_out(DOSES)
    said = {"title": layout.title, "log": layout.log, "column": None}
    caption, files = save_sweep(layout.table, tmp_path / "a", "doses", **said)
    assert "no drug: 60 ± 1 (70)" in caption
    assert "D-AP5@-10..15, 10: 63 ± 1.3 (73)" in caption
    told = json.loads((tmp_path / "a" / "doses.json").read_text())
    assert told["caption"] == caption
    assert [point["mean"] for point in told["points"]] == [60, 61, 62, 63, 64]
    assert told["points"][0]["x"] is None
    again = save_sweep(layout.table, tmp_path / "b", "doses", **said)[1]
    assert [file.read_bytes() for file in files] == [file.read_bytes() for file in again]


def test_the_command_line_plots_a_sweep_either_way(capsys, tmp_path, fake_slices):
    short = {"baseline": 1, "follow-up": 1, "test-interval": 10, "pulses": 20, "slices": 2}
    swept = tmp_path / "rates"
    specs = ltd.grid("lfs", {**short, "rate": [1, 5]})
    ltd.sweep(specs, swept, workers=1, function=fake_slices)
    for words in (("sweep", "plot", str(swept)), ("figure", "sweep", "--from", str(swept))):
        out = tmp_path / words[0]
        assert main([*words, "--out", str(out)]) == 0
        said = capsys.readouterr().out
        assert "EPSP slope (% of baseline) against rate of the induction (Hz)" in said
        for end in ("png", "svg", "pdf", "json", "txt"):
            assert (out / f"sweep-{swept.name}.{end}").stat().st_size > 0
            assert f"sweep-{swept.name}.{end}" in said
    assert main(["figure", "sweep"]) == 2
    assert "give its folder with --from" in capsys.readouterr().err
    assert main(["sweep", "plot", str(tmp_path / "none")]) == 2
    assert "holds no sweep" in capsys.readouterr().err
