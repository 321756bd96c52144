"""The files of a run: CSV, JSON and NumPy archives, each written whole or not at all."""

import hashlib
import json
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ca1ltd.errors import BadInput
from ca1ltd.recording import Trace
from ca1ltd.writing import replacing, write_text

RUN_FILE = "run.json"
SUMMARY_FILE = "summary.json"
TRACES_FILE = "traces.npz"
TABLES = ("epsp", "expected", "synapses", "timecourse")
DATA_FILES = (*(f"{table}.csv" for table in TABLES), TRACES_FILE, RUN_FILE)
"""The files of a finished run, other than its summary."""
CELL_FILE = "cell.swc"
"""The morphology of a run whose cell is none of the project."""
FILES = "files"
"""Under what a summary has their SHA-256."""


def write_table(table: pd.DataFrame, path: Path) -> None:
    """Write a table as CSV, each number with all its digits."""
    with replacing(path) as temporary:
        table.to_csv(temporary, index=False)


def read_table(path: Path) -> pd.DataFrame:
    """Return the table of a CSV file, bit for bit as it was written."""
    return pd.read_csv(path)  # since pandas 3.1 exact to the last bit


def write_json(content: Any, path: Path) -> None:
    """Write JSON values."""
    write_text(json.dumps(content, indent=2) + "\n", path)


def write_summary(summary: Mapping[str, Any], folder: Path) -> None:
    """Write the summary of a run with the SHA-256 of its `DATA_FILES`, which must be there."""
    files = {name: sha256(folder / name) for name in DATA_FILES}
    write_json({**summary, FILES: files}, folder / SUMMARY_FILE)


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_traces(traces: dict[tuple[int, str], Trace], path: Path) -> None:
    """Write traces as arrays ``<slice>/<name>/times`` (ms) and ``<slice>/<name>/values``.

    The unit of the values is an array of one string, ``<slice>/<name>/unit``.
    """
    arrays: dict[str, Any] = {}
    for (index, name), trace in traces.items():
        arrays[f"{index}/{name}/times"] = trace.times
        arrays[f"{index}/{name}/values"] = trace.values
        arrays[f"{index}/{name}/unit"] = np.array(trace.unit)
    with replacing(path) as temporary, temporary.open("wb") as file:
        np.savez_compressed(file, **arrays)


def read_traces(path: Path) -> dict[tuple[int, str], Trace]:
    """Return traces by slice and name, as `write_traces` wrote them.

    Raises
    ------
    ValueError
        If the file is damaged.
    """
    try:
        return _traces(path)
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, TypeError, BadInput) as error:
        raise ValueError(f"it is no archive of traces ({error})") from None


def _traces(path: Path) -> dict[tuple[int, str], Trace]:
    traces = {}
    # NumPy leaves open a file that it cannot read, unless it is given one that is open.
    with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
        for key in arrays.files:
            if not key.endswith("/unit"):
                continue
            place = key.removesuffix("/unit")
            index, _, name = place.partition("/")
            traces[int(index), name] = Trace(
                name=name,
                times=arrays[f"{place}/times"],
                values=arrays[f"{place}/values"],
                unit=str(arrays[key]),
            )
    return traces
