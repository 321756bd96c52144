"""What figures tell of the signals in the conditioned spines, each by one definition.

`docs/readouts.md` lists them; the summary of a run has the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from ca1ltd.figures.run import Run, mean_timecourse, window_of

Told = Literal["peak", "lowest", "after"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """A signal of the spines.

    Attributes
    ----------
    column : str
        Of the time course.
    told : str
        What is told of it: its peak, its lowest value or its level afterwards.
    factor : float
        From the unit of the column to that of figures.
    peaks : str
        Column of the synapses with the highest level of each spine in the whole run.
    """

    column: str
    told: Told
    factor: float = 1.0
    peaks: str = ""


SIGNALS: Final[Mapping[str, Signal]] = {
    "calcineurin_percent": Signal(
        column="calcineurin_active", told="peak", factor=100, peaks="calcineurin_active_peak"
    ),
    "inhibitor1_p_uM": Signal(column="inhibitor1_p_uM", told="lowest"),
    "pp1_uM": Signal(column="pp1_active_uM", told="peak", peaks="pp1_active_peak"),
    "camkii_pt286_percent": Signal(
        column="camkii_pt286", told="peak", factor=100, peaks="camkii_pt286_peak"
    ),
    "s845_p_percent": Signal(column="s845_p", told="after", factor=100),
}
"""By their names in the numbers of a figure."""


def told(run: Run) -> dict[str, float]:
    """Return of each signal its level before induction and what is told of it.

    ``*_before`` is the mean over conditioned spines and baseline; ``*_peak`` the mean over spines
    of each one's highest level; ``*_lowest`` the lowest value of their mean from the
    start of induction; ``*_after`` their mean in the outcome's window. ``*_highest_mean`` is the
    highest value of the time course, which is read every 10 s.
    """
    course = mean_timecourse(run, "conditioned")
    spines = run.synapses[run.synapses["pathway"] == "conditioned"]
    first, last = window_of(run)
    found: dict[str, float] = {}
    for name, signal in SIGNALS.items():
        level = signal.factor * course[signal.column]
        later = level[level.index >= 0]
        found[f"{name}_before"] = float(level[level.index < 0].mean())
        match signal.told:
            case "peak":
                found[f"{name}_peak"] = float(signal.factor * spines[signal.peaks].mean())
                found[f"{name}_highest_mean"] = float(later.max())
            case "lowest":
                found[f"{name}_lowest"] = float(later.min())
            case "after":
                window = (level.index >= first) & (level.index <= last)
                found[f"{name}_after"] = float(level[window].mean())
    return found


def receptors(run: Run, pool: str) -> tuple[float, float]:
    """Return the AMPA receptors of a pool per conditioned spine, before and at the end."""
    spines = run.synapses[run.synapses["pathway"] == "conditioned"]
    before, after = (float(spines[f"ampar_{pool}_{when}"].mean()) for when in ("before", "after"))
    return before, after
