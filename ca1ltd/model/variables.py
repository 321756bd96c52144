"""What can be recorded at a place, with its unit: read from the mod files, as NEURON names it."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
_NAME: Final = re.compile(r"\b(SUFFIX|POINT_PROCESS|ARTIFICIAL_CELL)\s+(\w+)")
_RANGE: Final = re.compile(r"\bRANGE\s+(\w+(?:\s*,\s*\w+)*)")
_ION: Final = re.compile(r"\bUSEION\s+(\w+)")
_DECLARED: Final = re.compile(
    r"\b(?!FROM\b|TO\b)([A-Za-z_]\w*)\s*(?:=\s*[-+.\deE]+)?\s*(?:\(([^)]*)\))?"
)
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
    density : bool
        Whether it is inserted into sections; others are objects.
    """

    name: str
    title: str
    units: Mapping[str, str]
    states: frozenset[str]
    parameters: frozenset[str]
    ions: tuple[str, ...]
    density: bool


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
        name=found[2] if found else file.stem,
        title=title[1].strip() if title else "",
        units={name: units.get(name, "1") for name in names},
        states=frozenset(blocks["STATE"]),
        parameters=frozenset(blocks["PARAMETER"]),
        ions=ions,
        density=found is not None and found[1] == "SUFFIX" and found[2] != "nothing",
    )


def _rows(text: str, block: str) -> dict[str, str]:
    """Return the units of what a block declares, by name."""
    found = re.search(rf"\b{block}\s*\{{(.*?)\}}", text, re.DOTALL)
    return {name: unit or "1" for name, unit in _DECLARED.findall(found[1])} if found else {}


def of_spine(own: Iterable[Declared] = ()) -> tuple[Variable, ...]:
    """Return what can be recorded at a spine: its head, its receptors and its bouton.

    Parameters
    ----------
    own : iterable of Declared
        Mechanisms of the user's own that are in the head, too.
    """
    at_synapse = [name for name in standing(Place.SYNAPSE) if name != "ca1gaba"]
    ours = [_ours()[name] for name in (*standing(Place.HEAD), *at_synapse)]
    return tuple(_variables([*ours, *own]))


def of_section(
    kind: Kind, biophysics: Biophysics, own: Iterable[Declared] = ()
) -> tuple[Variable, ...]:
    """Return what can be recorded in a section of a kind.

    Parameters
    ----------
    kind : str
        Kind of section.
    biophysics : Biophysics
        The rules for its membrane.
    own : iterable of Declared
        Mechanisms of the user's own that are there, too.
    """
    names = dict.fromkeys(each.mechanism for each in biophysics.settings_at(kind, 0.0, 1.0))
    return tuple(_variables([*(_ours()[name] for name in names if name in _ours()), *own]))


def unit_of(name: str, own: Iterable[Declared] = ()) -> str:
    """Return the unit of a variable, wherever it is.

    Parameters
    ----------
    name : str
        Its name.
    own : iterable of Declared
        Mechanisms of the user's own.
    """
    everywhere = _variables([*_ours().values(), *own])
    return next((variable.unit for variable in everywhere if variable.name == name), "")


#: Concentrations that our mechanisms hand on, which carry no current.
_BUSES: Final = frozenset(state.name.removesuffix("i") for _, state in shown()) - {"ca"}


@cache
def _ours() -> Mapping[str, Declared]:
    """Return what our mechanisms declare, by their names."""
    return {each.name: each for each in map(declared_in, resources.mod_files())}


def _variables(there: Sequence[Declared]) -> Iterator[Variable]:
    yield from (Variable(*row, changes=row[0] not in _STEADY) for row in _EVERYWHERE)
    titles = {(mechanism.name, state.name): state.title for mechanism, state in shown()}
    buses = {state.name: state.title for _, state in shown()}
    for ion in dict.fromkeys(ion for each in there for ion in each.ions):
        for pattern, (unit, what) in _OF_ION.items():
            name = pattern.format(ion)
            if name in buses or ion not in _BUSES:
                yield Variable(name, unit, buses.get(name, f"{what} of {ion}"))
    for each in there:
        for name, unit in each.units.items():
            kind = "state of" if name in each.states else "of"
            what = titles.get((each.name, name), f"{kind} {each.title}")
            yield Variable(f"{each.name}.{name}", unit, what, name not in each.parameters)
