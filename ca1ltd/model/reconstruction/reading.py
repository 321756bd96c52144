"""A file of a tracing program, read into one upright cell."""

from pathlib import Path
from typing import Final

import numpy as np

from ca1ltd.errors import BadInput
from ca1ltd.model.reconstruction import neurolucida, swc
from ca1ltd.model.reconstruction.carrying import with_carrying_dendrites
from ca1ltd.model.reconstruction.mending import mended
from ca1ltd.model.reconstruction.plausible import doubts, refuse_impossible
from ca1ltd.model.reconstruction.points import Points, Reconstruction
from ca1ltd.model.reconstruction.upright import upright

_LARGEST: Final = 200_000_000  # bytes
_HDF5: Final = b"\x89HDF"
#: How files begin that are no reconstruction that is read, and what to do with them.
_OTHERS: Final = {
    b"<": "it is XML: convert it to SWC, NeuroML by pyNeuroML's `pynml -swc`, others by HBP "
    "Neuron Morphology Viewer or NLMorphologyConverter",
    b"PK": "it is a ZIP archive: unpack it, and give the file of the cell",
    b"\x1f\x8b": "it is compressed: unpack it with gunzip",
    b"%PDF": "it is a PDF",
    b"\x89PNG": "it is a picture",
    b"V3 DIGITIZED": "it is Neurolucida's own format: save it there as ASC or SWC",
    b"create ": "it is hoc code: load it in NEURON, and write its 3-d points as SWC",
    b"{": "it is JSON: convert it to SWC",
}


def read_reconstruction(
    path: Path, *, as_drawn: bool = False, strict: bool = False
) -> Reconstruction:
    """Return the cell in an SWC, Neurolucida ASC or HDF5 file.

    Parameters
    ----------
    path : Path
        The file, coordinates in um.
    as_drawn : bool
        Whether it stays as it is drawn, and is not turned so that its apical axis is +y.
    strict : bool
        Whether what would be mended is refused.

    Raises
    ------
    BadInput
        If the file cannot be read or is no pyramidal cell in um. It says why in a clause; the
        caller names the file.
    """
    points, said = _parsed(path)
    if not np.all(np.isfinite([point.xyz for point in points.values()])):
        raise BadInput("it has coordinates without value.")
    points, more = mended(points)
    said += more
    if strict and said:
        raise BadInput(f"strictly it is no reconstruction: {said[0]}.")
    refuse_impossible(points)
    points, carried = with_carrying_dendrites(points)
    points, turned = upright(points, as_drawn=as_drawn)
    remarks = [*(each for each in (turned, carried) if each), *doubts(points)]
    return Reconstruction(points=points, mended=tuple(said), remarks=tuple(remarks))


def _parsed(path: Path) -> tuple[Points, list[str]]:
    content = _content(path)
    start = content.lstrip()[:20]
    for beginning, words in _OTHERS.items():
        if start.lower().startswith(beginning.lower()):
            raise BadInput(f"{words}. SWC, Neurolucida ASC and MorphIO's H5 files are read.")
    if content.startswith(_HDF5):
        return neurolucida.parse_h5(path), []
    text = swc.text_of(content)
    if _is_asc(text):
        return neurolucida.parse_asc(text)
    return swc.parse(text)


def _content(path: Path) -> bytes:
    try:
        if not path.exists():
            raise BadInput("there is no such file.")
        if not path.is_file():
            raise BadInput("it is no file.")
        if path.stat().st_size > _LARGEST:
            raise BadInput(f"it has more than {_LARGEST // 10**6} MB.")
        return path.read_bytes()
    except OSError as error:
        raise BadInput(f"it cannot be read ({error.strerror}).") from None


def _is_asc(text: str) -> bool:
    """Say whether a text is of Neurolucida: after its comments it begins with a bracket."""
    lines = (line.strip() for line in text.splitlines())
    first = next((line for line in lines if line and not line.startswith(";")), "")
    return first.startswith(("(", '"'))
