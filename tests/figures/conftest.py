"""A synthetic run: the shape of a real one, made of formulas in a fraction of a second."""

import itertools
from dataclasses import dataclass, replace
from functools import cache
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from ca1ltd import protocols
from ca1ltd.analysis import percent_of_baseline, summarise
from ca1ltd.cli.figure import spec_of
from ca1ltd.declared import Declared
from ca1ltd.figures import FIGURES, ltd
from ca1ltd.figures.parts.inductions import inductions
from ca1ltd.model.own_cells import morphology_of
from ca1ltd.units import minute

PATHWAYS = ("conditioned", "control")
TIPS = {"conditioned": [-300.0, 100.0, -60.0], "control": [-300.0, 250.0, -10.0]}


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """What a synthetic run is made with; ``after`` is the conditioned pathway's final fraction."""

    slices: int = 5
    after: float = 0.67
    noise: float = 0.13
    synapses: int = 60
    interval: float = 0.5
    follow_up: float = 60.0
    cell: str = "dhc"
    drugs: tuple[dict[str, Any], ...] = ()


def course(minutes: np.ndarray, before: float, during: float, after: float) -> np.ndarray:
    """Return a level that goes from ``before`` to ``during`` in 15 min, then to ``after``."""
    minutes = np.asarray(minutes, dtype=float)
    rise = during + (before - during) * np.exp(-np.clip(minutes, 0, 15) / 3)
    end = during + (before - during) * np.exp(-5)
    fall = after + (end - after) * np.exp(-np.clip(minutes - 15, 0, None) / 6)
    return np.where(minutes < 0, before, np.where(minutes <= 15, rise, fall))


def make_run(recipe: Recipe = Recipe()) -> SimpleNamespace:
    """Return a run with the tables, traces, summary and geometry that a figure reads."""
    rng = np.random.default_rng(5)
    spec = {
        "protocol": {"name": "lfs", "rate": 1.0, "pulses": 900, "baseline": 20.0,
                     "follow_up": recipe.follow_up, "test_interval": 30.0},
        "cell": recipe.cell, "seed": 1, "slices": recipe.slices, "drugs": list(recipe.drugs),
    }  # fmt: skip
    protocol = protocols.from_dict(spec["protocol"])
    epsp, expected = _epsps(recipe, rng)
    synapses, timecourse = _synapses(recipe, rng), _timecourse(recipe)
    statistics = [{"wall_s": 250.0, "simulated_s": 5700.0}] * recipe.slices
    return SimpleNamespace(
        spec=spec, epsp=epsp, expected=expected, synapses=synapses, timecourse=timecourse,
        summary=summarise(protocol, epsp, expected, synapses, timecourse, statistics),
        traces=_traces(recipe), path=None,
        geometry={
            "electrodes": {
                name: {"tip": tip, "current_uA": 25.0, "recruited": recipe.synapses}
                for name, tip in TIPS.items()
            },
            "recording": {"section": "soma[0]", "x": 0.5},
        },
    )  # fmt: skip


def _fraction(recipe: Recipe, pathway: str, minutes: np.ndarray) -> np.ndarray:
    if pathway == "control":
        return np.ones_like(minutes)
    return course(minutes, 1.0, recipe.after - 0.07, recipe.after)


def _epsps(recipe: Recipe, rng: np.random.Generator) -> tuple[pd.DataFrame, pd.DataFrame]:
    rows, probes = [], []
    probe_times = np.array(
        [-18.0, -13.0, -8.0, -3.0, *np.arange(18.0, 15.0 + recipe.follow_up, 3.0)]
    )
    for piece in range(recipe.slices):
        for pathway, offset in zip(PATHWAYS, (0.0, recipe.interval / 2), strict=True):
            before = np.arange(-19.875, 0, recipe.interval)
            after = np.arange(15.25, 14.9 + recipe.follow_up, recipe.interval)
            times = np.concatenate((before, after)) + offset
            sizes = 2.4 * _fraction(recipe, pathway, times)
            slopes = sizes * (1 + recipe.noise * rng.standard_normal(times.size))
            rows += [(piece, pathway, t, s, 2.5 * s) for t, s in zip(times, slopes, strict=True)]
            fractions = _fraction(recipe, pathway, probe_times)
            probes += [
                (piece, pathway, t, 2.4 * f, 100 * f)
                for t, f in zip(probe_times, fractions, strict=True)
            ]
    names = ["slice", "pathway", "time_min", "epsp_slope_mV_per_ms"]
    epsp = pd.DataFrame(rows, columns=[*names, "epsp_amplitude_mV"])
    return _percents(epsp), pd.DataFrame(probes, columns=[*names, "percent_of_baseline"])


