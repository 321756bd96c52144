"""Build a cell, measure it and compare it with recordings."""

from collections.abc import Callable

from ca1ltd.engine import session
from ca1ltd.engine.bench import Bench
from ca1ltd.engine.cell import build_cell
from ca1ltd.model.biophysics import Biophysics
from ca1ltd.model.morphology import Morphology
from ca1ltd.validation.measures import measure
from ca1ltd.validation.report import CellReport

CELSIUS = 34.0
TOLERANCE = 1e-3
"""CVODE's tolerance as a fraction of the typical size of each state."""


def validate(
    morphology: Morphology,
    biophysics: Biophysics,
    *,
    progress: Callable[[str], None] = lambda _: None,
) -> CellReport:
    """Return a cell's measures beside their targets; about a minute.

    Parameters
    ----------
    morphology : Morphology
        Sections and points.
    biophysics : Biophysics
        Rules for the membrane.
    progress : callable
        Told the name of each experiment before it begins.

    Raises
    ------
    BadInput
        If the morphology is unfit.
    """
    with session.settings(celsius=CELSIUS, atol=TOLERANCE):
        bench = Bench(build_cell(morphology, biophysics))
        found = measure(bench, progress=progress)
    return CellReport(cell=morphology.name, values=found.values, curves=found.curves)
