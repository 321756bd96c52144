"""The figure of pharmacology: LTD and LTP with each drug, beside what was published."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ca1ltd.declared import Declared
from ca1ltd.figures.entry import FigureEntry, Runs
from ca1ltd.figures.parts import style
from ca1ltd.figures.parts.inductions import window_after
from ca1ltd.figures.parts.numbers import Number, level, outcomes, slices_text
from ca1ltd.literature.published import Published, published

SIDES: Final = {
    "lfs": ("Low frequency", style.BLUE),
    "hfs": ("High frequency", style.VERMILION),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of the figure: its words, the drug as on the command line, published conditions."""

    words: str
    target: str
    drug: str = ""
    lfs: str = ""
    hfs: str = ""

    def key(self, side: str) -> str:
        """Return the name of its run."""
        return f"{side}, {self.drug or 'no drug'}"

    def outcome(self, side: str, pathway: str = "conditioned") -> str:
        """Return the name of the outcome of a pathway among those of the runs."""
        return f"{self.key(side)}_{pathway}_percent_of_baseline"

    def published(self, side: str) -> Published | None:
        """Return the published condition of one induction, if there is one with a number."""
        found = published().get(self.lfs if side == "lfs" else self.hfs)
        return found if found is not None and found.mean is not None else None


ROWS: Final = (
    Row(words="no drug", target="", lfs="MHM93_ctrl", hfs="HFS_textbook"),
    Row(words="D-AP5", target="NMDA receptors", drug="D-AP5", lfs="MM92_APV", hfs="HFS_AP5"),
    Row(words="ifenprodil", target="GluN2B", drug="ifenprodil"),
    Row(words="BAPTA in pipette", target="calcium", drug="BAPTA", lfs="MM92_BAPTA"),
    Row(words="FK506", target="calcineurin", drug="FK506", lfs="M94_FK506"),
    Row(words="thiophospho-inhibitor-1", target="PP1", drug="thiophospho-inhibitor-1",
        lfs="M94_thioI1"),
    Row(words="okadaic acid", target="PP1, PP2A", drug="okadaic-acid", lfs="MHM93_okadaic"),
    Row(words="calyculin A", target="PP1, PP2A", drug="calyculin-A", lfs="MHM93_calyculinA"),
    Row(words="KN-62", target="CaMKII", drug="KN-62"),
    Row(words="H-89", target="PKA", drug="H-89"),
    Row(words="forskolin", target="cyclase", drug="forskolin"),
    Row(words="dynamin peptide", target="endocytosis", drug="dynamin-inhibitory-peptide@-10.."),
    Row(words="botulinum toxin", target="exocytosis", drug="botulinum-toxin@-10.."),
)  # fmt: skip
"""What goes in through endo- and exocytosis comes 10 min before induction: a synapse that had been
without one of them for good would have no receptors left to move."""


def pharmacology(runs: Runs) -> Figure:
    """Return the figure, 180 mm wide, from the finished runs of `FIGURE`."""
    found = outcomes(runs)
    window = window_after(runs[ROWS[0].key("lfs")])
    with style.look():
        height = 8.0 * len(ROWS)
        plate = style.Plate(width=180, height=height + 34)
        for left, side, letter in ((48, "lfs", "A"), (117, "hfs", "B")):
            axes = plate.axes(left, 10, 60, height)
            _panel(axes, found, side)
            axes.set_xlabel(f"EPSP slope {window} later (% of baseline)")
            if side == "lfs":
                _labels(axes)
            plate.letter(letter, left - 8 if side == "hfs" else 2, 2)
        _key(plate.drawing(48, height + 23, 130, 8), slices_text(runs))
    return plate.figure


