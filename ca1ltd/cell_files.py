"""Which files a cell is made of.

A cell is said by a name, of one of the project or of the user's own folder, or by the whole path of
a reconstruction. A cell of one's own follows the biophysics of all cells, unless its folder holds
what differs. Cells that have a name are as drawn: `ca1ltd.model.own_cells` makes them so.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import platformdirs

from ca1ltd import resources
from ca1ltd.errors import BadInput

#: Suffixes of reconstructions that are read.
SUFFIXES: Final = (".swc", ".asc", ".h5")
#: The environment's variable that names the folder of the user's own cells.
VARIABLE: Final = "CA1LTD_CELLS"

_MORPHOLOGY: Final = "morphology.swc"
_BIOPHYSICS: Final = "biophysics.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class CellFiles:
    """The files of a cell.

    Attributes
    ----------
    morphology : Path
        Its reconstruction.
    biophysics : tuple of Path
        The biophysics of all cells, then, if it has one, the file of what it has its own.
    named : bool
        Whether it has a name, and is as drawn.
    """

    morphology: Path
    biophysics: tuple[Path, ...]
    named: bool

    @property
    def every(self) -> tuple[Path, ...]:
        """Return all of them."""
        return self.morphology, *self.biophysics


def project_cells() -> tuple[str, ...]:
    """Return the names of the cells of the project, sorted."""
    return _names(resources.cells_dir())


def own_cells() -> tuple[str, ...]:
    """Return the names of the user's own cells, sorted."""
    folder = own_folder()
    return tuple(name for name in _names(folder) if name not in project_cells())


def own_folder() -> Path:
    """Return the folder of the user's own cells, which may not be there.

    Raises
    ------
    BadInput
        If the environment names one that is no whole path.
    """
    said = os.environ.get(VARIABLE)
    if not said:
        return Path(platformdirs.user_data_dir("ca1ltd", appauthor=False), "cells")
    folder = Path(said).expanduser()
    if not folder.is_absolute():
        raise BadInput(f"{VARIABLE} is '{said}', and must be a whole path, from the root on")
    return folder


def is_file(cell: str) -> bool:
    """Say whether a cell is said by the path of a file, and not by its name."""
    return os.path.isabs(cell)


def said(cell: str | None, swc: Path | str | None, default: str) -> str:
    """Return how a cell is said that is given by name or by a file, or by neither.

    Raises
    ------
    BadInput
        If it is given by both, or there is no such file.
    """
    if swc is None:
        return default if cell is None else cell
    if cell is not None:
        raise BadInput("--cell and --swc each name the cell: give one of them")
    path = Path(swc).expanduser()
    if not path.is_file():
        what = "is no file" if path.exists() else "is not there"
        raise BadInput(f"the reconstruction {path} {what}")
    return str(path.resolve())


def files_of(cell: str) -> CellFiles:
    """Return the files of a cell.

    Parameters
    ----------
    cell : str
        Its name, or the whole path of a reconstruction.

    Raises
    ------
    BadInput
        If there is no such cell.
    """
    if is_file(cell):
        if not Path(cell).is_file():
            raise BadInput(f"the reconstruction {cell} is not there")
        return CellFiles(morphology=Path(cell), biophysics=(biophysics_of_all(),), named=False)
    folder = _folder(cell)
    own = folder / _BIOPHYSICS
    return CellFiles(
        morphology=folder / _MORPHOLOGY,
        biophysics=(biophysics_of_all(), *([own] if own.exists() else [])),
        named=True,
    )


def biophysics_of_all() -> Path:
    """Return the file of the biophysics of all cells."""
    return resources.cells_dir() / _BIOPHYSICS


def shown(cell: str) -> str:
    """Return the name of a cell, of a file its stem."""
    return Path(cell).stem if is_file(cell) else cell


def _folder(name: str) -> Path:
    if name in project_cells():
        return resources.cells_dir() / name
    if name in own_cells():
        return own_folder() / name
    known = ", ".join((*project_cells(), *own_cells()))
    file = Path(name).suffix.lower() in SUFFIXES or os.sep in name
    leads = "a file is given by --swc" if file else "`ca1ltd cell add` adds one of your own"
    raise BadInput(f"no cell '{name}': there are {known}; {leads}")


def _names(folder: Path) -> tuple[str, ...]:
    return tuple(sorted(file.parent.name for file in folder.glob(f"*/{_MORPHOLOGY}")))
