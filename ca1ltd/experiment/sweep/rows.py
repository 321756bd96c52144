"""Runs listed in a file, CSV, JSON or TOML: one row for each run."""

import csv
import json
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ca1ltd.errors import BadInput
from ca1ltd.jsontext import parse_json
from ca1ltd.reading import read_text


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
        rows = reader(read_text(path))
    except OSError as error:
        raise BadInput(f"the list {path} cannot be read: {error.strerror}") from None
    except RecursionError:
        raise BadInput(f"the list {path} cannot be read: it is nested too deeply") from None
    except (ValueError, csv.Error) as error:
        raise BadInput(f"the list {path} cannot be read: {error}") from None
    if not rows:
        raise BadInput(f"the list {path} has no row: give one for each run")
    return rows


def _csv(text: str) -> list[dict[str, str]]:
    reader = csv.DictReader(text.splitlines(), strict=True, restkey="", skipinitialspace=True)
    names = _each_once(name.strip() for name in reader.fieldnames or ())
    for mark, what in ((";", "semicolons"), ("\t", "tabs")):
        if len(names) == 1 and mark in names[0]:
            raise ValueError(
                f"its columns have {what} between: save it with commas, and numbers with points"
            )
    rows = []
    for number, row in enumerate(reader, start=1):
        if "" in row or None in row.values():
            raise ValueError(f"row {number} has not the {len(names)} cells of the first line")
        rows.append(dict(zip(names, row.values(), strict=True)))
    return rows


def _json(text: str) -> list[dict[str, str]]:
    return _rows(parse_json(text), "a list of objects, one for each run")


def _toml(text: str) -> list[dict[str, str]]:
    return _rows(tomllib.loads(text).get("run"), "tables [[run]], one for each run")


def _rows(given: Any, what: str) -> list[dict[str, str]]:
    if not isinstance(given, list) or not all(isinstance(row, dict) for row in given):
        raise ValueError(f"it must hold {what}")
    rows = [[pair for name, value in row.items() for pair in _pairs(name, value)] for row in given]
    for row in rows:
        _each_once(name for name, _ in row)
    return [dict(row) for row in rows]


def _each_once(names: Iterable[str]) -> list[str]:
    """Return names; raise ValueError if two are the same option: follow-up is follow_up."""
    found: dict[str, str] = {}
    for name in names:
        option = name.replace("_", "-")
        if option in found:
            raise ValueError(f"'{name}' is given twice")
        found[option] = name
    return list(found.values())


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
