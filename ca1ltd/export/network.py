"""The cascade of one spine head as a network: mechanisms, couplings, and a state to start from.

Calcium is the input. Everything between calcium and the AMPA receptor comes from the mod files, and
what the states are called in words from `ca1ltd.model.mechanisms`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ca1ltd import resources
from ca1ltd.declared import CELL
from ca1ltd.engine.isolated_head import resting_states
from ca1ltd.engine.nmodl.mechanism import Conserved, Mechanism, Reaction
from ca1ltd.engine.nmodl.syntax import read_mechanism
from ca1ltd.errors import BadInput
from ca1ltd.model import parameters
from ca1ltd.model.mechanisms import CASCADE, shown

#: The concentration that drives the cascade, and the parameter that holds its resting value.
CALCIUM: Final = "cai"
REST: Final = "ca1spineca.cai_rest"
VOLUME: Final = "spine.head_volume"

TITLES: Final = {state.name: state.title for _, state in shown()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """Mechanisms that share a spine head.

    Attributes
    ----------
    mechanisms : tuple of Mechanism
        In the order of the signal.
    changed : dict
        Parameters that differ from the mod files, by ``mechanism.name``.
    calcium : float
        Resting calcium (mM).
    volume : float
        Volume of the head (um3).
    """

    mechanisms: tuple[Mechanism, ...]
    changed: Mapping[str, float]
    calcium: float
    volume: float

    def __post_init__(self) -> None:
        written = Counter(name for each in self.mechanisms for name in self.owned(each))
        for name, count in written.items():
            if count > 1:
                raise BadInput(f"{count} mechanisms of the cascade hold a '{name}'")
        for mechanism in self.mechanisms:
            for name in mechanism.reads:
                if name not in written and name != CALCIUM:
                    raise BadInput(f"{mechanism.name} reads '{name}', which no mechanism writes")
            _check_conserved(mechanism)

    @staticmethod
    def owned(mechanism: Mechanism) -> tuple[str, ...]:
        """Return what a mechanism shows under a name of its own: states and written ions."""
        states = tuple(state.name for state in mechanism.states)
        return states + tuple(name for name in mechanism.writes if name not in states)


def cascade_network(
    overrides: Iterable[tuple[str, float]] = (), *, folder: Path | None = None
) -> Network:
    """Return the cascade from calmodulin to the AMPA receptor.

    Parameters
    ----------
    overrides : iterable of (str, float)
        Parameters to change, as ``("ca1cam.kon_can", 5.0)``.
    folder : Path, optional
        Folder of the mod files; by default the model's.

    Raises
    ------
    BadInput
        If a parameter is unknown, out of range or not of the cascade, or if a mod file does
        something that has no translation.
    """
    given = tuple(overrides)
    for key, _ in given:
        parameters.row(key, CELL)  # of any cell: which is all the same to the cascade
        if key not in (REST, VOLUME) and key.partition(".")[0] not in CASCADE:
            raise BadInput(
                f"the parameter '{key}' is not of the cascade: "
                f"it takes those of {', '.join(CASCADE)}, {REST} and {VOLUME}"
            )
    changed = parameters.checked(given)
    calcium, volume = (changed.pop(key, parameters.table()[key].value) for key in (REST, VOLUME))
    files = folder or resources.mod_dir()
    return Network(
        mechanisms=tuple(read_mechanism(files / f"{name}.mod") for name in CASCADE),
        changed=changed,
        calcium=calcium,
        volume=volume,
    )


def resting(network: Network) -> dict[str, float]:
    """Return the value of each state, in the unit of its mod file, where NEURON finds rest."""
    return resting_states(
        {name: each.name for each in network.mechanisms for name in network.owned(each)},
        cai=network.calcium,
        changed=network.changed,
    )


def _check_conserved(mechanism: Mechanism) -> None:
    """Refuse a CONSERVE that says more than the reactions do: it would be lost."""
    reactions = [each for each in mechanism.equations if isinstance(each, Reaction)]
    for law in (each for each in mechanism.equations if isinstance(each, Conserved)):
        weights = dict(law.states)
        for reaction in reactions:
            before, after = (
                sum(weights.get(state, 0) * count for state, count in side)
                for side in (reaction.reactants, reaction.products)
            )
            if before != after:
                raise BadInput(
                    f"{mechanism.name}: a reaction changes the sum of {', '.join(weights)}, "
                    "which is to be conserved"
                )