def _percents(pulses: pd.DataFrame) -> pd.DataFrame:
    percent = percent_of_baseline(pulses)
    return pulses.assign(
        percent_of_baseline=percent, fepsp_percent_of_baseline=percent, fired=False, spike="none"
    )


def _synapses(recipe: Recipe, rng: np.random.Generator) -> pd.DataFrame:
    """Return spines on random radiatum points within 60 um of each tip's depth."""
    cell = morphology_of(recipe.cell)
    pieces = cell.pieces("radiatum")
    tables = []
    for piece in range(recipe.slices):
        for pathway in PATHWAYS:
            near = np.flatnonzero(np.abs(pieces.start[:, 1] - TIPS[pathway][1]) < 60)
            chosen = pieces.start[rng.choice(near, recipe.synapses)]
            kept = recipe.after if pathway == "conditioned" else 1.0
            tables.append(pd.DataFrame({
                "slice": piece, "synapse": np.arange(recipe.synapses), "pathway": pathway,
                "x_um": chosen[:, 0], "y_um": chosen[:, 1], "z_um": chosen[:, 2],
                "ampar_anchored_before": 49.4, "ampar_anchored_after": 49.4 * kept,
                "ampar_diffusing_before": 24.2, "ampar_diffusing_after": 24.2 - 9 * (1 - kept),
                "ampar_internal_before": 56.4,
                "ampar_internal_after": 56.4 + 58.4 * (1 - kept),
                "peak_spine_ca_uM": rng.lognormal(np.log(0.9), 0.2, recipe.synapses),
                "calcineurin_active_peak": 0.42, "pp1_active_peak": 1.35,
                "camkii_pt286_peak": 0.03,
            }))  # fmt: skip
    return pd.concat(tables, ignore_index=True)


def _timecourse(recipe: Recipe) -> pd.DataFrame:
    times = np.arange(-20.0, 15.01 + recipe.follow_up, 0.5)
    tables = []
    for piece in range(recipe.slices):
        for pathway in PATHWAYS:
            on = float(pathway == "conditioned")
            kept = 1 - on * (1 - recipe.after)
            anchored = course(times, 49.4, 49.4 * kept * (1 - 0.05 * on), 49.4 * kept)
            diffusing = course(times, 24.2, 24.2 - 9 * (1 - kept), 24.2 - 9 * (1 - kept))
            tables.append(pd.DataFrame({
                "slice": piece, "pathway": pathway, "time_min": times,
                "spine_ca_uM": 0.33 + 0.01 * np.sin(7 * times)
                + 0.42 * on * ((times > 0) & (times <= 15)),
                "calcineurin_active": course(times, 0.004, 0.004 + 0.38 * on, 0.004),
                "pp1_active_uM": course(times, 0.12, 0.12 + 1.1 * on, 0.14),
                "camkii_pt286": course(times, 0.001, 0.001 + 0.02 * on, 0.001),
                "inhibitor1_p_uM": course(times, 2.6, 2.6 - 1.9 * on, 2.5),
                "s845_p": course(times, 0.61, 0.61 - 0.42 * on, 0.61 - 0.3 * on),
                "ampar_anchored": anchored, "ampar_diffusing": diffusing,
                "ampar_internal": 130 - anchored - diffusing,
            }))  # fmt: skip
    return pd.concat(tables, ignore_index=True)


