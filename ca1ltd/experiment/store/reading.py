"""The files of a finished run as they are read: of the shape they were written in, or refused.

What a run was made with is left as it is written: a run of an older version stays readable.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from pandas.api.types import is_numeric_dtype
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ca1ltd.analysis.readouts import SYNAPSES, TIMECOURSE, columns_of
from ca1ltd.errors import BadInput
from ca1ltd.experiment.store.files import (
    DATA_FILES,
    FILES,
    RUN_FILE,
    SUMMARY_FILE,
    TABLES,
    TRACES_FILE,
    read_table,
    read_traces,
    sha256,
    sha256_of,
)
from ca1ltd.jsontext import read_json
from ca1ltd.recording import Trace

_PULSES: Final = ("time_min", "epsp_slope_mV_per_ms", "epsp_amplitude_mV", "percent_of_baseline")
_NUMBERS: Final[Mapping[str, tuple[str, ...]]] = {
    "epsp": _PULSES,
    "expected": _PULSES,
    "synapses": columns_of(SYNAPSES),
    "timecourse": ("time_min", *columns_of(TIMECOURSE)),
}
"""Columns of numbers that every run has in its tables, beside ``slice`` and ``pathway``."""
_CHANGED: Final = "it is not as it was written"


class _Shape(BaseModel):
    model_config = ConfigDict(strict=True)


class _Protocol(_Shape):
    name: str


class _Drug(_Shape):
    name: str
    concentration: float
    start: float | None
    end: float | None


class _Spec(_Shape):
    protocol: _Protocol
    cell: str
    seed: int
    slices: int
    synapses: int
    drugs: list[_Drug]
    conditions: dict[str, Any] = {}  # files from before there were conditions have none
    integrator: str
    parameters: dict[str, float]


class _Run(_Shape):
    spec: _Spec
    provenance: dict[str, str] = {}  # files from before it was kept have none
    versions: dict[str, str]


class _Finished(_Run):
    slices: list[dict[str, float]]
    geometry: dict[str, Any]


class _Outcome(_Shape):
    percent_of_baseline: float | None
    sem: float | None
    percent_expected: float | None
    n_slices: int


class _Window(_Shape):
    window_min: list[float] = Field(min_length=2, max_length=2)
    pathways: dict[str, _Outcome]


class _Summary(_Window):
    peak_spine_ca_uM: float | None
    anchored_ampar_percent: float | None
    surface_ampar_percent: float | None
    internal_ampar_percent: float | None
    phases: list[_Window] = []
    provenance: str = ""  # files from before it was kept have none
    files: dict[str, str]


def read_run_file(folder: Path, *, finished: bool = False) -> dict[str, Any]:
    """Return what the ``run.json`` of a run says.

    Parameters
    ----------
    folder : Path
        The run's.
    finished : bool
        Whether it must have what the slices left: their cost and where the electrodes are.

    Raises
    ------
    BadInput
        If it cannot be read or is damaged.
    """
    found = _read_json(folder / RUN_FILE, _Finished if finished else _Run)
    return {"provenance": {}, **found}


def read_summary(folder: Path) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the summary of a run and the SHA-256 of its files by name.

    Raises
    ------
    BadInput
        If it cannot be read, is damaged or of a version that did not keep them.
    """
    summary = _read_json(folder / SUMMARY_FILE, _Summary)
    files: dict[str, str] = summary.pop(FILES)
    with _reading(folder / SUMMARY_FILE):
        if files.get(SUMMARY_FILE) != sha256_of(summary):
            raise ValueError(_CHANGED)
    return summary, files


def refuse_changed(files: Mapping[str, str], folder: Path) -> None:
    """Raise BadInput if a file of a run cannot be read or is not as it was written.

    Parameters
    ----------
    files : mapping
        The SHA-256 of each of the `DATA_FILES`, by name.
    folder : Path
        The run's.
    """
    for name in DATA_FILES:
        with _reading(folder / name):
            if files.get(name) != sha256(folder / name):
                raise ValueError(_CHANGED)


def is_whole(folder: Path) -> bool:
    """Return whether a folder has a finished run whose files are as they were written."""
    try:
        refuse_changed(read_summary(folder)[1], folder)
    except BadInput:
        return False
    return True


def read_tables(folder: Path, *, slices: int, probed: bool) -> dict[str, pd.DataFrame]:
    """Return the tables of a run by name.

    Parameters
    ----------
    folder : Path
        The run's.
    slices : int
        How many it has.
    probed : bool
        Whether EPSPs without release noise were measured; otherwise ``expected`` may be empty.

    Raises
    ------
    BadInput
        If one cannot be read or is damaged.
    """
    tables = {}
    for name in TABLES:
        with _reading(folder / f"{name}.csv"):
            tables[name] = read_table(folder / f"{name}.csv")
            _refuse_other_columns(tables[name], _NUMBERS[name])
            if tables[name].empty and (probed or name != "expected"):
                raise ValueError("it has no row")
            if len(tables[name]) and set(tables[name]["slice"]) != set(range(slices)):
                raise ValueError(f"its rows are not those of slices 0 to {slices - 1}")
    return tables


def read_slice_traces(folder: Path) -> dict[tuple[int, str], Trace]:
    """Return the traces of a run by slice and name.

    Raises
    ------
    BadInput
        If they cannot be read or are damaged.
    """
    with _reading(folder / TRACES_FILE):
        return read_traces(folder / TRACES_FILE)


def _read_json(path: Path, shape: type[_Shape]) -> dict[str, Any]:
    with _reading(path):
        found: dict[str, Any] = read_json(path)
        try:
            shape.model_validate(found)
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"])
            wrong = "is missing" if first["type"] == "missing" else "is not as in a run"
            if place == FILES:
                wrong += ", which says that the other files are as they were written"
            raise ValueError(f"{place or 'it'} {wrong}") from None
    return found


def _refuse_other_columns(table: pd.DataFrame, numbers: tuple[str, ...]) -> None:
    for name in ("pathway", "slice", *numbers):
        if name not in table:
            raise ValueError(f"it has no column {name}")
        if name != "pathway" and len(table) and not is_numeric_dtype(table[name]):
            raise ValueError(f"its column {name} has something that is no number")
    if np.isinf(table[list(numbers)].to_numpy(dtype=float)).any():
        raise ValueError("it has a number that is infinite")


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    """Name a run and its file in one sentence if the file cannot be read or is damaged."""
    run = f"the run in {path.parent}"
    try:
        yield
    except FileNotFoundError:
        raise BadInput(f"{run} is damaged: {path.name} is missing") from None
    except OSError as error:
        why = error.strerror or error
        raise BadInput(f"{run} cannot be read: {path.name}: {why}") from None
    except ValueError as error:
        why = " ".join(str(error).split())
        raise BadInput(f"{run} is damaged: {path.name}: {why}") from None
