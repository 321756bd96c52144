"""What electrodes see: a clamp through a series resistance, and the field beside the soma."""

from typing import Any, Final

import ca1ltd as ltd
from pages.source import Given, Source, table

HOLD: Final = -65.0  # mV
DENDRITE: Final = "apic[60](0.5)"
#: When the outcome is taken: the end of the run (min).
WINDOW: Final = 10.0
#: Per cent of baseline, and the slopes: at the soma and of the field.
COLUMNS: Final = {
    "percent_of_baseline": "epsp_slope_mV_per_ms",
    "fepsp_percent_of_baseline": "fepsp_slope_uV_per_ms",
}
#: Patches and their series resistances (MOhm).
PATCHES: Final = {"soma[0](0.5)": (1, 10, 30), DENDRITE: (1, 30)}


def collect(_: Given) -> dict[str, Any]:
    """Return clamps and potentials of one pulse, and what LTD leaves of slope and field."""
    clamps = [
        {"patch": place, "series_resistance": resistance, **_clamped(place, resistance)}
        for place, resistances in PATCHES.items()
        for resistance in resistances
    ]
    return {"clamps": clamps, "free": _free(), "at_0_mV": _commanded(0.0), "field": _field()}


def _pulse(rig: ltd.Slice) -> Any:
    return rig.run(ltd.protocols.paired_pulse(pairs=1))


def _slice() -> ltd.Slice:
    return ltd.Slice(cell="dhc", seed=1, synapses=30, parameters=(("ca1bouton.u_rest", 0.5),))


def _clamped(place: str, resistance: float) -> dict[str, float]:
    """Return an EPSC's peak (pA), how far the potential escapes (mV), its width (ms)."""
    rig = _slice()
    rig.patch(place, hold=HOLD, series_resistance=resistance)
    trace = _pulse(rig).trace(place, pulse=0)
    inward = trace.values[0] - trace.values  # nA
    over = trace.times[inward >= inward.max() / 2]
    return {
        "epsc_pA": 1e3 * float(inward.max()),
        "escape_mV": float(inward.max()) * resistance,
        "width_ms": float(over[-1] - over[0]),
    }


def _commanded(potential: float, resistance: float = 10.0) -> float:
    """Return where the soma comes to at a command (mV), through a series resistance (MOhm)."""
    rig = ltd.Slice(cell="dhc", seed=1)
    rig.patch("soma[0](0.5)", hold=potential, series_resistance=resistance)
    current = _pulse(rig).trace("soma[0](0.5)", pulse=0).values[0]  # nA
    return float(potential - resistance * current)


def _free() -> dict[str, dict[str, float]]:
    """Return the EPSP of the same pulse at both places, not held."""
    rig = _slice()
    rig.patch(DENDRITE)
    run = _pulse(rig)
    found = {}
    for name, place in (("dendrite", DENDRITE), ("soma", "soma")):
        trace = run.trace(place, pulse=0)
        epsp = trace.values - trace.values[0]
        peak = int(epsp.argmax())
        found[name] = {"epsp_mV": float(epsp[peak]), "peak_ms": float(trace.times[peak])}
    return found


def _field() -> dict[str, Any]:
    """Return what 900 pulses at 1 Hz leave of slope and field, and how single ones vary."""
    run = ltd.Slice(cell="dhc", seed=1).run(ltd.protocols.lfs())
    last = run.expected["time_min"] > run.expected["time_min"].max() - WINDOW
    left = run.expected[last].groupby("pathway")[list(COLUMNS)].mean()
    before = run.epsp[run.epsp["time_min"] < 0].groupby("pathway")[list(COLUMNS.values())]
    variation = before.std() / before.mean()
    return {
        "left_percent": left.to_dict("index"),
        "variation": variation.to_dict("index"),
    }


def clamps(found: Any) -> str:
    """Return what clamps see, and the EPSP where nothing is held."""
    rows = [
        (
            "patch",
            "series resistance",
            "peak of the EPSC",
            "potential escapes by",
            "width at half the peak",
        )
    ]
    for row in found["clamps"]:
        rows.append(
            (
                f"`{row['patch']}`",
                f"{row['series_resistance']:g} MOhm",
                f"{row['epsc_pA']:.0f} pA",
                f"{row['escape_mV']:.2g} mV",
                f"{row['width_ms']:.1f} ms",
            )
        )
    dendrite, soma = (found["free"][place] for place in ("dendrite", "soma"))
    return (
        f"{table(rows)}\n\nNot held, the same pulse gives an EPSP of {dendrite['epsp_mV']:.1f} mV "
        f"that peaks after {dendrite['peak_ms']:.1f} ms on the dendrite, and one of "
        f"{soma['epsp_mV']:.1f} mV after {soma['peak_ms']:.1f} ms at the soma."
    )


def field(found: Any) -> str:
    """Return how slope and field compare after LTD."""
    left, variation = found["field"]["left_percent"], found["field"]["variation"]
    both = [
        " and ".join(f"{left[pathway][column]:.1f} %" for column in COLUMNS)
        for pathway in ("conditioned", "control")
    ]
    soma, beside = (
        " and ".join(f"{variation[pathway][column]:.2f}" for pathway in ("conditioned", "control"))
        for column in COLUMNS.values()
    )
    return (
        "After 900 pulses at 1 Hz (`dhc`, one slice, noise-free probes, last "
        f"{WINDOW:g} min) {both[0]} of the slope at the soma and of that of the field are left, "
        f"and {both[1]} in the control pathway. Single responses of the two pathways have a CV of "
        f"{beside} in the field and {soma} at the soma: the 20-80 % of a smaller, faster wave hang "
        "on fewer quanta."
    )


SOURCE: Final = Source(
    name="electrodes",
    collect=collect,
    views={
        "clamps": clamps,
        "field": field,
        "at-0-mV": lambda found: f"{found['at_0_mV']:.0f} mV",
    },
)
