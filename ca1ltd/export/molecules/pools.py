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
from ca1ltd.engine.nmodl.c_math import OPERATORS
from ca1ltd.engine.nmodl.mechanism import Mechanism
from ca1ltd.export.network import Network
from ca1ltd.export.scope import Scope

PART_OF: Final[Mapping[str, str]] = MappingProxyType(
    {
        "cani": "can_total",
        "cki": "camkii_total",
        "pti": "camkii_total",
        "psqi": "pp1_sites",
        "pski": "camkii_sites",
    }
)
"""States, with the parameter of their mechanism that is the amount of all that can be in them."""
FRACTION_OF: Final[Mapping[str, str]] = MappingProxyType(
    {"c": "cam_total", "n": "cam_total", "s845": "total", "s831": "total"}
)
"""States that are fractions, with the parameter that is the amount they are fractions of."""
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
        scale = {
            each.name: network.volume * _PER_MM if each.unit == "mM" else 1.0
            for each in (*mechanism.constants, *mechanism.states)
        }
        own = {
            state: whole
            for whole in _wholes(mechanism, network, scale, part_of, fraction_of)
            for state in whole.states
        }
        for state in (each.name for each in mechanism.states):
            is_fraction = state in own and own[state].fractional
            worth[state] = 1 / (own[state].amount if is_fraction else scale[state])
        groups.append(tuple(_in_order(mechanism, own)))
        wholes.update(own)
    return Pools(groups=tuple(groups), worth=worth, wholes=wholes)


def _wholes(
    mechanism: Mechanism,
    network: Network,
    scale: Mapping[str, float],
    part_of: Mapping[str, str],
    fraction_of: Mapping[str, str],
) -> Iterator[Whole]:
    """Yield the wholes of a mechanism."""
    scope = Scope(mechanism, OPERATORS)
    found: dict[tuple[str, str], list[str]] = {}
    for state in (each.name for each in mechanism.states):
        if state in fraction_of:
            found[fraction_of[state], f"free {state}"] = [state]
        elif state in part_of:
            key = part_of[state]
            found.setdefault((key, f"free {scope.identifier(key)}"), []).append(state)
    values = {each.name: each.value or 0.0 for each in mechanism.constants}
    for (key, free), states in found.items():
        yield Whole(
            free=free,
            states=tuple(states),
            parameter=scope.identifier(key),
            amount=network.changed.get(f"{mechanism.name}.{key}", values[key]) * scale[key],
            fractional=states[0] in fraction_of,
        )


def _in_order(mechanism: Mechanism, wholes: Mapping[str, Whole]) -> Iterator[str]:
    """Yield the states of a mechanism, each whole followed by what is free of it."""
    for state in (each.name for each in mechanism.states):
        yield state
        if state in wholes and state == wholes[state].states[-1]:
            yield wholes[state].free
