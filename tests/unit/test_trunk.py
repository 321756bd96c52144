"""The apical trunk: from the soma to the apical tip that is farthest along the cell."""

import pytest

from ca1ltd import resources
from ca1ltd.morphology import Morphology, read_swc


@pytest.mark.parametrize("name", resources.cell_names())
def test_it_leads_from_the_soma_to_the_farthest_apical_tip(name):
    morphology = read_swc(resources.cell_dir(name) / "morphology.swc")
    trunk = [morphology.sections[k] for k in morphology.trunk()]
    assert {section.kind for section in trunk} == {"apical"}
    assert trunk[0].parent == 0
    for above, below in zip(morphology.trunk(), trunk[1:], strict=False):
        assert below.parent == above
    ends = [s.path_distance + s.length for s in morphology.sections if s.kind == "apical"]
    assert trunk[-1].path_distance + trunk[-1].length == max(ends)


def test_a_cell_without_apical_dendrite_has_none():
    morphology = read_swc(resources.cell_dir("dhc") / "morphology.swc")
    soma = Morphology(name="soma", sections=morphology.sections[:1])
    assert soma.trunk() == ()
