"""Reading reconstructions: lengths, distances, layers, and a sentence for every bad file."""

import dataclasses
import hashlib
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ca1ltd.model.morphology import Morphology, Section, read_morphology
from ca1ltd.resources import cells_dir

CELLS = ("dhc", "c5038804", "nmo49821")

# a standard soma, one basal dendrite, an apical trunk with two branches
SMALL = """
1 1   0    0  0 5 -1
2 1   0   -5  0 5  1
3 1   0    5  0 5  1
4 3   0  -10  0 1  1
5 3   0 -110  0 1  4
6 4   0   10  0 2  1
7 4   0  310  0 2  6
8 4  30  350  0 1  7
9 4 -60  390  0 .5 7
"""


def swc_path(name: str) -> Path:
    return cells_dir() / name / "morphology.swc"


@pytest.fixture(scope="module", params=CELLS)
def cell(request: pytest.FixtureRequest) -> Morphology:
    return read_morphology(swc_path(request.param))


@pytest.fixture
def read(tmp_path: Path):
    def read_text(text: str) -> Morphology:
        path = tmp_path / "cell.swc"
        path.write_text(text)
        return read_morphology(path)

    return read_text


# --- the cells -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CELLS)
def test_file_is_the_one_whose_provenance_is_given(name: str) -> None:
    digest = hashlib.sha256(swc_path(name).read_bytes()).hexdigest()
    assert digest in (swc_path(name).parent / "PROVENANCE.md").read_text()


@pytest.mark.parametrize(
    ("name", "kind", "sections", "length"),
    [
        # counted in the file: distance of each point to its parent, stems' first points left out
        ("dhc", "soma", 1, 17.03),
        ("dhc", "basal", 42, 2463.34),
        ("dhc", "apical", 122, 7541.43),
        ("dhc", "axon", 0, 0.0),
        ("c5038804", "soma", 1, 7.49),
        ("c5038804", "basal", 52, 4155.62),
        ("c5038804", "apical", 119, 7747.06),
        ("c5038804", "axon", 1, 97.09),
        ("nmo49821", "soma", 1, 8.92),
        ("nmo49821", "basal", 83, 3745.02),
        ("nmo49821", "apical", 133, 5990.75),
        ("nmo49821", "axon", 3, 214.93),
    ],
)
def test_lengths(name: str, kind: str, sections: int, length: float) -> None:
    morphology = read_morphology(swc_path(name))
    assert morphology.name == name
    assert sum(s.kind == kind for s in morphology.sections) == sections
    assert morphology.total_length(kind) == pytest.approx(length, abs=0.01)


@pytest.mark.parametrize("name", CELLS)
def test_lengths_are_those_of_the_rows(name: str) -> None:
    """The length of each kind is the summed distance of its points to their parents."""
    rows = np.loadtxt(swc_path(name))
    row_of = {int(label): k for k, label in enumerate(rows[:, 0])}
    child = np.flatnonzero(rows[:, 6] > 0)
    parent = np.array([row_of[int(label)] for label in rows[child, 6]])
    steps = np.linalg.norm(rows[child, 2:5] - rows[parent, 2:5], axis=1)
    wire = (rows[child, 1] != 1) & (rows[parent, 1] == 1)
    assert wire.sum() >= 2
    morphology = read_morphology(swc_path(name))
    for code, kind in {1: "soma", 2: "axon", 3: "basal", 4: "apical"}.items():
        expected = steps[(rows[child, 1] == code) & ~wire].sum()
        assert morphology.total_length(kind) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(
    ("name", "longest"), [("dhc", 653.99), ("c5038804", 630.12), ("nmo49821", 611.27)]
)
def test_longest_path(name: str, longest: float) -> None:
    ends = [s.path_distance_at(1) for s in read_morphology(swc_path(name)).sections]
    assert max(ends) == pytest.approx(longest, abs=0.01)


