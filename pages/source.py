"""Where numbers come from: how they are made, and what pages show of them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ca1ltd.literature.page import table_of
from pages.result import Parts, Result, present

View = Callable[[Any], str]
"""Returns what a page shows of what came out, in Markdown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """How results are to be made.

    Attributes
    ----------
    runs : Path or None
        The folder of the runs, if not the usual one; what is missing there is run.
    workers : int or None
        Slices at once; None is one for each core.
    """

    runs: Path | None = None
    workers: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A kind of result.

    Attributes
    ----------
    name : str
        Name of its file in `docs/results/`.
    views : mapping of str to View
        What pages show of it, by name.
    collect : callable, optional
        Makes it and returns what came out; None if another program writes the file.
    command : str
        What makes it, if it is not ``python -m pages collect NAME``.
    cells : tuple of str
        The cells that it is about.
    files : tuple of str
        Files of the repository that it depends on beside the model.
    made_with : callable, optional
        Returns the parts of the model that it was made with, if that is not the present one.
    """

    name: str
    views: Mapping[str, View]
    collect: Callable[[Given], Any] | None = None
    command: str = ""
    cells: tuple[str, ...] = ("dhc",)
    files: tuple[str, ...] = ()
    made_with: Callable[[Any], Mapping[str, Parts]] | None = None

    def result(self, make: Callable[[], Any]) -> Result:
        """Return what something makes as the result of this source.

        Parameters
        ----------
        make : callable
            Makes it. The model that counts is the one at its beginning.
        """
        now = present(self.cells, self.files)
        found = make()
        made_with = self.made_with(found) if self.made_with else now
        return Result(command=self.how, made_with=made_with, found=found)

    @property
    def how(self) -> str:
        """Return the command that makes it."""
        return self.command or f"python -m pages collect {self.name}"


def table(rows: Iterable[Sequence[str]]) -> str:
    """Return rows, the first a heading, as a table of Markdown."""
    return table_of([tuple(row) for row in rows])
