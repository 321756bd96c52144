"""What an experiment gives: its slices put together, in memory or from a folder."""

from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from ca1ltd import analysis
from ca1ltd.analysis.outcome import in_a_line, outcome
from ca1ltd.errors import BadInput
from ca1ltd.experiment.spec import ExperimentSpec
from ca1ltd.experiment.store.files import RUN_FILE, SUMMARY_FILE
from ca1ltd.experiment.store.reading import (
    read_run_file,
    read_slice_traces,
    read_summary,
    read_tables,
    refuse_changed,
)
from ca1ltd.provenance import provenance
from ca1ltd.recording import SliceResult, Trace

if TYPE_CHECKING:
    from ca1ltd.figures.parts.style import Picture

_PERCENT: Final = {
    "percent_of_baseline": ("epsp_amplitude_mV", analysis.SLOPE),
    "fepsp_percent_of_baseline": (analysis.FIELD_SLOPE, analysis.FIELD_SLOPE),
}
"""Columns that a run's tables have beside those of its slices: after which, and of which."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Run:
    """The results of an experiment.

    Attributes
    ----------
    spec : dict
        What was run, as `ExperimentSpec.as_dict` gives it.
    epsp : DataFrame
        One row per test pulse: ``slice, pathway, time_min, epsp_slope_mV_per_ms,
        epsp_amplitude_mV, percent_of_baseline, fepsp_slope_uV_per_ms,
        fepsp_percent_of_baseline`` and more.
    expected : DataFrame
        The same for the EPSP without release noise.
    synapses : DataFrame
        One row per synapse and slice.
    timecourse : DataFrame
        Means over the spines of a pathway, per slice.
    summary : dict
        The outcome, as ``summary.json`` without its ``files``.
    statistics : tuple of dict
        Cost of each slice.
    geometry : dict
        Where the electrodes are.
    slice_traces : dict of (int, str) to Trace
        Recorded windows, by slice and name.
    path : Path or None
        The run's folder, if it has one.
    provenance : dict
        What it was made with, as `ca1ltd.provenance` gives it.
    """

    spec: dict[str, Any]
    epsp: pd.DataFrame
    expected: pd.DataFrame
    synapses: pd.DataFrame
    timecourse: pd.DataFrame
    summary: dict[str, Any]
    statistics: tuple[dict[str, float], ...]
    geometry: dict[str, Any]
    slice_traces: dict[tuple[int, str], Trace]
    path: Path | None = None
    provenance: Mapping[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        return in_a_line(self)

    def _repr_html_(self) -> str:
        """Return the outcome and a small picture, as notebooks show them."""
        picture = b64encode(self.plot()._repr_png_()).decode()
        words = escape("\n".join((repr(self), *outcome(self))))
        return f'<pre>{words}</pre><img width="425" src="data:image/png;base64,{picture}">'

    def plot(self) -> "Picture":
        """Return a picture of what the recording electrode saw against time.

        `ca1ltd.figures` has the figures of the textbook.
        """
        from ca1ltd.figures.overview import overview  # loads matplotlib

        return overview(self)

    def save(self, path: Path | str) -> "Run":
        """Write the run into a new folder, as the command line leaves it; return it with its path.

        `load_run` gives it back.

        Parameters
        ----------
        path : path-like
            The folder, which must be new or empty.

        Raises
        ------
        BadInput
            If the folder holds something, or cannot be written.
        NotStored
            If the disk is full.
        """
        from ca1ltd.experiment.store.run_folder import save_run  # which makes runs of slices

        return replace(self, path=save_run(self, Path(path)))

    @property
    def traces(self) -> dict[str, Trace]:
        """Return the recorded windows of the first slice by name."""
        return {name: trace for (index, name), trace in self.slice_traces.items() if index == 0}

    def trace(self, name: str, *, pulse: int | None = None, index: int = 0) -> Trace:
        """Return a recorded window of a slice.

        Parameters
        ----------
        name : str
            As "soma_v/conditioned/before"; with a pulse, the name of the recording, as "soma".
        pulse : int, optional
            Number of the pulse, from 0, among all pulses. Single pulses are kept by
            `ca1ltd.Slice.run` and not in a run's folder.
        index : int
            Number of the slice.

        Raises
        ------
        BadInput
            If nothing of that name was recorded.
        """
        if pulse is not None:
            name = f"{name}/pulse/{pulse}"
        try:
            return self.slice_traces[index, name]
        except KeyError:
            names = ", ".join(
                sorted(
                    name
                    for slice_, name in self.slice_traces
                    if slice_ == index and "/pulse/" not in name
                )
            )
            raise BadInput(
                f"slice {index} has no trace '{name}': it has {names or 'none'}"
            ) from None


def assemble(spec: ExperimentSpec, results: Sequence[SliceResult], path: Path | None = None) -> Run:
    """Return the run that these slices make.

    Parameters
    ----------
    spec : ExperimentSpec
        What was run.
    results : sequence of SliceResult
        All its slices, in order.
    path : Path, optional
        The run's folder.
    """
    pulses = _stacked(results, "pulses")
    epsp, expected = (
        _with_percent(pulses[pulses["kind"] == kind].drop(columns="kind"))
        for kind in ("test", "probe")
    )
    synapses, timecourse = (_stacked(results, table) for table in ("synapses", "timecourse"))
    statistics = tuple(result.statistics for result in results)
    made_with = provenance(spec.cell)
    return Run(
        spec=spec.as_dict(),
        epsp=epsp,
        expected=expected,
        synapses=synapses,
        timecourse=timecourse,
        summary={
            **analysis.summarise(spec.protocol, epsp, expected, synapses, timecourse, statistics),
            "provenance": made_with.name,
        },
        statistics=statistics,
        geometry=results[0].geometry,
        slice_traces={
            (result.index, name): trace
            for result in results
            for name, trace in result.traces.items()
        },
        path=path,
        provenance=made_with,
    )


def _stacked(results: Iterable[SliceResult], table: str) -> pd.DataFrame:
    frames = []
    for result in results:
        frame: pd.DataFrame = getattr(result, table).copy()
        frame.insert(0, "slice", result.index)
        frames.append(frame)
    return pd.concat(frames, ignore_index=True)


def _with_percent(pulses: pd.DataFrame) -> pd.DataFrame:
    table = pulses.reset_index(drop=True)
    for name, (after, column) in _PERCENT.items():
        place = list(table.columns).index(after) + 1
        table.insert(place, name, analysis.percent_of_baseline(table, column=column))
    return table


def load_run(path: Path | str) -> Run:
    """Return the finished run in a folder.

    Each file must be as it was written, by the SHA-256 under ``files`` in ``summary.json``.

    Parameters
    ----------
    path : path-like
        The folder given as ``--out`` when it was made.

    Raises
    ------
    BadInput
        If there is no finished run, or it cannot be read or is damaged.
    """
    folder = Path(path)
    if not (folder / RUN_FILE).exists():
        raise BadInput(f"{folder} holds no run: there is no {RUN_FILE} in it")
    if not (folder / SUMMARY_FILE).exists():
        raise BadInput(f"the run in {folder} is not finished: complete it with --resume")
    summary, files = read_summary(folder)
    refuse_changed(files, folder)
    described = read_run_file(folder, finished=True)
    probed = any(
        outcome["percent_expected"] is not None for outcome in summary["pathways"].values()
    )
    tables = read_tables(folder, slices=len(described["slices"]), probed=probed)
    return Run(
        spec=described["spec"],
        epsp=tables["epsp"],
        expected=tables["expected"],
        synapses=tables["synapses"],
        timecourse=tables["timecourse"],
        summary=summary,
        statistics=tuple(described["slices"]),
        geometry=described["geometry"],
        slice_traces=read_slice_traces(folder),
        path=folder,
        provenance=described["provenance"],
    )
