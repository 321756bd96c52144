"""Reading what tracing programs write: as it is, mended and said, turned and said, or refused."""

import codecs
import math
import os
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ca1ltd.errors import BadInput
from ca1ltd.model.morphology import Morphology, read_morphology
from ca1ltd.model.own_cells import morphology_of

# a standard soma, one basal dendrite, an apical trunk with two branches
SMALL = """
1 1   0    0  0 5 -1
2 1   0   -5  0 5  1
3 1   0    5  0 5  1
4 3   0  -10  0 1  1
5 3   0  -25  0 1  4
6 4   0   10  0 2  1
7 4   0   28  0 2  6
8 4  10   44  0 1  7
9 4 -60  390  0 .5 7
"""

ASC = """
; traced by nobody
("CellBody" (Color Red) (CellBody)
  (-8 0 0 0.2) (0 8 0 0.2) (8 0 0 0.2) (0 -8 0 0.2))
( (Color Blue) (Dendrite) (0 -9 0 1.6) (-10 -20 0 1.0) )
( (Color Green) (Apical) (0 9 0 3.0) (0 20 0 2.0)
  ( (-12 26 0 1.0) (-20 300 0 0.8) | (10 42 0 1.2) ) )
"""


@pytest.fixture
def read(tmp_path: Path):
    def read_content(content: str | bytes, name: str = "cell.swc", **how: bool) -> Morphology:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_morphology(path, **how)

    return read_content


def same(a: Morphology, b: Morphology) -> bool:
    pairs = zip(a.sections, b.sections, strict=True)
    return all(
        one.name == two.name and np.array_equal(one.points, two.points) for one, two in pairs
    )


def changed(old: str, new: str) -> str:
    assert SMALL.count(old) == 1
    return SMALL.replace(old, new)


def rows() -> list[list[str]]:
    return [row.split() for row in SMALL.strip().splitlines()]


def turned(degrees: float) -> str:
    """The small cell turned about z."""
    a = math.radians(degrees)
    text = []
    for label, kind, x, y, z, radius, parent in rows():
        u = float(x) * math.cos(a) - float(y) * math.sin(a)
        v = float(x) * math.sin(a) + float(y) * math.cos(a)
        text.append(f"{label} {kind} {u!r} {v!r} {z} {radius} {parent}")
    return "\n".join(text)


def scaled(factor: float) -> str:
    return "\n".join(
        " ".join([*row[:2], *(str(float(v) * factor) for v in row[2:6]), row[6]]) for row in rows()
    )


GAPS = "gap.? of more than 20 um"  # the small cell's last branch is drawn by two points


def notices(cell: Morphology) -> list[str]:
    return [notice for notice in cell.notices if not re.search(GAPS, notice)]


# --- written differently, the same cell ----------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        codecs.BOM_UTF8 + SMALL.encode(),
        SMALL.encode("utf-16"),
        SMALL.encode("utf-16-le"),
        SMALL.replace("\n", "\r\n").encode(),
        SMALL.replace("\n", "\r").encode(),
        ("id type x y z radius parent" + SMALL).encode(),
        ("ID,TYPE,X,Y,Z,R,PARENT\n" + re.sub(" +", ",", SMALL)).encode(),
        re.sub(" +", ", ", SMALL).encode(),
        re.sub(" +", ";", SMALL).encode(),
        re.sub(" +", "\t", SMALL).encode(),
        ("; by hand" + SMALL).encode(),
        ("% by hand\n// by a colleague\n# Å" + SMALL).encode("latin-1"),
        changed("4 3   0  -10  0 1  1", "4 3 0 -10 0 1 1 % the basal one").encode(),
        changed("5 3   0  -25  0 1  4", "5 3 0,0 -25,0 0,0 1,0 4").encode(),
        changed("1 1   0    0  0 5 -1", "1 1 0 0 0 5 0").encode(),  # a root of the parent 0
        (SMALL + "\x1a").encode(),
        changed("7 4 ", "7 6 ").encode(),  # end points and fork points are no types of their own
        changed("8 4 ", "8 5 ").encode(),
        "\n".join(reversed(SMALL.splitlines())).encode(),
    ],
)
def test_the_same_cell_written_differently(read, content) -> None:
    found = read(content)
    assert same(found, read(SMALL))
    assert not notices(found)


