"""The figures by name, and how one is saved with its numbers and its caption."""

import json
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from matplotlib.figure import Figure

from ca1ltd.errors import BadInput
from ca1ltd.figures import style
from ca1ltd.figures.ltd import ltd
from ca1ltd.figures.numbers import Number, caption, numbers
from ca1ltd.figures.run import Run


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureEntry:
    """A figure of the gallery: its name, the protocol it shows, and how it is drawn."""

    name: str
    protocol: str
    title: str
    draw: Callable[[Run], Figure]
    caption: Callable[[Run], str]
    numbers: Callable[[Run], dict[str, Number]]


FIGURES = {
    entry.name: entry
    for entry in (
        FigureEntry(
            name="ltd",
            protocol="lfs",
            title="long-term depression by low-frequency stimulation",
            draw=ltd,
            caption=caption,
            numbers=numbers,
        ),
    )
}


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


def save_figure(name: str, run: Run, folder: Path) -> tuple[Path, ...]:
    """Draw a figure and write it as PNG, SVG and PDF, its numbers as JSON and its caption as text.

    Returns
    -------
    tuple of Path
        The files, the picture first. The same run gives the same bytes.

    Raises
    ------
    BadInput
        If the name is unknown, the run is of another protocol or the folder cannot be written.
    """
    entry = figure_entry(name)
    ran = run.spec["protocol"]["name"]
    if ran != entry.protocol:
        raise BadInput(f"the figure '{name}' needs a run of {entry.protocol}, and this is of {ran}")
    figure = entry.draw(run)
    try:
        return _write(entry, run, figure, folder)
    except OSError as error:
        raise BadInput(f"{folder} cannot be written: {error.strerror or error}") from None


def _write(entry: FigureEntry, run: Run, figure: Figure, folder: Path) -> tuple[Path, ...]:
    pictures = style.write(figure, folder, entry.name)
    table, words = (folder / f"{entry.name}{end}" for end in (".json", ".txt"))
    text = entry.caption(run)
    content = {"figure": entry.name, "caption": text, "numbers": entry.numbers(run)}
    written = json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False)
    table.write_text(written + "\n", encoding="utf-8")
    words.write_text(textwrap.fill(text, 100) + "\n", encoding="utf-8")
    return (*pictures, table, words)
