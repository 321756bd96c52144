"""The project's cells made passive."""

from ca1ltd import resources
from ca1ltd.model.cell_biophysics import biophysics_of
from ca1ltd.model.morphology import read_morphology


def cell_of(name):
    """Morphology and biophysics of a cell."""
    folder = resources.cells_dir() / name
    return read_morphology(folder / "morphology.swc"), biophysics_of(name)


def made_passive(cell):
    """The cell, left with capacitance, leak and cytoplasm alone."""
    for section in cell.sections():
        for mechanism in section.psection()["density_mechs"]:
            if mechanism != "pas":
                section.uninsert(mechanism)
    return cell