def test_further_columns_are_left_out_and_said(read) -> None:
    wider = re.sub(r"(?m)(\d)$", r"\1 17 0.5", SMALL)
    assert same(read(wider), read(SMALL))
    assert notices(read(wider)) == ["the columns after the seventh are left out (in 9 rows)"]


# --- mended, and said ----------------------------------------------------------------------------

MENDED = {
    "1 point of type 7 is taken as part of the neurite that bears it": ("8 4 ", "8 7 "),
    "1 point of type 0 is taken as part of the neurite that bears it": ("6 4 ", "6 0 "),
    "1 root of a neurite joined to the soma": ("10  0 2  1", "10 0 2 -1"),
    r"1 neurite of a single point is left out \(id 10\)": ("7\n9", "7\n10 3 20 0 0 1 1\n9"),
    "it started at the point 4 at .*, outside the soma, and starts at the soma now": (
        "1 1   0    0  0 5 -1\n2 1   0   -5  0 5  1\n3 1   0    5  0 5  1\n4 3   0  -10  0 1  1",
        "1 1 0 0 0 5 4\n2 1 0 -5 0 5 1\n3 1 0 5 0 5 1\n4 3 0 -10 0 1 -1",
    ),
    "1 root within the soma joined to the rest": ("2 1   0   -5  0 5  1", "2 1 0 -5 0 5 -1"),
}


@pytest.mark.parametrize("notice", MENDED)
def test_mended_to_the_same_cell(read, notice: str) -> None:
    content = changed(*MENDED[notice])
    found = read(content)
    assert same(found, read(SMALL))
    [said] = notices(found)
    assert re.search(notice, said)
    with pytest.raises(BadInput, match=f"strictly it is no reconstruction: .*{notice}"):
        read(content, strict=True)


@pytest.mark.parametrize("radius", ["0", "-1", "nan"])
def test_a_missing_radius_is_the_mean_of_its_neighbours(read, radius: str) -> None:
    content = changed("7 4   0   28  0 2  6", f"7 4 0 28 0 {radius} 6")
    found = read(content)
    trunk = next(section for section in found.sections if section.name == "apic[0]")
    assert trunk.points[-1, 3] == pytest.approx(2 * np.mean([2, 1, 0.5]))
    assert notices(found) == [
        "1 point without a radius above 0 um has the mean radius of its neighbours (id 7)"
    ]
    with pytest.raises(BadInput, match="strictly"):
        read(content, strict=True)


def test_a_row_of_missing_radii_lies_between_those_around_it(read) -> None:
    """One in ten may miss; neighbours that miss theirs are passed by."""
    path = "".join(
        f"{k} 3 0 {-25 - k} 0 {'0' if k in (12, 13) else '.4'} {k - 1}\n" for k in (11, 12, 13, 14)
    )
    cell = read(
        SMALL
        + path.replace("11 3 0 -36 0 .4 10", "11 3 0 -36 0 .8 5")
        + "".join(f"{k} 4 -60 {390 + k} 0 .5 {9 if k == 20 else k - 1}\n" for k in range(20, 30))
    )
    basal = next(section for section in cell.sections if section.kind == "basal")
    assert basal.points[-3:-1, 3] == pytest.approx([1.2, 1.0])
    assert np.all(basal.points[:, 3] > 0)


# --- turned, and said ----------------------------------------------------------------------------


@pytest.mark.parametrize("degrees", [-170, -90, -30, 0, 30, 90, 135, 180])
def test_turned_upright(read, degrees: int) -> None:
    upright, found = read(SMALL), read(turned(degrees))
    lean = 7.4  # degrees by which the apical axis of the small cell leans, within what is tolerated
    said = [notice for notice in found.notices if notice.startswith("turned")]
    assert len(said) == (degrees != 0)
    axis = np.concatenate([s.points[1:, :3] for s in found.sections if s.kind == "apical"])
    assert axis[:, 1].max() == pytest.approx(390, abs=10)
    lengths = [section.length for section in upright.sections]
    np.testing.assert_allclose([section.length for section in found.sections], lengths)
    if said:
        assert abs(float(said[0].split()[2]) - abs(degrees + lean)) < 5 or abs(degrees) == 180