def _panel(axes: Axes, found: dict[str, Number], side: str) -> None:
    title, colour = SIDES[side]
    axes.axvline(100, color=style.GREY, lw=0.6, dashes=(4, 3), zorder=1)
    for place, row in enumerate(ROWS):
        y = len(ROWS) - 1 - place
        if place % 2 == 0:
            axes.axhspan(y - 0.5, y + 0.5, color="#F6F7F8", lw=0, zorder=0)
        paper = row.published(side)
        if paper is not None and paper.mean is not None:
            axes.errorbar(paper.mean, y + 0.22, xerr=paper.uncertainty or paper.sem or 0.0, fmt="D",
                          ms=3.6, mfc="white", mec=style.INK, ecolor=style.INK, mew=0.8,
                          lw=0.7)  # fmt: skip
        else:
            axes.annotate("no published value known", (1.0, y + 0.22), xytext=(-3, 0),
                          xycoords=("axes fraction", "data"), textcoords="offset points",
                          ha="right", va="center", size=style.SMALL, color=style.GREY)  # fmt: skip
        control = found[row.outcome(side, "control")]
        if control is not None:
            axes.plot(control, y - 0.2, "|", ms=6, mew=1.2, color=style.GREY)
        value = found[row.outcome(side)]
        if value is not None:
            sem = found[f"{row.key(side)}_conditioned_sem"]
            axes.errorbar(value, y - 0.2, xerr=sem, fmt="o", ms=4.6, mec="none", color=colour,
                          lw=1.1)  # fmt: skip
    axes.set_ylim(-0.5, len(ROWS) - 0.5)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.set_xlim(*_limits(found))
    axes.set_title(title, size=style.LARGE, weight="bold", color=colour, pad=4)


def _limits(found: dict[str, Number]) -> tuple[float, float]:
    """Return the ends of the axis, the same for both panels."""
    values = [found[row.outcome(side, pathway)] for row in ROWS for side in SIDES
              for pathway in ("conditioned", "control")]  # fmt: skip
    papers = [paper.stated for row in ROWS for side in SIDES if (paper := row.published(side))]
    ends = [50.0, 150.0, *(value for value in values if value is not None),
            *(end for band in papers if band for end in band)]  # fmt: skip
    return 10 * np.floor(min(ends) / 10 - 0.3), 10 * np.ceil(max(ends) / 10 + 0.3)


def _labels(axes: Axes) -> None:
    for place, row in enumerate(ROWS):
        y, words = len(ROWS) - 1 - place, axes.get_yaxis_transform()
        axes.text(-0.03, y + (0.18 if row.target else 0), row.words, transform=words, ha="right",
                  va="center", size=style.TEXT)  # fmt: skip
        axes.text(-0.03, y - 0.24, row.target, transform=words, ha="right", va="center",
                  size=style.SMALL, color=style.GREY)  # fmt: skip


def _key(axes: Axes, slices: str) -> None:
    for x, marker, face, words in (
        (1, "o", style.INK, f"model, {slices}"), (46, "|", style.GREY, "pathway not induced"),
        (84, "D", "white", "published (± its spread)"),
    ):  # fmt: skip
        axes.plot(x, 4, marker, ms=4.4, mfc=face, mec=style.GREY if marker == "|" else style.INK)
        axes.text(x + 3, 4, words, size=style.SMALL, va="center")


def caption(runs: Runs) -> str:
    """Return the caption, with the runs' own numbers."""
    found = outcomes(runs)

    def told(side: str) -> str:
        return ", ".join(f"{row.words} {level(found[row.outcome(side)], 3)}" for row in ROWS)

    papers = {paper.paper for row in ROWS for side in SIDES if (paper := row.published(side))}
    return (
        f"Drugs tell which steps LTD and LTP need. EPSP slope in per cent of its baseline, with "
        f"each drug at its usual concentration for the whole run (dynamin peptide and botulinum "
        f"toxin: from 10 min before induction on; {slices_text(runs)} each). A, after "
        f"low-frequency stimulation: {told('lfs')} %. B, after high-frequency stimulation: "
        f"{told('hfs')} %. Bars: the pathway that was not induced, on which a drug acts alone. "
        f"Open symbols, partly recollected: "
        f"{'; '.join(sorted(papers))}; of the other conditions no published number is known to us."
    )


def _declared(row: Row, side: str) -> Declared:
    return Declared(side, drugs=(row.drug,) if row.drug else ())


FIGURE = FigureEntry(
    name="pharmacology",
    runs={row.key(side): _declared(row, side) for row in ROWS for side in SIDES},
    draw=pharmacology,
    words=caption,
    numbers=outcomes,
)
