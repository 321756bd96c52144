"""The frequency figure: change against the rate of the induction."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ca1ltd.declared import Declared
from ca1ltd.figures.entry import FigureEntry, Runs
from ca1ltd.figures.parts import style
from ca1ltd.figures.parts.inductions import axons, inductions, window_after
from ca1ltd.figures.parts.numbers import Number, level, outcomes, slices_text
from ca1ltd.figures.parts.points import draw_legend, draw_outcomes, draw_published, papers
from ca1ltd.figures.parts.series import Series, draw_series, highest, labels
from ca1ltd.figures.run import Run

WIDTH, HEIGHT = 180.0, 150.0
_SLICE: Final = {"mg": 1.5, "ca": 2.5, "temperature": 35, "age": 35}
_RATES: Final = (0.5, 1.0, 3.0, 5.0, 10.0, 20.0, 50.0)
_TETANUS: Final = 100.0
_PUBLISHED: Final = {"DB92_0p5Hz": 0.5, "DB92_1Hz": 1.0, "DB92_10Hz": 10.0, "DB92_50Hz": 50.0}
_PUBLISHED_TETANUS: Final = {"HFS_textbook": _TETANUS}
_SHOWN: Final = (1.0, 10.0, 50.0, _TETANUS)


def _key(rate: float) -> str:
    return f"{rate:g}_Hz"


def draw(runs: Runs) -> Figure:
    """Return the figure: A outcome against rate, B to E time courses of some rates."""
    found = numbers(runs)
    with style.look():
        plate = style.Plate(width=WIDTH, height=HEIGHT)
        _function(plate.axes(16, 9, 150, 55), runs, found)
        plate.letter("A", 2, 2)
        shown = {rate: _series(rate, runs) for rate in _SHOWN}
        top = max(highest(each) for series in shown.values() for each in series)
        for k, series in enumerate(shown.values()):
            left, y = 16.0 + 88 * (k % 2), 82.0 + 34 * (k // 2)
            axes = plate.axes(left, y, 56, 24)
            draw_series(axes, series, found, top=top)
            labels(axes, x=k > 1, y=k % 2 == 0)
            plate.letter("BCDE"[k], left - 14, y - 4)
    return plate.figure


def _series(rate: float, runs: Runs) -> tuple[Series, ...]:
    key = _key(rate)
    return (
        Series(run=runs[key], pathway="conditioned", key=f"{key}_conditioned",
               label=f"{rate:g} Hz", colour=style.VERMILION),
    )  # fmt: skip


def _function(axes: Axes, runs: Runs, found: Mapping[str, Number]) -> None:
    axes.axhline(100, color=style.GREY, lw=0.6, dashes=(4, 3), zorder=1)
    for ids, marker in ((_PUBLISHED, "o"), (_PUBLISHED_TETANUS, "s")):
        draw_published(axes, {key: 1.05 * rate for key, rate in ids.items()}, marker=marker)
    pulses = runs[_key(1.0)].spec["protocol"]["pulses"]
    axes.text(1.0, 1.04, _kept(runs[_key(1.0)]), transform=axes.transAxes, ha="right",
              va="bottom", size=style.SMALL, color=style.GREY)  # fmt: skip
    draw_outcomes(axes, _RATES, [_key(rate) for rate in _RATES], found, colour=style.VERMILION,
                  label=f"{pulses} pulses")  # fmt: skip
    (tetanus,) = inductions(runs[_key(_TETANUS)])
    draw_outcomes(axes, [_TETANUS], [_key(_TETANUS)], found, colour=style.PURPLE, look="s",
                  label=tetanus.words)  # fmt: skip
    draw_legend(axes, columns=3)
    at = found["crossing_Hz"]
    if at is not None:
        axes.axvline(at, color=style.BLUE, lw=0.7, dashes=(1.5, 1.5), zorder=1)
        axes.annotate(f"crossing at {level(at)} Hz", (at, 1.0), xytext=(3, -1),
                      xycoords=("data", "axes fraction"), textcoords="offset points", va="top",
                      color=style.BLUE, size=style.SMALL)  # fmt: skip
    axes.set(xscale="log", xlim=(0.4, 150), xlabel="Rate of the induction (Hz)",
             ylabel="EPSP slope (% of baseline)")  # fmt: skip
    axes.set_xticks([*_RATES, _TETANUS], [f"{rate:g}" for rate in (*_RATES, _TETANUS)])
    axes.minorticks_off()
    axes.margins(y=0.12)


def _kept(run: Run) -> str:
    """Return what the model's slices were kept in, and of what age they are."""
    kept = run.spec["conditions"]
    return (
        f"model: {kept['age']:g} days old, {kept['temperature']:g} °C, {kept['ca_o']:g} mM "
        f"Ca$^{{2+}}$, {kept['mg_o']:g} mM Mg$^{{2+}}$"
    )


