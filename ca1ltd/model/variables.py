"""What can be recorded at a place, with its unit: read from the mod files, as NEURON names it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from ca1ltd import resources
from ca1ltd.model.biophysics import Biophysics, Kind
from ca1ltd.model.mechanisms import Place, shown, standing

#: What every place has; the leak is NEURON's own mechanism.
_EVERYWHERE: Final = (
    ("v", "mV", "membrane potential"),
    ("i_cap", "mA/cm2", "capacitive current"),
    ("cm", "uF/cm2", "capacitance, spines included"),
    ("diam", "um", "diameter"),
    ("pas.i", "mA/cm2", "current of the leak"),
    ("pas.g", "S/cm2", "conductance of the leak"),
    ("pas.e", "mV", "reversal potential of the leak"),
)
_STEADY: Final = ("cm", "diam", "pas.g", "pas.e")
#: Of an ion X, by how its name is made.
_OF_ION: Final = {
    "{}i": ("mM", "concentration inside"),
    "{}o": ("mM", "concentration outside"),
    "i{}": ("mA/cm2", "current"),
    "e{}": ("mV", "reversal potential"),
}
_NAME: Final = re.compile(r"\b(?:SUFFIX|POINT_PROCESS|ARTIFICIAL_CELL)\s+(\w+)")
_RANGE: Final = re.compile(r"\bRANGE\s+(\w+(?:\s*,\s*\w+)*)")
_ION: Final = re.compile(r"\bUSEION\s+(\w+)")
_DECLARED: Final = re.compile(r"^\s*(\w+)\s*(?:=\s*[-+.\deE]+)?\s*(?:\(([^)]*)\))?", re.MULTILINE)
_COMMENT: Final = re.compile(r"\bCOMMENT\b.*?\bENDCOMMENT\b|:[^\n]*|\?[^\n]*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable of a place.

    Attributes
    ----------
    name : str
        As it is written after the place, as ``v`` or ``ca1nat.m``.
    unit : str
        Its unit; "1" if it has none.
    what : str
        What it is, in words.
    changes : bool
        Whether it changes by itself; parameters do not.
    """

    name: str
    unit: str
    what: str
    changes: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """What a mod file declares that can be recorded.

    Attributes
    ----------
    name : str
        Name of the mechanism.
    title : str
        Its title.
    units : mapping of str to str
        Unit of each variable; states first.
    states, parameters : frozenset of str
        Which of them are states or parameters.
    ions : tuple of str
        The ions that it uses.
    """

    name: str
    title: str
    units: Mapping[str, str]
    states: frozenset[str]
    parameters: frozenset[str]
    ions: tuple[str, ...]


@cache
def declared_in(file: Path) -> Declared:
    """Return what a mod file declares that can be recorded.

    Parameters
    ----------
    file : Path
        The mod file.
    """
    source = file.read_text(encoding="utf-8", errors="replace")
    title = re.search(r"^TITLE[ \t]+(.*)$", source, re.MULTILINE)
    text = _COMMENT.sub("", source)
    found = _NAME.search(text)
    blocks = {name: _rows(text, name) for name in ("STATE", "ASSIGNED", "PARAMETER")}
    units = {name: unit for rows in reversed(blocks.values()) for name, unit in rows.items()}
    ranges = [name.strip() for names in _RANGE.findall(text) for name in names.split(",")]
    ions = tuple(dict.fromkeys(_ION.findall(text)))
    of_ions = {pattern.format(ion) for ion in ions for pattern in _OF_ION}
    names = [name for name in dict.fromkeys((*blocks["STATE"], *ranges)) if name not in of_ions]
    return Declared(
        name=found[1] if found else file.stem,
        title=title[1].strip() if title else "",
        units={name: units.get(name, "1") for name in names},
        states=frozenset(blocks["STATE"]),
        parameters=frozenset(blocks["PARAMETER"]),
        ions=ions,
    )


def _rows(text: str, block: str) -> dict[str, str]:
    """Return the units of what a block declares, by name."""
    found = re.search(rf"\b{block}\s*\{{(.*?)\}}", text, re.DOTALL)
    return {name: unit or "1" for name, unit in _DECLARED.findall(found[1])} if found else {}


def of_spine() -> tuple[Variable, ...]:
    """Return what can be recorded at a spine: its head, its receptors and its bouton."""
    at_synapse = [name for name in standing(Place.SYNAPSE) if name != "ca1gaba"]
    return tuple(_variables([*standing(Place.HEAD), *at_synapse]))


def of_section(kind: Kind, biophysics: Biophysics) -> tuple[Variable, ...]:
    """Return what can be recorded in a section of a kind."""
    settings = biophysics.settings_at(kind, 0.0, 1.0)
    return tuple(_variables(dict.fromkeys(setting.mechanism for setting in settings)))


def unit_of(name: str) -> str:
    """Return the unit of a variable, wherever it is; an empty text if it is not known."""
    return next((one.unit for one in _variables(_ours()) if one.name == name), "")


@cache
def _ours() -> Mapping[str, Declared]:
    """Return what our mechanisms declare, by their names."""
    return {each.name: each for each in map(declared_in, resources.mod_files())}


def _variables(mechanisms: Iterable[str]) -> Iterator[Variable]:
    yield from (Variable(*row, changes=row[0] not in _STEADY) for row in _EVERYWHERE)
    there = [_ours()[name] for name in mechanisms if name in _ours()]
    titles = {(mechanism.name, state.name): state.title for mechanism, state in shown()}
    buses = {state.name: state.title for _, state in shown()}
    for ion in dict.fromkeys(ion for each in there for ion in each.ions):
        for pattern, (unit, what) in _OF_ION.items():
            name = pattern.format(ion)
            if name in buses or ion in ("na", "k", "ca"):
                yield Variable(name, unit, buses.get(name, f"{what} of {ion}"))
    for each in there:
        for name, unit in each.units.items():
            kind = "state of" if name in each.states else "of"
            what = titles.get((each.name, name), f"{kind} {each.title}")
            yield Variable(f"{each.name}.{name}", unit, what, name not in each.parameters)
