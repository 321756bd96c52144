"""An experiment in words, and the defaults of all that is not said.

Whoever describes an experiment, a figure, a published experiment, a row of a sweep or a command,
says it as `Declared`; `ExperimentSpec.of` turns the words into what is run.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

CELL: Final = "dhc"
SEED: Final = 1
SLICES: Final = 5
SYNAPSES: Final = 60  # in each pathway
INTEGRATOR: Final = "efficient"
MOST: Final = "max"  # synapses: as many as fit


@dataclass(frozen=True, slots=True)
class Declared:
    """An experiment in the words of the command line. What is not said is the default.

    Attributes
    ----------
    protocol : str
        Name of the protocol.
    options : mapping
        Its options, in the units people say.
    drugs : tuple of str
        Each as ``NAME[=uM][@FROM..TO]``.
    conditions : mapping
        Conditions of the slice.
    parameters : mapping
        Parameters that differ from their defaults: a number, or what is said after ``--set NAME=``.
    synapses : int or str
        Synapses in each pathway; "max", as many as fit in all slices.
    slices : int, optional
        How many slices. A figure or a score that does not say so has as many as it is asked for.
    cell : str
        Name of the reconstructed cell, or the whole path of a reconstruction.
    seed : int
        Seed of all that is random.
    integrator : str
        How time advances.
    as_drawn : bool
        Whether a reconstruction is not turned so that its apical axis is +y.
    windows : tuple of str
        Conditions of a window, each as ``NAME=VALUE@FROM..TO``.
    """

    protocol: str
    options: Mapping[str, Any] = field(default_factory=dict)
    drugs: tuple[str, ...] = ()
    conditions: Mapping[str, Any] = field(default_factory=dict)
    parameters: Mapping[str, float | str] = field(default_factory=dict)
    synapses: int | str = SYNAPSES
    slices: int | None = None
    cell: str = CELL
    seed: int = SEED
    integrator: str = INTEGRATOR
    as_drawn: bool = False
    windows: tuple[str, ...] = ()