@given(degrees=st.floats(11, 349), about=st.sampled_from(["x", "z"]))
@settings(deadline=None, max_examples=25)
def test_however_a_cell_lies_it_stands_the_same(tmp_path_factory, degrees, about) -> None:
    """Turned by more than is tolerated it ends upright, with its somata in the same place."""
    folder = tmp_path_factory.mktemp("turned")
    text = turned(degrees)
    if about == "x":
        text = "\n".join(
            " ".join([*row[:2], row[4], row[3], row[2], *row[5:]])
            for row in map(str.split, text.splitlines())
        )
    (folder / "cell.swc").write_text(text)
    found = read_morphology(folder / "cell.swc")
    highest = max(section.points[:, 1].max() for section in found.sections)
    assert highest == pytest.approx(393, abs=12)
    np.testing.assert_allclose(found.soma_position, 0, atol=1e-9)


def test_as_drawn_is_not_turned(read) -> None:
    found = read(turned(90), as_drawn=True)
    assert found.sections[-1].points[-1, 0] == pytest.approx(-390)
    assert any("away from +y" in notice for notice in found.notices)
    assert not notices(read(SMALL, as_drawn=True))


def test_an_apical_dendrite_that_points_nowhere_is_not_turned(read) -> None:
    around = "1 1 0 0 0 5 -1\n2 4 80 0 0 1 1\n3 4 160 0 0 1 2\n4 4 -80 0 0 1 1\n5 4 -160 0 0 1 4\n"
    cell = read(around)
    assert "points nowhere, and is not turned" in cell.notices[0]
    assert np.all(cell.sections[1].points[:, 1] == 0)


# --- somata --------------------------------------------------------------------------------------


def with_soma(soma: str) -> str:
    """The small cell with other rows of the soma, of ids below 100."""
    rest = []
    for label, *middle, parent in rows()[3:]:
        parent = "1" if parent == "1" else str(int(parent) + 100)
        rest.append(" ".join([str(int(label) + 100), *middle, parent]))
    return "\n".join([soma, *rest])


def circle(n: int, *, start: int = 1, z: float = 0.0, width: float = 8.0) -> list[str]:
    angles = 2 * np.pi * np.arange(n) / n
    return [
        f"{start + k} 1 {width * math.cos(a):.4f} {8 * math.sin(a):.4f} {z} .3"
        for k, a in enumerate(angles)
    ]


def chained(points: list[str]) -> str:
    return "\n".join(f"{row} {k if k else -1}" for k, row in enumerate(points))


@pytest.mark.parametrize(
    ("soma", "length", "area"),
    [
        ("1 1 0 0 0 5 -1", 10, 100 * np.pi),  # one point: the area of its ball
        ("1 1 0 0 0 5 -1\n2 1 0 0 0 5 1", 10, 100 * np.pi),  # twice the same point
        ("1 1 0 0 0 5 -1\n2 1 0 2 0 5 1", 10, 100 * np.pi),  # nearly: a ball drawn twice
        ("1 1 0 0 0 5 -1\n2 1 0 -5 0 5 1\n3 1 0 5 0 5 1", 10, 100 * np.pi),  # the standard form
        ("1 1 0 0 0 5 -1\n2 1 0 -5 0 5 1\n3 1 0 5 0 5 2", 10, 100 * np.pi),  # as a row, folded
        ("1 1 0 -6 0 5 -1\n2 1 0 6 0 5 1", 12, 120 * np.pi),  # two points, as drawn
        ("1 1 0 -6 0 5 -1\n2 1 0 0 0 5 1\n3 1 0 6 0 5 2", 12, 120 * np.pi),  # a row, as drawn
        (  # a cross: a cylinder of the area of its four arms
            "1 1 0 0 0 2 -1\n2 1 0 -5 0 2 1\n3 1 0 5 0 2 1\n4 1 5 0 0 2 1\n5 1 -5 0 0 2 1",
            math.sqrt(80),
            80 * np.pi,
        ),
    ],
)
def test_soma_shapes(read, soma: str, length: float, area: float) -> None:
    section = read(with_soma(soma)).sections[0]
    assert section.length == pytest.approx(length)
    assert side(section.points) == pytest.approx(area)


