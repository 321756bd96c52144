"""The numbers that stand in the LTD figure and its caption, and the caption."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from ca1ltd.analysis import POOLS
from ca1ltd.analysis.spikes import spiked, spikes_said
from ca1ltd.cell_files import shown
from ca1ltd.figures.parts.readouts import receptors, told
from ca1ltd.figures.run import Run, induction_minutes, window_of

Number = float | int | None

_NAMES = {"conditioned": "pathway 1", "control": "pathway 2"}

_PERCENT = ("anchored", "surface", "internal")
_OUTCOME = ("percent_of_baseline", "sem", "percent_expected", "n_slices")
_SPIKES = ("fired_percent", "local_spike_percent")


def numbers(run: Run) -> dict[str, Number]:
    """Return the numbers of the LTD figure by name; None where undefined (SEM of one slice).

    Percentages of baseline are means over slices in the outcome's window; signals are those of
    `ca1ltd.figures.parts.readouts`; receptors are counts per conditioned spine.
    """
    protocol = run.spec["protocol"]
    first, last = window_of(run)
    found: dict[str, Any] = {
        "pulses": protocol.get("pulses"),
        "rate_Hz": protocol.get("rate"),
        "induction_min": induction_minutes(run),
        "window_from_min": first,
        "window_to_min": last,
        "synapses": _synapses(run),
    }
    for pathway, outcome in run.summary["pathways"].items():
        found |= {f"{pathway}_{key}": outcome[key] for key in _OUTCOME}
        found |= {f"{pathway}_{key}": outcome.get(key) for key in _SPIKES}
    found["spine_ca_per_pulse_uM"] = run.summary.get("spine_ca_per_pulse_uM")
    found["peak_spine_ca_uM"] = run.summary["peak_spine_ca_uM"]
    found |= told(run)
    found |= _receptors(run)
    return {name: plain(value) for name, value in found.items()}


def _synapses(run: Run) -> int:
    """Return the number of synapses of a pathway (in the first slice)."""
    table = run.synapses
    first = table[table["slice"] == table["slice"].min()]
    return int((first["pathway"] == "conditioned").sum())


def _receptors(run: Run) -> dict[str, Any]:
    counts: dict[str, Any] = {}
    for pool in POOLS:
        counts[f"ampar_{pool}_before"], counts[f"ampar_{pool}_after"] = receptors(run, pool)
    percent = {f"{pool}_ampar_percent": run.summary[f"{pool}_ampar_percent"] for pool in _PERCENT}
    return counts | percent


def outcomes(runs: Mapping[str, Run]) -> dict[str, Number]:
    """Return the outcomes of runs, as "hfs_conditioned_percent_of_baseline"."""
    return {
        f"{key}_{pathway}_{column}": plain(outcome.get(column))
        for key, run in runs.items()
        for pathway, outcome in run.summary["pathways"].items()
        for column in (*_OUTCOME, *_SPIKES)
    }


def spikes_text(runs: Mapping[str, Run]) -> str:
    """Return at how many test pulses no EPSP was measured for a spike, "" if there were none."""
    found = [run.summary["pathways"] for run in runs.values()]
    if len(found) == 1:
        said = spikes_said(found[0], _NAMES)
        return f"{_sentence(said)}." if said else ""
    most = max((spiked(each) for pathways in found for each in pathways.values()), default=0)
    if not most:
        return ""
    return (
        f"At up to {most:.0f} % of the test pulses of a pathway the cell, a dendrite or the axon "
        "fired: no EPSP is measured on a spike."
    )


def slices_text(runs: Mapping[str, Run]) -> str:
    """Return of how many slices means are: "mean ± SEM, n = 3 slices"."""
    counts = sorted({run.spec["slices"] for run in runs.values()})
    number = "-".join(str(n) for n in dict.fromkeys((counts[0], counts[-1])))
    if counts[-1] == 1:
        return "n = 1 slice"
    return f"mean ± SEM, n = {number} slices"


def plain(value: Any) -> Number:
    """Return a number as JSON has it, None where it is undefined or infinite."""
    if value is None or not np.isfinite(value):
        return None
    return int(value) if isinstance(value, int) else float(value)


def with_sem(found: Mapping[str, Number], pathway: str) -> str:
    """Return the outcome of a pathway as "68 ± 3 %", without the SEM if there is none."""
    mean, sem = found[f"{pathway}_percent_of_baseline"], found[f"{pathway}_sem"]
    if mean is None:
        return "not measured"
    return f"{mean:.0f} %" if sem is None else f"{mean:.0f} ± {sem:.0f} %"


def level(value: Number, digits: int = 2) -> str:
    """Return a number with some significant digits and no exponent, "n/a" if undefined."""
    if value is None:
        return "n/a"
    if value == 0 or abs(value) < 10.0 ** (-digits - 1):
        return "0"
    decimals = max(digits - 1 - int(f"{value:e}".partition("e")[2]), 0)
    return f"{value:.{decimals}f}"


def signed(value: Number, digits: int = 2) -> str:
    """Return a number as `level` does, of either sign and with a true minus."""
    if value is None:
        return level(None)
    return ("\N{MINUS SIGN}" if value < 0 else "") + level(abs(value), digits)


def induction_text(found: Mapping[str, Number]) -> str:
    """Return the induction in words: "900 pulses at 1 Hz"."""
    if not found["pulses"]:
        return "no induction"
    return f"{found['pulses']} pulses at {found['rate_Hz']:g} Hz"


def after_induction(found: Mapping[str, Number]) -> str:
    """Return the outcome's window counted from the end of induction: "50-60 min"."""
    end = found["induction_min"] or 0.0
    start, stop = ((found[f"window_{side}_min"] or 0.0) - end for side in ("from", "to"))
    return f"{start:.3g}-{stop:.3g} min"


