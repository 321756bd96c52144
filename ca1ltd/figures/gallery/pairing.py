"""The pairing figure: the same pulses without and with depolarisation of the cell."""

from typing import Final

from matplotlib.figure import Figure

from ca1ltd.declared import Declared
from ca1ltd.figures.entry import FigureEntry, Runs
from ca1ltd.figures.parts import style
from ca1ltd.figures.parts.inductions import window_after
from ca1ltd.figures.parts.numbers import Number, outcomes, slices_text, with_sem
from ca1ltd.figures.parts.row import ROW, Row, draw_row
from ca1ltd.figures.parts.series import both, highest

WIDTH = 180.0
_OPTIONS: Final = {"clamp": "current", "rate": 0.2, "pulses": 40, "step": 80}
_TITLES: Final = {"alone": "Pulses alone", "paired": "Pulses with depolarisation"}


def draw(runs: Runs) -> Figure:
    """Return the figure: a row for pulses alone and one for pulses with depolarisation."""
    found = numbers(runs)
    top = max(highest(each) for key in runs for each in both(key, runs[key]))
    with style.look():
        plate = style.Plate(width=WIDTH, height=2 * ROW)
        for k, (key, title) in enumerate(_TITLES.items()):
            protocol = runs[key].spec["protocol"]
            row = Row(
                letter="AB"[k],
                title=title,
                given={"conditioned": f"{protocol['rate']:g} Hz"},
                step=f"{protocol['current']:g} nA" if protocol["current"] else "",
            )
            draw_row(plate, 2 + k * ROW, row, key, runs[key], found, top=top)
    return plate.figure


def numbers(runs: Runs) -> dict[str, Number]:
    """Return the outcomes of both pathways of each run (% of baseline)."""
    return outcomes(runs)


def caption(runs: Runs) -> str:
    """Return the caption, with the runs' own numbers."""
    found, run = numbers(runs), runs["paired"]
    protocol = run.spec["protocol"]
    return (
        f"Pairing of pulses with depolarisation. A, {protocol['pulses']} pulses at "
        f"{protocol['rate']:g} Hz to pathway 1 left its EPSP at "
        f"{with_sem(found, 'alone_conditioned')} of the baseline. B, the same pulses, each with a "
        f"step of {protocol['current']:g} nA for {protocol['step']:g} ms into the soma: pathway 1 "
        f"was at {with_sem(found, 'paired_conditioned')}, pathway 2, silent meanwhile, at "
        f"{with_sem(found, 'paired_control')}. Middle, mean EPSPs before and {window_after(run)} "
        f"after induction; right, slope of the EPSP in per cent of its baseline "
        f"({slices_text(runs)}; thin lines: without release noise)."
    )


FIGURE = FigureEntry(
    name="pairing",
    runs={
        "alone": Declared("pairing", {**_OPTIONS, "current": 0}),
        "paired": Declared("pairing", {**_OPTIONS, "current": 1.5}),
    },
    draw=draw,
    words=caption,
    numbers=numbers,
)
