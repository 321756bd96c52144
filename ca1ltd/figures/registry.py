"""The figures by name, and how one is saved with its numbers and its caption."""

import json
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from matplotlib.figure import Figure

from ca1ltd.errors import BadInput
from ca1ltd.figures.ampar_traffic import AMPAR_TRAFFIC
from ca1ltd.figures.calcium_map import CALCIUM_MAP
from ca1ltd.figures.depotentiation import DEPOTENTIATION
from ca1ltd.figures.entry import Declared, FigureEntry, Runs
from ca1ltd.figures.frequency import FREQUENCY
from ca1ltd.figures.ltd import LTD
from ca1ltd.figures.ltp import LTP
from ca1ltd.figures.nmda_block import NMDA_BLOCK
from ca1ltd.figures.pairing import PAIRING
from ca1ltd.figures.parts import style
from ca1ltd.figures.pharmacology import PHARMACOLOGY
from ca1ltd.figures.signalling import SIGNALLING
from ca1ltd.figures.specificity import SPECIFICITY
from ca1ltd.figures.stdp import STDP
from ca1ltd.writing import write_text

__all__ = ["FIGURES", "Declared", "FigureEntry", "Runs", "figure_entry", "save_figure"]

FIGURES: Final[Mapping[str, FigureEntry]] = {
    entry.name: entry
    for entry in (
        LTD,
        LTP,
        PAIRING,
        SPECIFICITY,
        NMDA_BLOCK,
        AMPAR_TRAFFIC,
        SIGNALLING,
        STDP,
        FREQUENCY,
        DEPOTENTIATION,
        PHARMACOLOGY,
        CALCIUM_MAP,
    )
}
"""Every figure of the gallery, in its order; a figure's module has its entry."""


def figure_entry(name: str) -> FigureEntry:
    """Return a figure by name.

    Raises
    ------
    BadInput
        If there is none of that name.
    """
    if name not in FIGURES:
        raise BadInput(f"there is no figure '{name}': there are {', '.join(FIGURES)}")
    return FIGURES[name]


def save_figure(name: str, runs: Runs, folder: Path) -> tuple[Path, ...]:
    """Draw a figure and write it as PNG, SVG and PDF, its numbers as JSON and its caption as text.

    Parameters
    ----------
    name : str
        Name of the figure.
    runs : mapping of str to Run
        Its finished runs, by the names that its entry gives them.
    folder : Path
        Where it is written.

    Returns
    -------
    tuple of Path
        The files, the picture first. The same runs give the same bytes.

    Raises
    ------
    BadInput
        If the name is unknown, a run is missing or of another protocol, or the folder cannot be
        written.
    """
    entry = figure_entry(name)
    entry.refuse_others(runs)
    figure = entry.draw(runs)
    try:
        return _write(entry, runs, figure, folder)
    except OSError as error:
        raise BadInput(f"{folder} cannot be written: {error.strerror or error}") from None


def _write(entry: FigureEntry, runs: Runs, figure: Figure, folder: Path) -> tuple[Path, ...]:
    pictures = style.write(figure, folder, entry.name)
    table, words = (folder / f"{entry.name}{end}" for end in (".json", ".txt"))
    text = entry.caption(runs)
    content = {"figure": entry.name, "caption": text, "numbers": entry.numbers(runs)}
    written = json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False)
    write_text(written + "\n", table)
    write_text(textwrap.fill(text, 100) + "\n", words)
    return (*pictures, table, words)
