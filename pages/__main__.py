"""``python -m pages``: write the numbers of the pages, check them, or make results again."""

import argparse
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from itertools import zip_longest
from pathlib import Path

from ca1ltd.errors import Ca1ltdError
from ca1ltd.writing import write_text
from pages.marks import PageError
from pages.page import pages, written
from pages.registry import SOURCES, source_of
from pages.result import ROOT
from pages.source import Given, Source

Sources = Callable[[str], Source]


def write(*, check: bool, root: Path = ROOT, sources: Sources = source_of) -> list[str]:
    """Write the numbers of all pages; return what is wrong, a sentence each.

    Parameters
    ----------
    check : bool
        Compare, and write nothing.
    root : Path
        The repository.
    sources : callable
        Returns a source by name.
    """
    wrong = []
    for page in pages(root):
        text, name = page.read_text(encoding="utf-8"), page.relative_to(root)
        try:
            new = written(text, root / "docs" / "results", sources=sources)
        except PageError as error:
            wrong.append(f"{name}: {error}")
            continue
        if check and new != text:
            line = _first_difference(text, new)
            wrong.append(f"{name}, line {line}: it does not say what docs/results hold: make pages")
        elif new != text:
            write_text(new, page)
            print(f"{name} written")
    return wrong


def _first_difference(text: str, other: str) -> int:
    """Return the number of the first line in which two texts differ."""
    lines = zip_longest(text.split("\n"), other.split("\n"))
    return next(number for number, (one, two) in enumerate(lines, start=1) if one != two)


def collect(
    names: list[str], given: Given, *, root: Path = ROOT, sources: Sources = source_of
) -> None:
    """Make results again.

    Parameters
    ----------
    names : list of str
        Names of the results.
    given : Given
        How they are to be made.
    root : Path
        The repository.
    sources : callable
        Returns a source by name.

    Raises
    ------
    PageError
        If another command makes one of them; nothing is made then.
    """
    chosen = [sources(name) for name in names]
    for source in chosen:
        if source.collect is None:
            raise PageError(f"'{source.name}' is made by another command: {source.how}")
    for source in chosen:
        if source.collect is not None:
            result = source.result(partial(source.collect, given))
            print(result.write(source.name, root / "docs" / "results"))


def main(words: list[str] | None = None) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(
        prog="python -m pages", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("--check", action="store_true", help="compare, and write nothing")
    commands = parser.add_subparsers(dest="command")
    making = commands.add_parser("collect", help="make results again")
    making.add_argument("names", nargs="+", metavar="NAME", help=", ".join(SOURCES))
    making.add_argument("--runs", type=Path, help="the folder of the runs, if not the usual one")
    making.add_argument("--workers", type=int, help="slices at once")
    given = parser.parse_args(words)
    try:
        if given.command == "collect":
            collect(given.names, Given(runs=given.runs, workers=given.workers))
        wrong = write(check=given.check)
    except Ca1ltdError as error:
        print(f"pages: {error}", file=sys.stderr)
        return error.exit_status
    except PageError as error:
        print(f"pages: {error}", file=sys.stderr)
        return 2
    except subprocess.CalledProcessError as error:
        print(f"pages: {' '.join(map(str, error.cmd))} failed", file=sys.stderr)
        return 1
    print("\n".join(wrong), file=sys.stderr, end="\n" if wrong else "")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
