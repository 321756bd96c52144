"""The user's own cells: a reconstruction under a name, for all commands to come."""

import re
import shutil
from functools import lru_cache
from pathlib import Path
from typing import Final

from ca1ltd import cell_files
from ca1ltd.errors import BadInput
from ca1ltd.model.cell_biophysics import read_biophysics
from ca1ltd.model.morphology import Morphology, read_morphology
from ca1ltd.model.reconstruction import swc
from ca1ltd.model.reconstruction.points import Reconstruction
from ca1ltd.model.reconstruction.reading import read_reconstruction

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


def morphology_of(cell: str, *, as_drawn: bool = False, strict: bool = False) -> Morphology:
    """Return the morphology of a cell.

    Parameters
    ----------
    cell : str
        Its name, or the whole path of a reconstruction.
    as_drawn : bool
        Whether a reconstruction is not turned; a cell that has a name never is.
    strict : bool
        Whether what would be mended is refused.

    Raises
    ------
    BadInput
        If there is no such cell, or its reconstruction cannot be used.
    """
    files = cell_files.files_of(cell)
    return _read_once(
        files.morphology,
        _written(files.morphology),
        name=cell_files.shown(cell),
        as_drawn=as_drawn or files.named,
        strict=strict,
    )


@lru_cache(maxsize=8)
def _read_once(
    path: Path, _written: tuple[int, ...], *, name: str, as_drawn: bool, strict: bool
) -> Morphology:
    """Read a cell, once for all who ask as long as its file stays as it is: it takes .3 s."""
    return read_morphology(path, name=name, as_drawn=as_drawn, strict=strict)


def _written(file: Path) -> tuple[int, ...]:
    """Return which file a path leads to, and when it was written."""
    try:
        found = file.stat()
    except OSError:
        return ()
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def add_cell(
    name: str,
    file: Path,
    *,
    biophysics: Path | None = None,
    as_drawn: bool = False,
    strict: bool = False,
) -> Path:
    """Keep a reconstruction under a name, mended and upright, and return its folder.

    Parameters
    ----------
    name : str
        Its name: letters, digits, ``-`` and ``_``.
    file : Path
        The reconstruction.
    biophysics : Path, optional
        TOML file of what differs from the biophysics of all cells.
    as_drawn : bool
        Whether it is not turned.
    strict : bool
        Whether what would be mended is refused.

    Raises
    ------
    BadInput
        If the name is no name or taken, a file cannot be used, or the folder cannot be written.
    """
    if not _NAME.fullmatch(name):
        raise BadInput(
            f"'{name}' is no name of a cell: it has up to 64 letters, digits, - and _, and begins "
            "with a letter or digit"
        )
    folder = cell_files.own_folder() / name
    if name in (*cell_files.project_cells(), *cell_files.own_cells()) or folder.exists():
        raise BadInput(f"there is a cell '{name}' already: choose another name, or remove {folder}")
    if biophysics is not None:
        read_biophysics(cell_files.biophysics_of_all(), biophysics)
    read = _read(file, as_drawn=as_drawn, strict=strict)
    try:
        folder.mkdir(parents=True)
        if biophysics is not None:
            shutil.copyfile(biophysics, folder / "biophysics.toml")
        _write(read, folder / "morphology.swc", file)  # last: it makes the cell
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise BadInput(f"{folder} cannot be written ({error.strerror})") from None
    return folder


def keep_copy(cell: str, path: Path, *, as_drawn: bool) -> None:
    """Write the morphology of a cell, mended and upright, as an SWC file.

    Parameters
    ----------
    cell : str
        Its name, or the whole path of a reconstruction.
    path : Path
        Where it is written.
    as_drawn : bool
        Whether a reconstruction is not turned.

    Raises
    ------
    BadInput
        If there is no such cell, or its reconstruction cannot be used.
    OSError
        If the file cannot be written.
    """
    files = cell_files.files_of(cell)
    read = _read(files.morphology, as_drawn=as_drawn or files.named)
    _write(read, path, files.morphology)


def _read(file: Path, *, as_drawn: bool, strict: bool = False) -> Reconstruction:
    try:
        return read_reconstruction(file, as_drawn=as_drawn, strict=strict)
    except BadInput as reason:
        raise BadInput(f"The morphology {file} cannot be used: {reason}") from None


def _write(read: Reconstruction, path: Path, file: Path) -> None:
    swc.write(read.points, path, [f"from {file.name}", *read.mended, *read.remarks])
