"""A run's folder: finished slices, then the tables made of them.

Each slice is written into a folder of its own beside its final place and renamed there, so that a
slice is either whole or not there. The tables of the run are made from the slices at the end.
Numbers are written with all their digits: what is read back is what was computed, bit for bit.
"""

import json
import os
import platform
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Self

import numpy as np
import pandas as pd

from ca1ltd import analysis, build, resources
from ca1ltd.errors import BadInput
from ca1ltd.experiment.spec import ExperimentSpec
from ca1ltd.recording import SliceResult, Trace
from ca1ltd.units import minute

RUN_FILE = "run.json"
SUMMARY_FILE = "summary.json"
TRACES_FILE = "traces.npz"
_SLICE_TABLES = ("pulses", "synapses", "timecourse")
_TABLES = ("epsp", "expected", "synapses", "timecourse")
_MUST_AGREE = ("ca1ltd", "neuron", "mechanisms")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Run:
    """The results of an experiment.

    Attributes
    ----------
    spec : dict
        What was run, as `ExperimentSpec.as_dict` gives it.
    epsp : DataFrame
        One row per test pulse: ``slice, pathway, time_min, epsp_slope_mV_per_ms,
        epsp_amplitude_mV, percent_of_baseline``.
    expected : DataFrame
        The same for the EPSP without release noise.
    synapses : DataFrame
        One row per synapse and slice.
    timecourse : DataFrame
        Means over the spines of a pathway, per slice.
    summary : dict
        The outcome, as ``summary.json``.
    statistics : tuple of dict
        Cost of each slice.
    geometry : dict
        Where the electrodes are.
    slice_traces : dict of (int, str) to Trace
        Recorded windows, by slice and name.
    path : Path or None
        The run's folder, if it has one.
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

    @property
    def traces(self) -> dict[str, Trace]:
        """Return the recorded windows of the first slice by name."""
        return {name: trace for (index, name), trace in self.slice_traces.items() if index == 0}

    def trace(self, name: str, *, index: int = 0) -> Trace:
        """Return a recorded window of a slice.

        Parameters
        ----------
        name : str
            As "soma_v/conditioned/before".
        index : int
            Number of the slice.

        Raises
        ------
        BadInput
            If nothing of that name was recorded.
        """
        try:
            return self.slice_traces[index, name]
        except KeyError:
            names = ", ".join(sorted(name for slice_, name in self.slice_traces if slice_ == index))
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
    protocol = spec.protocol
    start, end = ((at - protocol.induction_start) / minute for at in protocol.summary_window)
    statistics = tuple(result.statistics for result in results)
    return Run(
        spec=spec.as_dict(),
        epsp=epsp,
        expected=expected,
        synapses=synapses,
        timecourse=timecourse,
        summary=analysis.summarise(
            spec.as_dict(), epsp, expected, synapses, timecourse, statistics, window=(start, end)
        ),
        statistics=statistics,
        geometry=results[0].geometry,
        slice_traces={
            (result.index, name): trace
            for result in results
            for name, trace in result.traces.items()
        },
        path=path,
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
    place = list(table.columns).index("epsp_amplitude_mV") + 1
    table.insert(place, "percent_of_baseline", analysis.percent_of_baseline(table))
    return table


@dataclass(frozen=True, slots=True)
class Store:
    """The folder of a run that is being made.

    `open` looks and refuses without writing; `create` writes the first file.
    """

    path: Path
    spec: ExperimentSpec

    @classmethod
    def open(cls, path: Path, spec: ExperimentSpec, *, resume: bool) -> Self:
        """Return the store of a folder that may be written, without touching it.

        Raises
        ------
        BadInput
            If the folder cannot be written, holds something else, or holds a run and `resume` is
            not asked for or the run is not of this very experiment.
        """
        path = path.absolute()
        _refuse_unwritable(path)
        if (path / RUN_FILE).exists():
            if not resume:
                raise BadInput(
                    f"{path} holds a run already: name another folder with --out, or complete that "
                    "run with --resume"
                )
            _refuse_other(path, spec)
        elif path.is_dir() and any(path.iterdir()):
            raise BadInput(f"{path} holds files that are no run: name another folder with --out")
        return cls(path, spec)

    def create(self) -> bool:
        """Make the folder and write what is run; return whether the folder is new.

        Raises
        ------
        BadInput
            If it cannot be written.
        """
        if (self.path / RUN_FILE).exists():
            return False
        try:
            self._slices.mkdir(parents=True, exist_ok=True)
            self._write_run_file({})
        except OSError as error:
            raise BadInput(f"{self.path} cannot be written: {error.strerror or error}") from None
        return True

    def remove(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self.path)

    def finished(self) -> tuple[int, ...]:
        """Return the numbers of the slices that are there, sorted."""
        return tuple(
            index for index in range(self.spec.slices) if self._slice_folder(index).is_dir()
        )

    def log_file(self, index: int) -> Path:
        """Return where a slice's process may print; it stays if the slice fails."""
        return self._slices / f"slice-{index:03d}.log"

    def save_slice(self, result: SliceResult) -> None:
        """Write a slice, whole or not at all."""
        target = self._slice_folder(result.index)
        work = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=self._slices))
        for table in _SLICE_TABLES:
            _write_table(getattr(result, table), work / f"{table}.csv")
        _write_traces(
            {(result.index, name): trace for name, trace in result.traces.items()},
            work / TRACES_FILE,
        )
        details = {
            "index": result.index,
            "seed": result.seed,
            "geometry": result.geometry,
            "statistics": result.statistics,
        }
        _write_json(details, work / "slice.json")
        work.rename(target)

    def load_slice(self, index: int) -> SliceResult:
        """Return a finished slice."""
        folder = self._slice_folder(index)
        details = json.loads((folder / "slice.json").read_text(encoding="utf-8"))
        tables = {table: _read_table(folder / f"{table}.csv") for table in _SLICE_TABLES}
        return SliceResult(
            index=details["index"],
            seed=details["seed"],
            pulses=tables["pulses"],
            synapses=tables["synapses"],
            timecourse=tables["timecourse"],
            traces={name: trace for (_, name), trace in _read_traces(folder / TRACES_FILE).items()},
            geometry=details["geometry"],
            statistics=details["statistics"],
        )

    def complete(self) -> Run:
        """Write the tables of the finished run and return it."""
        for stray in self._slices.glob(".slice-*"):  # left by a process that was stopped
            shutil.rmtree(stray)
        run = assemble(
            self.spec, [self.load_slice(index) for index in range(self.spec.slices)], self.path
        )
        for table in _TABLES:
            _write_table(getattr(run, table), self.path / f"{table}.csv")
        _write_traces(run.slice_traces, self.path / TRACES_FILE)
        self._write_run_file({"geometry": run.geometry, "slices": list(run.statistics)})
        _write_json(run.summary, self.path / SUMMARY_FILE)
        return run

    @property
    def _slices(self) -> Path:
        return self.path / "slices"

    def _slice_folder(self, index: int) -> Path:
        return self._slices / f"slice-{index:03d}"

    def _write_run_file(self, results: dict[str, Any]) -> None:
        content = {"spec": self.spec.as_dict(), "versions": versions(), **results}
        _write_json(content, self.path / RUN_FILE)


