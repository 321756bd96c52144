"""Neurolucida ASC and HDF5 files, read by MorphIO.

MorphIO: Blue Brain Project and Open Brain Institute, https://github.com/openbraininstitute/MorphIO.
It takes one outline of the soma, and leaves out without a word what has no type it knows: the
blocks of an ASC file are looked through before.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from ca1ltd.errors import BadInput
from ca1ltd.model.reconstruction.points import ROOT, SOMA, Point, Points, counted

_TOKEN: Final = re.compile(r'"[^"\n]*"|;[^\n]*|[()|]|[^\s()|";]+')
_PLACE: Final = re.compile(r"\(\s*[-+.\d][^()]*\)")
_SOMA: Final = re.compile(r"\(\s*CellBody\s*\)", re.IGNORECASE)
_NAMED_SOMA: Final = re.compile(r'\(\s*"[^"]*(?:cell ?body|soma)[^"]*"', re.IGNORECASE)
_NEURITE: Final = re.compile(r"\(\s*(?:Axon|Dendrite|Apical)\s*\)", re.IGNORECASE)


def parse_asc(text: str) -> tuple[Points, list[str]]:
    """Return the points of a Neurolucida ASC file by id, and what was not as it should be.

    Points of the soma's outline come first, in a row; each neurite is a tree of its own.

    Raises
    ------
    BadInput
        If MorphIO cannot read it.
    """
    outlines, neurites, others = [], [], 0
    for block in _blocks(text):
        size = len(_PLACE.findall(block))
        if _NAMED_SOMA.match(block) and not _SOMA.search(block) and not _NEURITE.search(block):
            block = _NAMED_SOMA.sub(r"\g<0> (CellBody)", block, count=1)  # only its name says so
        if _SOMA.search(block):
            outlines.append((size, block))
        elif _NEURITE.search(block):
            neurites.append(block)
        elif size > 1:
            others += 1
    mended = []
    if len(outlines) > 1:
        mended.append(f"of {len(outlines)} outlines of the soma the one of most points is taken")
    if others:
        mended.append(
            f"{counted(others, 'outline or tree')} that is neither CellBody nor Axon, Dendrite or "
            "Apical is left out"
        )
    soma = [max(outlines, key=lambda each: each[0])[1]] if outlines else []
    return _points("\n".join([*soma, *neurites]), "asc"), mended


def parse_h5(path: Path) -> Points:
    """Return the points of an H5 file by id, as `parse_asc` does.

    Raises
    ------
    BadInput
        If MorphIO cannot read it.
    """
    return _points(str(path))


def _blocks(text: str) -> Iterator[str]:
    """Yield the blocks of an ASC file: what stands in brackets that are in no other."""
    depth, words = 0, []
    for token in _TOKEN.findall(text):
        if token.startswith(";"):
            continue
        depth += (token == "(") - (token == ")")
        words.append(token)
        if depth < 0:
            raise BadInput("it closes a bracket that is not open.")
        if not depth:
            yield " ".join(words)
            words = []
    if depth:
        raise BadInput("it ends before all its brackets are closed.")


def _points(*source: str) -> Points:
    """Return the points that MorphIO reads from a path, or from a text and its format."""
    import morphio  # only for these files

    morphio.set_maximum_warnings(0)
    try:
        found = morphio.Morphology(*source)
    except (morphio.MorphioError, RuntimeError, ValueError) as error:
        raise BadInput(f"MorphIO cannot read it: {_first(error)}.") from None
    points: Points = {}
    for xyz, diameter in zip(found.soma.points, found.soma.diameters, strict=True):
        _add(points, SOMA, xyz, diameter, len(points) or ROOT)
    last: dict[int, int] = {}  # point of each section
    for section in found.iter():
        before = ROOT if section.is_root else last[section.parent.id]
        shared = 0 if section.is_root else 1  # a branch repeats the point at which it starts
        for k in range(shared, len(section.points)):
            kind = int(section.type)
            before = _add(points, kind, section.points[k], section.diameters[k], before)
        last[section.id] = before
    if not points:
        raise BadInput("it has no points.")
    return points


def _add(points: Points, kind: int, xyz: Any, diameter: Any, parent: int) -> int:
    label = len(points) + 1
    x, y, z = (float(value) for value in xyz)
    points[label] = Point(
        id=label, type=kind, xyz=(x, y, z), radius=float(diameter) / 2, parent=parent
    )
    return label


def _first(error: Exception) -> str:
    """Return what a message says, without the place and the colours in front of it."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return (lines[-1] if lines else type(error).__name__).rstrip(".")
