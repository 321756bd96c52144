"""The files of a run: CSV, JSON and NumPy archives, each written whole or not at all."""

import hashlib
import json
import zipfile
from collections.abc import Mapping
from io import BufferedReader
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ca1ltd.reading import MB, opened
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
"""Under what a summary has their SHA-256, and its own without them."""
LARGEST = 2000 * MB
"""Most bytes of a file."""
UNPACKED = 1000 * MB
"""Most bytes of what an archive unpacks to."""


def write_table(table: pd.DataFrame, path: Path) -> None:
    """Write a table as CSV, each number with all its digits."""
    with replacing(path, through_links=False) as temporary:
        table.to_csv(temporary, index=False)


def read_table(path: Path) -> pd.DataFrame:
    """Return the table of a CSV file, bit for bit as it was written.

    Raises
    ------
    OSError
        If it cannot be read.
    ValueError
        If it is damaged.
    """
    with opened(path, largest=LARGEST) as file:
        return pd.read_csv(file)  # since pandas 3.1 exact to the last bit


def write_json(content: Any, path: Path) -> None:
    """Write JSON values."""
    write_text(json.dumps(content, indent=2) + "\n", path, through_links=False)


def write_summary(summary: Mapping[str, Any], folder: Path) -> None:
    """Write the summary of a run with the SHA-256 of its `DATA_FILES`, which must be there."""
    files = {name: sha256(folder / name) for name in DATA_FILES}
    files[SUMMARY_FILE] = sha256_of(summary)
    write_json({**summary, FILES: files}, folder / SUMMARY_FILE)


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal digits.

    Raises
    ------
    OSError
        If it cannot be read.
    ValueError
        If it is no ordinary file, or too large to be ours.
    """
    with opened(path, largest=LARGEST) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sha256_of(content: Any) -> str:
    """Return the SHA-256 of JSON values in hexadecimal digits, whatever the order of their keys."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def write_traces(traces: dict[tuple[int, str], Trace], path: Path) -> None:
    """Write traces as arrays ``<slice>/<name>/times`` (ms) and ``<slice>/<name>/values``.

    The unit of the values is an array of one string, ``<slice>/<name>/unit``.
    """
    arrays: dict[str, Any] = {}
    for (index, name), trace in traces.items():
        arrays[f"{index}/{name}/times"] = trace.times
        arrays[f"{index}/{name}/values"] = trace.values
        arrays[f"{index}/{name}/unit"] = np.array(trace.unit)
    # NumPy's own compression is four times slower, and no better at traces
    with (
        replacing(path, through_links=False) as temporary,
        zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
    ):
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as file:
                np.lib.format.write_array(file, array, allow_pickle=False)


def read_traces(path: Path) -> dict[tuple[int, str], Trace]:
    """Return traces by slice and name, as `write_traces` wrote them.

    Raises
    ------
    OSError
        If the file cannot be read.
    ValueError
        If it is damaged.
    """
    with opened(path, largest=LARGEST) as file:
        try:
            _refuse_more_than_it_may_unpack(file)
            file.seek(0)
            return _traces(file)
        except OSError:
            raise
        # What NumPy and its libraries raise at an archive that is none has no common name.
        except Exception as error:
            raise ValueError(f"it is no archive of traces ({error})") from None


def _refuse_more_than_it_may_unpack(file: BufferedReader) -> None:
    with zipfile.ZipFile(file) as archive:
        size = sum(member.file_size for member in archive.infolist())
    if size > UNPACKED:
        raise ValueError(f"unpacked it has {size / MB:.0f} MB, and must have {UNPACKED / MB:.0f}")


def _traces(file: BufferedReader) -> dict[tuple[int, str], Trace]:
    traces = {}
    with np.load(file, allow_pickle=False) as arrays:
        for key in arrays.files:
            if not key.endswith("/unit"):
                continue
            place = key.removesuffix("/unit")
            index, _, name = place.partition("/")
            times, values = (arrays[f"{place}/{part}"] for part in ("times", "values"))
            if times.dtype.kind != "f" or values.dtype.kind != "f":
                raise ValueError(f"the trace {place} has something that is no number")
            trace = Trace(name=name, times=times, values=values, unit=str(arrays[key]))
            traces[int(index), name] = trace
    return traces
