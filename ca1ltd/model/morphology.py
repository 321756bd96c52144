"""A reconstructed cell: its unbranched sections and the layers they lie in.

Conventions, because they decide lengths and distances:

* The whole soma is one section; `reconstruction.soma` says how each way of drawing it is taken.
* A dendrite that leaves the soma starts at its own first point and is attached to the middle of
  the soma: the wire from the centre of the soma to that point is not dendrite.
* Every other section starts at the branch point, with the diameter of its own first point, so no
  length is lost between a parent and its children.
* Points that coincide with their parent are merged into it. A stem that branches at its first
  point has no length: its branches are attached to the soma instead.
"""

from dataclasses import dataclass, field, fields, replace
from functools import partial
from pathlib import Path
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from ca1ltd.arrays import Floats, Ints
from ca1ltd.errors import BadInput
from ca1ltd.model.parameters import default
from ca1ltd.model.reconstruction.points import (
    APICAL,
    AXON,
    BASAL,
    SOMA,
    Point,
    Points,
    children_of,
)
from ca1ltd.model.reconstruction.reading import read_reconstruction
from ca1ltd.model.reconstruction.soma import soma_rows

Kind = Literal["soma", "axon", "basal", "apical"]
Domain = Literal["soma", "axon", "oriens", "radiatum", "lacunosum"]

