"""Sites: their number, density, geometry and repeatability; the scaling of AMPA with distance."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from ca1ltd.errors import BadInput
from ca1ltd.model.morphology import Morphology, read_morphology
from ca1ltd.model.placement import Sites, ampar_scale, place_spines
from ca1ltd.resources import cells_dir

BEYOND = 50.0  # um
USUAL = {"near": 100.0, "far": 250.0, "factor": 2.0}


@pytest.fixture(scope="module", params=["dhc", "c5038804", "nmo49821"])
def cell(request: pytest.FixtureRequest) -> Morphology:
    return read_morphology(cells_dir() / request.param / "morphology.swc")


def place(cell: Morphology, seed: int, **options) -> Sites:
    usual = {"density": 2.9, "fraction": 0.03, "beyond": BEYOND}
    return place_spines(cell, np.random.default_rng(seed), **{**usual, **options})


def test_number_is_poisson_with_the_density(cell: Morphology) -> None:
    """Mean and variance over 300 seeds are density x fraction x length of radiatum dendrite."""
    expected = 2.0 * 0.05 * cell.pieces("radiatum", beyond=BEYOND).length.sum()
    assert expected > 300
    counts = [len(place(cell, seed, density=2.0, fraction=0.05)) for seed in range(300)]
    assert np.mean(counts) == pytest.approx(expected, abs=4 * np.sqrt(expected / 300))
    # the variance of a sample of 300 has a relative standard error of sqrt(2/299) = 8 %
    assert np.var(counts, ddof=1) == pytest.approx(expected, rel=0.33)


def test_sites_are_uniform_along_the_dendrite(cell: Morphology) -> None:
    """Kolmogorov-Smirnov distance of the sites' place in the dendrite laid end to end."""
    sites = place(cell, 1, density=2.9, fraction=1.0, domain="oriens", beyond=0.0)
    lengths = np.array([s.length if s.kind == "basal" else 0.0 for s in cell.sections])
    before = np.concatenate(([0.0], np.cumsum(lengths)))
    along = before[sites.section] + sites.x * lengths[sites.section]
    assert len(sites) > 5000
    assert stats.kstest(along / before[-1], "uniform").pvalue > 0.01


def test_no_fraction_loses_spines(cell: Morphology) -> None:
    """Ten times the fraction gives ten times the sites."""
    few = sum(len(place(cell, seed, fraction=0.05)) for seed in range(40))
    many = sum(len(place(cell, seed, fraction=0.5)) for seed in range(40))
    assert many / few == pytest.approx(10, rel=4 / np.sqrt(few))


def test_sites_lie_on_the_dendrite(cell: Morphology) -> None:
    sites = place(cell, 2)
    assert len(sites) > 300
    for k in range(len(sites)):
        section = cell.sections[sites.section[k]]
        assert cell.domain_at(sites.section[k], sites.x[k]) == "radiatum"
        np.testing.assert_allclose(section.point_at(sites.x[k]), sites.position[k], atol=1e-6)
        assert section.path_distance_at(sites.x[k]) == pytest.approx(sites.path_distance[k])


def test_sites_are_sorted(cell: Morphology) -> None:
    sites = place(cell, 3)
    order = np.lexsort((sites.x, sites.section))
    np.testing.assert_array_equal(order, np.arange(len(sites)))


def test_proximal_dendrite_is_free_of_spines(cell: Morphology) -> None:
    assert place(cell, 4).path_distance.min() >= BEYOND - 1e-9
    bare = place(cell, 4, fraction=1.0, beyond=0.0)
    assert bare.path_distance.min() < 10


@pytest.mark.parametrize("domain", ["oriens", "radiatum", "lacunosum"])
def test_domains(cell: Morphology, domain: str) -> None:
    sites = place(cell, 5, domain=domain)
    assert len(sites) > 50
    found = {cell.domain_at(s, x) for s, x in zip(sites.section, sites.x, strict=True)}
    assert found == {domain}


def test_same_seed_same_bits(cell: Morphology) -> None:
    one, same, other = place(cell, 6), place(cell, 6), place(cell, 7)
    for field in dataclasses.fields(Sites):
        a, b = getattr(one, field.name), getattr(same, field.name)
        assert a.tobytes() == b.tobytes()
    assert not np.array_equal(one.x, other.x)


def test_sites_cannot_be_changed(cell: Morphology) -> None:
    with pytest.raises(ValueError, match="read-only"):
        place(cell, 1).x[0] = 0.5


@pytest.mark.parametrize("density", [0.0, -1.0, float("nan"), float("inf")])
def test_density_out_of_range(cell: Morphology, density: float) -> None:
    with pytest.raises(BadInput, match="spine density must be above 0 per um"):
        place(cell, 1, density=density)


@pytest.mark.parametrize("fraction", [0.0, -0.1, 1.1, float("nan")])
def test_fraction_out_of_range(cell: Morphology, fraction: float) -> None:
    with pytest.raises(BadInput, match="fraction of modelled spines must be above 0 and at most 1"):
        place(cell, 1, fraction=fraction)


def test_no_dendrite_in_the_domain() -> None:
    cell = read_morphology(cells_dir() / "dhc" / "morphology.swc")
    with pytest.raises(BadInput, match="The cell dhc has no dendrite in axon"):
        place(cell, 1, domain="axon")


def test_ampar_scale_doubles_from_100_to_250_um() -> None:
    np.testing.assert_allclose(ampar_scale([0, 100, 175, 250, 600], **USUAL), [1, 1, 1.5, 2, 2])
    np.testing.assert_allclose(ampar_scale([50, 100], near=0, far=100, factor=3), [2, 3])


@given(a=st.floats(0, 1000), b=st.floats(0, 1000))
def test_ampar_scale_grows_with_distance(a: float, b: float) -> None:
    near, far = ampar_scale(sorted([a, b]), **USUAL)
    assert 1 <= near <= far <= 2


def test_ampar_scale_does_not_grow_backwards() -> None:
    with pytest.raises(BadInput, match="ampar_near must lie below"):
        ampar_scale([0.0], near=400.0, far=250.0, factor=2.0)
