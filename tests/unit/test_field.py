"""The line-source potential, against closed forms and LFPykit; where the field electrode stands."""

import lfpykit
import numpy as np
import pytest

from ca1ltd import cell_files
from ca1ltd.errors import BadInput
from ca1ltd.model.field_electrode import (
    FieldElectrode,
    default_field_electrode,
    line_source_potential,
)
from ca1ltd.model.morphology import Morphology
from ca1ltd.model.own_cells import morphology_of

CONDUCTIVITY = 0.3  # S/m
TISSUE = {"conductivity": CONDUCTIVITY}
USUAL = {"beside": 50.0, "conductivity": CONDUCTIVITY, "reach": 200.0}
ALONG_X = np.array([[-10.0, 0.0, 0.0]]), np.array([[10.0, 0.0, 0.0]]), np.array([0.5])


def random_lines(n: int = 200) -> tuple[np.ndarray, ...]:
    rng = np.random.default_rng(3)
    start = rng.uniform(-100, 100, (n, 3))
    return start, start + rng.normal(0, 20, (n, 3)), rng.uniform(0.2, 3, n)


@pytest.mark.parametrize("tip", [(0.0, 0.0, 0.0), (70.0, 175.0, -20.0), (-2000.0, 5.0, 9.0)])
@pytest.mark.parametrize("conductivity", [0.3, 1.1])
def test_it_is_that_of_lfpykit(tip, conductivity):
    start, stop, radius = random_lines()
    cell = lfpykit.CellGeometry(
        x=np.stack((start[:, 0], stop[:, 0]), 1),
        y=np.stack((start[:, 1], stop[:, 1]), 1),
        z=np.stack((start[:, 2], stop[:, 2]), 1),
        d=2 * radius,
    )
    x, y, z = (np.array([each]) for each in tip)
    expected = lfpykit.LineSourcePotential(
        cell, x=x, y=y, z=z, sigma=conductivity
    ).get_transformation_matrix()[0]
    found = line_source_potential(start, stop, radius, tip, conductivity=conductivity)
    np.testing.assert_allclose(found, expected, rtol=1e-9)


def test_beside_the_middle_of_a_line_it_has_its_closed_form():
    expected = 2 * np.arcsinh(10 / 4) / (4 * np.pi * CONDUCTIVITY * 20)
    assert line_source_potential(*ALONG_X, (0, 4, 0), **TISSUE) == pytest.approx(
        expected, rel=1e-12
    )


def test_from_afar_a_line_is_a_point():
    expected = 1 / (4 * np.pi * CONDUCTIVITY * 3000)
    assert line_source_potential(*ALONG_X, (0, 0, 3000), **TISSUE) == pytest.approx(
        expected, rel=1e-5
    )


@pytest.mark.parametrize("tip", [(2.0, 0.0, 0.0), (2.0, 0.1, 0.2), (2.0, 0.0, 0.5)])
def test_no_point_is_nearer_than_the_membrane(tip):
    outside = line_source_potential(*ALONG_X, (2.0, 0.5, 0.0), **TISSUE)
    assert line_source_potential(*ALONG_X, tip, **TISSUE) == pytest.approx(outside, rel=1e-12)
    assert line_source_potential(*ALONG_X, (2.0, 0.6, 0.0), **TISSUE) < outside


def test_cells_around_are_seen_in_the_mean():
    """Far sources in a plane: the mean of 1/r over a disc is 2 (sqrt(R^2 + h^2) - h) / R^2."""
    reach, height = 150.0, 90.0
    electrode = FieldElectrode(tip=(3.0, height, -5.0), reach=reach)
    start = np.array([[2.999, 0.0, -5.0]])
    stop = np.array([[3.001, 0.0, -5.0]])
    found = electrode.potential(start, stop, np.array([0.1]))
    mean = 2 * (np.hypot(reach, height) - height) / reach**2
    assert found == pytest.approx(mean / (4 * np.pi * CONDUCTIVITY), rel=5e-3)


def test_without_reach_it_is_the_potential_at_the_tip():
    electrode = FieldElectrode(tip=(70.0, 175.0, -20.0), reach=0.0, conductivity=0.4)
    expected = line_source_potential(*random_lines(), electrode.tip, conductivity=0.4)
    np.testing.assert_array_equal(electrode.potential(*random_lines()), expected)


@pytest.mark.parametrize("name", cell_files.project_cells())
def test_by_default_it_stands_beside_the_trunk(name):
    morphology = morphology_of(name)
    electrode = default_field_electrode(morphology, 175.0, **USUAL)
    points = np.concatenate([morphology.sections[k].points for k in morphology.trunk()])
    distance = np.linalg.norm(points[:, :3] - electrode.tip, axis=1).min()
    assert electrode.tip[1] == 175.0
    assert 0.8 * USUAL["beside"] < distance < 1.2 * USUAL["beside"]


def test_what_cannot_be_is_refused():
    with pytest.raises(BadInput, match="position"):
        FieldElectrode(tip=(0.0, np.nan, 0.0))
    with pytest.raises(BadInput, match="position"):
        FieldElectrode(tip=(0.0, 1.0))
    with pytest.raises(BadInput, match="position"):
        FieldElectrode(tip=("a", 0.0, 0.0))
    with pytest.raises(BadInput, match="0 S/m"):
        FieldElectrode(tip=(0.0, 0.0, 0.0), conductivity=0.0)
    with pytest.raises(BadInput, match="0 um or above"):
        FieldElectrode(tip=(0.0, 0.0, 0.0), reach=-1.0)
    soma = morphology_of("dhc").sections[:1]
    with pytest.raises(BadInput, match="no apical dendrite"):
        default_field_electrode(Morphology(name="soma", sections=soma), 175.0, **USUAL)
