"""The figure of calcium's amplitude and duration: what a clamp does, and where protocols lie."""

from collections.abc import Mapping
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import LinearSegmentedColormap, TwoSlopeNorm
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from ca1ltd.arrays import Bools, Floats
from ca1ltd.declared import Declared
from ca1ltd.figures.entry import FigureEntry, Runs
from ca1ltd.figures.parts import style
from ca1ltd.figures.parts.inductions import inductions, window_after
from ca1ltd.figures.parts.numbers import Number, level, plain
from ca1ltd.figures.run import Run
from ca1ltd.literature.judge import FALLS, RISES
from ca1ltd.units import minute, s

LEVELS: Final = (0.2, 0.35, 0.5, 0.7, 1.0, 2.0, 5.0, 10.0)
"""Of the clamp (uM)."""
DURATIONS: Final = (0.3, 1.0, 3.0, 10.0, 30.0, 60.0, 180.0)
"""Of the clamp (s)."""
PROTOCOLS: Final = {
    "1 Hz": Declared("lfs"),
    "10 Hz": Declared("lfs", options={"rate": 10}),
    "100 Hz": Declared("hfs"),
    "pairing": Declared("pairing"),
}
_DIVERGING: Final = LinearSegmentedColormap.from_list(
    "outcome", [style.BLUE, "#A9CCE3", "#FFFFFF", "#F3C7A8", style.VERMILION]
)


def _key(amplitude: float, duration: float) -> str:
    return f"{amplitude:g} uM, {duration:g} s"


def _clamp(amplitude: float, duration: float) -> Declared:
    # nothing is random in a clamp, and its outcome is that of a spine: few synapses, few tests
    return Declared(
        "calcium-clamp",
        options={"level": amplitude, "duration": duration, "baseline": 10, "test_interval": 600},
        synapses=10,
        slices=1,
    )


def outcomes(runs: Runs) -> Floats:
    """Return EPSPs after the clamps (% of baseline, noise-free), shape (durations, levels)."""
    return np.array([[_outcome(runs[_key(c, t)]) for c in LEVELS] for t in DURATIONS])


def _outcome(run: Run) -> float:
    value = run.summary["pathways"]["conditioned"]["percent_expected"]
    return float("nan") if value is None else float(value)


def exposure(run: Run) -> tuple[float, float]:
    """Return how high calcium of spines went at a release (uM), and for how long altogether (s).

    The amplitude is the peak of calcium at a release, as the summary has it. The
    duration is the time that the traced spine's calcium spent above half of its amplitude over
    rest: of all its induction if the trace covers it, otherwise of a release, times the mean
    number of releases of a spine. NaN where the traced spine did not release.
    """
    spines = run.synapses[run.synapses["pathway"] == "conditioned"]
    amplitude = float(run.summary["peak_spine_ca_uM"])
    trace = run.traces["spine_ca/conditioned/example"]
    rest = float(trace.values[0])
    above = trace.values > rest + 0.5 * (amplitude - rest)
    total = float(np.sum(np.diff(trace.times)[above[:-1]])) / s
    rises = int(np.count_nonzero(above[1:] & ~above[:-1]))
    if rises == 0:
        return amplitude, float("nan")
    if inductions(run)[-1].end * minute <= float(trace.times[-1]):
        return amplitude, total
    return amplitude, total / rises * float(spines["successes"].mean())


def numbers(runs: Runs) -> dict[str, Number]:
    """Return the outcome of every clamp, and of each protocol with its calcium."""
    table = outcomes(runs)
    found: dict[str, Number] = {
        f"percent_at_{c:g}_uM_{t:g}_s": plain(table[row, column])
        for row, t in enumerate(DURATIONS)
        for column, c in enumerate(LEVELS)
    }
    for key in PROTOCOLS:
        amplitude, duration = exposure(runs[key])
        word = key.replace(" ", "_")
        found |= {
            f"{word}_percent": plain(_outcome(runs[key])),
            f"{word}_amplitude_uM": plain(amplitude),
            f"{word}_duration_s": plain(duration),
        }
    return found


def calcium_map(runs: Runs) -> Figure:
    """Return the figure, 180 mm wide, from the finished runs of `FIGURE`."""
    with style.look():
        plate = style.Plate(width=180, height=126)
        axes = plate.axes(18, 8, 128, 84)
        colours = _map(axes, outcomes(runs))
        _protocols(plate.drawing(3, 104, 174, 20), runs, colours)
        bar = plate.figure.colorbar(colours, cax=plate.axes(153, 8, 4, 84))
        bar.set_label(f"EPSP {window_after(runs['1 Hz'])} later (% of baseline)", labelpad=4)
        bar.outline.set_visible(False)
    return plate.figure


