"""Marks in a page: where numbers stand, and whose.

A block begins with ``<!-- numbers: RESULT VIEW -->`` on a line of its own, a number in a sentence
with ``<!-- number: RESULT VIEW -->``. Both end with ``<!-- end -->``, and do not show in the page.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

_MARK: Final = re.compile(
    r"<!-- (?P<kind>numbers?): (?P<result>[\w-]+) (?P<view>[\w.+-]+) -->"
    r"(?P<text>.*?)<!-- end -->",
    re.DOTALL,
)


class PageError(Exception):
    """A page whose marks or numbers are not what they should be; its text says what is wrong."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A marked place.

    Attributes
    ----------
    result, view : str
        Which result, and what of it is shown.
    block : bool
        Whether it is a block of lines, not a number in a sentence.
    """

    result: str
    view: str
    block: bool


def marks(text: str) -> list[Mark]:
    """Return the marks of a page, in their order.

    Raises
    ------
    PageError
        If a mark has no end, an end no mark, or a mark is not written as it should be.
    """
    found = list(_MARK.finditer(text))
    begun, ended = text.count("<!-- number"), text.count("<!-- end -->")
    nested = next((each for each in found if "<!-- number" in each["text"]), None)
    if nested:
        raise PageError(f"the mark {_head(nested)} has no <!-- end -->")
    if not len(found) == begun == ended:
        raise PageError(
            f"{begun} marks begin and {ended} end, and {len(found)} are whole: each is "
            "<!-- numbers: RESULT VIEW --> or <!-- number: RESULT VIEW -->, and <!-- end -->"
        )
    return [_mark(each) for each in found]


def filled(text: str, shown: Callable[[Mark], str]) -> str:
    """Return a page with what each mark shows.

    Parameters
    ----------
    text : str
        The page.
    shown : callable
        Returns what a mark shows.
    """
    marks(text)

    def fill(found: re.Match[str]) -> str:
        mark = _mark(found)
        around = "\n\n" if mark.block else ""
        return f"{_head(found)}{around}{shown(mark)}{around}<!-- end -->"

    return _MARK.sub(fill, text)


def _mark(found: re.Match[str]) -> Mark:
    return Mark(found["result"], found["view"], found["kind"] == "numbers")


def _head(found: re.Match[str]) -> str:
    return found[0].partition("-->")[0] + "-->"
