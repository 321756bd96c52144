"""A sweep's folder: what is swept, a run's folder for each run, and the table of their outcomes.

``sweep.json`` holds the specifications and what they are made with, ``runs/run-0007`` is a run as
`ca1ltd run` leaves it, and ``sweep.csv`` has a row for each finished run. A run is finished when
its summary is there: what a process was writing when it died is never taken for finished.
"""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Self

import pandas as pd
from pydantic import BaseModel, ConfigDict, ValidationError

from ca1ltd.errors import BadInput
from ca1ltd.experiment.spec import ExperimentSpec
from ca1ltd.experiment.store.files import sha256_of, write_table
from ca1ltd.experiment.store.lock import locked
from ca1ltd.experiment.store.reading import read_summary
from ca1ltd.experiment.store.run_folder import Store, refuse_foreign
from ca1ltd.experiment.sweep.grid import row_of
from ca1ltd.jsontext import read_json
from ca1ltd.provenance import Provenance, provenance
from ca1ltd.writing import write_text

SWEEP_FILE = "sweep.json"
TABLE_FILE = "sweep.csv"
_COST = ("wall_s", "simulated_s", "speed_vs_real_time")  # differ whenever a run is repeated


class _Sweep(BaseModel):
    """What a sweep's file holds: its runs, what those of each cell are made with, and its hash."""

    model_config = ConfigDict(strict=True)

    runs: list[dict[str, Any]]
    provenance: dict[str, dict[str, str]]
    sha256: str


@dataclass(frozen=True, slots=True)
class SweepStore:
    """The folder of a sweep.

    `open` looks and refuses without writing; `claimed` writes the first file.
    """

    path: Path
    specs: tuple[ExperimentSpec, ...]
    how_to_complete: ClassVar[str] = "--resume completes the sweep"

    @classmethod
    def open(cls, path: Path, specs: Sequence[ExperimentSpec], *, resume: bool) -> Self:
        """Return the store of a folder that may be written, without touching it.

        Raises
        ------
        BadInput
            If the folder cannot be written, holds something else, or holds a sweep and `resume`
            is not asked for or it is not this very sweep.
        """
        path = path.absolute()
        refuse_taken(path, resume=resume)
        if (path / SWEEP_FILE).exists():
            _refuse_other(path, specs)
        return cls(path, tuple(specs))

    @classmethod
    def load(cls, path: Path) -> Self:
        """Return the store of the sweep in a folder.

        Raises
        ------
        BadInput
            If there is no sweep.
        """
        specs = [ExperimentSpec.from_dict(spec) for spec in _read(path).runs]
        return cls(path.absolute(), tuple(specs))

    @contextmanager
    def claimed(self) -> Iterator[None]:
        """Keep others from the folder while the block runs, and say in it what is swept.

        Raises
        ------
        BadInput
            If another process is at work in it, or has left another sweep, or it cannot be written.
        """
        with locked(self.path, "sweep"):
            try:
                if (self.path / SWEEP_FILE).exists():  # perhaps of a process that was faster
                    _refuse_other(self.path, self.specs)
                else:
                    self._write_sweep_file()
            except OSError as error:
                raise BadInput(
                    f"{self.path} cannot be written: {error.strerror or error}"
                ) from None
            yield

    def stores(self) -> tuple[Store, ...]:
        """Return the store of each run."""
        width = max(4, len(str(len(self.specs) - 1)))
        return tuple(
            Store(self.path / "runs" / f"run-{number:0{width}d}", spec)
            for number, spec in enumerate(self.specs)
        )

    def table(self) -> pd.DataFrame:
        """Return a row for each finished run: what was swept, then what came out.

        Columns are ``run``, the options and parameters in which the runs differ, and the numbers
        of their summaries except those of the cost.
        """
        rows, swept = self._rows()
        found = []
        for store, row in zip(self.stores(), rows, strict=True):
            if store.made:
                summary, _ = read_summary(store.path)
                values = {name: row.get(name) for name in swept}
                found.append({"run": store.path.name, **values, **_outcome(summary)})
        return pd.DataFrame(found, columns=None if found else ["run", *swept])

    @property
    def swept(self) -> tuple[str, ...]:
        """Return the options and parameters in which the runs differ."""
        return self._rows()[1]

    def _rows(self) -> tuple[list[dict[str, str | float]], tuple[str, ...]]:
        """Return the row of each run, everything said, and the names in which they differ."""
        keys = sorted({key for spec in self.specs for key, _ in spec.parameters})
        rows = [row_of(spec, keys) for spec in self.specs]
        names = dict.fromkeys(name for row in rows for name in row)
        return rows, tuple(name for name in names if len({row.get(name) for row in rows}) > 1)

    def write_table(self) -> pd.DataFrame:
        """Write the table of what is finished and return it."""
        table = self.table()
        write_table(table, self.path / TABLE_FILE)
        return table

    def _write_sweep_file(self) -> None:
        runs, made_with = [spec.as_dict() for spec in self.specs], _made_with(self.specs)
        rows = ",\n".join(json.dumps(run) for run in runs)
        content = (
            f'{{"provenance": {json.dumps(made_with)},\n'
            f'"sha256": "{_hash(runs, made_with)}",\n"runs": [\n{rows}\n]}}\n'
        )
        write_text(content, self.path / SWEEP_FILE, through_links=False)