def test_sections_form_a_tree(cell: Morphology) -> None:
    assert cell.sections[0].name == "soma[0]"
    assert len({s.name for s in cell.sections}) == len(cell.sections)
    for index, section in enumerate(cell.sections[1:], start=1):
        parent = cell.sections[section.parent]
        assert 0 <= section.parent < index
        assert section.length > 0
        assert np.all(section.points[:, 3] > 0)
        if section.parent == 0:
            assert (section.parent_x, section.path_distance) == (0.5, 0.0)
        else:
            assert section.parent_x == 1.0
            assert section.path_distance == pytest.approx(parent.path_distance_at(1))
            np.testing.assert_array_equal(section.points[0, :3], parent.points[-1, :3])


def test_radiatum_and_lacunosum_share_the_apical_dendrite(cell: Morphology) -> None:
    border = cell.soma_position[1] + cell.radiatum_depth
    radiatum, lacunosum = cell.pieces("radiatum"), cell.pieces("lacunosum")
    assert min(radiatum.length.sum(), lacunosum.length.sum()) > 1000
    total = radiatum.length.sum() + lacunosum.length.sum()
    assert total == pytest.approx(cell.total_length("apical"), abs=1e-6)
    assert max(radiatum.start[:, 1].max(), radiatum.stop[:, 1].max()) <= border + 1e-9
    assert min(lacunosum.start[:, 1].min(), lacunosum.stop[:, 1].min()) >= border - 1e-9


@pytest.mark.parametrize("domain", ["soma", "oriens", "radiatum", "lacunosum"])
def test_pieces_agree_with_the_sections(cell: Morphology, domain: str) -> None:
    pieces = cell.pieces(domain)
    assert len(pieces.section) > 0
    middle = pieces.arc + pieces.length / 2
    for k in range(0, len(middle), 7):
        index, section = pieces.section[k], cell.sections[pieces.section[k]]
        x = middle[k] / pieces.section_length[k]
        assert cell.domain_at(index, x) == domain
        np.testing.assert_allclose(
            section.point_at(x), (pieces.start[k] + pieces.stop[k]) / 2, atol=1e-9
        )
        if domain != "soma":
            expected = pieces.path_distance[k] + pieces.length[k] / 2
            assert section.path_distance_at(x) == pytest.approx(expected)


def test_pieces_beyond_a_path_distance(cell: Morphology) -> None:
    near = sum(
        min(s.length, max(0.0, 40 - s.path_distance)) for s in cell.sections if s.kind == "basal"
    )
    assert near > 100
    far = cell.pieces("oriens", beyond=40.0)
    assert far.path_distance.min() >= 40 - 1e-9
    assert far.length.sum() == pytest.approx(cell.total_length("basal") - near)


@pytest.mark.parametrize("seed", range(3))
def test_order_of_the_rows_does_not_matter(read, seed: int) -> None:
    rows = np.array(swc_path("c5038804").read_text().splitlines())
    shuffled = np.random.default_rng(seed).permutation(rows)
    assert not np.array_equal(shuffled, rows)
    original = read_morphology(swc_path("c5038804"))
    for one, other in zip(original.sections, read("\n".join(shuffled)).sections, strict=True):
        assert (one.name, one.parent) == (other.name, other.parent)
        np.testing.assert_array_equal(one.points, other.points)


# --- conventions ---------------------------------------------------------------------------------


def test_small_cell(read) -> None:
    soma, dend, trunk, left, right = read(SMALL).sections
    assert [s.name for s in (soma, dend, trunk, left, right)] == [
        "soma[0]",
        "dend[0]",
        "apic[0]",
        "apic[1]",
        "apic[2]",
    ]
    assert (soma.length, dend.length, trunk.length, left.length) == (10, 100, 300, 50)
    assert right.length == pytest.approx(100)
    assert [s.parent for s in (soma, dend, trunk, left, right)] == [-1, 0, 0, 2, 2]
    np.testing.assert_array_equal(soma.points[:, 1], [-5, 0, 5])
    np.testing.assert_array_equal(trunk.points[0], [0, 10, 0, 4])
    np.testing.assert_array_equal(left.points[0], [0, 310, 0, 2])  # own diameter at the branch
    assert right.path_distance == 300


