"""SWC files: one point a row, as the programs of the field write them.

The format is that of Cannon et al. 1998 (doi 10.1016/S0165-0270(98)00091-0): ``id type x y z radius
parent``, lengths in um. Files differ in how they are encoded, in comments, separators, header lines
and further columns, none of which says anything about the cell. MorphIO, which reads the other
formats, refuses most of these and keeps coordinates in single precision, so rows are read here.
"""

import codecs
import math
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from ca1ltd.errors import BadInput
from ca1ltd.model.reconstruction.points import ROOT, Point, Points, counted
from ca1ltd.writing import write_text

_COMMENT: Final = re.compile(r"#|%|//|;")
_PLAIN: Final = re.compile(r"[-+.\deE\s]*")
_LINE_END: Final = re.compile(r"\r\n|\r|\n")
_COLUMNS: Final = 7
_UTF_16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def parse(text: str) -> tuple[Points, list[str]]:
    """Return the points of an SWC file by id, in its order, and what was not as it should be.

    A parent of -1, or of 0 where no point has that id, is none.

    Raises
    ------
    BadInput
        If a row is no point, an id is given twice or a parent is missing.
    """
    points: Points = {}
    wider = 0
    for number, row in _rows(text):
        point = _point(row, number)
        if point.id in points:
            raise BadInput(f"line {number} repeats the id {point.id}.")
        points[point.id] = point
        wider += len(row) > _COLUMNS
    if not points:
        raise BadInput("it has no points.")
    mended = [f"the columns after the seventh are left out (in {counted(wider, 'row')})"]
    return _with_roots(points), mended if wider else []


def write(points: Points, path: Path, comments: Iterable[str]) -> None:
    """Write points so that `parse` returns the same ones, bit for bit.

    Parameters
    ----------
    points : dict of int to Point
        Points by id.
    path : Path
        The file.
    comments : iterable of str
        Lines in front of them.
    """
    lines = [f"# {line}" for line in comments]
    for point in points.values():
        numbers = " ".join(repr(float(value)) for value in (*point.xyz, point.radius))
        lines.append(f"{point.id} {point.type} {numbers} {point.parent}")
    write_text("\n".join(lines) + "\n", path)


def text_of(content: bytes) -> str:
    """Return the text of a file; comments may be in any encoding."""
    if content.startswith(_UTF_16):
        return content.decode("utf-16", errors="replace")
    if content[1:2] == b"\0":
        return content.decode("utf-16-le", errors="replace")
    return content.removeprefix(codecs.BOM_UTF8).decode("latin-1")


def _rows(text: str) -> Iterable[tuple[int, list[str]]]:
    """Yield the number and the words of each line that is a point, or should be."""
    begun = False
    for number, line in enumerate(_LINE_END.split(text), start=1):
        words = _words(line)
        if not words:
            continue
        begun = begun or _number(words[0]) is not None  # what stands above is a header
        if begun:
            yield number, words


def _words(line: str) -> list[str]:
    """Return the words of a line, without what is a comment, whatever separates them."""
    line = line.strip("\0\x1a")  # what once ended a file
    if _PLAIN.fullmatch(line):
        return line.split()
    fields = [word for word in re.split(r"[;\s]+", line) if word]
    if line.count(";") >= _COLUMNS - 1 and all(_number(word) is not None for word in fields):
        line = line.replace(";", " ")
    line = _COMMENT.split(line, maxsplit=1)[0]
    words = [word.strip(",\"'") for word in line.split()]
    words = [word for word in words if word]
    if len(words) >= _COLUMNS:  # a comma inside a word is a decimal one
        return [word.replace(",", ".") for word in words]
    return [word.strip("\"'") for word in re.split(r"[,\s]+", line) if word.strip("\"'")]


def _number(word: str) -> float | None:
    try:
        return float(word)
    except ValueError:
        return None


def _point(row: list[str], number: int) -> Point:
    try:
        label, kind, x, y, z, radius, parent = map(float, row[:_COLUMNS])
        point = Point(
            id=_whole(label), type=_whole(kind), xyz=(x, y, z), radius=radius, parent=_whole(parent)
        )
        if point.id < 0:
            raise ValueError(point.id)
    except (ValueError, OverflowError):
        raise BadInput(
            f"line {number} must hold seven numbers (id, type, x, y, z, radius, parent; id, type "
            f"and parent whole, id 0 or above), not '{' '.join(row)[:60]}'."
        ) from None
    if not all(map(math.isfinite, point.xyz)):
        raise BadInput(f"line {number} (id {point.id}) has a coordinate without value.")
    return point


def _whole(value: float) -> int:
    if value != int(value):
        raise ValueError(value)
    return int(value)


def _with_roots(points: Points) -> Points:
    """Return points whose parents exist, or are -1."""
    for point in points.values():
        if point.parent == 0 and 0 not in points:
            points[point.id] = Point(
                id=point.id, type=point.type, xyz=point.xyz, radius=point.radius, parent=ROOT
            )
        elif point.parent not in points and point.parent != ROOT:
            raise BadInput(f"the parent {point.parent} of the point {point.id} is missing.")
    return points
