"""Figures of receptors, signalling, drugs and calcium, from runs made of formulas."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

from ca1ltd import protocols
from ca1ltd.figures import FIGURES
from ca1ltd.figures.gallery.calcium_map import LEVELS, PROTOCOLS, borders, exposure, outcomes
from ca1ltd.figures.gallery.nmda_block import POTENTIALS
from ca1ltd.figures.gallery.pharmacology import ROWS
from ca1ltd.figures.gallery.signalling import shares
from ca1ltd.figures.parts.inductions import words_of
from ca1ltd.protocols import Train


def clamp_run(mg, scale=1.0):
    """Currents and calcium by the block of Jahr & Stevens, spines at .7 times the command."""
    rows = []
    for piece in range(2):
        for command in POTENTIALS:
            v = 0.7 * command
            g = scale / (1 + mg / 3.57 * np.exp(-0.062 * v))
            rise = 3 * g * (60 - v) / 60
            rows.append((piece, "conditioned", command, v, g * v, g * v / 2, 0.06, 0.06 + rise))
    names = ["slice", "pathway", "holding_mV", "spine_v_mV", "epsc_pA", "epsc_late_pA",
             "spine_ca_before_uM", "spine_ca_uM"]  # fmt: skip
    spec = {"protocol": {"name": "current-voltage"}, "conditions": {"mg_o": mg}, "synapses": 60}
    return SimpleNamespace(
        spec=spec, epsp=pd.DataFrame(rows, columns=names), summary={"pathways": {}}
    )


def silent_run(after):
    times = np.arange(-4.0, 59.0, 0.1)
    later = np.clip(times - 2, 0, None)
    fast, slow = (1e-9 + later * np.exp(-later / tau) for tau in (3.0, 30.0))
    rows = [
        (0, -1.0, -65.0, -1.0, -0.5), (0, -0.5, 40.0, 9.0, 5.0),
        *((0, t, -65.0, -after, -0.6) for t in (2.0, 21.0, 30.0)), (0, 31.0, 40.0, 12.0, 5.5),
    ]  # fmt: skip
    names = ["slice", "time_min", "holding_mV", "epsc_pA", "epsc_late_pA"]
    traces = {
        f"soma_i/conditioned/{place}/{when}": SimpleNamespace(times=times, values=size * shape)
        for place, when, size, shape in (
            ("-65", "before", -0.1, slow), ("40", "before", 0.5, slow),
            ("-65", "after", -after / 2, fast), ("40", "after", 0.6, slow),
        )
    }  # fmt: skip
    return SimpleNamespace(
        spec={
            "protocol": {"name": "clamped-pairing", "pairs": 150, "potential": 0.0},
            "synapses": 12,
            "parameters": {"ca1ampar.slots_rest": 0.0},
        },
        epsp=pd.DataFrame(rows, columns=names),
        summary={"window_min": [20.0, 30.0], "pathways": {}},
        traces=traces,
    )


def induced(make, name, after, **spec):
    run = make(after=after, slices=2)
    run.spec["protocol"] |= spec | {"name": name}
    run.synapses["successes"] = 300
    return run


@pytest.fixture
def lfs(make):
    return induced(make, "lfs", 0.7)


@pytest.fixture
def hfs(make):
    run = induced(make, "hfs", 1.4)
    del run.spec["protocol"]["pulses"], run.spec["protocol"]["rate"]
    run.summary["peak_spine_ca_uM"] *= 6
    run.synapses["camkii_pt286_peak"] *= 10
    return run


def outcome(conditioned, control=100.0):
    pathways = {
        pathway: {"percent_of_baseline": value, "percent_expected": value, "sem": 2.0,
                  "n_slices": 2}
        for pathway, value in (("conditioned", conditioned), ("control", control))
    }  # fmt: skip
    return SimpleNamespace(
        spec={"protocol": protocols.lfs().as_dict(), "slices": 2},
        summary={"pathways": pathways, "window_min": [65.0, 75.0]},
    )


def words(figure):
    return [text.get_text() for text in figure.findobj(Text) if text.get_text().strip()]


def drawn(name, runs):
    """Numbers, caption and words of a figure, whose runs have the names that it declares."""
    entry = FIGURES[name]
    assert set(runs) == set(entry.runs)
    figure = entry.draw(runs)
    assert figure.get_size_inches()[0] * 25.4 == pytest.approx(180.0)
    figure.canvas.draw()
    return entry.numbers(runs), entry.caption(runs), words(figure)


def test_magnesium_blocks_at_rest_and_calcium_peaks_in_between():
    runs = {"blocked": clamp_run(1.3), "free": clamp_run(0.0), "ampa": clamp_run(0.0, 3.0)}
    found, caption, shown = drawn("nmda-block", runs)
    block = 100 / (1 + 1.3 / 3.57 * np.exp(0.062 * 42))
    assert found["rest_unblocked_percent"] == pytest.approx(block)
    assert found["reversal_mV"] == pytest.approx(0, abs=1e-9)
    curve = {
        c: 3 * (60 - 0.7 * c) / 60 / (1 + 1.3 / 3.57 * np.exp(-0.0434 * c)) for c in POTENTIALS
    }
    assert found["depolarised_clamp_mV"] == max(curve, key=curve.get)
    assert found["ca_ratio"] == pytest.approx(max(curve.values()) / curve[-60.0])
    assert f"{block:.0f} % of the current" in caption
    assert "-126" not in caption  # a minus sign and no hyphen
    assert "\N{MINUS SIGN}126 pA" in shown  # 3 nS at -42 mV


def test_silent_synapses_speak_after_pairing(lfs, hfs):
    found, caption, shown = drawn(
        "ampar-traffic", {"lfs": lfs, "hfs": hfs, "silent": silent_run(50)}
    )
    assert found["before_rest_epsc_pA"] == -1.0
    assert found["after_rest_epsc_pA"] == -50.0
    assert found["before_depolarised_epsc_late_pA"] == 5.0
    assert found["lfs_anchored_percent"] == pytest.approx(70)
    assert found["hfs_anchored_percent"] == pytest.approx(140)
    assert "left 50 pA at -65 mV" in caption
    assert "12 synapses of each pathway made silent by a parameter" in caption
    assert any("12 synapses" in text and "slots_rest = 0" in text for text in shown)
    assert "before pairing" in shown


def test_the_map_of_a_synapse_has_a_dot_for_every_receptor(lfs, hfs):
    runs = {"lfs": lfs, "hfs": hfs, "silent": silent_run(50)}
    figure = FIGURES["ampar-traffic"].draw(runs)
    dots = [len(line.get_xdata()) for axes in figure.axes for line in axes.lines
            if line.get_marker() == "o" and line.get_markersize() == 2.0]  # fmt: skip
    assert dots == [
        49,
        24,
        round(0.7 * 49.4),
        round(24.2 - 2.7),
        round(1.4 * 49.4),
        round(24.2 + 3.6),
    ]


def test_arrows_of_the_wiring_are_as_thick_as_what_they_come_from(lfs, hfs):
    found, caption, shown = drawn("signalling", {"lfs": lfs, "hfs": hfs})
    low, high = (shares(found, side) for side in ("lfs", "hfs"))
    assert low["calcium"] == pytest.approx(1 / 6)
    assert (high["calcium"], high["camkii"]) == (1.0, 1.0)
    assert low["camkii"] == pytest.approx(0.1)
    assert found["lfs_can_driven"] == pytest.approx(42)  # the spines', not of the time course
    assert found["lfs_i1p_driven"] == lfs.timecourse["inhibitor1_p_uM"].min()
    assert words_of(Train(rate=1, n_pulses=900)) in shown
    assert "AMPA receptors at the synapse went from 49.4 to" in caption


def test_a_readout_is_the_same_in_every_figure(lfs, hfs):
    found = FIGURES["signalling"].numbers({"lfs": lfs, "hfs": hfs})
    alone = FIGURES["ltd"].numbers({"lfs": lfs})
    traffic = FIGURES["ampar-traffic"].numbers({"lfs": lfs, "hfs": hfs, "silent": silent_run(50)})
    for name, others in {
        "can_driven": "calcineurin_percent_peak",
        "i1p_driven": "inhibitor1_p_uM_lowest",
        "pp1_driven": "pp1_uM_peak",
        "camkii_driven": "camkii_pt286_percent_peak",
        "s845_before": "s845_p_percent_before",
        "s845_driven": "s845_p_percent_after",
        "ampar_driven": "ampar_anchored_after",
        "calcium_driven": "peak_spine_ca_uM",
    }.items():
        assert found[f"lfs_{name}"] == alone[others], name
    assert alone["calcineurin_percent_peak"] == 100 * lfs.summary["calcineurin_active_peak"]
    assert alone["pp1_uM_peak"] == lfs.summary["pp1_active_peak"]
    assert traffic["lfs_anchored_after"] == alone["ampar_anchored_after"]


def test_every_drug_stands_beside_its_published_outcome():
    runs = {row.key(side): outcome(70.0 + k if side == "lfs" else 150.0)
            for k, row in enumerate(ROWS) for side in ("lfs", "hfs")}  # fmt: skip
    found, caption, shown = drawn("pharmacology", runs)
    assert found["lfs, D-AP5_conditioned_percent_of_baseline"] == 71.0
    assert "D-AP5 71.0" in caption
    assert "EPSP slope 50-60 min later (% of baseline)" in shown
    assert "Mulkey RM, Malenka RC (1992)" in caption
    assert "KN-62" in shown
    known = sum(row.published(side) is not None for row in ROWS for side in ("lfs", "hfs"))
    assert shown.count("no published value known") == 2 * len(ROWS) - known
    papers = [row.published("lfs") for row in ROWS]
    assert papers[0].mean == 68
    assert papers[2] is None  # ifenprodil


def test_the_map_of_calcium_has_every_clamp_and_the_protocols(lfs, hfs):
    entry = FIGURES["calcium-map"]
    runs = {key: outcome(130.0 if float(key.split()[0]) > 1 else 80.0)
            for key in entry.runs if key not in PROTOCOLS}  # fmt: skip
    table = outcomes(runs)
    assert table.shape == (7, len(LEVELS))
    assert (table[:, 0] == 80).all()
    assert (table[:, -1] == 130).all()
    runs |= dict.fromkeys(PROTOCOLS, lfs) | {"100 Hz": hfs}
    found, caption, shown = drawn("calcium-map", runs)
    assert found["percent_at_0.7_uM_60_s"] == 80.0
    assert "0.7 µM for 60 s left 80.0 %" in caption
    axes = entry.draw(runs).axes[0]
    cells = [text.get_text() for text in axes.texts]
    assert cells.count("130") == 7 * sum(level > 1 for level in LEVELS)
    # no line, border or mark of a protocol lies on a number: all run between the cells
    places = np.concatenate([np.ravel(line.get_data()) for line in axes.lines])
    assert len(places)
    assert set(places % 1) == {0.5}
    assert {"1 Hz", "70", "100 Hz", "140"} <= set(shown)
    assert exposure(lfs)[0] == found["1_Hz_amplitude_uM"] == lfs.summary["peak_spine_ca_uM"]


def test_borders_run_around_what_is_inside():
    inside = np.array([[False, False], [True, False]])
    assert borders(inside) == [((0.5, 0.5), (0.5, 1.5)), ((-0.5, 0.5), (0.5, 0.5))]
    assert borders(np.ones((2, 3), dtype=bool)) == []


def test_exposure_is_the_time_above_half_of_the_amplitude(lfs, hfs):
    amplitude = exposure(lfs)[0]
    times = np.arange(-1.0, 5000.0, 0.1)
    high = np.isin(times // 1000, (0, 2, 3)) & (times % 1000 < 20)  # three releases of 20 ms
    values = np.where(high, amplitude, 0.06)
    for run in (lfs, hfs):
        run.traces["spine_ca/conditioned/example"] = SimpleNamespace(times=times, values=values)
    assert exposure(lfs)[1] == pytest.approx(300 * 0.020, rel=0.01)  # 300 releases, 5 s traced
    # the whole induction is traced: what one spine had; its amplitude is six times as high
    assert np.isnan(exposure(hfs)[1])
    run_of_it = np.where(high, 6 * amplitude, 0.06)
    hfs.traces["spine_ca/conditioned/example"] = SimpleNamespace(times=times, values=run_of_it)
    assert exposure(hfs)[1] == pytest.approx(0.060, rel=0.01)


def test_a_spine_that_never_released_has_no_duration_and_no_place(lfs):
    trace = lfs.traces["spine_ca/conditioned/example"]
    quiet = SimpleNamespace(times=trace.times, values=np.full_like(trace.values, 0.06))
    lfs.traces["spine_ca/conditioned/example"] = quiet
    assert np.isnan(exposure(lfs)[1])
