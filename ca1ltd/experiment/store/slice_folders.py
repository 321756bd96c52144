"""The finished slices of a run that is being made, each in a folder of its own.

A slice is written into a hidden folder beside its final place and renamed there, so that it is
either whole or not there. Numbers are written with all their digits: what is read back is what was
computed, bit for bit.
"""

import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ca1ltd.errors import BadInput
from ca1ltd.experiment.store.files import (
    TRACES_FILE,
    read_table,
    read_traces,
    write_json,
    write_table,
    write_traces,
)
from ca1ltd.recording import SliceResult
from ca1ltd.writing import settle, write_bytes

_TABLES: Final = ("pulses", "synapses", "timecourse")


@dataclass(frozen=True, slots=True)
class SliceFolders:
    """The folder that holds those of a run's slices."""

    path: Path

    def has(self, index: int) -> bool:
        """Return whether a slice is there."""
        return self._folder(index).is_dir()

    def log_file(self, index: int) -> Path:
        """Return where a slice's process may print; it stays if the slice fails."""
        return self.path / f"slice-{index:03d}.log"

    def save(self, result: SliceResult) -> None:
        """Write a slice, whole or not at all."""
        with self._making(result.index) as work:
            for table in _TABLES:
                write_table(getattr(result, table), work / f"{table}.csv")
            write_traces(
                {(result.index, name): trace for name, trace in result.traces.items()},
                work / TRACES_FILE,
            )
            details = {
                "index": result.index,
                "seed": result.seed,
                "geometry": result.geometry,
                "statistics": result.statistics,
            }
            write_json(details, work / "slice.json")

    def files(self, index: int) -> dict[str, bytes]:
        """Return the bytes of a slice's files by name, to be saved elsewhere."""
        return {file.name: file.read_bytes() for file in self._folder(index).iterdir()}

    def save_files(self, index: int, files: Mapping[str, bytes]) -> None:
        """Write a slice from its files, whole or not at all."""
        with self._making(index) as work:
            for name, content in files.items():
                write_bytes(content, work / name)

    def load(self, index: int) -> SliceResult:
        """Return a slice that is there.

        Raises
        ------
        BadInput
            If its files cannot be read or are damaged.
        """
        folder = self._folder(index)
        try:
            return _read(folder)
        except (OSError, ValueError, KeyError, TypeError):
            raise BadInput(
                f"{folder} is damaged: remove it, and --resume simulates that slice again"
            ) from None

    def remove(self, slices: int) -> None:
        """Remove the first so many slices, what was left by processes that were stopped, and logs.

        The folder itself is removed if nothing else is in it.
        """
        for index in range(slices):
            shutil.rmtree(self._folder(index), ignore_errors=True)
            self.log_file(index).unlink(missing_ok=True)
        for stray in self.path.glob(".slice-*"):
            shutil.rmtree(stray, ignore_errors=True)
        with suppress(OSError):
            self.path.rmdir()

    @contextmanager
    def _making(self, index: int) -> Iterator[Path]:
        """Give a folder to fill, which becomes the slice's at once; a failure leaves nothing."""
        target = self._folder(index)
        self.path.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=self.path))
        try:
            yield work
            settle(work)
            work.rename(target)
            settle(self.path)
        except OSError:
            if not target.is_dir():
                raise
            # Another process was faster, and the same slice has the same bits.
        finally:
            shutil.rmtree(work, ignore_errors=True)

    def _folder(self, index: int) -> Path:
        return self.path / f"slice-{index:03d}"


def _read(folder: Path) -> SliceResult:
    details = json.loads((folder / "slice.json").read_text(encoding="utf-8"))
    tables = {table: read_table(folder / f"{table}.csv") for table in _TABLES}
    return SliceResult(
        index=details["index"],
        seed=details["seed"],
        pulses=tables["pulses"],
        synapses=tables["synapses"],
        timecourse=tables["timecourse"],
        traces={name: trace for (_, name), trace in read_traces(folder / TRACES_FILE).items()},
        geometry=details["geometry"],
        statistics=details["statistics"],
    )