def load_run(path: Path | str) -> Run:
    """Return the finished run in a folder.

    Parameters
    ----------
    path : path-like
        The folder given as ``--out`` when it was made.

    Raises
    ------
    BadInput
        If there is no finished run.
    """
    folder = Path(path)
    if not (folder / RUN_FILE).exists():
        raise BadInput(f"{folder} holds no run: there is no {RUN_FILE} in it")
    if not (folder / SUMMARY_FILE).exists():
        raise BadInput(f"the run in {folder} is not finished: complete it with --resume")
    try:
        described = json.loads((folder / RUN_FILE).read_text(encoding="utf-8"))
        tables = {table: _read_table(folder / f"{table}.csv") for table in _TABLES}
        return Run(
            spec=described["spec"],
            epsp=tables["epsp"],
            expected=tables["expected"],
            synapses=tables["synapses"],
            timecourse=tables["timecourse"],
            summary=json.loads((folder / SUMMARY_FILE).read_text(encoding="utf-8")),
            statistics=tuple(described["slices"]),
            geometry=described["geometry"],
            slice_traces=_read_traces(folder / TRACES_FILE),
            path=folder,
        )
    except (OSError, ValueError, KeyError) as error:
        raise BadInput(f"the run in {folder} is damaged: {error}") from None


