"""The figure of a cell: its measures beside recordings."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ca1ltd.figures.parts import style
from ca1ltd.figures.parts.numbers import signed
from ca1ltd.figures.parts.style import BLUE, GREY, INK, PALE, SMALL, TEXT, VERMILION, Plate
from ca1ltd.validation.report import CellReport, Target, targets
from ca1ltd.writing import write_text

WIDTH, HEIGHT = 180.0, 150.0  # mm
TOPS: Final = (2, 51, 100, 2, 51, 100, 2)  # mm, of the letters
FAR: Final = 4.0
"""Z-scores beyond this are drawn at it, with their number."""


def cell(report: CellReport) -> Figure:
    """Draw a cell's responses and measures.

    Parameters
    ----------
    report : CellReport
        What `validation.validate` returned.
    """
    with style.look():
        plate = Plate(width=WIDTH, height=HEIGHT)
        _steps(plate.axes(13, 8, 48, 34), report)
        _firing(plate.axes(13, 57, 48, 34), report)
        _trunk(plate.axes(13, 106, 48, 34), report)
        _epsps(plate.axes(76, 8, 32, 34), report)
        _oblique(plate.axes(76, 57, 32, 34), report)
        _block(plate.axes(76, 106, 32, 34), report)
        _scores(plate.axes(146, 8, 31, 132), report)
        for letter, left, top in zip("ABCDEFG", (2, 2, 2, 66, 66, 66, 112), TOPS, strict=True):
            plate.letter(letter, left, top)
    return plate.figure


def save_cell(report: CellReport, folder: Path) -> tuple[Path, ...]:
    """Write the figure of a cell and its measures as JSON; return the files, the picture first."""
    name = f"cell-{report.cell}"
    pictures = style.write(cell(report), folder, name)
    table = folder / f"{name}.json"
    write_text(json.dumps(report.as_dict(), indent=2, allow_nan=False) + "\n", table)
    return (*pictures, table)


def _steps(axes: Axes, report: CellReport) -> None:
    for current in (-0.25, -0.15, -0.05, 0.1, 0.2):
        times, potential = report.curves[f"step {current:g}"]
        colour = INK if current < 0 else VERMILION if current > 0.15 else BLUE
        axes.plot(times, potential, color=colour, lw=0.6)
    axes.set(xlabel="time from onset (ms)", ylabel="soma (mV)")
    axes.set_title("steps of -0.25 to 0.2 nA", fontsize=TEXT, loc="left")


def _firing(axes: Axes, report: CellReport) -> None:
    currents, rates = report.curves["f-I"]
    axes.plot(currents, rates, "o-", color=INK, ms=2.5, lw=0.8)
    onset = _target("block_onset")
    mean, sd = onset.kinds[0]
    axes.axvspan(mean - sd, mean + sd, color=PALE, alpha=0.35, lw=0)
    axes.set(xlabel="current (nA)", ylabel="rate (Hz)", ylim=(0, None))
    axes.set_title("grey: block in recordings", fontsize=TEXT, loc="left", color=GREY)


def _trunk(axes: Axes, report: CellReport) -> None:
    for which, colour in (("first", VERMILION), ("last", BLUE)):
        axes.plot(*report.curves[f"bAP {which}"], "o-", color=colour, ms=3, lw=0.8)
        names = [target for target in targets() if target.name.startswith(f"bap_{which}_")]
        _recordings(axes, names, colour)
        axes.plot([], [], "o-", color=colour, ms=3, lw=0.8, label=f"{which} spike")
    axes.plot([], [], "s", color=GREY, ms=3, mfc="none", label="recordings")
    axes.legend(frameon=False, fontsize=SMALL, handlelength=1.2)
    axes.set(xlabel="distance from soma (µm)", ylabel="height in trunk (mV)", ylim=(0, None))


def _epsps(axes: Axes, report: CellReport) -> None:
    axes.plot(*report.curves["EPSP attenuation"], "o", color=INK, ms=2.5)
    names = [target for target in targets() if target.name.startswith("epsp_attenuation_")]
    _recordings(axes, names, GREY)
    axes.set(xlabel="distance (µm)", ylabel="EPSP, soma/dendrite", ylim=(0, 1))


def _oblique(axes: Axes, report: CellReport) -> None:
    if "oblique" in report.curves:
        times, potential = report.curves["oblique"]
        axes.plot(times, potential, color=INK, lw=0.8)
        axes.set_xlim(-5, 50)
    axes.set(xlabel="time (ms)", ylabel="soma (mV)")
    axes.set_title("5 inputs on an oblique", fontsize=TEXT, loc="left")


def _block(axes: Axes, report: CellReport) -> None:
    mean, sd = _target("block_plateau").kinds[0]
    axes.axhspan(mean - sd, mean + sd, color=PALE, alpha=0.35, lw=0)
    if "block" in report.curves:
        axes.plot(*report.curves["block"], color=INK, lw=0.6)
    axes.set(xlabel="time from onset (ms)", ylabel="soma (mV)")
    axes.set_title("depolarisation block", fontsize=TEXT, loc="left")


def _scores(axes: Axes, report: CellReport) -> None:
    """Every measure's z-score, the groups apart."""
    row, groups = 0.0, ""
    ticks, names = [], []
    for target in targets():
        z = target.z_score(report.values[target.name])
        if z is None:
            continue
        row += 1.0 if target.group == groups else 1.8
        groups = target.group
        colour = VERMILION if abs(z) > 2 else INK
        if np.isnan(report.values[target.name]):
            axes.text(0.3, row, "not shown", color=colour, fontsize=SMALL, va="center")
        else:
            shown = float(np.clip(z, -FAR, FAR))
            axes.plot([0, shown], [row, row], color=colour, lw=0.8)
            axes.plot(shown, row, "o" if abs(z) <= FAR else "x", color=colour, ms=2.5)
            if abs(z) > FAR:
                axes.annotate(signed(z), (shown, row), xytext=(0, 2), size=SMALL, va="bottom",
                              textcoords="offset points", color=colour,
                              ha="left" if z < 0 else "right")  # fmt: skip
        ticks.append(row)
        names.append(target.name.replace("_", " "))
    axes.axvspan(-2, 2, color=PALE, alpha=0.25, lw=0)
    axes.axvline(0, color=GREY, lw=0.5)
    axes.set(xlim=(-FAR - 0.3, FAR + 0.3), ylim=(row + 1, 0.5), xlabel="z-score (x: beyond)")
    axes.set_yticks(ticks, names, fontsize=SMALL)
    axes.tick_params(axis="y", length=0)


def _recordings(axes: Axes, chosen: Iterable[Target], colour: str) -> None:
    for target in chosen:
        at = float(target.name.rsplit("_", 1)[1])
        for mean, sd in target.kinds:
            axes.errorbar(
                at + 6, mean, sd, fmt="s", color=colour, ms=3, mfc="none", lw=0.6, alpha=0.8
            )


def _target(name: str) -> Target:
    return next(target for target in targets() if target.name == name)
