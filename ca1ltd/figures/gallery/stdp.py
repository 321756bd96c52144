"""The figure of spike timing: change against interval, spikes in a pair, and calcium outside."""

from collections.abc import Mapping
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ca1ltd.declared import Declared
from ca1ltd.figures.entry import FigureEntry, Runs
from ca1ltd.figures.parts import style
from ca1ltd.figures.parts.inductions import window_after
from ca1ltd.figures.parts.numbers import Number, level, outcomes, slices_text
from ca1ltd.figures.parts.points import draw_legend, draw_outcomes, draw_published, papers
from ca1ltd.figures.parts.series import Series, draw_series, highest, labels
from ca1ltd.figures.run import Run
from ca1ltd.units import s

WIDTH, HEIGHT = 180.0, 156.0
_BEFORE: Final = (-50.0, -25.0, -10.0)
_AFTER: Final = (5.0, 10.0, 25.0, 50.0)
_INTERVALS: Final = (*_BEFORE, *_AFTER)
_SPIKES: Final = {1: ("one spike", style.VERMILION, "o-"), 2: ("two spikes", style.BLUE, "s-")}
_CALCIUM: Final = (1.3, 2.5, 3.0)
_USUAL: Final = 2.5
_SIGNS: Final = {10.0: ("pulse first", style.VERMILION), -25.0: ("spike first", style.GREEN)}
_PUBLISHED: Final = {
    10.0: {1.3: "IN20_pre_post_1p3", 2.5: "IN20_pre_post_2p5", 3.0: "IN20_pre_post_3p0"},
    -25.0: {1.3: "IN20_post_pre_1p3", 2.5: "IN20_post_pre_2p5", 3.0: "IN20_post_pre_3p0"},
}


def _key(interval: float, spikes: int = 1, ca: float = _USUAL) -> str:
    outside = "" if ca == _USUAL else f"_{ca:g}_mM"
    return f"{interval:+g}_ms_{spikes}{outside}"


def _declared(interval: float, spikes: int = 1, ca: float = _USUAL) -> Declared:
    """Return the experiment of Inglebert et al. 2020 (as recollected), magnesium with calcium."""
    return Declared(
        "stdp",
        {"interval": interval, "spikes": spikes, "rate": 0.3, "pairs": 100 if interval > 0 else 150,
         "baseline": 10, "follow_up": 30},
        conditions={"ca": ca, "mg": round(ca / 1.5, 3)},
    )  # fmt: skip


def draw(runs: Runs) -> Figure:
    """Return the figure: A change against interval, B against calcium, C spines, D time courses."""
    found = numbers(runs)
    shown = {at: runs[_key(at)] for at in _SIGNS}
    series = {
        at: Series(run=run, pathway="conditioned", key=f"{_key(at)}_conditioned",
                   label=_SIGNS[at][0], colour=_SIGNS[at][1])
        for at, run in shown.items()
    }  # fmt: skip
    top = max(highest(each) for each in series.values())
    peak = max(_peak(run) for run in shown.values())
    with style.look():
        plate = style.Plate(width=WIDTH, height=HEIGHT)
        _window(plate.axes(16, 12, 92, 54), found)
        _outside(plate.axes(126, 12, 50, 54), found)
        for k, (at, run) in enumerate(shown.items()):
            _example(plate.axes(16, 87 + 36 * k, 56, 22), run, at, peak, last=k == 1)
            axes = plate.axes(101, 84 + 36 * k, 57, 25)
            draw_series(axes, [series[at]], found, top=top)
            labels(axes, x=k == 1)
        for letter, left, y in (("A", 2, 2), ("B", 112, 2), ("C", 2, 79), ("D", 87, 79)):
            plate.letter(letter, left, y)
    return plate.figure


def _window(axes: Axes, found: Mapping[str, Number]) -> None:
    axes.axhline(100, color=style.GREY, lw=0.6, dashes=(4, 3), zorder=1)
    axes.axvline(0, color=style.PALE, lw=0.6, zorder=1)
    draw_published(axes, {ids[_USUAL]: at + 1.2 for at, ids in _PUBLISHED.items()})
    for spikes, (words, colour, look) in _SPIKES.items():
        for side, label in ((_BEFORE, ""), (_AFTER, words)):
            keys = [_key(at, spikes) for at in side]
            draw_outcomes(axes, side, keys, found, colour=colour, look=look, label=label)
    draw_legend(axes, columns=3, open_points="published, one spike")
    axes.set(xlim=(-56, 56), xlabel="Interval from pulse to spike (ms)",
             ylabel="EPSP slope (% of baseline)")  # fmt: skip
    axes.set_xticks([-50, -25, -10, 0, 10, 25, 50])
    axes.margins(y=0.12)
    for x, words in ((0.25, "spike first"), (0.75, "pulse first")):
        axes.text(x, 0.01, words, transform=axes.transAxes, size=style.SMALL, color=style.GREY,
                  ha="center", va="bottom")  # fmt: skip


