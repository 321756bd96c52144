"""The file of what drove the spines of a slice: a NumPy archive, written whole or not at all."""

import zipfile
from pathlib import Path
from typing import Any, Final

import numpy as np

from ca1ltd.drive import Drive, Drives, Stretches
from ca1ltd.experiment.store.files import LARGEST
from ca1ltd.reading import opened
from ca1ltd.writing import replacing

_TRACKS: Final = ("calcium", "potential")
_PARTS: Final = ("starts", "lengths", "values")
_OTHERS: Final = ("axons", "resting", "releases", "released")


def write_drives(drives: Drives, path: Path) -> None:
    """Write drives as arrays ``<pathway>/<attribute>`` and ``<pathway>/<track>/<attribute>``."""
    with (
        replacing(path, through_links=False) as temporary,
        zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
    ):
        for name, array in _arrays(drives).items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as file:
                np.lib.format.write_array(file, array, allow_pickle=False)


def read_drives(path: Path) -> dict[str, Drive]:
    """Return drives by pathway, as `write_drives` wrote them.

    Raises
    ------
    OSError
        If the file cannot be read.
    ValueError
        If it is damaged.
    """
    with opened(path, largest=LARGEST) as file:
        try:
            with np.load(file, allow_pickle=False) as arrays:
                pathways = dict.fromkeys(name.partition("/")[0] for name in arrays.files)
                return {pathway: _drive(arrays, pathway) for pathway in pathways}
        except OSError:
            raise
        # What NumPy and its libraries raise at an archive that is none has no common name.
        except Exception as error:
            raise ValueError(f"it is no archive of drives ({error})") from None


def _arrays(drives: Drives) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for pathway, drive in drives.items():
        for track in _TRACKS:
            stretches = getattr(drive, track)
            found |= {f"{pathway}/{track}/{part}": getattr(stretches, part) for part in _PARTS}
        found |= {f"{pathway}/{other}": getattr(drive, other) for other in _OTHERS}
    return found


def _drive(arrays: Any, pathway: str) -> Drive:
    parts: dict[str, Any] = {other: arrays[f"{pathway}/{other}"] for other in _OTHERS}
    for track in _TRACKS:
        parts[track] = Stretches(**{part: arrays[f"{pathway}/{track}/{part}"] for part in _PARTS})
    return Drive(**parts)
