"""The finished slices of a run, each in a folder of its own: the run's tables are made of them.

A slice is written into a hidden folder beside its final place and renamed there, so that it is
either whole or not there. Numbers are written with all their digits: what is read back is what was
computed, bit for bit. ``slice.json`` says which slice of which run it is, and has the SHA-256 of
the other files, and of itself without them. What drove its spines, if it is recorded, is a file
beside the folder: it may be recorded later, when the slice is simulated again.
"""

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, ValidationError

from ca1ltd.drive import Drive
from ca1ltd.errors import BadInput
from ca1ltd.experiment.spec import ExperimentSpec
from ca1ltd.experiment.store.drive_file import read_drives, write_drives
from ca1ltd.experiment.store.files import (
    TRACES_FILE,
    read_table,
    read_traces,
    sha256,
    sha256_of,
    write_json,
    write_table,
    write_traces,
)
from ca1ltd.experiment.store.identity import name_of_slices
from ca1ltd.jsontext import read_json
from ca1ltd.reading import read_bytes
from ca1ltd.recording import SliceResult
from ca1ltd.writing import settle, write_bytes

_TABLES: Final = ("pulses", "synapses", "timecourse")
_FILES: Final = (*(f"{table}.csv" for table in _TABLES), TRACES_FILE)
_DETAILS: Final = "slice.json"
_DRIVES: Final = "drives.npz"


class _Details(BaseModel):
    """What a slice has beside its tables and traces; ``run`` is by `name_of_slices`."""

    model_config = ConfigDict(strict=True)

    run: str
    index: int
    seed: int
    geometry: dict[str, Any]
    statistics: dict[str, float]
    files: dict[str, str]


