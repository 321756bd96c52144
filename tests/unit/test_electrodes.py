"""Electrodes: the current-distance law, recruiting a number of axons, two separate pathways."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ca1ltd.errors import BadInput
from ca1ltd.model.afferents import Afferents, afferents_of
from ca1ltd.model.morphology import Morphology, Section, read_morphology
from ca1ltd.model.placement import place_spines
from ca1ltd.model.stimulation import StimulatingElectrode, assert_independent, default_tips
from ca1ltd.resources import cells_dir

SEEDS = range(1, 51)


LAW = {"threshold": 5.0, "k": 1e4}


@pytest.fixture(scope="module", params=["dhc", "c5038804", "nmo49821"])
def cell(request: pytest.FixtureRequest) -> Morphology:
    return read_morphology(cells_dir() / request.param / "morphology.swc")


@pytest.fixture(scope="module", params=["dhc", "c5038804"])
def wide(request: pytest.FixtureRequest) -> Morphology:
    """A cell with room for more axons than the usual 60; `nmo49821` has less radiatum dendrite."""
    return read_morphology(cells_dir() / request.param / "morphology.swc")


def slice_of(cell: Morphology, seed: int) -> Afferents:
    sites = place_spines(cell, np.random.default_rng(seed), density=2.9, fraction=0.03, beyond=50.0)
    return afferents_of(sites, np.random.default_rng(0), wander=0.0)


def electrode(name: str = "test", y: float = 0.0, z: float = 0.0, **law) -> StimulatingElectrode:
    return StimulatingElectrode(name=name, tip=(-300.0, y, z), **{**LAW, **law})


def tips_of(cell: Morphology) -> tuple[StimulatingElectrode, StimulatingElectrode]:
    return default_tips(
        cell,
        beyond=50.0,
        distance=300.0,
        depths=(100.0, 250.0),
        radius=60.0,
        separation=150.0,
        **LAW,
    )


# --- one electrode -------------------------------------------------------------------------------


def test_current_distance_law() -> None:
    """I = I0 + K r2: at 10 000 uA/mm2 an axon 50 um away needs 25 uA above the threshold."""
    depth, z = np.array([100.0, 150.0, 130.0, 100.0]), np.array([0.0, 0.0, 40.0, -100.0])
    needed = electrode(y=100.0, threshold=5.0, k=1e4).thresholds(depth, z)
    np.testing.assert_allclose(needed, [5, 30, 30, 105])


def test_axon_fires_at_its_threshold_and_not_below() -> None:
    depth, z = np.array([30.0, 0.0, 60.0]), np.zeros(3)
    stimulator = electrode(threshold=4.0, k=1e4)
    np.testing.assert_array_equal(stimulator.recruited(depth, z, 13.0), [0, 1])
    np.testing.assert_array_equal(stimulator.recruited(depth, z, 12.999), [1])
    assert len(stimulator.recruited(depth, z, 3.9)) == 0


def test_reach_inverts_the_law() -> None:
    stimulator = electrode(threshold=5.0, k=1e4)
    assert stimulator.reach(30.0) == pytest.approx(50.0)
    assert stimulator.reach(5.0) == stimulator.reach(1.0) == 0.0


@given(
    radii=st.lists(st.floats(0, 200), min_size=1, max_size=30),
    currents=st.tuples(st.floats(0, 500), st.floats(0, 500)),
)
def test_more_current_recruits_more(radii: list[float], currents: tuple[float, float]) -> None:
    """The axons of the weaker current are among those of the stronger, all within its reach."""
    depth, z, stimulator = np.array(radii), np.zeros(len(radii)), electrode()
    weak, strong = (set(stimulator.recruited(depth, z, i)) for i in sorted(currents))
    assert weak <= strong
    reach = stimulator.reach(max(currents))
    assert all((depth[k] <= reach + 1e-6) for k in strong)
    assert all((depth[k] >= reach - 1e-6) for k in set(range(len(radii))) - strong)


@given(
    radii=st.lists(st.integers(0, 200), min_size=1, max_size=30, unique=True),
    data=st.data(),
)
def test_current_for_recruits_exactly(radii: list[int], data: st.DataObject) -> None:
    """Whatever the axons, n of them fire, the nearest ones, and a slightly wrong current too."""
    n = data.draw(st.integers(1, len(radii)))
    depth, z, stimulator = np.zeros(len(radii)), np.array(radii, dtype=float), electrode()
    current = stimulator.current_for(n, depth, z)
    nearest = np.sort(np.argsort(z)[:n])
    for error in (0.0, 1e-3, -1e-3):
        np.testing.assert_array_equal(stimulator.recruited(depth, z, current + error), nearest)


def test_current_lies_midway_to_the_next_axon() -> None:
    depth, z = np.array([0.0, 10.0, 30.0]), np.zeros(3)
    stimulator = electrode(threshold=5.0, k=1e4)
    assert stimulator.current_for(2, depth, z) == pytest.approx((6 + 14) / 2)
    assert stimulator.current_for(3, depth, z) == pytest.approx(14 + 1)


def test_too_few_axons() -> None:
    with pytest.raises(BadInput, match="test electrode cannot recruit 4 axons; this cell has 3"):
        electrode().current_for(4, np.zeros(3), np.zeros(3))
    with pytest.raises(BadInput, match="at least 1 axon, not 0"):
        electrode().current_for(0, np.zeros(3), np.zeros(3))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"threshold": -1.0}, "threshold of the test electrode must be 0 uA or above, not -1"),
        ({"threshold": float("nan")}, "threshold of the test electrode"),
        ({"k": 0.0}, "constant k of the test electrode must be above 0 uA/mm2, not 0"),
        ({"y": float("inf")}, "tip of the test electrode has no position"),
    ],
)
def test_electrode_out_of_range(change: dict[str, float], sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        electrode(**change)


# --- two pathways --------------------------------------------------------------------------------


def test_default_tips_stand_in_radiatum_on_the_ca3_side(cell: Morphology) -> None:
    conditioned, control = tips_of(cell)
    assert (conditioned.name, control.name) == ("conditioned", "control")
    soma = cell.soma_position
    for each in (conditioned, control):
        assert each.tip[0] == soma[0] - 300
        assert 100 <= each.tip[1] - soma[1] <= 250
    assert conditioned.tip[1] < control.tip[1]
    assert np.hypot(*np.subtract(conditioned.tip, control.tip)[1:]) >= 150 - 1e-6
    assert tips_of(cell) == (conditioned, control)


def test_default_tips_follow_the_dendrite(cell: Morphology) -> None:
    """Moved by hand 100 um across the slice, either disc holds less dendrite."""
    pieces = cell.pieces("radiatum", beyond=50.0)
    middle = (pieces.start + pieces.stop)[:, 1:] / 2

    def content(tip: tuple[float, float, float], dz: float) -> float:
        inside = np.hypot(*(middle - [tip[1], tip[2] + dz]).T) <= 60
        return float(pieces.length[inside].sum())

    for each in tips_of(cell):
        assert content(each.tip, 0) > 1000
        assert max(content(each.tip, 100), content(each.tip, -100)) < content(each.tip, 0)


def test_default_tips_move_with_the_cell(cell: Morphology) -> None:
    """The same cell elsewhere in space gets the same electrodes relative to its soma."""
    shift = np.array([12.5, -40.25, 7.75])
    moved = Morphology(
        name="moved",
        sections=tuple(
            Section(
                name=s.name,
                kind=s.kind,
                points=s.points + np.array([*shift, 0.0]),
                parent=s.parent,
                parent_x=s.parent_x,
                path_distance=s.path_distance,
            )
            for s in cell.sections
        ),
    )
    for here, there in zip(tips_of(cell), tips_of(moved), strict=True):
        np.testing.assert_allclose(np.subtract(there.tip, here.tip), shift, atol=1e-9)


def test_sixty_axons_each_within_60_um_and_none_shared(cell: Morphology) -> None:
    tips = tips_of(cell)
    for seed in SEEDS:
        axons = slice_of(cell, seed)
        currents = tuple(tip.current_for(60, axons.depth, axons.z) for tip in tips)
        sets = [
            tip.recruited(axons.depth, axons.z, current)
            for tip, current in zip(tips, currents, strict=True)
        ]
        assert [len(s) for s in sets] == [60, 60], seed
        assert len(np.intersect1d(*sets)) == 0, seed
        assert max(t.reach(i) for t, i in zip(tips, currents, strict=True)) < 60, seed
        assert_independent(*tips, currents, axons.depth, axons.z)


@pytest.mark.parametrize("n", [120, 160])
def test_larger_pathways_are_still_independent(wide: Morphology, n: int) -> None:
    tips = tips_of(wide)
    for seed in SEEDS:
        axons = slice_of(wide, seed)
        first, second = (tip.current_for(n, axons.depth, axons.z) for tip in tips)
        assert_independent(*tips, (first, second), axons.depth, axons.z)


def test_one_electrode_alone_can_recruit_200_axons(wide: Morphology) -> None:
    """Within 100 um and 100 uA."""
    for tip in tips_of(wide):
        for seed in SEEDS:
            axons = slice_of(wide, seed)
            current = tip.current_for(200, axons.depth, axons.z)
            assert len(tip.recruited(axons.depth, axons.z, current)) == 200
            assert tip.reach(current) < 100
            assert current < 100


def test_no_room_for_two_electrodes() -> None:
    """A cell without dendrite in the middle of radiatum."""
    cell = read_morphology(cells_dir() / "dhc" / "morphology.swc")
    short = [s for s in cell.sections if s.kind != "apical"]
    bare = Morphology(name="bare", sections=tuple(short))
    with pytest.raises(BadInput, match="The cell bare has no radiatum dendrite at two places 150"):
        tips_of(bare)


def test_overlapping_electrodes_are_refused() -> None:
    """Reaches of 50 um each: separate from 110 um on, with 10 % to spare."""
    depth, z = np.array([0.0, 45.0, 90.0]), np.zeros(3)
    law = {"threshold": 5.0, "k": 1e4}
    first = electrode("conditioned", **law)
    assert_independent(first, electrode("control", y=110.1, **law), (30.0, 30.0), depth, z)
    with pytest.raises(
        BadInput,
        match=r"conditioned electrode at 30.0 uA and the control electrode at 30.0 uA are 105 um "
        r"apart and must be more than 110 um apart to be independent \(0 axons fire to both\)",
    ):
        assert_independent(first, electrode("control", y=105.0, **law), (30.0, 30.0), depth, z)
    with pytest.raises(BadInput, match=r"\(1 axons fire to both\)"):
        assert_independent(first, electrode("control", y=90.0, **law), (30.0, 30.0), depth, z)
    with pytest.raises(BadInput, match="are 0 um apart"):
        assert_independent(first, electrode("control", **law), (5.0, 5.0), depth, z)