def _outside(axes: Axes, found: Mapping[str, Number]) -> None:
    axes.axhline(100, color=style.GREY, lw=0.6, dashes=(4, 3), zorder=1)
    for (at, (words, colour)), marker in zip(_SIGNS.items(), "os", strict=True):
        places = {_PUBLISHED[at][ca]: ca + 0.06 for ca in _CALCIUM}
        draw_published(axes, places, marker=marker)
        keys = [_key(at, ca=ca) for ca in _CALCIUM]
        draw_outcomes(axes, _CALCIUM, keys, found, colour=colour, look=f"{marker}-",
                      label=f"{words} ({at:+g} ms)")  # fmt: skip
    draw_legend(axes, columns=2)
    axes.set(xlim=(1.0, 3.3), xlabel="Calcium in the bath (mM)")
    axes.set_xticks(_CALCIUM)
    axes.margins(y=0.1)


def _peak(run: Run) -> float:
    trace = run.traces.get("spine_ca/conditioned/example")
    return 1.0 if trace is None else float(trace.values.max())


def _example(axes: Axes, run: Run, at: float, peak: float, *, last: bool) -> None:
    """Draw calcium of one conditioned spine in the first pairs."""
    words, colour = _SIGNS[at]
    axes.set_title(f"{words} ({at:+g} ms)", size=style.TEXT, loc="left", color=colour)
    axes.set(ylabel="Spine Ca$^{2+}$ (µM)", ylim=(0, 1.1 * peak))
    axes.locator_params(axis="y", nbins=4)
    if last:
        axes.set_xlabel("Time from the start of induction (s)")
    trace = run.traces.get("spine_ca/conditioned/example")
    if trace is None:
        axes.text(0.5, 0.5, "not recorded", transform=axes.transAxes, ha="center", color=style.GREY)
        return
    seconds = (trace.times - trace.times[0]) / s
    axes.plot(seconds, trace.values, color=colour, lw=0.8)
    axes.set_xlim(-0.1, seconds[-1])


def numbers(runs: Runs) -> dict[str, Number]:
    """Return the outcomes by interval (ms), spikes and, where it differs, calcium (mM)."""
    return outcomes(runs)


def caption(runs: Runs) -> str:
    """Return the caption, with the runs' own numbers."""
    found, protocol = numbers(runs), runs[_key(10.0)].spec["protocol"]

    def told(*keys: str) -> str:
        return ", ".join(level(found[f"{key}_conditioned_percent_of_baseline"], 3) for key in keys)

    pairs = " or ".join(
        f"{runs[_key(at)].spec['protocol']['pairs']} ({words})" for at, (words, _) in _SIGNS.items()
    )
    outside = [f"{told(*(_key(at, ca=ca) for ca in _CALCIUM))} at {at:+g} ms" for at in _SIGNS]
    ids = [each for by_calcium in _PUBLISHED.values() for each in by_calcium.values()]
    return (
        "Spike timing. Pulses to pathway 1 were paired with spikes that current into the soma "
        f"evoked, {pairs} times at {protocol['rate']:g} Hz. A, EPSP slope "
        f"{window_after(runs[_key(10.0)])} later in per cent of the baseline "
        f"({slices_text(runs)}; lines: without release noise) at intervals of "
        f"{', '.join(f'{at:+g}' for at in _INTERVALS)} ms in {_USUAL:g} mM calcium: "
        f"{told(*(_key(at) for at in _INTERVALS))} with one spike in a pair and "
        f"{told(*(_key(at, 2) for at in _INTERVALS))} with two. B, with one spike in "
        f"{', '.join(f'{ca:g}' for ca in _CALCIUM)} mM calcium (magnesium in proportion): "
        f"{' and '.join(outside)}. Open symbols: {papers(ids)}, with the spread that is "
        f"stated. C, calcium of a conditioned spine in the first pairs. D, time courses in "
        f"{_USUAL:g} mM calcium with one spike."
    )


FIGURE = FigureEntry(
    name="stdp",
    runs={
        **{_key(at, n): _declared(at, n) for n in _SPIKES for at in _INTERVALS},
        **{_key(at, ca=ca): _declared(at, ca=ca) for ca in _CALCIUM for at in _SIGNS},
    },
    draw=draw,
    words=caption,
    numbers=numbers,
)
