"""What a figure is drawn from: the tables and traces that a finished run left."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from typing import Protocol as Interface

import numpy as np
import pandas as pd

from ca1ltd import protocols
from ca1ltd.arrays import Floats
from ca1ltd.units import minute


class Trace(Interface):
    """A recorded stretch: ``times`` (ms), ``values`` and their ``unit``."""

    @property
    def times(self) -> Floats:
        """Return times (ms), shape ``(n,)``."""

    @property
    def values(self) -> Floats:
        """Return values, shape ``(n,)``."""


class Run(Interface):
    """A finished run, as its folder holds it."""

    @property
    def spec(self) -> Mapping[str, Any]:
        """Return the specification."""

    @property
    def epsp(self) -> pd.DataFrame:
        """Return EPSPs of the test pulses."""

    @property
    def expected(self) -> pd.DataFrame:
        """Return EPSPs without release noise."""

    @property
    def synapses(self) -> pd.DataFrame:
        """Return one row per synapse."""

    @property
    def timecourse(self) -> pd.DataFrame:
        """Return means over the spines of each pathway, in time."""

    @property
    def summary(self) -> Mapping[str, Any]:
        """Return the summary."""

    @property
    def traces(self) -> Mapping[str, Trace]:
        """Return the recorded stretches by name."""

    @property
    def path(self) -> Path | None:
        """Return the run's folder, if it has one."""

    @property
    def geometry(self) -> Mapping[str, Any]:
        """Return where the electrodes were."""


def window_of(run: Run) -> tuple[float, float]:
    """Return the window of the outcome (min, 0 = start of induction)."""
    start, end = run.summary["window_min"]
    return start, end


def induction_minutes(run: Run) -> float:
    """Return how long the induction lasted (min), rests between its parts included."""
    protocol = protocols.from_dict(run.spec["protocol"])
    return (protocol.induction_end - protocol.induction_start) / minute


def mean_timecourse(run: Run, pathway: str) -> pd.DataFrame:
    """Return the time course of a pathway, averaged over slices, indexed by ``time_min``.

    Times that differ by less than .06 s are one sample.
    """
    rows = run.timecourse[run.timecourse["pathway"] == pathway]
    return rows.drop(columns=["pathway", "time_min"]).groupby(rows["time_min"].round(3)).mean()


def binned(rows: pd.DataFrame, width: float) -> pd.DataFrame:
    """Return ``time_min``, ``mean`` and ``sem`` over slices of per cent of baseline, in bins.

    Parameters
    ----------
    rows
        ``slice``, ``time_min`` and ``percent_of_baseline`` of one pathway.
    width
        Width of a bin (min); bins meet at time 0, so none mixes baseline and induction. A bin
        lies at the mean time of its pulses. With one slice the SEM is undefined (NaN).
    """
    number = np.floor(rows["time_min"] / width).rename("bin")
    slices = rows.groupby([number, "slice"])[["time_min", "percent_of_baseline"]].mean()
    bins = slices.groupby("bin")
    return pd.DataFrame(
        {
            "time_min": bins["time_min"].mean(),
            "mean": bins["percent_of_baseline"].mean(),
            "sem": bins["percent_of_baseline"].sem(),
        }
    ).reset_index(drop=True)
