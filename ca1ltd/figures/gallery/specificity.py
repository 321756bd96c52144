"""The figure of specificity and associativity: strong and weak input to two pathways."""

from typing import Final

from matplotlib.figure import Figure

from ca1ltd.declared import Declared
from ca1ltd.figures.entry import FigureEntry, Runs
from ca1ltd.figures.parts import style
from ca1ltd.figures.parts.inductions import axons, inductions, window_after
from ca1ltd.figures.parts.numbers import Number, outcomes, slices_text, with_sem
from ca1ltd.figures.parts.row import ROW, Row, draw_row
from ca1ltd.figures.parts.series import both, highest

WIDTH = 180.0
_ROWS: Final = {
    "strong": ("Strong alone", {"conditioned": "strong"}),
    "weak": ("Weak alone", {"control": "weak"}),
    "both": ("Weak with strong", {"conditioned": "strong", "control": "weak"}),
}


def draw(runs: Runs) -> Figure:
    """Return the figure: a row for the strong input, one for the weak one, one for both."""
    found = numbers(runs)
    top = max(highest(each) for key in runs for each in both(key, runs[key]))
    with style.look():
        plate = style.Plate(width=WIDTH, height=3 * ROW)
        for k, (key, (title, inputs)) in enumerate(_ROWS.items()):
            row = Row(letter="ABC"[k], title=title, given=inputs, force=inputs)
            draw_row(plate, 2 + k * ROW, row, key, runs[key], found, top=top)
    return plate.figure


def numbers(runs: Runs) -> dict[str, Number]:
    """Return the outcomes of both pathways of each run (% of baseline), and the strengths."""
    protocol = runs["both"].spec["protocol"]
    return outcomes(runs) | {key: protocol[key] for key in ("weak_strength", "strength")}


def caption(runs: Runs) -> str:
    """Return the caption, with the runs' own numbers."""
    found, protocol = numbers(runs), runs["both"].spec["protocol"]
    (tetanus,) = inductions(runs["strong"])
    return (
        f"Specificity and associativity of potentiation. A tetanus ({tetanus.words}) was strong "
        f"({axons(protocol['strength'])}) to pathway 1, or weak "
        f"({axons(protocol['weak_strength'])}) to pathway 2. A, after the strong tetanus alone "
        f"pathway 1 was at {with_sem(found, 'strong_conditioned')} of its baseline and pathway 2, "
        f"which had none, at {with_sem(found, 'strong_control')}. B, after the weak tetanus alone "
        f"pathway 2 was at {with_sem(found, 'weak_control')}. C, after both at the same time "
        f"pathway 1 was at {with_sem(found, 'both_conditioned')} and pathway 2 at "
        f"{with_sem(found, 'both_control')}. Middle, mean EPSPs before and "
        f"{window_after(runs['both'])} after; right, slope of the EPSP in per cent of its baseline "
        f"({slices_text(runs)}; thin lines: without release noise)."
    )


FIGURE = FigureEntry(
    name="specificity",
    runs={
        "strong": Declared("hfs"),
        "weak": Declared("associativity", {"inputs": "weak", "weak": "control"}),
        "both": Declared("associativity", {"inputs": "both", "weak": "control"}),
    },
    draw=draw,
    words=caption,
    numbers=numbers,
)
