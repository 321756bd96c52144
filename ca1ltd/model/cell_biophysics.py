"""The biophysics of a cell: read from its files, changed for a run, and each number by its path."""

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from ca1ltd import cell_files
from ca1ltd.errors import BadInput
from ca1ltd.model.biophysics import Biophysics, Kind
from ca1ltd.model.quantity import Allowed, Quantity
from ca1ltd.reading import read_text


@cache
def biophysics_of(cell: str) -> Biophysics:
    """Return the biophysics of a cell: the rules of all, and what is its own.

    Raises
    ------
    BadInput
        If there is no such cell, or its files cannot be used.
    """
    return read_biophysics(*cell_files.files_of(cell).biophysics)


def read_biophysics(*paths: Path | str) -> Biophysics:
    """Return the biophysics in TOML files, of which each gives what differs from those before.

    Raises
    ------
    BadInput
        If a file cannot be read, a parameter is missing or unknown, or has a wrong unit or a
        value out of its range.
    """
    tables: dict[str, Any] = {}
    for path in paths:
        tables = _over(tables, _tables(path))
    try:
        return Biophysics.model_validate(tables)
    except ValidationError as error:
        raise BadInput(f"The biophysics {paths[-1]} cannot be used: {_first(error)}.") from None


def changed_biophysics(
    rules: Biophysics, values: Mapping[tuple[str, ...], float], *, source: str
) -> Biophysics:
    """Return biophysics with other values.

    Parameters
    ----------
    rules : Biophysics
        What is changed.
    values : mapping
        Value by the path of its quantity, as ``("nat", "soma")``, in the unit it has.
    source : str
        Where they come from.

    Raises
    ------
    BadInput
        If a value, or what they are together, is not allowed.
    """
    tables = rules.model_dump()
    for path, value in values.items():
        place = tables
        for name in path:
            place = place[name]
        place |= {"value": value, "source": source}
    try:
        return Biophysics.model_validate(tables)
    except ValidationError as error:
        raise BadInput(f"the biophysics cannot be changed like this: {_first(error)}") from None


def quantities(
    table: type[BaseModel] = Biophysics,
) -> Iterable[tuple[tuple[str, ...], Allowed]]:
    """Yield the path of each quantity of the biophysics, as ``("nat", "soma")``, and its range."""
    for name, info in table.model_fields.items():
        allowed = [each for each in info.metadata if isinstance(each, Allowed)]
        if allowed:
            yield (name,), allowed[0]
        elif isinstance(info.annotation, type) and issubclass(info.annotation, BaseModel):
            for path, inner in quantities(info.annotation):
                yield (name, *path), inner


def quantity_at(rules: Biophysics, path: Iterable[str]) -> Quantity:
    """Return the quantity at a path of `quantities`."""
    place: Any = rules
    for name in path:
        place = getattr(place, name)
    assert isinstance(place, Quantity)
    return place


def set_by_place() -> tuple[tuple[str, str], ...]:
    """Return the mechanisms and variables of ours that biophysics sets, wherever that is."""
    rules = biophysics_of(cell_files.project_cells()[0])  # they are the same for all values
    settings = (rules.settings_at(kind, 0.0, 1.0) for kind in get_args(Kind))
    ours = (each for place in settings for each in place if each.mechanism != "pas")
    return tuple(dict.fromkeys((each.mechanism, each.variable) for each in ours))


def _tables(path: Path | str) -> dict[str, Any]:
    try:
        return tomllib.loads(read_text(path))
    except OSError as error:
        raise BadInput(f"The biophysics {path} cannot be read ({error.strerror}).") from None
    except ValueError as error:
        raise BadInput(f"The biophysics {path} is not a TOML file: {error}.") from None


def _over(below: Any, above: Any) -> Any:
    """Return tables with other tables laid over them; a quantity is replaced whole."""
    if not (isinstance(below, dict) and isinstance(above, dict)) or "value" in above:
        return above
    return below | {name: _over(below.get(name), value) for name, value in above.items()}


def _first(error: ValidationError) -> str:
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    return f"{where}: {first['msg'].removeprefix('Value error, ')}"