def side(points: np.ndarray) -> float:
    """Area of a row of discs."""
    a, b = points[:-1], points[1:]
    slant = np.hypot(np.linalg.norm(b[:, :3] - a[:, :3], axis=1), (b[:, 3] - a[:, 3]) / 2)
    return float(np.sum(np.pi * (a[:, 3] + b[:, 3]) / 2 * slant))


@pytest.mark.parametrize(
    "soma",
    [
        chained(circle(24)),  # an outline
        chained(circle(10)),
        chained([*circle(24), *circle(24, start=25, z=0.5)]),  # two of them
        "1 1 0 0 0 .3 -1\n" + "\n".join(f"{row} 1" for row in circle(24, start=2)),  # a star
    ],
)
def test_an_outline_is_a_ball_and_no_thread(read, soma: str) -> None:
    section = read(with_soma(soma)).sections[0]
    assert section.length == pytest.approx(16, rel=0.05)
    assert side(section.points) == pytest.approx(4 * np.pi * 64, rel=0.15)
    assert np.linalg.norm(section.point_at(0.5)) < 1


def test_an_ellipse_is_turned_about_its_long_axis(read) -> None:
    section = read(with_soma(chained(circle(40, width=14.0)))).sections[0]
    assert section.length == pytest.approx(28, rel=0.02)
    assert section.points[:, 3].max() == pytest.approx(16, rel=0.02)
    assert abs(section.points[-1, 0] - section.points[0, 0]) == pytest.approx(28, rel=0.02)


# --- other formats -------------------------------------------------------------------------------


def test_neurolucida(read) -> None:
    cell = read(ASC, "cell.asc")
    assert [section.kind for section in cell.sections] == ["soma", "basal", *["apical"] * 3]
    assert side(cell.sections[0].points) == pytest.approx(16 * 16 / math.sqrt(2) * np.pi, rel=0.01)
    assert cell.sections[2].points[:, 3] == pytest.approx([3, 2])
    assert "2 roots of a neurite joined to the soma" in cell.notices
    assert same(read(ASC.replace("(CellBody)", ""), "cell.asc"), cell)  # which its name says
    assert same(read(ASC, "called.swc"), cell)  # by what it holds, not by its name


def test_neurolucida_is_not_silent_about_what_it_leaves_out(read) -> None:
    soma = '("Other" (CellBody) (-1 0 0 .2) (1 0 0 .2) (0 1 0 .2))'
    cell = read(ASC + soma + "\n( (Color Red) (0 0 0 1) (5 5 5 1) )", "cell.asc")
    assert same(cell, read(ASC, "cell.asc"))
    assert cell.notices[:2] == (
        "of 2 outlines of the soma the one of most points is taken",
        "1 outline or tree that is neither CellBody nor Axon, Dendrite or Apical is left out",
    )


def test_hdf5(read, tmp_path: Path) -> None:
    import morphio

    (tmp_path / "cell.asc").write_text(ASC)
    morphio.mut.Morphology(str(tmp_path / "cell.asc")).write(str(tmp_path / "cell.h5"))
    assert same(read_morphology(tmp_path / "cell.h5"), read(ASC, "cell.asc"))


