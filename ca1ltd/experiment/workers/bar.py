"""A bar of progress where someone looks: in a notebook or on a terminal, and nowhere else."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from typing import Any, Literal

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from ca1ltd.experiment.workers.progress import in_words
from ca1ltd.experiment.workers.tally import Standing

Show = Callable[[float, str], None]


@contextmanager
def told(
    progress: Callable[[float], None] | Literal[False] | None, what: str
) -> Iterator[Callable[[float], None]]:
    """Give what is to be told how far a run is: what the user gave, or a bar if it is None."""
    with _shown(what, progress) as show:
        yield progress or (lambda fraction: show(fraction, f"{fraction:.0%}"))


@contextmanager
def told_standing(
    progress: Callable[[Standing], None] | Literal[False] | None, what: str
) -> Iterator[Callable[[Standing], None]]:
    """Give what is to be told how far many runs are, as `told` does."""
    with _shown(what, progress) as show:
        yield progress or (lambda standing: show(standing.fraction, in_words(standing)))


@contextmanager
def _shown(what: str, given: object) -> Iterator[Show]:
    """Give what draws a bar, if there is none given, with its fraction and words."""
    if given is not None:
        yield _nothing
    elif _in_notebook():
        yield _notebook_bar(what)
    else:
        screen = Console(stderr=True)
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[words]}"),
        )
        with Progress(*columns, console=screen, disable=not screen.is_terminal) as bar:
            task = bar.add_task(what, total=1.0, words="")
            yield lambda fraction, words: bar.update(task, completed=fraction, words=words)


def _nothing(_fraction: float, _words: str) -> None:
    """Draw nothing."""


def _in_notebook() -> bool:
    """Say whether this is the kernel of a notebook."""
    ipython = sys.modules.get("IPython")
    return hasattr(ipython and ipython.get_ipython(), "kernel")


@dataclass(slots=True)
class _Bar:
    """A bar as a notebook shows it."""

    what: str
    fraction: float = 0.0
    words: str = ""

    def __repr__(self) -> str:
        return f"{self.what}: {self.words}"

    def _repr_html_(self) -> str:
        return (
            f'{escape(self.what)} <progress max="1" value="{self.fraction:.3f}"></progress> '
            f"{escape(self.words)}"
        )


def _notebook_bar(what: str) -> Show:
    display: Any = sys.modules["IPython"].display  # is there: this is its kernel
    bar = _Bar(what)
    handle = display.display(bar, display_id=True)

    def show(fraction: float, words: str) -> None:
        if words != bar.words or fraction - bar.fraction >= 0.01:
            bar.fraction, bar.words = fraction, words
            handle.update(bar)

    return show
