"""A run's folder: what is run, finished slices, and the tables made of them at the end.

The slices stay beside the tables: when some are added, or a table is damaged, new tables are made
of them all, and are those of a run that had them all from the start.
"""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from ca1ltd import cell_files
from ca1ltd.errors import BadInput, NotStored
from ca1ltd.experiment.results import Run, assemble, load_run
from ca1ltd.experiment.spec import ExperimentSpec
from ca1ltd.experiment.store.files import (
    CELL_FILE,
    RUN_FILE,
    SUMMARY_FILE,
    TABLES,
    TRACES_FILE,
    write_json,
    write_summary,
    write_table,
    write_traces,
)
from ca1ltd.experiment.store.lock import LOCK_FILE
from ca1ltd.experiment.store.reading import is_whole, read_run_file
from ca1ltd.experiment.store.slice_folders import SliceFolders
from ca1ltd.model.own_cells import keep_copy, morphology_of
from ca1ltd.provenance import provenance, versions


@dataclass(frozen=True, slots=True)
class Store:
    """The folder of a run that is being made, or to which slices are added.

    `open` looks and refuses without writing; `begin` writes the first file. A finished run stays
    as it is until all slices are there that are added to it.
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
            not asked for or the run is not of this very experiment, of more slices, or damaged.
        """
        path = path.absolute()
        refuse_foreign(path, RUN_FILE, "run", resume=resume)
        if (path / RUN_FILE).exists():
            _refuse_other(path, spec)
        return cls(path, spec)

    @property
    def begun(self) -> bool:
        """Return whether the folder says what is run in it."""
        return (self.path / RUN_FILE).exists()

    def begin(self) -> None:
        """Make the folder and write what is run, unless a finished run says so.

        Raises
        ------
        OSError
            If it cannot be written.
        """
        self.slices.path.mkdir(parents=True, exist_ok=True)
        if self.spec.cell not in cell_files.project_cells() and not self.begun:
            keep_copy(self.spec.cell, self.path / CELL_FILE, as_drawn=self.spec.as_drawn)
        if not self.made and not (self.begun and self._slices_said == self.spec.slices):
            self._write_run_file({})

    @property
    def slices(self) -> SliceFolders:
        """Return the folders of the slices."""
        return SliceFolders(self.path / "slices", self.spec)

    @property
    def made(self) -> int:
        """Return of how many slices the run's tables are made, 0 if it is not finished."""
        return self._slices_said if (self.path / SUMMARY_FILE).exists() else 0

    @property
    def completed(self) -> bool:
        """Return whether the run's tables are made, of as many slices as are asked for."""
        return self.made == self.spec.slices

    @property
    def whole(self) -> bool:
        """Return whether its files are as they were written, too."""
        return self.completed and is_whole(self.path)

    @property
    def _slices_said(self) -> int:
        said: int = read_run_file(self.path)["spec"]["slices"]
        return said

    def finished(self) -> tuple[int, ...]:
        """Return the numbers of the slices that need not be simulated, sorted."""
        every, done = range(self.spec.slices), self.completed
        return tuple(index for index in every if done or self.slices.has(index))

    def complete(self) -> Run:
        """Return the finished run, after writing its tables if they are not there or are damaged.

        Raises
        ------
        BadInput
            If a slice cannot be read or is damaged.
        """
        if self.whole:
            return load_run(self.path)
        run = assemble(self.spec, [*map(self.slices.load, range(self.spec.slices))], self.path)
        self.write(run)
        return run

    def write(self, run: Run) -> None:
        """Write the tables, traces and summary of a run, by which it is finished."""
        # From here to the new summary the run is one of finished slices without tables.
        (self.path / SUMMARY_FILE).unlink(missing_ok=True)
        for table in TABLES:
            write_table(getattr(run, table), self.path / f"{table}.csv")
        write_traces(run.slice_traces, self.path / TRACES_FILE)
        self._write_run_file(
            {"geometry": run.geometry, "slices": list(run.statistics)}, run.provenance
        )
        write_summary(run.summary, self.path)

    def remove(self) -> None:
        """Remove what was begun: the run's files, and the folder if nothing else is in it."""
        self.slices.remove(self.spec.slices)
        for name in (RUN_FILE, CELL_FILE, LOCK_FILE):
            (self.path / name).unlink(missing_ok=True)
        with suppress(OSError):
            self.path.rmdir()

    def _write_run_file(
        self, results: dict[str, Any], made_with: Mapping[str, str] | None = None
    ) -> None:
        content = {
            "spec": self.spec.as_dict(),
            "provenance": provenance(self.spec.cell) if made_with is None else made_with,
            "versions": versions(),
            "notices": list(morphology_of(self.spec.cell, as_drawn=self.spec.as_drawn).notices),
            **results,
        }
        write_json(content, self.path / RUN_FILE)


def save_run(run: Run, path: Path) -> Path:
    """Write a finished run into a new folder, and return the folder.

    Raises
    ------
    BadInput
        If the folder holds something, or cannot be written.
    NotStored
        If the disk is full.
    """
    store = Store.open(path, ExperimentSpec.from_dict(run.spec), resume=False)
    try:
        store.path.mkdir(parents=True, exist_ok=True)
        store.write(run)
    except OSError as error:
        raise NotStored(f"{store.path} cannot be written: {error.strerror or error}") from None
    return store.path


def refuse_unwritable(path: Path) -> None:
    """Raise BadInput if a folder cannot be made or written there; touch nothing.

    Parameters
    ----------
    path : Path
        The folder, which need not exist.
    """
    path = path.absolute()
    try:
        nearest = next(folder for folder in (path, *path.parents) if folder.exists())
    except OSError as error:  # a name that is too long
        raise BadInput(f"{path} cannot be written: {error.strerror}") from None
    if not nearest.is_dir():
        raise BadInput(f"{path} cannot be a folder: {nearest} is a file")
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise BadInput(f"{path} cannot be written: permission denied in {nearest}")


def refuse_foreign(path: Path, file: str, what: str, *, resume: bool) -> None:
    """Raise BadInput if nothing of ours can be left in a folder; touch nothing.

    Parameters
    ----------
    path : Path
        The folder, which need not exist.
    file : str
        What lies in it if it is one of ours.
    what : str
        What it is then.
    resume : bool
        Whether that is to be completed.
    """
    refuse_unwritable(path)
    if (path / file).exists():
        if not resume:
            raise BadInput(
                f"{path} holds a {what} already: name another folder with --out, or complete that "
                f"{what} with --resume"
            )
    elif path.is_dir() and any(not file.name.startswith(".") for file in path.iterdir()):
        raise BadInput(f"{path} holds files that are no {what}: name another folder with --out")


def _refuse_other(path: Path, spec: ExperimentSpec) -> None:
    found = read_run_file(path)
    there, asked = found["spec"], json.loads(json.dumps({"setup": None, **spec.as_dict()}))
    only = "only the same run can be resumed"
    for key, new in asked.items():
        if key != "slices" and there.get(key) != new:
            raise BadInput(
                f"{path} holds another run, with {key} {json.dumps(there.get(key))} and not "
                f"{json.dumps(new)}: {only}"
            )
    other = provenance(spec.cell).difference(found["provenance"])
    if other is not None:
        raise BadInput(f"{path} holds a run of another model, made with {other}: {only}")
    if there["slices"] > spec.slices:
        raise _fewer(path, there["slices"], spec.slices)


def _fewer(path: Path, there: int, asked: int) -> BadInput:
    return BadInput(
        f"{path} holds a run of {there} slices and not {asked}: slices can be added to a run, and "
        "none can be left out"
    )
