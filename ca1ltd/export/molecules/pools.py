"""How many molecules there are of what: numbers for the values of a network's states.

A concentration is a number in the volume of the head. What a mod file cannot say is what a state
is a part of: `PART_OF` and `FRACTION_OF` do, and whatever is then in no state is free, a species of
its own.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np

from ca1ltd.arrays import Floats
from ca1ltd.engine.nmodl.mechanism import Mechanism, Quantity
from ca1ltd.export.network import Network

PART_OF: Final[Mapping[str, str]] = MappingProxyType(
    {
        "psqi": "pp1_sites",
        "loose": "camkii_sites",
        "firm": "camkii_sites",
    }
)
"""States, with the parameter of their mechanism that is the amount of all that can be in them."""
FRACTION_OF: Final[Mapping[str, str]] = MappingProxyType(
    {
        "c": "cam_total",
        "n": "cam_total",
        "p286": "ca1cam.camkii_total",
        "p305": "ca1cam.camkii_total",
        "open": "pp1_sites",
        "s845": "total",
        "s831": "total",
    }
)
"""States that are fractions, with the parameter that is the amount they are fractions of.

It is of another mechanism where that is written in front.
"""
_PER_MM: Final = 6.02214076e23 * 1e-3 * 1e-15
"""Molecules in a um3 of 1 mM."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """What is in one of some states, or free.

    Attributes
    ----------
    free : str
        The species of what is free.
    states : tuple of str
        The states.
    parameter : str
        The constant that is the amount of the whole, as `Scope` calls it.
    amount : float
        How many molecules that is.
    fractional : bool
        Whether the state is a fraction of it.
    """

    free: str
    states: tuple[str, ...]
    parameter: str
    amount: float
    fractional: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Pools:
    """The species of a network.

    Attributes
    ----------
    groups : tuple of tuple of str
        Species by mechanism, in the order of the signal: its states, and after those of a whole
        what is free of it.
    worth : dict
        What one molecule of a state is, in the unit of its mod file.
    wholes : dict
        The whole that a state is a part of, for those that are.
    """

    groups: tuple[tuple[str, ...], ...]
    worth: Mapping[str, float]
    wholes: Mapping[str, Whole]

    @property
    def species(self) -> tuple[str, ...]:
        """All species."""
        return tuple(name for group in self.groups for name in group)

    def amounts(self, values: Mapping[str, float]) -> dict[str, float]:
        """Return the amount of each species, in molecules and not whole.

        Parameters
        ----------
        values : mapping
            Value of each state in the unit of its mod file.
        """
        found = {state: values[state] / worth for state, worth in self.worth.items()}
        for whole in self.wholes.values():
            found[whole.free] = whole.amount - sum(found[state] for state in whole.states)
        return found

    def numbers(self, values: Mapping[str, float], chance: np.random.Generator) -> Floats:
        """Return whole numbers whose mean over many draws is the amount, shape ``(n_species,)``.

        The sum of any neighbours within a mechanism is rounded up or down, too: what is conserved
        is within one molecule of what it is in the equations.

        Parameters
        ----------
        values : mapping
            As of `amounts`.
        chance : Generator
            One number is drawn for each mechanism.
        """
        amounts = self.amounts(values)
        sums = (np.cumsum([0.0, *(amounts[name] for name in group)]) for group in self.groups)
        return np.concatenate([np.diff(np.floor(each + chance.random())) for each in sums])


def pools(
    network: Network,
    *,
    part_of: Mapping[str, str] = PART_OF,
    fraction_of: Mapping[str, str] = FRACTION_OF,
) -> Pools:
    """Return the species of a network.

    Parameters
    ----------
    network : Network
        Its concentrations are in the volume of its head; a state without a unit that is not
        said to be a fraction is a number.
    part_of, fraction_of : mapping
        As `PART_OF` and `FRACTION_OF`.
    """
    groups, worth, wholes = [], {}, {}
    for mechanism in network.mechanisms:
        own = {
            state: whole
            for whole in _wholes(mechanism, network, part_of, fraction_of)
            for state in whole.states
        }
        for state in mechanism.states:
            is_fraction = state.name in own and own[state.name].fractional
            worth[state.name] = 1 / (
                own[state.name].amount if is_fraction else _scale(state, network)
            )
        groups.append(tuple(_in_order(mechanism, own)))
        wholes.update(own)
    return Pools(groups=tuple(groups), worth=worth, wholes=wholes)


def _scale(each: Quantity, network: Network) -> float:
    """Return how many molecules 1 of a quantity is, in the unit of its mod file."""
    return network.volume * _PER_MM if each.unit == "mM" else 1.0


def _wholes(
    mechanism: Mechanism,
    network: Network,
    part_of: Mapping[str, str],
    fraction_of: Mapping[str, str],
) -> Iterator[Whole]:
    """Yield the wholes of a mechanism."""
    found: dict[tuple[str, str], list[str]] = {}
    for state in (each.name for each in mechanism.states):
        if state in fraction_of:
            found[_key(mechanism, fraction_of[state]), f"free {state}"] = [state]
        elif state in part_of:
            key = _key(mechanism, part_of[state])
            found.setdefault((key, f"free {_identifier(key)}"), []).append(state)
    for (key, free), states in found.items():
        yield Whole(
            free=free,
            states=tuple(states),
            parameter=_identifier(key),
            amount=_amount(key, network),
            fractional=states[0] in fraction_of,
        )


def _key(mechanism: Mechanism, parameter: str) -> str:
    """Return the key of a parameter, which is of the mechanism unless another is in front."""
    return parameter if "." in parameter else f"{mechanism.name}.{parameter}"


def _identifier(key: str) -> str:
    """Return what `Scope` calls a parameter outside its mechanism."""
    return key.replace(".", "_")


def _amount(key: str, network: Network) -> float:
    """Return how many molecules a parameter is."""
    owner, _, parameter = key.partition(".")
    (row,) = (
        each
        for mechanism in network.mechanisms
        if mechanism.name == owner
        for each in mechanism.constants
        if each.name == parameter
    )
    return network.changed.get(key, row.value or 0.0) * _scale(row, network)


def _in_order(mechanism: Mechanism, wholes: Mapping[str, Whole]) -> Iterator[str]:
    """Yield the states of a mechanism, each whole followed by what is free of it."""
    for state in (each.name for each in mechanism.states):
        yield state
        if state in wholes and state == wholes[state].states[-1]:
            yield wholes[state].free
