"""The figures by name, and how one is saved with its numbers and its caption."""

from __future__ import annotations

import importlib
import json
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ca1ltd.errors import BadInput
from ca1ltd.writing import write_text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from ca1ltd.figures.entry import FigureEntry, Runs

TITLES: Final[Mapping[str, str]] = {
    "ltd": "long-term depression by low-frequency stimulation",
    "ltp": "long-term potentiation by a tetanus, and its block by D-AP5 and KN-62",
    "pairing": "pulses at a low rate, alone and paired with depolarisation of the cell",
    "specificity": "specificity and associativity: strong and weak input, alone and together",
    "nmda-block": "magnesium in the NMDA receptor: current and calcium against potential",
    "ampar-traffic": "AMPA receptors in LTD and LTP, and silent synapses",
    "signalling": "the sign switch: the same signalling cascade under low and high frequency",
    "stdp": "spike timing: interval, number of spikes, and calcium outside",
    "frequency": "plasticity against the rate of the induction, beside published outcomes",
    "depotentiation": "reversal of potentiation and of depression, and saturation of depression",
    "pharmacology": "LTD and LTP with drugs, beside published outcomes",
    "calcium-map": "amplitude and duration of calcium, and what they do to the synapse",
}
"""What each figure shows, in the gallery's order; `gallery` has a module of its name."""


class _Gallery(Mapping[str, "FigureEntry"]):
    """The figures by name; the module of one is loaded when it is asked for."""

    def __getitem__(self, name: str) -> FigureEntry:
        if name not in TITLES:
            raise KeyError(name)
        module = importlib.import_module(f"ca1ltd.figures.gallery.{name.replace('-', '_')}")
        entry: FigureEntry = module.FIGURE
        return entry

    def __contains__(self, name: object) -> bool:
        return name in TITLES

    def __iter__(self) -> Iterator[str]:
        return iter(TITLES)

    def __len__(self) -> int:
        return len(TITLES)


FIGURES: Final[Mapping[str, FigureEntry]] = _Gallery()
"""Every figure of the gallery, in its order."""


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
    from ca1ltd.figures.parts import style  # loads matplotlib

    pictures = style.write(figure, folder, entry.name)
    table, words = (folder / f"{entry.name}{end}" for end in (".json", ".txt"))
    text = entry.caption(runs)
    content = {"figure": entry.name, "caption": text, "numbers": entry.numbers(runs)}
    written = json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False)
    write_text(written + "\n", table)
    write_text(textwrap.fill(text, 100) + "\n", words)
    return (*pictures, table, words)
