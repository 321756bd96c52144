"""A run's folder: finished slices, then the tables made of them.

Each slice is written into a folder of its own beside its final place and renamed there, so that a
slice is either whole or not there. The tables of the run are made from the slices at the end.
Numbers are written with all their digits: what is read back is what was computed, bit for bit.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from ca1ltd.errors import BadInput
from ca1ltd.experiment.results import Run, assemble, load_run
from ca1ltd.experiment.spec import ExperimentSpec
from ca1ltd.experiment.store.files import (
    RUN_FILE,
    SUMMARY_FILE,
    TABLES,
    TRACES_FILE,
    read_table,
    read_traces,
    write_json,
    write_summary,
    write_table,
    write_traces,
)
from ca1ltd.experiment.store.reading import read_run_file
from ca1ltd.provenance import provenance, versions
from ca1ltd.recording import SliceResult
from ca1ltd.writing import settle, write_bytes

_SLICE_TABLES = ("pulses", "synapses", "timecourse")


@dataclass(frozen=True, slots=True)
class Store:
    """The folder of a run that is being made.

    `open` looks and refuses without writing; `create` writes the first file.
    """

    path: Path
    spec: ExperimentSpec

    @classmethod
    def open(cls, path: Path, spec: ExperimentSpec, *, resume: bool) -> Self:
        """Return the store of a folder that may be written, without touching it.

        Raises
        ------
        BadInput
            If the folder cannot be written, holds something else, or holds a run and `resume` is
            not asked for or the run is not of this very experiment.
        """
        path = path.absolute()
        refuse_unwritable(path)
        if (path / RUN_FILE).exists():
            if not resume:
                raise BadInput(
                    f"{path} holds a run already: name another folder with --out, or complete that "
                    "run with --resume"
                )
            _refuse_other(path, spec)
        elif path.is_dir() and any(path.iterdir()):
            raise BadInput(f"{path} holds files that are no run: name another folder with --out")
        return cls(path, spec)

    def create(self) -> bool:
        """Make the folder and write what is run; return whether the folder is new.

        Raises
        ------
        BadInput
            If it cannot be written.
        """
        if (self.path / RUN_FILE).exists():
            return False
        try:
            self.begin()
        except OSError as error:
            raise BadInput(f"{self.path} cannot be written: {error.strerror or error}") from None
        return True

    def begin(self) -> None:
        """Make the folder and write what is run, if they are not there.

        Raises
        ------
        OSError
            If it cannot be written.
        """
        self._slices.mkdir(parents=True, exist_ok=True)
        if not (self.path / RUN_FILE).exists():
            self._write_run_file({})

    def remove(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self.path)

    def finished(self) -> tuple[int, ...]:
        """Return the numbers of the slices that are there, sorted."""
        completed = self.completed
        return tuple(
            index
            for index in range(self.spec.slices)
            if completed or self._slice_folder(index).is_dir()
        )

    @property
    def completed(self) -> bool:
        """Return whether the run's tables are made."""
        return (self.path / SUMMARY_FILE).exists()

    def log_file(self, index: int) -> Path:
        """Return where a slice's process may print; it stays if the slice fails."""
        return self._slices / f"slice-{index:03d}.log"

    def save_slice(self, result: SliceResult) -> None:
        """Write a slice, whole or not at all."""
        with self._making(result.index) as work:
            for table in _SLICE_TABLES:
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

    def slice_files(self, index: int) -> dict[str, bytes]:
        """Return the bytes of a finished slice's files by name, to be saved in another store."""
        return {file.name: file.read_bytes() for file in self._slice_folder(index).iterdir()}

    def save_files(self, index: int, files: Mapping[str, bytes]) -> None:
        """Write a slice from the files of another store, whole or not at all."""
        with self._making(index) as work:
            for name, content in files.items():
                write_bytes(content, work / name)

    def load_slice(self, index: int) -> SliceResult:
        """Return a finished slice.

        Raises
        ------
        BadInput
            If its files cannot be read or are damaged.
        """
        folder = self._slice_folder(index)
        try:
            return self._read_slice(folder)
        except (OSError, ValueError, KeyError, TypeError):
            raise BadInput(
                f"{folder} is damaged: remove it, and --resume simulates that slice again"
            ) from None

    def _read_slice(self, folder: Path) -> SliceResult:
        details = json.loads((folder / "slice.json").read_text(encoding="utf-8"))
        tables = {table: read_table(folder / f"{table}.csv") for table in _SLICE_TABLES}
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

    def complete(self) -> Run:
        """Return the finished run, after writing its tables if they are not there."""
        if self.completed:
            return load_run(self.path)
        for stray in self._slices.glob(".slice-*"):  # left by a process that was stopped
            shutil.rmtree(stray, ignore_errors=True)
        run = assemble(
            self.spec, [self.load_slice(index) for index in range(self.spec.slices)], self.path
        )
        for table in TABLES:
            write_table(getattr(run, table), self.path / f"{table}.csv")
        write_traces(run.slice_traces, self.path / TRACES_FILE)
        self._write_run_file({"geometry": run.geometry, "slices": list(run.statistics)})
        write_summary(run.summary, self.path)
        return run

    def remove_slices(self) -> None:
        """Remove the slices of a run whose tables are made: a `Run` is read from its tables."""
        if self.completed:
            shutil.rmtree(self._slices, ignore_errors=True)

    @contextmanager
    def _making(self, index: int) -> Iterator[Path]:
        """Give a folder to fill, which becomes the slice's at once; a failure leaves nothing."""
        target = self._slice_folder(index)
        self._slices.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=self._slices))
        try:
            yield work
            settle(work)
            work.rename(target)
            settle(self._slices)
        except OSError:
            if not target.is_dir():
                raise
            # Another process was faster, and the same slice has the same bits.
        finally:
            shutil.rmtree(work, ignore_errors=True)

    @property
    def _slices(self) -> Path:
        return self.path / "slices"

    def _slice_folder(self, index: int) -> Path:
        return self._slices / f"slice-{index:03d}"

    def _write_run_file(self, results: dict[str, Any]) -> None:
        content = {
            "spec": self.spec.as_dict(),
            "provenance": provenance(self.spec.cell),
            "versions": versions(),
            **results,
        }
        write_json(content, self.path / RUN_FILE)


def refuse_unwritable(path: Path) -> None:
    """Raise BadInput if a folder cannot be made or written there; touch nothing.

    Parameters
    ----------
    path : Path
        The folder, which need not exist.
    """
    path = path.absolute()
    nearest = next(folder for folder in (path, *path.parents) if folder.exists())
    if not nearest.is_dir():
        raise BadInput(f"{path} cannot be a folder: {nearest} is a file")
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise BadInput(f"{path} cannot be written: permission denied in {nearest}")


def _refuse_other(path: Path, spec: ExperimentSpec) -> None:
    found = read_run_file(path)
    there, asked = found["spec"], json.loads(json.dumps(spec.as_dict()))
    only = "only the same run can be resumed"
    for key, new in asked.items():
        if there.get(key) != new:
            raise BadInput(
                f"{path} holds another run, with {key} {json.dumps(there.get(key))} and not "
                f"{json.dumps(new)}: {only}"
            )
    other = provenance(spec.cell).difference(found["provenance"])
    if other is not None:
        raise BadInput(f"{path} holds a run of another model, made with {other}: {only}")