def _map(axes: Axes, table: Floats) -> ScalarMappable:
    """Draw every clamp as a cell with its outcome, and the borders of LTD and LTP between cells."""
    x, y = np.arange(len(LEVELS)), np.arange(len(DURATIONS))
    far = max(10.0, float(np.nanmax(np.abs(table - 100)))) if np.isfinite(table).any() else 10.0
    norm = TwoSlopeNorm(100, vmin=100 - far, vmax=100 + far)
    shown = axes.pcolormesh(x, y, table, cmap=_DIVERGING, norm=norm, shading="nearest", zorder=0)
    for row, column in np.ndindex(table.shape):
        if np.isfinite(table[row, column]):
            axes.text(column, row, f"{table[row, column]:.0f}", size=style.SMALL, ha="center",
                      va="center_baseline", zorder=2)  # fmt: skip
    for inside, line in ((table < FALLS, (0, (3, 1.5))), (table > RISES, "-")):
        for start, end in borders(inside):
            axes.plot(*zip(start, end, strict=True), color=style.INK, ls=line, lw=1.1)
    axes.set(xlim=(-0.5, len(LEVELS) - 0.5), ylim=(-0.5, len(DURATIONS) - 0.5))
    axes.set_xticks(x, [f"{c:g}" for c in LEVELS])
    axes.set_yticks(y, [f"{t:g}" for t in DURATIONS])
    axes.set(xlabel="Calcium of the spines, held (µM)", ylabel="Duration (s)")
    return shown


def borders(inside: Bools) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    """Return the edges (from, to) between cells inside and outside, cells being of size 1.

    Parameters
    ----------
    inside
        Which cells are inside, shape ``(rows, columns)``; the cell of row i and column k has its
        middle at x = k, y = i.
    """
    edges: list[tuple[tuple[float, float], tuple[float, float]]] = []
    for row, column in np.argwhere(inside[:, 1:] != inside[:, :-1]).tolist():
        edges.append(((column + 0.5, row - 0.5), (column + 0.5, row + 0.5)))
    for row, column in np.argwhere(inside[1:] != inside[:-1]).tolist():
        edges.append(((column - 0.5, row + 0.5), (column + 0.5, row + 0.5)))
    return edges


def _protocols(axes: Axes, runs: Runs, colours: ScalarMappable) -> None:
    """Tell beneath the map how much calcium each protocol brings, in pulses, and what it did."""
    axes.text(0, 17.5, "Protocols, whose calcium comes in pulses and not at one level:",
              size=style.SMALL, va="center")  # fmt: skip
    for place, name in enumerate(PROTOCOLS):
        amplitude, duration = exposure(runs[name])
        percent = _outcome(runs[name])
        x = 44.0 * place
        face = colours.to_rgba(np.array([percent]))[0] if np.isfinite(percent) else "white"
        axes.add_patch(Rectangle((x, 2.0), 10.0, 10.0, fc=face, ec=style.INK, lw=0.6))
        words = "n/a" if np.isnan(percent) else f"{percent:.0f}"
        axes.text(x + 5.0, 7.0, words, size=style.SMALL, ha="center", va="center_baseline")
        axes.text(x + 12.0, 10.0, name, size=style.SMALL, weight="bold", va="center")
        axes.text(x + 12.0, 6.5, f"peaks {level(plain(amplitude))} µM", size=style.SMALL,
                  va="center")  # fmt: skip
        axes.text(x + 12.0, 3.0, f"{level(plain(duration))} s in all", size=style.SMALL,
                  va="center")  # fmt: skip


def caption(runs: Runs) -> str:
    """Return the caption, with the runs' own numbers."""
    found = numbers(runs)
    return (
        f"Which calcium depresses and which potentiates. Cells of the map: free calcium of the "
        f"conditioned spines held at a level for a time, without any pulse; the number is the EPSP "
        f"{window_after(runs['1 Hz'])} later without release noise, in per cent of its baseline, "
        f"and lines enclose what has fallen below {FALLS:g} % (dashed) and risen above {RISES:g} % "
        f"(solid). 0.7 µM for 60 s left "
        f"{level(found['percent_at_0.7_uM_60_s'], 3)} %, 10 µM for 3 s "
        f"{level(found['percent_at_10_uM_3_s'], 3)} %. Beneath: protocols with the peak of "
        f"calcium at a release and the whole time above half of it, and their own outcome (%): "
        f"{_list(found)}. A clamp lasts without a break and a protocol's calcium comes in pulses, "
        f"so that it has no place on the map."
    )


def _list(found: Mapping[str, Number]) -> str:
    return "; ".join(
        f"{key}, {level(found[f'{word}_amplitude_uM'])} µM for "
        f"{level(found[f'{word}_duration_s'])} s, {level(found[f'{word}_percent'], 3)} %"
        for key in PROTOCOLS
        for word in [key.replace(" ", "_")]
    )


FIGURE = FigureEntry(
    name="calcium-map",
    runs={_key(c, t): _clamp(c, t) for t in DURATIONS for c in LEVELS} | PROTOCOLS,
    draw=calcium_map,
    words=caption,
    numbers=numbers,
)
