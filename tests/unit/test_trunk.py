"""The apical trunk: from the soma on, along what bears the most dendrite."""

import pytest

from ca1ltd import cell_files
from ca1ltd.model.morphology import Morphology
from ca1ltd.model.own_cells import morphology_of


def borne(morphology: Morphology, k: int) -> float:
    """Length of a section and of all that hangs on it."""
    section = morphology.sections[k]
    below = [i for i, each in enumerate(morphology.sections) if each.parent == k]
    return section.length + sum(borne(morphology, i) for i in below)


@pytest.mark.parametrize("name", cell_files.project_cells())
def test_it_goes_on_with_the_heavier_branch_from_the_soma_to_a_tip(name):
    morphology = morphology_of(name)
    trunk = morphology.trunk()
    for above, below in zip((0, *trunk), trunk, strict=False):
        siblings = [
            k
            for k, section in enumerate(morphology.sections)
            if section.parent == above and section.kind == "apical"
        ]
        assert below in siblings
        assert borne(morphology, below) == max(borne(morphology, k) for k in siblings)
    assert all(section.parent != trunk[-1] for section in morphology.sections)


def test_the_trunk_of_c5038804_is_its_thick_dendrite():
    """The apical tip that is farthest along the cell is that of a thinner branch."""
    morphology = morphology_of("c5038804")
    at_150 = next(
        morphology.sections[k]
        for k in morphology.trunk()
        if morphology.sections[k].path_distance_at(1.0) >= 150
    )
    assert at_150.points[:, 3].mean() > 2


def test_a_cell_without_apical_dendrite_has_none():
    morphology = morphology_of("dhc")
    soma = Morphology(name="soma", sections=morphology.sections[:1])
    assert soma.trunk() == ()
