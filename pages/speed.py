"""What `benchmarks` measured: speed of the integration, and the cost of sweeps."""

from typing import Any, Final

from benchmarks import table as bench
from pages.source import Source, View, table

SLICES: Final = 50_000
"""Slices of the study whose cost is told: 10 000 runs of 5."""
CORES: Final = (2, 32)


def _steps_a_pulse(found: Any) -> float:
    """Return how often the voltage advances at a pulse at 1 Hz."""
    voltage = next(part for part in found["profile"] if part["name"] == "voltage")
    return float(voltage["per_pulse"])


def _ratio(protocol: str, other: str = "plain CVODE, 1e-3") -> View:
    """Return the view of how many times faster ours is than another strategy."""

    def shown(found: Any) -> str:
        speed = {(row["strategy"], row["protocol"]): row["speed"] for row in found["strategies"]}
        return f"{speed['ours', protocol] / speed[other, protocol]:.2g}"

    return shown


SPEED: Final = Source(
    name="speed",
    command="make bench",
    files=tuple(
        f"benchmarks/{name}.py"
        for name in ("excerpts", "growth", "measure", "nightly", "strategies")
    ),
    views={
        "machine": lambda found: bench.machine(found["machine"]),
        "nightly": bench.nightly,
        "strategies": lambda found: bench.strategies(found["strategies"]),
        "whole": lambda found: bench.whole(found["whole"], found["strategies"]),
        "against": bench.against,
        "growth": lambda found: bench.growth(found["growth"]),
        "profile": lambda found: bench.profile(found["profile"]),
        "times-real": lambda found: f"{found['whole']['speed']:.0f}",
        "steps-a-pulse": lambda found: f"{_steps_a_pulse(found):.0f}",
        **{
            f"ratio-{name}": _ratio(protocol)
            for name, protocol in {
                "1Hz": "1 Hz",
                "10Hz": "10 Hz",
                "100Hz": "100 Hz",
                "theta": "theta bursts",
                "pairing": "pairing",
                "waiting": "waiting",
            }.items()
        },
        "synapses-power": lambda found: f"{found['growth']['synapses']['exponent']:.1f}",
        "segments-power": lambda found: f"{found['growth']['segments']['exponent']:.1f}",
        "slices-power": lambda found: f"{found['growth']['slices']['exponent']:.2f}",
    },
)


def each_slice(found: Any) -> str:
    """Return what each slice of a sweep costs, part by part."""
    built = found["rig_s"] - found["import_s"]
    speed = found["simulated_s"] / found["slice_cpu_s"]
    return table(
        (
            ("for each slice", ""),
            ("the process of a slice, all in all", f"{_s(found, 'slice_cpu_s')}, {speed:.0f} times"
             " real time"),
            ("of it: imports, once for all slices", _s(found, "import_s")),
            ("of it: building the rig", f"{built:.2g} s"),
            ("of it: saving the slice", _s(found, "save_slice_s")),
            ("making the run's tables, by the client", _s(found, "complete_s_per_slice")),
            ("starting and listening, local", _s(found, "pool_s_per_slice")),
            ("submitting, fetching and storing, with Dask", _s(found, "client_s_per_slice")),
            ("sent by a worker", f"{found['MB_of_slice']:.3g} MB"),
            ("kept on disk", f"{found['MB_kept_per_slice']:.3g} MB"),
        )
    )  # fmt: skip


def _s(found: Any, key: str) -> str:
    return f"{found[key]:.3g} s"


def study(found: Any) -> str:
    """Return what 10 000 runs of five slices cost."""
    hours = SLICES * found["slice_cpu_s"] / 3600
    most = found["slice_cpu_s"] / found["complete_s_per_slice"]
    files = SLICES // 5 * found["files_per_run"]
    return table(
        (
            ("10 000 runs of 5 slices", ""),
            ("processor time", f"{hours:.0f} core hours"),
            *((f"on {cores} cores", _hours(hours / cores)) for cores in CORES),
            (f"on {most:.0f} cores, the most for one client", _hours(hours / most)),
            ("disk", f"{SLICES * found['MB_kept_per_slice'] / 1e3:.0f} GB in {files} files"),
        )
    )


def _hours(hours: float) -> str:
    return f"{hours / 24:.1f} days" if hours > 48 else f"{hours:.1f} hours"


SWEEP: Final = Source(
    name="sweep",
    command="python -m benchmarks.sweep --whole",
    files=("benchmarks/sweep.py",),
    views={
        "slice": each_slice,
        "study": study,
        "process": lambda found: _s(found, "rig_s"),
        "tables": lambda found: _s(found, "complete_s_per_slice"),
        "files": lambda found: f"{found['files_per_run']}",
        "kept": lambda found: f"{found['MB_kept_per_slice']:.3g} MB",
    },
)