# --- implausible, and said -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "notice"),
    [
        (with_soma("1 1 0 0 0 .2 -1"), r"its soma has 1 um2, and one of CA1 300 to 2000 um2"),
        (with_soma("1 1 0 0 0 42 -1"), r"its soma has 22167 um2"),
        (scaled(3.4), "its apical dendrite ends 1342 um from the soma, .* not in pixels"),
        (changed("28  0 2  6", "28 0 5.1 6"), r"1 point of dendrite is thicker than 10 um .id 7"),
        (
            changed("0  -25  0 1", "0 -25 0 .04"),
            r"1 point of dendrite is thinner than 0.1 um .id 5",
        ),
        (SMALL, r"1 gap of more than 20 um between points of dendrite \(before id 9\)"),
        (
            SMALL
            + "".join(
                f"{k} 3 {(-1) ** k * 900} -25 0 1 {k - 1 if k > 10 else 5}\n" for k in range(10, 30)
            ),
            "it has 36 mm of dendrite, and a CA1 cell at most 30",
        ),
    ],
)
def test_what_is_implausible_is_said(read, content: str, notice: str) -> None:
    assert any(re.search(notice, said) for said in read(content).notices)


def test_what_a_dendrite_shares_with_the_axon_is_dendrite(read) -> None:
    """Half of CA1 cells have an axon-carrying dendrite; some tracers draw it as a bearing axon."""
    stem = "10 2 12 0 0 .5 1\n11 2 20 0 0 .5 10\n12 2 30 9 0 .2 11\n13 3 30 0 0 .6 11\n"
    cell = read(SMALL + stem + "14 3 40 0 0 .6 13\n")
    axon = next(section for section in cell.sections if section.kind == "axon")
    carrying = cell.sections[axon.parent]
    assert (carrying.kind, carrying.length, carrying.parent) == ("basal", 8, 0)
    assert sum(section.parent == axon.parent for section in cell.sections) == 2
    assert not any(
        cell.sections[s.parent].kind == "axon" for s in cell.sections if s.kind != "axon"
    )
    assert notices(cell) == [
        "2 points of axon on the way to a dendrite taken as dendrite, which carries the axon"
    ]
    assert read(SMALL + stem + "14 3 40 0 0 .6 13\n", strict=True)


# --- refused, in a sentence that leads on --------------------------------------------------------

REFUSED = {
    "line 6 must hold seven numbers .* not '5 3 0 -25 0 1'": (
        "5 3   0  -25  0 1  4",
        "5 3 0 -25 0 1",
    ),
    "line 6 must hold seven numbers .* not '5 3 0 south 0 1 4'": (
        "0  -25  0 1  4",
        "0 south 0 1 4",
    ),
    "line 6 must hold seven numbers .* not '5.5 3": ("5 3   0  -25", "5.5 3   0  -25"),
    "line 6 must hold seven numbers .* not '-5 3": ("5 3   0  -25", "-5 3   0  -25"),
    r"line 6 \(id 5\) has a coordinate without value": ("0  -25", "nan  -25"),
    r"line 6 must hold|line 6 \(id 5\) has a coordinate": ("0  -25", "1e999  -25"),
    "line 7 repeats the id 5": ("6 4   0   10", "5 4   0   10"),
    "the parent 77 of the point 5 is missing": ("1  4\n", "1 77\n"),
    r"it is disconnected: the tree that starts at the point 6 at \(0.0, 200.0, 0.0\) is 190 um": (
        "6 4   0   10  0 2  1",
        "6 4 0 200 0 2 -1",
    ),
    "the points 4, 5 form a cycle": ("4 3   0  -10  0 1  1", "4 3   0  -10  0 1  5"),
    "the points 1, 2, 3, ... form a cycle": ("5 -1\n", "5 9\n"),
    "the points 5 form a cycle": ("1  4\n", "1  5\n"),
    "its soma is in several places: the point 10 .* hangs on": ("7\n9", "7\n10 1 0 400 0 5 8\n9"),
    "the neurite that starts at the point 10 at .* has the type 7 throughout: give its points": (
        "7\n9",
        "7\n10 7 20 0 0 1 1\n11 7 30 0 0 1 10\n9",
    ),
}