def caption(run: Run) -> str:
    """Return the caption of the LTD figure, with the run's own numbers."""
    found = numbers(run)
    drugs = ", ".join(drug_text(drug) for drug in run.spec.get("drugs", ()))
    slices = run.spec["slices"]
    left = (
        f"left it at {with_sem(found, 'conditioned')} "
        f"({level(found['conditioned_percent_expected'], 3)} % without release noise) "
        if found["conditioned_percent_of_baseline"] is not None
        else "left it at a level that was not measured "
    )
    control = (
        f"{with_sem(found, 'control')} ({level(found['control_percent_expected'], 3)} %)"
        if found["control_percent_of_baseline"] is not None
        else "a level that was not measured"
    )
    return (
        f"Long-term depression of Schaffer collateral synapses on the reconstructed CA1 pyramidal "
        f"cell {shown(run.spec['cell'])}{f' in {drugs}' if drugs else ''}. "
        f"A, two electrodes in stratum radiatum each stimulate {found['synapses']} Schaffer "
        f"collateral synapses (dots); a pipette records from the soma. "
        f"B, slope of the EPSP in per cent of its baseline (mean ± SEM, n = {slices} "
        f"{'slice' if slices == 1 else 'slices'}; thin lines: without release noise). "
        f"{_sentence(induction_text(found))} to pathway 1 from 0 to "
        f"{found['induction_min']:.3g} min {left}"
        f"{found['window_from_min']:.3g}-{found['window_to_min']:.3g} min after its start; "
        f"pathway 2 was at {control}. Insets: mean EPSPs before and after. "
        f"C, during induction calcium of a spine peaked at {level(found['peak_spine_ca_uM'])} µM "
        f"at a release (medians over releases and spines). Each spine at its own highest, active "
        f"calcineurin went from {level(found['calcineurin_percent_before'])} to "
        f"{level(found['calcineurin_percent_peak'])} % on average, free PP1 from "
        f"{level(found['pp1_uM_before'])} to {level(found['pp1_uM_peak'])} µM and CaMKII "
        f"phosphorylated at T286 to {level(found['camkii_pt286_percent_peak'])} %; time courses "
        f"are means over spines, in which calcineurin reaches "
        f"{level(found['calcineurin_percent_highest_mean'])} %. "
        f"{after_induction(found)} after induction the AMPA receptors at the synapse were at "
        f"{level(found['anchored_ampar_percent'])} %, those on the whole surface at "
        f"{level(found['surface_ampar_percent'])} % and those in vesicles at "
        f"{level(found['internal_ampar_percent'], 3)} % of their number before."
    )


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def drug_text(drug: Mapping[str, Any]) -> str:
    """Return a drug as "50 µM D-AP5"."""
    return f"{drug['concentration']:g} µM {drug['name']}"