@dataclass(frozen=True, slots=True)
class SliceFolders:
    """The folder that holds those of a run's slices.

    Attributes
    ----------
    path : Path
        The folder.
    spec : ExperimentSpec
        What is run.
    """

    path: Path
    spec: ExperimentSpec

    def has(self, index: int) -> bool:
        """Return whether a slice is there, whole or damaged."""
        folder = self._folder(index)
        return folder.is_dir() and not folder.is_symlink()

    def log_file(self, index: int) -> Path:
        """Return where a slice's process may print; it stays if the slice fails."""
        return self.path / f"slice-{index:03d}.log"

    def drives_file(self, index: int) -> Path:
        """Return where it is kept what drove the spines of a slice, if it is recorded."""
        return self.path / f"drives-{index:03d}.npz"

    def drives(self, index: int) -> dict[str, Drive]:
        """Return what drove spines of a slice, by pathway.

        Raises
        ------
        BadInput
            If it is not recorded, or its file cannot be read or is damaged.
        """
        file = self.drives_file(index)
        try:
            return read_drives(file)
        except (OSError, ValueError) as error:
            raise BadInput(
                f"{file} cannot be used: {error}; without it, `ca1ltd experiment run --drives` "
                "records it"
            ) from None

    def save(self, result: SliceResult) -> None:
        """Write a slice, whole or not at all, and what drove its spines if that is there."""
        if result.drives:
            self.path.mkdir(parents=True, exist_ok=True)
            write_drives(result.drives, self.drives_file(result.index))
        with self._making(result.index) as work:
            for table in _TABLES:
                write_table(getattr(result, table), work / f"{table}.csv")
            write_traces(
                {(result.index, name): trace for name, trace in result.traces.items()},
                work / TRACES_FILE,
            )
            details = {
                "run": name_of_slices(self.spec),
                "index": result.index,
                "seed": result.seed,
                "geometry": result.geometry,
                "statistics": result.statistics,
            }
            files = {name: sha256(work / name) for name in _FILES}
            files[_DETAILS] = sha256_of(details)
            write_json({**details, "files": files}, work / _DETAILS)

    def files(self, index: int) -> dict[str, bytes]:
        """Return the bytes of a slice's files by name, to be saved elsewhere."""
        folder, drives = self._folder(index), self.drives_file(index)
        found = {name: read_bytes(folder / name) for name in (*_FILES, _DETAILS)}
        return found | ({_DRIVES: read_bytes(drives)} if drives.exists() else {})

    def save_files(self, index: int, files: Mapping[str, bytes]) -> None:
        """Write a slice from its files, whole or not at all."""
        with self._making(index) as work:
            for name, content in files.items():
                place = self.drives_file(index) if name == _DRIVES else work / name
                write_bytes(content, place, through_links=False)

    def load(self, index: int) -> SliceResult:
        """Return a slice that is there.

        Raises
        ------
        BadInput
            If its files cannot be read, are not as they were written or are of another slice.
        """
        with self._reading(index) as folder:
            details = self._details(index)
            tables = {table: read_table(folder / f"{table}.csv") for table in _TABLES}
            traces = read_traces(folder / TRACES_FILE)
            return SliceResult(
                index=details.index,
                seed=details.seed,
                pulses=tables["pulses"],
                synapses=tables["synapses"],
                timecourse=tables["timecourse"],
                traces={name: trace for (_, name), trace in traces.items()},
                geometry=details.geometry,
                statistics=details.statistics,
            )

    def undamaged(self, among: Iterable[int]) -> tuple[int, ...]:
        """Return those of some slices that are there.

        Raises
        ------
        BadInput
            If one is there and not as it was written.
        """
        found = tuple(index for index in among if self.has(index))
        for index in found:
            with self._reading(index):
                self._details(index)
        return found

    def _details(self, index: int) -> _Details:
        folder = self._folder(index)
        found = read_json(folder / _DETAILS)
        details = _Details.model_validate(found)
        if details.run != name_of_slices(self.spec):
            raise ValueError("it is of another run")
        if (details.index, details.seed) != (index, self.spec.seed):
            raise ValueError(f"it is slice {details.index} of seed {details.seed}")
        del found["files"]
        hashes = {_DETAILS: sha256_of(found)} | {name: sha256(folder / name) for name in _FILES}
        for name, found_now in hashes.items():
            if details.files.get(name) != found_now:
                raise ValueError(f"{name} is not as it was written")
        return details

    @contextmanager
    def _reading(self, index: int) -> Iterator[Path]:
        """Name the slice, and what can be done, if it cannot be read or is damaged."""
        folder = self._folder(index)
        try:
            yield folder
        except (OSError, ValueError) as error:
            why = "slice.json is not as in a slice" if isinstance(error, ValidationError) else error
            raise BadInput(
                f"{folder} is damaged: {why}; remove it, and --resume simulates that slice again"
            ) from None

    def remove(self, slices: int) -> None:
        """Remove the first so many slices, and the folder if nothing else is in it."""
        for index in range(slices):
            shutil.rmtree(self._folder(index), ignore_errors=True)
            self.drives_file(index).unlink(missing_ok=True)
        self.tidy(slices)
        with suppress(OSError):
            self.path.rmdir()

    def tidy(self, slices: int) -> None:
        """Remove logs, and what was left by processes that were stopped."""
        for index in range(slices):
            self.log_file(index).unlink(missing_ok=True)
        for stray in self.path.glob(".slice-*"):
            shutil.rmtree(stray, ignore_errors=True)
        for stray in self.path.glob(".drives-*"):
            stray.unlink()

    @contextmanager
    def _making(self, index: int) -> Iterator[Path]:
        """Give a folder to fill, which becomes the slice's at once; a failure leaves nothing."""
        target = self._folder(index)
        self.path.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=self.path))
        try:
            yield work
            settle(work)
            if target.is_symlink():
                target.unlink()
            work.rename(target)
            settle(self.path)
        except OSError:
            if not self.has(index):
                raise
            # Another process was faster, and the same slice has the same bits.
        finally:
            shutil.rmtree(work, ignore_errors=True)

    def _folder(self, index: int) -> Path:
        return self.path / f"slice-{index:03d}"