@pytest.mark.parametrize("sentence", REFUSED)
def test_refused_row(read, sentence: str) -> None:
    with pytest.raises(BadInput, match=f"^The morphology .*cell.swc cannot be used: {sentence}"):
        read(changed(*REFUSED[sentence]))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "it has no points"),
        ("# nothing\n", "it has no points"),
        ("a picture of a cell", "it has no points"),
        (re.sub(r"(?m)^(\d) 1", r"\1 3", SMALL), r"it has no soma \(type 1\): give"),
        (re.sub(r"(?m)^(\d) 4", r"\1 3", SMALL), "it has no apical dendrite .*: give"),
        (re.sub(r"(?m) (2|1|.5)( +\d)$", r" 0\2", SMALL), "6 of its 9 points have no radius"),
        (scaled(1e3), "its dendrites span .* multiply .* in nm, or in pixels"),
        (scaled(1e-3), "its dendrites span 0.415 um, .* in mm"),
        (scaled(1e300), "its dendrites span"),
        ("<?xml version='1.0'?><neuroml/>", "it is XML: convert it to SWC"),
        (b"PK\x03\x04rest", "it is a ZIP archive: unpack it"),
        (b"\x1f\x8b\x08rest", "it is compressed: unpack it"),
        ('{"soma": []}', "it is JSON: convert it"),
        ("create soma[1]\n", "it is hoc code"),
        (b"V3 DIGITIZED ...", "Neurolucida's own format: save it there as ASC or SWC"),
        (b"\x89HDF\r\n\x1a\n" + bytes(64), "MorphIO cannot read it"),
        (ASC[:200], "it ends before all its brackets are closed"),
        (ASC + ")", "it closes a bracket that is not open"),
        (ASC.replace("(Apical)", "(Dendrite)"), "it has no apical dendrite"),
        (ASC.replace("(CellBody)", "").replace("CellBody", "Ring"), "it has no soma"),
        (bytes(range(256)) * 4, "cannot be used"),
    ],
)
def test_what_is_no_pyramidal_cell_is_refused(read, content, sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        read(content)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"none.swc cannot be used: there is no such file"):
        read_morphology(tmp_path / "none.swc")
    with pytest.raises(BadInput, match="it is no file"):
        read_morphology(tmp_path)
    os.mkfifo(tmp_path / "pipe.swc")
    with pytest.raises(BadInput, match="it is no file"):
        read_morphology(tmp_path / "pipe.swc")
    (tmp_path / "huge.swc").touch()
    os.truncate(tmp_path / "huge.swc", 10**9)  # takes no room
    with pytest.raises(BadInput, match="it has more than 200 MB"):
        read_morphology(tmp_path / "huge.swc")


@given(st.data())
@settings(deadline=None, max_examples=250)
def test_a_damaged_file_is_read_or_refused(tmp_path_factory, data) -> None:
    """Whatever happens to the bytes of a file: a cell of finite, positive sizes or a sentence."""
    source = data.draw(st.sampled_from([SMALL, ASC]))
    content = bytearray(source.encode())
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(content) - 1))
        end = data.draw(st.integers(at, min(at + 12, len(content))))
        content[at:end] = data.draw(st.one_of(st.binary(max_size=6), st.sampled_from(
            [b"nan", b"-1", b"1e308", b"inf", b"(", b")", b"7", b"0", b"\n", b" ", b"1 ", b"99"]
        )))  # fmt: skip
    path = tmp_path_factory.mktemp("damaged") / "cell.swc"
    path.write_bytes(bytes(content))
    try:
        cell = read_morphology(path)
    except BadInput:
        return
    points = np.concatenate([section.points for section in cell.sections])
    assert np.all(np.isfinite(points))
    assert np.all(points[:, 3] > 0)
    assert all(section.length > 0 for section in cell.sections)


def test_a_file_that_is_written_anew_is_read_anew(tmp_path):
    path = tmp_path / "cell.swc"
    path.write_text(SMALL)
    first = morphology_of(str(path), as_drawn=True)
    assert morphology_of(str(path), as_drawn=True) is first
    path.write_text(SMALL.replace("390", "370.5"))
    assert morphology_of(str(path), as_drawn=True).sections[-1].points[-1, 1] == 370.5
    path.write_text("no cell")
    with pytest.raises(BadInput):
        morphology_of(str(path), as_drawn=True)
