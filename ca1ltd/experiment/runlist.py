"""Runs listed in a file, CSV, JSON or TOML: one row for each run."""

import csv
import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ca1ltd.errors import BadInput


def read_rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a file, by option and parameter.

    Parameters
    ----------
    path : Path
        A table ``*.csv`` whose columns are named as the options, "protocol" among them; a list of
        objects ``*.json``; or ``[[run]]`` tables ``*.toml``.

    Raises
    ------
    BadInput
        If the file cannot be read, holds no row, or is not written like this.
    """
    readers = {".csv": _csv, ".json": _json, ".toml": _toml}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise BadInput(f"the list {path} must be a file {', '.join(f'*{end}' for end in readers)}")
    try:
        rows = reader(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise BadInput(f"the list {path} cannot be read: {error.strerror}") from None
    except (ValueError, csv.Error) as error:
        raise BadInput(f"the list {path} cannot be read: {error}") from None
    if not rows:
        raise BadInput(f"the list {path} has no row: give one for each run")
    return rows


def _csv(text: str) -> list[dict[str, str]]:
    reader = csv.DictReader(text.splitlines(), strict=True, restkey="", skipinitialspace=True)
    rows = []
    for number, row in enumerate(reader, start=1):
        if "" in row or None in row.values():
            names = len(reader.fieldnames or ())
            raise ValueError(f"row {number} has not the {names} cells of the first line")
        rows.append({name.strip(): value for name, value in row.items()})
    return rows


def _json(text: str) -> list[dict[str, str]]:
    return _rows(json.loads(text), "a list of objects, one for each run")


def _toml(text: str) -> list[dict[str, str]]:
    return _rows(tomllib.loads(text).get("run"), "tables [[run]], one for each run")


def _rows(given: Any, what: str) -> list[dict[str, str]]:
    if not isinstance(given, list) or not all(isinstance(row, dict) for row in given):
        raise ValueError(f"it must hold {what}")
    return [
        dict(pair for name, value in row.items() for pair in _pairs(name, value)) for row in given
    ]


def _pairs(name: str, value: Any) -> list[tuple[str, str]]:
    """Return a value as text; TOML reads ``ca1nmda.g_max`` as a table in a table."""
    if isinstance(value, Mapping):
        return [(f"{name}.{key}", _text(each)) for key, each in value.items()]
    return [
        (
            name,
            ("+" if name == "drug" else ",").join(map(_text, value))
            if isinstance(value, list)
            else _text(value),
        )
    ]


def _text(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError(f"{json.dumps(value, default=str)} is neither a number nor a text")
    return str(value)