def versions() -> dict[str, str]:
    """Return the versions that a result depends on; `mechanisms` is a hash of the mod files."""
    return {
        "ca1ltd": version("ca1ltd"),
        "neuron": build.neuron_version(),
        "mechanisms": build.mechanism_hash(resources.mod_files()),
        "python": platform.python_version(),
        "numpy": version("numpy"),
        "machine": f"{platform.system()} {platform.machine()}",
    }


def _refuse_unwritable(path: Path) -> None:
    nearest = next(folder for folder in (path, *path.parents) if folder.exists())
    if not nearest.is_dir():
        raise BadInput(f"{path} cannot be a folder: {nearest} is a file")
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise BadInput(f"{path} cannot be written: permission denied in {nearest}")


def _refuse_other(path: Path, spec: ExperimentSpec) -> None:
    try:
        found = json.loads((path / RUN_FILE).read_text(encoding="utf-8"))
        there, made_with = found["spec"], found["versions"]
    except (OSError, ValueError, KeyError) as error:
        raise BadInput(f"the run in {path} is damaged: {error}") from None
    asked, now = json.loads(json.dumps(spec.as_dict())), versions()
    for what, old, new in (
        *((key, there.get(key), asked[key]) for key in asked),
        *((f"version of {key}", made_with.get(key), now[key]) for key in _MUST_AGREE),
    ):
        if old != new:
            raise BadInput(
                f"{path} holds another run, with {what} {json.dumps(old)} and not "
                f"{json.dumps(new)}: only the same run can be resumed"
            )


@contextmanager
def _replacing(path: Path) -> Iterator[Path]:
    """Give a path to write to; what was written replaces the file at once."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        yield temporary
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _write_table(table: pd.DataFrame, path: Path) -> None:
    with _replacing(path) as temporary:
        table.to_csv(temporary, index=False)


def _read_table(path: Path) -> pd.DataFrame:
    return pd.read_csv(path)  # since pandas 3.1 exact to the last bit


def _write_json(content: Any, path: Path) -> None:
    with _replacing(path) as temporary:
        temporary.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def _write_traces(traces: dict[tuple[int, str], Trace], path: Path) -> None:
    """Write traces as arrays ``<slice>/<name>/times`` (ms) and ``<slice>/<name>/values``.

    The unit of the values is an array of one string, ``<slice>/<name>/unit``.
    """
    arrays: dict[str, Any] = {}
    for (index, name), trace in traces.items():
        arrays[f"{index}/{name}/times"] = trace.times
        arrays[f"{index}/{name}/values"] = trace.values
        arrays[f"{index}/{name}/unit"] = np.array(trace.unit)
    with _replacing(path) as temporary, temporary.open("wb") as file:
        np.savez_compressed(file, **arrays)


def _read_traces(path: Path) -> dict[tuple[int, str], Trace]:
    traces = {}
    with np.load(path, allow_pickle=False) as arrays:
        for key in arrays.files:
            if not key.endswith("/unit"):
                continue
            place = key.removesuffix("/unit")
            index, _, name = place.partition("/")
            traces[int(index), name] = Trace(
                name=name,
                times=arrays[f"{place}/times"],
                values=arrays[f"{place}/values"],
                unit=str(arrays[key]),
            )
    return traces