def test_locations_on_a_section(read) -> None:
    cell = read(SMALL.replace("7 4   0  310  0 2", "7 4   0  310  0 1"))
    soma, trunk, left = cell.sections[0], cell.sections[2], cell.sections[3]
    np.testing.assert_allclose(trunk.point_at(0.25), [0, 85, 0])
    assert trunk.point_at([0.0, 0.5, 1.0]).shape == (3, 3)
    assert trunk.diam_at(0.5) == pytest.approx(3.0)
    assert left.path_distance_at(0.5) == pytest.approx(325)
    assert [soma.path_distance_at(x) for x in (0, 0.5, 1)] == pytest.approx([5, 0, 5])
    for x in (-0.1, 1.1, float("nan")):
        with pytest.raises(ValueError, match="between 0 and 1"):
            trunk.point_at(x)


@pytest.mark.parametrize(
    ("section", "x", "domain"),
    [
        (0, 0.5, "soma"),
        (1, 0.9, "oriens"),
        (2, 1.0, "radiatum"),
        (3, 0.9, "radiatum"),
        (4, 0.4, "radiatum"),
        (4, 0.6, "lacunosum"),
    ],
)
def test_domains(read, section: int, x: float, domain: str) -> None:
    assert read(SMALL).domain_at(section, x) == domain


def test_axon_domain(read) -> None:
    cell = read(SMALL + "10 2 0 -6 0 .5 1\n11 2 0 -60 0 .5 10\n")
    axon = next(i for i, s in enumerate(cell.sections) if s.kind == "axon")
    assert cell.sections[axon].name == "axon[0]"
    assert cell.domain_at(axon, 0.5) == "axon"
    assert cell.pieces("axon").length.sum() == pytest.approx(54)


def test_values_cannot_be_changed(read) -> None:
    section = read(SMALL).sections[2]
    with pytest.raises(ValueError, match="read-only"):
        section.points[0, 0] = 1.0
    with pytest.raises(dataclasses.FrozenInstanceError):
        section.length = 1.0  # type: ignore[misc]
    with pytest.raises(ValueError, match="read-only"):
        read(SMALL).pieces("radiatum").arc[0] = 1.0


def soma_of(read, rows: str) -> Section:
    """The soma of the small cell after its soma was replaced by other rows that begin with id 1."""
    rest = SMALL.strip().splitlines()[3:]
    rest = [re.sub(r"^(\d+)", lambda m: str(int(m[1]) + 100), row) for row in rest]
    rest = [
        re.sub(r"(\d+)$", lambda m: m[1] if m[1] == "1" else str(int(m[1]) + 100), row)
        for row in rest
    ]
    return read(rows + "\n" + "\n".join(rest)).sections[0]


@pytest.mark.parametrize(
    ("rows", "length", "area"),
    [
        ("1 1 0 0 0 5 -1", 10, 100 * np.pi),  # one point: the area of its sphere
        ("1 1 0 0 0 5 -1\n2 1 0 0 0 5 1", 10, 100 * np.pi),  # twice the same point
        ("1 1 0 0 0 5 -1\n2 1 0 -5 0 5 1\n3 1 0 5 0 5 1", 10, 100 * np.pi),  # the standard form
        ("1 1 0 -6 0 5 -1\n2 1 0 0 0 5 1\n3 1 0 6 0 5 2", 12, 120 * np.pi),  # a row, as drawn
        (  # a cross: a cylinder of the area of its four arms
            "1 1 0 0 0 2 -1\n2 1 0 -5 0 2 1\n3 1 0 5 0 2 1\n4 1 5 0 0 2 1\n5 1 -5 0 0 2 1",
            np.sqrt(80),
            80 * np.pi,
        ),
    ],
)
def test_soma_shapes(read, rows: str, length: float, area: float) -> None:
    soma = soma_of(read, rows)
    diam = soma.points[:, 3].mean()
    assert soma.length == pytest.approx(length)
    assert np.pi * diam * soma.length == pytest.approx(area)
    np.testing.assert_allclose(soma.point_at(0.5), [0, 0, 0], atol=1e-12)