def refuse_taken(path: Path, *, resume: bool) -> None:
    """Raise BadInput if no sweep can be left in a folder, whatever it is; touch nothing.

    Parameters
    ----------
    path : Path
        The folder, which need not exist.
    resume : bool
        Whether the sweep that it holds is to be completed.
    """
    refuse_foreign(path.absolute(), SWEEP_FILE, "sweep", resume=resume)


def _outcome(summary: Mapping[str, Any], prefix: str = "") -> dict[str, float]:
    """Return the numbers of a summary, those of a pathway or a rest under its name."""
    found: dict[str, float] = {}
    for key, value in summary.items():
        if key == "pathways":
            for pathway, outcome in value.items():
                found |= _outcome(outcome, f"{prefix}{pathway}_")
        elif key == "phases":
            for number, phase in enumerate(value, start=1):
                found |= _outcome(phase, f"rest_{number}_")
        elif isinstance(value, Mapping):
            found |= _outcome(value, f"{prefix}{key}_")
        elif key not in _COST and not isinstance(value, list | str):
            found[f"{prefix}{key}"] = math.nan if value is None else value
    return found


def _made_with(specs: Sequence[ExperimentSpec]) -> dict[str, Provenance]:
    """Return what the runs of each cell are made with now."""
    return {cell: provenance(cell) for cell in dict.fromkeys(spec.cell for spec in specs)}


def _read(path: Path) -> _Sweep:
    file = path / SWEEP_FILE
    if not file.exists():
        raise BadInput(f"{path} holds no sweep: there is no {SWEEP_FILE} in it")
    try:
        found = _Sweep.model_validate(read_json(file))
        if found.sha256 != _hash(found.runs, found.provenance):
            raise ValueError(f"{SWEEP_FILE}: it is not as it was written")
    except ValidationError as error:
        place = ".".join(str(part) for part in error.errors()[0]["loc"]) or "it"
        raise BadInput(
            f"the sweep in {path} is damaged: {SWEEP_FILE}: {place} is not as in a sweep"
        ) from None
    except (OSError, ValueError) as error:
        raise BadInput(f"the sweep in {path} is damaged: {error}") from None
    return found


def _hash(runs: Sequence[Mapping[str, Any]], made_with: Mapping[str, Mapping[str, str]]) -> str:
    return sha256_of({"runs": runs, "provenance": made_with})


def _refuse_other(path: Path, specs: Sequence[ExperimentSpec]) -> None:
    there = _read(path)
    asked = json.loads(json.dumps([spec.as_dict() for spec in specs]))
    only = "only the same sweep can be resumed"
    for cell, now in _made_with(specs).items():
        other = now.difference(there.provenance.get(cell, {}))
        if other is not None and cell in {run.get("cell") for run in there.runs}:
            raise BadInput(f"{path} holds a sweep of another model, made with {other}: {only}")
    if len(there.runs) != len(asked):
        raise BadInput(
            f"{path} holds another sweep, of {len(there.runs)} runs and not {len(asked)}: {only}"
        )
    for number, (old, new) in enumerate(zip(there.runs, asked, strict=True)):
        for key in new:
            if old.get(key) != new[key]:
                raise BadInput(
                    f"{path} holds another sweep, whose run {number} has {key} "
                    f"{json.dumps(old.get(key))} and not {json.dumps(new[key])}: {only}"
                )