def _traces(recipe: Recipe) -> dict[str, SimpleNamespace]:
    times = np.arange(-5.0, 100.0, 0.1)
    after = np.clip(times - 2.5, 0, None)
    shape = 5.6 * 1.9 * (np.exp(-after / 28) - np.exp(-after / 5))
    traces = {
        f"soma_v/{pathway}/{when}": SimpleNamespace(
            times=times, unit="mV",
            values=shape * (recipe.after if (pathway, when) == ("conditioned", "after") else 1.0),
        )
        for pathway in PATHWAYS
        for when in ("before", "after")
    }  # fmt: skip
    pulses = np.arange(0.0, 5000.0, 2.0)
    calcium = 0.06 + 0.72 * np.exp(-(pulses % 1000) / 15) * np.isin(pulses // 1000, (0, 2, 3))
    traces["spine_ca/conditioned/example"] = SimpleNamespace(
        times=pulses, unit="uM", values=calcium
    )
    return traces


@pytest.fixture(scope="session")
def run() -> SimpleNamespace:
    return make_run()


@pytest.fixture(scope="session")
def figure(run: SimpleNamespace) -> Figure:
    return ltd(run)


@pytest.fixture
def flaws_of(monkeypatch):
    """Return a function that says what is wrong with a figure's texts, of which there are many.

    It looks at the texts that are really drawn (not, say, those of ticks outside their axis).
    """

    def flaws(figure: Figure, *, least: int) -> list[str]:
        shown: list[Text] = []
        draw = Text.draw

        def recording(text, renderer):
            if text.get_visible() and text.get_text().strip():
                shown.append(text)
            draw(text, renderer)

        with monkeypatch.context() as patch:
            patch.setattr(Text, "draw", recording)
            FigureCanvasAgg(figure).draw()
        assert len(shown) >= least
        found = [f"{each.get_text()} is small" for each in shown if each.get_fontsize() < 6.5]
        boxes = [(each.get_text(), each.get_window_extent()) for each in shown]
        page = figure.bbox
        for word, b in boxes:
            if b.x0 < page.x0 or b.y0 < page.y0 or b.x1 > page.x1 or b.y1 > page.y1:
                found.append(f"{word} is clipped")
        for (word, a), (other, b) in itertools.combinations(boxes, 2):
            if min(a.x1, b.x1) - max(a.x0, b.x0) > 1 and min(a.y1, b.y1) - max(a.y0, b.y0) > 1:
                found.append(f"{word} lies over {other}")
        return found

    return flaws


@pytest.fixture
def make():
    """Return a function that makes a run with some ingredients changed."""
    return lambda **changes: make_run(replace(Recipe(), **changes))


def follow(minutes: np.ndarray, starts: list[float], levels: tuple[float, ...]) -> np.ndarray:
    """Return a course that goes to the next level, exponentially, from each induction on."""
    value = np.ones_like(minutes)
    for start, level in zip(starts, levels, strict=True):
        later = minutes >= start
        now = np.interp(start, minutes, value)
        value[later] = level + (now - level) * np.exp(-(minutes[later] - start) / 4)
    return value


@cache
def _base(slices: int) -> SimpleNamespace:
    return make_run(Recipe(slices=slices))


def made_up(
    declared: Declared, after: dict[str, tuple[float, ...]], slices: int
) -> SimpleNamespace:
    """Return a run of a declared experiment whose pathways go to these levels, one by one."""
    spec = spec_of(declared, slices=slices, quick=False)
    protocol, base, rng = spec.protocol, _base(slices), np.random.default_rng(3)
    rows, probes = [], []
    run = SimpleNamespace(**vars(base) | {"spec": spec.as_dict(), "traces": dict(base.traces)})
    starts = [each.start for each in inductions(run)]
    for piece in range(slices):
        for pathway in PATHWAYS:
            levels = after.get(pathway, (1.0,) * len(starts))
            times = np.array(
                [p.time for p in protocol.pulses() if p.kind == "test" and p.pathways == (pathway,)]
            )
            probed = np.array([time for time, each in protocol.probe_times() if each == pathway])
            for at, into, noise in ((times, rows, 0.13), (probed, probes, 0.0)):
                minutes = (at - protocol.induction_start) / minute
                sizes = (
                    2.4
                    * follow(minutes, starts, levels)
                    * (1 + noise * rng.standard_normal(at.size))
                )
                into += [
                    (piece, pathway, t, s, 2.5 * s) for t, s in zip(minutes, sizes, strict=True)
                ]
    names = ["slice", "pathway", "time_min", "epsp_slope_mV_per_ms", "epsp_amplitude_mV"]
    run.epsp, run.expected = (
        _percents(pd.DataFrame(each, columns=names)) for each in (rows, probes)
    )

    run.summary = summarise(protocol, run.epsp, run.expected, run.synapses, run.timecourse, [])
    for pathway in PATHWAYS:
        size = after.get(pathway, (1.0,))[-1]
        before = run.traces[f"soma_v/{pathway}/before"]
        run.traces[f"soma_v/{pathway}/after"] = SimpleNamespace(
            times=before.times, values=before.values * size, unit="mV"
        )
    return run


@pytest.fixture
def made():
    """Return a function that makes the runs of a figure, each pathway with its levels."""

    def runs_of(name: str, levels: dict[str, dict[str, tuple[float, ...]]], slices: int = 3):
        declared = FIGURES[name].runs
        return {key: made_up(each, levels.get(key, {}), slices) for key, each in declared.items()}

    return runs_of