def test_coincident_points_are_merged(read) -> None:
    """A repeated branch point adds no section and moves no child."""
    text = SMALL.replace("8 4  30  350  0 1  7", "10 4 0 310 0 3 7\n8 4  30  350  0 1  10")
    one, other = read(SMALL), read(text)
    assert len(one.sections) == len(other.sections) == 5
    for a, b in zip(one.sections, other.sections, strict=True):
        np.testing.assert_array_equal(a.points, b.points)


def test_stem_that_branches_at_once_is_merged(read) -> None:
    """Its branches start at that point and are attached to the soma."""
    cell = read(SMALL + "10 3 0 -10 90 1 4\n")
    first, second = (s for s in cell.sections if s.kind == "basal")
    assert (first.parent, second.parent) == (0, 0)
    assert (first.path_distance, second.path_distance) == (0, 0)
    np.testing.assert_array_equal(first.points[0, :3], [0, -10, 0])
    np.testing.assert_array_equal(second.points[0, :3], [0, -10, 0])
    assert cell.total_length("basal") == pytest.approx(190)


def test_another_type_begins_a_section(read) -> None:
    cell = read(SMALL + "10 2 0 -150 0 .5 5\n")
    axon = cell.sections[2]
    assert (axon.name, axon.parent, axon.length) == ("axon[0]", 1, 40)


def test_comments_blank_lines_and_encoding(tmp_path: Path) -> None:
    path = tmp_path / "noted.swc"
    path.write_bytes(
        "# Ångström\n\n".encode()
        + "# µm\r\n".encode("latin-1")
        + SMALL.encode()
        + b"10 3 0 -200 0 1 5 # x\n"
    )
    cell = read_morphology(path)
    assert cell.name == "noted"
    assert read_morphology(path, name="mine").name == "mine"
    assert cell.total_length("basal") == pytest.approx(190)


@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_length_is_conserved(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    """Any tree: each kind keeps the summed distance of its points to their parents."""
    step = st.tuples(*[st.integers(-7, 7)] * 3)  # too small to bend the cell away from +y
    points = [(0, 0, 0), (0, -20, 0), (0, -50, 0), (0, 20, 0), (0, 300, 0)]
    rows = ["1 1 0 0 0 8 -1", "2 3 0 -20 0 1 1", "3 3 0 -50 0 1 2", "4 4 0 20 0 1 1"]
    rows.append("5 4 0 300 0 1 4")
    kinds = [1, 3, 3, 4, 4]
    lengths = {3: 30.0, 4: 280.0}
    for label in range(6, 6 + data.draw(st.integers(0, 25))):
        parent = data.draw(st.integers(2, label - 1).filter(lambda p: p != 4))
        kind = kinds[parent - 1]
        move = data.draw(step)
        xyz = tuple(int(v) for v in np.add(points[parent - 1], move))
        rows.append(f"{label} {kind} {xyz[0]} {xyz[1]} {xyz[2]} 1 {parent}")
        points.append(xyz)
        kinds.append(kind)
        lengths[kind] += float(np.linalg.norm(move))
    path = tmp_path_factory.mktemp("tree") / "cell.swc"
    path.write_text("\n".join(rows))
    cell = read_morphology(path)
    assert cell.total_length("basal") == pytest.approx(lengths[3])
    assert cell.total_length("apical") == pytest.approx(lengths[4])
    assert all(s.length > 0 for s in cell.sections)


@given(a=st.floats(0, 1), b=st.floats(0, 1), index=st.integers(1, 160))
@settings(max_examples=50, deadline=None)
def test_positions_are_no_further_apart_than_the_path(a: float, b: float, index: int) -> None:
    section = DHC.sections[index]
    gap = np.linalg.norm(section.point_at(a) - section.point_at(b))
    path = abs(section.path_distance_at(a) - section.path_distance_at(b))
    assert gap <= path + 1e-9
    assert path == pytest.approx(abs(a - b) * section.length, abs=1e-9)


DHC = read_morphology(swc_path("dhc"))
