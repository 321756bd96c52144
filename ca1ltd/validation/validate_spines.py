"""Build a slice, measure its spines and compare them with recordings."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import numpy as np

from ca1ltd.declared import SEED, SYNAPSES
from ca1ltd.engine import session
from ca1ltd.engine.rig import Rig
from ca1ltd.engine.spine_bench import SpineBench
from ca1ltd.validation.spine_measures import measure_spines
from ca1ltd.validation.spine_report import SpineReport

SPINES: Final = 20
"""Spines that are measured, spread evenly over the sites of a pathway."""
PATHWAY: Final = "conditioned"


def validate_spines(
    cell: str,
    *,
    name: str,
    as_drawn: bool = False,
    changed: Mapping[str, float] = MappingProxyType({}),
    spines: int = SPINES,
    progress: Callable[[str], None] = lambda _: None,
) -> SpineReport:
    """Return the measures of a cell's spines beside recordings; some seconds.

    They are measured in the default slice, whose temperature is 30 degC.

    Parameters
    ----------
    cell : str
        Name of the cell, or the whole path of its reconstruction.
    name : str
        Its name in the report.
    as_drawn : bool
        Whether a reconstruction is not turned.
    changed : mapping
        Parameters that differ from their defaults, by key.
    spines : int
        How many spines are measured at most.
    progress : callable
        Told the name of each experiment before it begins.

    Raises
    ------
    BadInput
        If the reconstruction or a parameter is unfit.
    RunError
        If the cell does not rest.
    """
    rig = Rig(cell=cell, seed=SEED, index=0, synapses=SYNAPSES, changed=changed, as_drawn=as_drawn)
    axons = rig.pathways[PATHWAY]
    few = min(spines, len(axons))
    chosen = axons[((np.arange(few) + 0.5) * len(axons) / few).astype(int)]
    with session.settings(celsius=rig.celsius, atol=session.ATOL, shared=rig.shared) as cvode:
        found = measure_spines(SpineBench(rig, chosen.tolist(), cvode), progress=progress)
    return SpineReport(cell=name, values=found.values, curves=found.curves)
