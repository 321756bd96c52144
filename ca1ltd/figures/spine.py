"""The figure of a cell's spines: calcium, potentials, and all measures beside recordings."""

import csv
import io
import json
from pathlib import Path
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ca1ltd.figures.parts import style
from ca1ltd.figures.parts.style import (
    BLUE,
    GREEN,
    GREY,
    INK,
    ORANGE,
    PALE,
    SMALL,
    VERMILION,
    Plate,
)
from ca1ltd.validation.spine_report import SpineReport, SpineTarget, spine_targets
from ca1ltd.writing import write_text

Curves = tuple[tuple[str, str, str], ...]
"""Experiments that are drawn together: key, name and colour of each."""
ALONE: Final[Curves] = (("quantum", "quantum", INK), ("spike", "spike", BLUE))
PAIRED: Final[Curves] = (
    ("pair_after_10", "spike 10 ms after", VERMILION),
    ("pair_before_10", "10 ms before", BLUE),
    ("pair_after_50", "50 ms after", GREY),
)
TREATED: Final[Curves] = (
    ("uncaged", "control", INK),
    ("dap5", "D-AP5", BLUE),
    ("snx482", "SNX-482", ORANGE),
    ("apamin", "apamin", GREEN),
)
HELD: Final[Curves] = (
    ("quantum", "rest", INK),
    ("at minus_40", "\N{MINUS SIGN}40 mV", BLUE),
    ("at 0", "0 mV", VERMILION),
)
WIDTH, HEIGHT = 180.0, 128.0  # mm
FAR: Final = 1.0
"""Widths of a range beyond its ends at which what lies farther is drawn, as a cross."""


def spines(report: SpineReport) -> Figure:
    """Draw what spines do, and their measures.

    Parameters
    ----------
    report : SpineReport
        What `validation.validate_spines` returned.
    """
    with style.look():
        plate = Plate(width=WIDTH, height=HEIGHT)
        _calcium(plate.axes(13, 8, 37, 30), report, ALONE, 100.0)
        _calcium(plate.axes(13, 50, 37, 30), report, PAIRED, 120.0)
        _calcium(plate.axes(13, 92, 37, 26), report, TREATED, 100.0)
        _calcium(plate.axes(63, 8, 29, 30), report, HELD, 150.0)
        _potentials(plate.axes(63, 50, 29, 30), report)
        _unblock(plate.axes(63, 92, 29, 26), report)
        _measures(plate.axes(151, 8, 27, 110), report)
        lefts, tops = (2, 2, 2, 52, 52, 52, 96), (2, 44, 86, 2, 44, 86, 2)
        for letter, left, top in zip("ABCDEFG", lefts, tops, strict=True):
            plate.letter(letter, left, top)
    return plate.figure


def save_spines(report: SpineReport, folder: Path) -> tuple[Path, ...]:
    """Write the figure of spines, and their measures as JSON and CSV; return the files in order."""
    name = f"spine-{report.cell}"
    pictures = style.write(spines(report), folder, name)
    table, sheet = folder / f"{name}.json", folder / f"{name}.csv"
    write_text(json.dumps(report.as_dict(), indent=2, allow_nan=False) + "\n", table)
    write_text(_sheet(report), sheet)
    return (*pictures, table, sheet)


def _sheet(report: SpineReport) -> str:
    """Return the measures as CSV, a row for each."""
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(
        ("measure", "unit", "median", "p5", "p95", "low", "high", "inside", "source", "looked_up")
    )
    for target in spine_targets():
        median = report.median(target.name)
        numbers = (f"{x:.4g}" for x in (median, *report.spread(target.name)))
        inside = "yes" if target.miss(median) == 0 else "no"
        looked_up = "yes" if target.looked_up else "no"
        writer.writerow(
            (
                target.name,
                target.unit,
                *numbers,
                f"{target.low:g}",
                f"{target.high:g}",
                inside,
                target.source,
                looked_up,
            )
        )
    return lines.getvalue()


def _calcium(axes: Axes, report: SpineReport, curves: Curves, until: float) -> None:
    """Draw calcium of a spine in some experiments, with room for their names."""
    for name, label, colour in curves:
        axes.plot(*report.curves[f"{name} calcium"], color=colour, lw=0.8, label=label)
    axes.set(xlabel="time (ms)", ylabel="calcium (µM)", xlim=(0, until))
    axes.set_ylim(0, axes.get_ylim()[1] * (1 + 0.12 * len(curves)))
    axes.legend(frameon=False, fontsize=SMALL, handlelength=1.2, loc="upper right",
                borderaxespad=0, labelspacing=0.2)  # fmt: skip


def _potentials(axes: Axes, report: SpineReport) -> None:
    for name, colour in (("head", VERMILION), ("dendrite", BLUE), ("soma", INK)):
        axes.plot(*report.curves[f"quantum {name}"], color=colour, lw=0.8, label=name)
    axes.set(xlabel="time (ms)", ylabel="potential (mV)", xlim=(0, 30))
    axes.legend(frameon=False, fontsize=SMALL, handlelength=1.2, borderaxespad=0)


def _unblock(axes: Axes, report: SpineReport) -> None:
    axes.plot(*report.curves["unblock"], color=INK, lw=0.8)
    axes.set(xlabel="time at +40 mV (ms)", ylabel="unblocked (%)", xlim=(-1, 40), ylim=(0, 105))
    axes.axvline(1, color=PALE, lw=0.6)


def _measures(axes: Axes, report: SpineReport) -> None:
    """Every measure on the range of its recordings, which is from 0 to 1."""
    names = []
    for row, target in enumerate(spine_targets(), start=1):
        names.append(target.title)
        median = report.median(target.name)
        if np.isnan(median):
            axes.text(
                0.5, row, "not shown", color=VERMILION, fontsize=SMALL, va="center", ha="center"
            )
            continue
        at, low, high = (_on(target, x) for x in (median, *report.spread(target.name)))
        colour = VERMILION if target.miss(median) > 0 else INK
        shown = np.clip([low, high, at], -FAR, 1 + FAR)
        axes.plot(shown[:2], [row, row], color=colour, lw=0.8)
        axes.plot(shown[2], row, "o" if shown[2] == at else "x", color=colour, ms=2.5)
    axes.axvspan(0, 1, color=PALE, alpha=0.3, lw=0)
    axes.set(
        xlim=(-FAR - 0.15, 1 + FAR + 0.15),
        ylim=(len(names) + 0.7, 0.3),
        xlabel="range of recordings",
        xticks=(0, 1),
        xticklabels=("low", "high"),
    )
    axes.set_yticks(range(1, len(names) + 1), names, fontsize=SMALL)
    axes.tick_params(axis="y", length=0)
    axes.set_title("median, 5-95 % of spines (x: beyond)", fontsize=SMALL, loc="right", color=GREY)


def _on(target: SpineTarget, value: float) -> float:
    return (value - target.low) / (target.high - target.low)
