"""What a run came to, in words."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from typing import Protocol as Interface

import pandas as pd

from ca1ltd import cell_files, protocols
from ca1ltd.analysis import SLOPE
from ca1ltd.analysis.responses import currents
from ca1ltd.analysis.spikes import moved_said, spikes_said, too_many_said
from ca1ltd.text import columns, count


class Run(Interface):
    """A finished run."""

    @property
    def spec(self) -> Mapping[str, Any]:
        """Return the specification."""

    @property
    def epsp(self) -> pd.DataFrame:
        """Return EPSPs of the test pulses."""

    @property
    def summary(self) -> Mapping[str, Any]:
        """Return the summary."""

    @property
    def path(self) -> Path | None:
        """Return the folder, if it has one."""


def in_a_line(run: Run) -> str:
    """Return what was run and what it came to, in one line."""
    spec, pathways = run.spec, run.summary["pathways"]
    came_to = [
        f"{pathway} {_percent(outcome['percent_of_baseline'])} of baseline"
        for pathway, outcome in pathways.items()
        if outcome["percent_of_baseline"] is not None
    ]
    what = f"{spec['protocol']['name']}, {cell_files.shown(spec['cell'])}, seed {spec['seed']}"
    slices = count(spec["slices"], "slice")
    return f"<Run of {what}, {slices}{': ' if came_to else ''}{', '.join(came_to)}>"


def outcome(run: Run) -> list[str]:
    """Return what a run came to, in the words of its protocol."""
    curve = run.summary.get("input_output")
    ratio = run.summary.get("paired_pulse_ratio")
    rows: list[tuple[str, ...]]
    if curve is not None:
        rows = [("current (uA)", "EPSP (mV)", "slope (mV/ms)", "fired", "local spike")]
        rows += [
            (
                f"{row['current_uA']:g}",
                _number(row["epsp_amplitude_mV"]),
                _number(row["epsp_slope_mV_per_ms"]),
                f"{row['fired']:.0%}",
                f"{row['local_spike']:.0%}" if "local_spike" in row else "not counted",
            )
            for row in curve
        ]
    elif "holding_mV" in run.epsp and run.epsp["holding_mV"].notna().all():
        rows = _currents(run)
    elif ratio is not None:
        mean, sem = _number(ratio["mean"]), _number(ratio["sem"])
        words = (mean, f"SEM {sem}", f"n = {ratio['n_slices']:.0f}")
        rows = [("paired-pulse ratio of EPSP slopes", *words)]
    else:
        windows = [*run.summary.get("phases", ()), run.summary]
        rows = [
            (
                *_when(window["window_min"], among=len(windows)),
                pathway,
                _percent(outcome["percent_of_baseline"], " of baseline"),
                f"SEM {_percent(outcome['sem'])}",
                f"without release noise {_percent(outcome['percent_expected'])}",
                f"n = {outcome['n_slices']}",
            )
            for window in windows
            for pathway, outcome in window["pathways"].items()
        ]
    where = [] if run.path is None else [f"results in {run.path}"]
    return [*columns(rows), *_notices(run), *_errors(run), *where]


def _notices(run: Run) -> list[str]:
    """Return what was no EPSP, or moved without an induction."""
    pathways = run.summary["pathways"]
    protocol = protocols.from_dict(run.spec["protocol"])
    said = (spikes_said(pathways), too_many_said(pathways), moved_said(pathways, protocol))
    return [sentence for sentence in said if sentence]


def _currents(run: Run) -> list[tuple[str, ...]]:
    """Return the currents of a soma that is voltage clamped throughout, inward below 0."""
    table = currents(run.epsp, run.summary["window_min"][0])
    induced = (table["when"] == "before").any()
    head = ("pathway", "potential (mV)", "peak (pA)", "SEM", "50 ms after the pulse (pA)")
    rows: list[tuple[str, ...]] = [(*head, "pairing") if induced else head]
    for _, row in table.iterrows():
        words = (
            str(row["pathway"]),
            f"{row['holding_mV']:g}",
            *(_number(row[name]) for name in ("epsc_pA", "sem_pA", "epsc_late_pA")),
        )
        rows.append((*words, str(row["when"])) if induced else words)
    return rows


def _when(window: list[float], *, among: int) -> tuple[str, ...]:
    """Return when an outcome was taken, if there are several."""
    start, end = window
    return (f"{start:.0f} to {end:.0f} min",) if among > 1 else ()


def _errors(run: Run) -> list[str]:
    """Return how wrong the integrator's steps are, of what has been measured."""
    epsps = {"EPSPs": "error_of_epsp_percent"} if run.epsp[SLOPE].notna().any() else {}
    words = {
        **epsps,
        "spine calcium": "error_of_spine_ca_percent",
        "calcineurin": "error_of_calcineurin_percent",
    }
    found = [
        f"{name} {run.summary[key]:.2f} %" for name, key in words.items() if key in run.summary
    ]
    return [f"error of the steps: {', '.join(found)}"] if found else []


def _percent(value: float | None, of: str = "") -> str:
    return "not measured" if value is None else f"{value:.1f} %{of}"


def _number(value: float | None) -> str:
    return "not measured" if value is None or math.isnan(value) else f"{value:z.2f}"