_KINDS: Final[dict[int, Kind]] = {SOMA: "soma", AXON: "axon", BASAL: "basal", APICAL: "apical"}
_NAMES: Final[dict[Kind, str]] = {"soma": "soma", "axon": "axon", "basal": "dend", "apical": "apic"}
_DOMAIN_KIND: Final[dict[str, Kind]] = {
    "soma": "soma",
    "axon": "axon",
    "oriens": "basal",
    "radiatum": "apical",
    "lacunosum": "apical",
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Section:
    """An unbranched stretch of the cell.

    Parameters
    ----------
    name : str
        ``soma[0]``, ``axon[i]``, ``dend[i]`` (basal) or ``apic[i]``.
    kind : str
        ``soma``, ``axon``, ``basal`` or ``apical``.
    points : ndarray
        x, y, z and diameter (um), shape ``(n, 4)``, ``n >= 2``, from the 0 end to the 1 end.
    parent : int
        Index of the parent section; -1 for the soma.
    parent_x : float
        Where on the parent this section is attached: .5 on the soma, otherwise 1.
    path_distance : float
        Distance (um) along the cell from the middle of the soma to the 0 end. It is 0 for a
        section attached to the soma, as in NEURON's ``distance`` from ``soma(0.5)``.
    length : float
        Length (um), computed from the points.
    arc : ndarray
        Distance (um) of each point from the 0 end, computed, shape ``(n,)``.
    """

    name: str
    kind: Kind
    points: Floats
    parent: int
    parent_x: float
    path_distance: float
    length: float = field(init=False)
    arc: Floats = field(init=False)

    def __post_init__(self) -> None:
        points = _frozen(self.points)
        steps = np.linalg.norm(np.diff(points[:, :3], axis=0), axis=1)
        arc = _frozen(np.concatenate(([0.0], np.cumsum(steps))))
        object.__setattr__(self, "points", points)
        object.__setattr__(self, "arc", arc)
        object.__setattr__(self, "length", float(arc[-1]))

    def point_at(self, x: npt.ArrayLike) -> Floats:
        """Return the position (um) at the fraction ``x`` of the length.

        Shape ``(*x.shape, 3)``.
        """
        arc = self._arc_at(x)
        return np.stack([np.interp(arc, self.arc, self.points[:, k]) for k in range(3)], axis=-1)

    def diam_at(self, x: float) -> float:
        """Return the diameter (um) at the fraction ``x`` of the length."""
        return float(np.interp(self._arc_at(x), self.arc, self.points[:, 3]))

    def path_distance_at(self, x: float) -> float:
        """Return the distance (um) along the cell from the middle of the soma to ``x``."""
        if self.kind == "soma":
            return abs(float(self._arc_at(x)) - self.length / 2)
        return self.path_distance + float(self._arc_at(x))

    def _arc_at(self, x: npt.ArrayLike) -> Floats:
        x = np.asarray(x, dtype=float)
        if not np.all((x >= 0) & (x <= 1)):
            raise ValueError(f"A location on {self.name} lies between 0 and 1, not at {x}.")
        return x * self.length


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pieces:
    """Straight stretches of cell, in the order of the sections and along them.

    Parameters
    ----------
    section : ndarray
        Index of the section of each piece, shape ``(n,)``.
    section_length : ndarray
        Length (um) of that section, shape ``(n,)``.
    arc : ndarray
        Distance (um) of the start of each piece from the 0 end of its section, shape ``(n,)``.
    path_distance : ndarray
        Distance (um) along the cell from the soma to that start, shape ``(n,)``.
    start, stop : ndarray
        Positions (um) of both ends, shape ``(n, 3)``.
    """

    section: Ints
    section_length: Floats
    arc: Floats
    path_distance: Floats
    start: Floats
    stop: Floats

    def __post_init__(self) -> None:
        for each in fields(self):
            getattr(self, each.name).setflags(write=False)

    @property
    def length(self) -> Floats:
        """Length (um) of each piece, shape ``(n,)``."""
        length: Floats = np.linalg.norm(self.stop - self.start, axis=1)
        return length


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Morphology:
    """A cell: its sections, the soma first and parents before their children.

    The somato-apical axis is +y: x runs along the pyramidal layer, z through the slice.

    Parameters
    ----------
    name : str
        Name of the cell.
    sections : tuple of Section
        Its sections.
    radiatum_depth : float
        Depth (um) below the soma at which stratum radiatum ends and lacunosum-moleculare begins; by
        default that of the model.
    notices : tuple of str
        What was mended and turned when it was read, and what is implausible in it.
    """

    name: str
    sections: tuple[Section, ...]
    radiatum_depth: float = field(default_factory=partial(default, "placement.radiatum_depth"))
    notices: tuple[str, ...] = ()

    @property
    def soma_position(self) -> Floats:
        """Middle of the soma (um), shape ``(3,)``."""
        return self.sections[0].point_at(0.5)

    def trunk(self) -> tuple[int, ...]:
        """Return the apical sections on the way from the soma along what bears more dendrite.

        Indices, the one at the soma first; empty without an apical dendrite.
        """
        borne = np.array([section.length for section in self.sections])
        for k in range(len(self.sections) - 1, 0, -1):  # parents come before their children
            borne[self.sections[k].parent] += borne[k]
        path: list[int] = []
        while True:
            onward = [
                k
                for k, section in enumerate(self.sections)
                if section.kind == "apical" and section.parent == (path[-1] if path else 0)
            ]
            if not onward:
                return tuple(path)
            path.append(max(onward, key=lambda k: borne[k]))

    def with_branches(self, scale: float) -> "Morphology":
        """Return the cell with dendrites off the apical trunk `scale` times as thick."""
        if scale == 1.0:
            return self
        trunk = self.trunk()
        sections = tuple(
            replace(section, points=section.points * (1.0, 1.0, 1.0, scale))
            if section.kind in ("basal", "apical") and k not in trunk
            else section
            for k, section in enumerate(self.sections)
        )
        return replace(self, sections=sections)

    def total_length(self, kind: Kind) -> float:
        """Return the summed length (um) of the sections of one kind."""
        return sum(section.length for section in self.sections if section.kind == kind)

    def domain_at(self, section: int, x: float) -> Domain:
        """Return the layer or part of the cell in which the location ``x`` of a section lies.

        Basal dendrites are in stratum oriens. Apical dendrites are in radiatum to
        ``radiatum_depth`` from the middle of the soma along y, beyond it in lacunosum-moleculare.
        """
        kind = self.sections[section].kind
        if kind == "apical":
            depth = self.sections[section].point_at(x)[1] - self.soma_position[1]
            return "radiatum" if depth < self.radiatum_depth else "lacunosum"
        return "oriens" if kind == "basal" else kind

    def pieces(self, domain: Domain, *, beyond: float = 0.0) -> Pieces:
        """Return the straight stretches of the cell that lie in one domain.

        Parameters
        ----------
        domain : str
            Domain; pieces are cut where two layers meet.
        beyond : float
            Path distance (um) from the soma below which the cell is left out.
        """
        kind = _DOMAIN_KIND[domain]
        chosen = [(i, s) for i, s in enumerate(self.sections) if s.kind == kind]
        counts = np.array([len(s.points) - 1 for _, s in chosen], dtype=np.int64)
        start = np.concatenate([np.empty((0, 3)), *(s.points[:-1, :3] for _, s in chosen)])
        stop = np.concatenate([np.empty((0, 3)), *(s.points[1:, :3] for _, s in chosen)])
        first, last = self._clip(domain, start[:, 1], stop[:, 1])
        steps = np.linalg.norm(stop - start, axis=1)
        arc = np.concatenate([np.empty(0), *(s.arc[:-1] for _, s in chosen)])
        base = np.repeat([s.path_distance for _, s in chosen], counts)
        first = np.maximum(first, (beyond - base - arc) / steps)
        arc = arc + first * steps
        keep = last > first
        return Pieces(
            section=np.repeat(np.array([i for i, _ in chosen], dtype=np.int64), counts)[keep],
            section_length=np.repeat([s.length for _, s in chosen], counts)[keep],
            arc=arc[keep],
            path_distance=(base + arc)[keep],
            start=(start + first[:, None] * (stop - start))[keep],
            stop=(start + last[:, None] * (stop - start))[keep],
        )

    def _clip(self, domain: Domain, y_start: Floats, y_stop: Floats) -> tuple[Floats, Floats]:
        """Return the fractions between which each piece is in the domain, none if first >= last."""
        first, last = np.zeros_like(y_start), np.ones_like(y_start)
        if domain not in ("radiatum", "lacunosum"):
            return first, last
        border = self.soma_position[1] + self.radiatum_depth
        sign = -1.0 if domain == "radiatum" else 1.0
        a, b = sign * (y_start - border), sign * (y_stop - border)  # positive inside the layer
        cut = a / np.where(a == b, 1.0, a - b)
        first = np.where(a >= 0, 0.0, np.where(b > 0, cut, 1.0))
        last = np.where(b >= 0, 1.0, np.where(a > 0, cut, 0.0))
        return first, last


def read_morphology(
    path: Path | str, *, name: str | None = None, as_drawn: bool = False, strict: bool = False
) -> Morphology:
    """Return the morphology of the pyramidal cell in an SWC, Neurolucida ASC or HDF5 file.

    Parameters
    ----------
    path : path
        The file, coordinates in um.
    name : str, optional
        Name of the cell; without it the stem of the file, or its folder if the file is called
        ``morphology``.
    as_drawn : bool
        Whether it stays as drawn; otherwise it is turned so that its apical axis is +y.
    strict : bool
        Whether a file that would be mended is refused.

    Returns
    -------
    Morphology
        Sections in an order that depends on the ids only.

    Raises
    ------
    BadInput
        If the file cannot be read or is not one pyramidal cell in um.
    """
    path = Path(path)
    try:
        read = read_reconstruction(path, as_drawn=as_drawn, strict=strict)
        sections = _sections(read.points, children_of(read.points))
    except BadInput as reason:
        raise BadInput(f"The morphology {path} cannot be used: {reason}") from None
    stem = path.parent.name if path.stem == "morphology" else path.stem
    return Morphology(name=name or stem, sections=sections, notices=(*read.mended, *read.remarks))


def _sections(points: Points, children: dict[int, list[int]]) -> tuple[Section, ...]:
    """Return the soma, then the neurites in the order of their ids, parents first."""
    soma = [p.id for p in points.values() if p.type == SOMA]
    sections = [_soma(points)]
    counts = dict.fromkeys(_NAMES, 0)
    stems = sorted(c for label in soma for c in children[label] if points[c].type != SOMA)
    waiting = [(stem, 0) for stem in reversed(stems)]
    while waiting:
        first, parent = waiting.pop()
        run = _run(points[first], points, children)
        rows = [(*p.xyz, 2 * p.radius) for p in run]
        branch = points[run[0].parent]
        if branch.type != SOMA:
            rows.insert(0, (*branch.xyz, rows[0][3]))
        following = children[run[-1].id]
        if len(rows) > 1:
            sections.append(_section(run[0], np.array(rows), parent, sections, counts))
            parent = len(sections) - 1
        waiting.extend((child, parent) for child in reversed(following))
    return tuple(sections)


def _run(first: Point, points: Points, children: dict[int, list[int]]) -> list[Point]:
    """Return the unbranched run of points of one type that begins with the first."""
    run = [first]
    while len(children[run[-1].id]) == 1:
        following = points[children[run[-1].id][0]]
        if following.type != first.type:
            break
        run.append(following)
    return run


def _section(
    first: Point, rows: Floats, parent: int, sections: list[Section], counts: dict[Kind, int]
) -> Section:
    """Return the next section, attached to the middle of the soma or the end of its parent."""
    kind = _KINDS[first.type]
    counts[kind] += 1
    above = sections[parent]
    return Section(
        name=f"{_NAMES[kind]}[{counts[kind] - 1}]",
        kind=kind,
        points=rows,
        parent=parent,
        parent_x=0.5 if parent == 0 else 1.0,
        path_distance=0.0 if parent == 0 else above.path_distance + above.length,
    )


def _soma(points: Points) -> Section:
    return Section(
        name="soma[0]",
        kind="soma",
        points=soma_rows(points),
        parent=-1,
        parent_x=0.0,
        path_distance=0.0,
    )


def _frozen(values: npt.ArrayLike) -> Floats:
    array = np.array(values, dtype=float)
    array.setflags(write=False)
    return array