def crossing(rates: Sequence[float], percents: Sequence[float]) -> float | None:
    """Return the rate (Hz) at which per cent of baseline rises through 100, the last such.

    Between neighbouring rates it is interpolated against the logarithm of the rate; None if it
    does not rise through 100.
    """
    above = np.array(percents) - 100
    rises = np.flatnonzero((above[:-1] < 0) & (above[1:] >= 0))
    if not rises.size:
        return None
    k = rises[-1]
    part = above[k] / (above[k] - above[k + 1])
    return float(rates[k] * (rates[k + 1] / rates[k]) ** part)


def numbers(runs: Runs) -> dict[str, Number]:
    """Return the outcomes at each rate, and the rate at which they cross 100 % (Hz).

    They cross it without release noise, which baselines that all rates share would carry along.
    """
    found = outcomes(runs)
    means = [found[f"{_key(rate)}_conditioned_percent_expected"] for rate in _RATES]
    percents = [np.nan if mean is None else float(mean) for mean in means]
    return found | {"crossing_Hz": crossing(_RATES, percents)}


def caption(runs: Runs) -> str:
    """Return the caption, with the runs' own numbers."""
    found, run = numbers(runs), runs[_key(1.0)]
    conditions = run.spec["conditions"]
    percents = ", ".join(
        f"{level(found[f'{_key(rate)}_conditioned_percent_of_baseline'], 3)} "
        f"({level(found[f'{_key(rate)}_conditioned_percent_expected'], 3)}) % at {rate:g} Hz"
        for rate in _RATES
    )
    where = found["crossing_Hz"]
    turn = "It does not rise through the baseline." if where is None else (
        f"It rises through the baseline at {level(where)} Hz."
    )  # fmt: skip
    (tetanus,) = inductions(runs[_key(_TETANUS)])
    strength = runs[_key(_TETANUS)].spec["protocol"]["strength"]
    return (
        f"Plasticity against the rate of the induction. A, EPSP slope {window_after(run)} after "
        f"{run.spec['protocol']['pulses']} pulses at each rate, in per cent of the baseline "
        f"({slices_text(runs)}; {conditions['age']:g} days, {conditions['temperature']:g} °C, "
        f"{conditions['ca_o']:g} mM calcium, {conditions['mg_o']:g} mM magnesium): {percents}. "
        f"In brackets, and as a line, without release noise. {turn} "
        f"Square: a tetanus ({tetanus.words}, {axons(strength)}), "
        f"{level(found[f'{_key(_TETANUS)}_conditioned_percent_of_baseline'], 3)} %. Open symbols: "
        f"{papers(_PUBLISHED | _PUBLISHED_TETANUS)}, with the spread that is stated "
        "(the square is of usual slices, not of these). "
        f"B-E, time courses at {', '.join(f'{rate:g}' for rate in _SHOWN)} Hz."
    )


FIGURE = FigureEntry(
    name="frequency",
    runs={
        **{
            _key(rate): Declared("lfs", {"rate": rate, "pulses": 900}, conditions=_SLICE)
            for rate in _RATES
        },
        _key(_TETANUS): Declared("hfs", conditions=_SLICE),
    },
    draw=draw,
    words=caption,
    numbers=numbers,
)
