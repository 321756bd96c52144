"""A page with its numbers in their places."""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Final

from pages.marks import Mark, PageError, filled, marks
from pages.registry import source_of
from pages.result import RESULTS, ROOT, Parts, Result, present
from pages.source import Source

MADE: Final = "made"
"""The view of a block that shows only with which model a result was made."""


def pages(root: Path = ROOT) -> list[Path]:
    """Return the pages, README.md and those of `docs/`."""
    return [root / "README.md", *sorted((root / "docs").glob("*.md"))]


def written(
    text: str,
    results: Path = RESULTS,
    *,
    sources: Callable[[str], Source] = source_of,
    now: Callable[..., Mapping[str, Parts]] = present,
) -> str:
    """Return a page with what its results hold, and with which model they were made.

    Parameters
    ----------
    text : str
        The page.
    results : Path
        Folder of the results.
    sources : callable
        Returns a source by name.
    now : callable
        Returns what a result would be made with now.

    Raises
    ------
    PageError
        If a mark is wrong, a result is missing, or a number stands on a page that does not say with
        which model it was made.
    """
    read = cache(lambda name: Result.read(name, results))
    told = {mark.result for mark in marks(text) if mark.block}

    def shown(mark: Mark) -> str:
        source, result = sources(mark.result), read(mark.result)
        if not mark.block and mark.result not in told:
            raise PageError(
                f"it has a number of '{mark.result}' and does not say with which model that was "
                f"made: add a block <!-- numbers: {mark.result} {MADE} -->"
            )
        if mark.block and mark.view == MADE:
            return result.note(now)
        if mark.view not in source.views:
            raise PageError(
                f"'{mark.result}' has no '{mark.view}': it has {', '.join(source.views)}"
            )
        content = source.views[mark.view](result.found)
        return f"{content}\n\n{result.note(now)}" if mark.block else content

    return filled(text, shown)
