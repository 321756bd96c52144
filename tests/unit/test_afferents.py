"""Axons: one per site, their conduction delays and jitter."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ca1ltd.errors import BadInput
from ca1ltd.model.afferents import Afferents, afferents_of, conduction_delays, jitter
from ca1ltd.model.morphology import read_morphology
from ca1ltd.model.placement import Sites, place_spines
from ca1ltd.resources import cells_dir
from ca1ltd.units import m_per_s

X = np.array([-250.0, -300.0, 0.0, 60.0])


def axons(x: np.ndarray) -> Afferents:
    return Afferents(depth=np.full(len(x), 100.0), z=np.zeros(len(x)), contact_x=x.copy())


def test_one_axon_per_site_in_their_order() -> None:
    cell = read_morphology(cells_dir() / "dhc" / "morphology.swc")
    sites = place_spines(cell, np.random.default_rng(1), density=2.9, fraction=0.03, beyond=50.0)
    afferents = afferents_of(sites, np.random.default_rng(0), wander=0.0)
    assert len(afferents) == len(sites) > 300
    np.testing.assert_array_equal(
        np.column_stack([afferents.contact_x, afferents.depth, afferents.z]), sites.position
    )
    with pytest.raises(ValueError, match="read-only"):
        afferents.depth[0] = 0.0


def test_delay_is_distance_over_velocity() -> None:
    """Along x only, in both directions from the tip: .3 m/s crosses 300 um in 1 ms."""
    delays = conduction_delays(axons(X), (-300.0, 400.0, 90.0), velocity=0.3 * m_per_s)
    np.testing.assert_allclose(delays, [1 / 6, 0, 1, 1.2])
    behind = conduction_delays(axons(X), (-240.0, 400.0, 90.0), velocity=0.3 * m_per_s)
    assert behind[1] == pytest.approx(0.2)


@given(
    x=st.lists(st.floats(-200, 200), min_size=1, max_size=20),
    velocity=st.floats(100, 1000),
    tip=st.floats(-1000, -200),
)
def test_delays_are_never_negative_and_keep_the_order(
    x: list[float], velocity: float, tip: float
) -> None:
    delays = conduction_delays(axons(np.array(x)), (tip, 0.0, 0.0), velocity=velocity)
    assert np.all(delays >= 0)
    assert np.all(np.diff(delays[np.argsort(x)]) >= 0)


@pytest.mark.parametrize("velocity", [0.0, -300.0, float("nan")])
def test_velocity_out_of_range(velocity: float) -> None:
    with pytest.raises(BadInput, match="conduction velocity must be above 0 um/ms"):
        conduction_delays(axons(X), (-300.0, 0.0, 0.0), velocity=velocity)


@pytest.mark.parametrize("sd", [0.3, 1.0])
def test_jitter_has_the_standard_deviation(sd: float) -> None:
    delays = jitter(np.random.default_rng(1), 20_000, sd)
    assert delays.min() >= 0
    # a gamma of shape 4 has excess kurtosis 1.5: the sd of 20 000 values is known to .7 %
    assert delays.std() == pytest.approx(sd, rel=0.03)
    assert delays.mean() == pytest.approx(2 * sd, rel=0.03)
    assert np.mean(delays < 2 * sd) == pytest.approx(0.567, abs=0.015)  # skewed to late arrivals


def test_jitter_is_seeded_and_can_be_off() -> None:
    first, same = (jitter(np.random.default_rng(5), 10, 0.5) for _ in range(2))
    assert first.tobytes() == same.tobytes()
    assert len(np.unique(first)) == 10
    np.testing.assert_array_equal(jitter(np.random.default_rng(5), 10, 0.0), np.zeros(10))


@pytest.mark.parametrize("sd", [-0.1, float("nan")])
def test_jitter_out_of_range(sd: float) -> None:
    with pytest.raises(BadInput, match="jitter must be 0 ms or above"):
        jitter(np.random.default_rng(1), 10, sd)


def test_axons_wander_on_their_way_from_the_electrodes() -> None:
    """At the electrodes axons are off by the standard deviation asked for, in y and in z."""
    position = np.tile([10.0, 200.0, -30.0], (20_000, 1))
    n = len(position)
    sites = Sites(
        section=np.zeros(n, dtype=np.int64),
        x=np.zeros(n),
        position=position,
        path_distance=np.zeros(n),
    )
    axons = afferents_of(sites, np.random.default_rng(3), wander=50.0)
    np.testing.assert_array_equal(axons.contact_x, 10.0)
    for off in (axons.depth - 200.0, axons.z + 30.0):
        assert abs(np.mean(off)) < 4 * 50.0 / np.sqrt(n)
        assert np.std(off) == pytest.approx(50.0, rel=0.03)
    again = afferents_of(sites, np.random.default_rng(3), wander=50.0)
    np.testing.assert_array_equal(again.depth, axons.depth)
