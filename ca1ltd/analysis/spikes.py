"""How many test pulses gave a spike in place of an EPSP that can be measured, in numbers and words.

On a response whose peak is a spike's no slope is measured (`ca1ltd.analysis.epsp`). Such responses
are the largest, so that what is left of a pathway with many of them is too small.
"""

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from ca1ltd.protocols import PATHWAYS, Protocol

MANY: Final = 50.0
"""From this percentage of test pulses on, the EPSPs that are left do not stand for the pathway."""
MOVED: Final = (92.0, 108.0)
"""Per cent of baseline beyond which a pathway has moved: what a paper would report."""

Pathways = Mapping[str, Mapping[str, Any]]
"""The outcome of each pathway, as a summary has it."""


def spiking(pulses: pd.DataFrame) -> dict[str, float]:
    """Return at how many test pulses a spike set the peak (per cent).

    Parameters
    ----------
    pulses
        Rows with ``spike``: "none", "somatic" or "local".

    Returns
    -------
    dict
        ``fired_percent``, where the cell fired, and ``local_spike_percent``, where a dendrite or
        the axon had a spike of its own until the EPSP's peak.
    """
    return {
        f"{word}_percent": float(100 * (pulses["spike"] == spike).mean())
        for word, spike in (("fired", "somatic"), ("local_spike", "local"))
    }


def spiked(outcome: Mapping[str, Any]) -> float:
    """Return at how many test pulses of a pathway a spike of any kind set the peak (per cent).

    None are known of runs from before spikes were counted.
    """
    return float((outcome.get("fired_percent") or 0) + (outcome.get("local_spike_percent") or 0))


def spikes_said(pathways: Pathways, names: Mapping[str, str] | None = None) -> str:
    """Return in a sentence at how many test pulses there were spikes, "" if there was none.

    Parameters
    ----------
    pathways
        The outcome of each pathway.
    names
        What the pathways are called; by default "the conditioned pathway" and so on.
    """
    if not any(spiked(outcome) for outcome in pathways.values()):
        return ""
    called = [names[name] if names else f"the {name} pathway" for name in pathways]
    fired, local = (
        [_percent(outcome[f"{what}_percent"]) for outcome in pathways.values()]
        for what in ("fired", "local_spike")
    )
    return (
        f"of the test pulses of {' and '.join(called)} {' and '.join(fired)} fired the cell, "
        f"{' and '.join(local)} a dendrite or the axon alone: no EPSP is measured on a spike"
    )


def too_many_said(pathways: Pathways) -> str:
    """Return in a sentence what to do where most test pulses gave spikes, "" where few did."""
    found = [name for name, outcome in pathways.items() if spiked(outcome) >= MANY]
    if not found:
        return ""
    every = all(spiked(pathways[name]) == 100 for name in found)
    return (
        f"{'every test pulse' if every else 'most test pulses'} of the "
        f"{' and the '.join(found)} pathway set off a spike, so that the EPSP's change is not "
        "known: fewer (--synapses) or weaker synapses (--epsp) keep it below threshold"
    )


def moved_said(pathways: Pathways, protocol: Protocol) -> str:
    """Return in a sentence that a pathway moved that had test pulses alone, "" if none did.

    Parameters
    ----------
    pathways
        The outcome of each pathway.
    protocol
        What was given.
    """
    low, high = MOVED
    moved = {
        name: percent
        for name in _tested_only(protocol)
        if name in pathways
        and (percent := pathways[name]["percent_expected"]) is not None
        and not low <= percent <= high
    }
    if not moved:
        return ""
    parts = [f"the {name} pathway is at {percent:.0f} %" for name, percent in moved.items()]
    induced = protocol.induction_end > protocol.induction_start
    return (
        f"{' and '.join(parts)} of its baseline and had test pulses alone: "
        + ("if test-pulses shows that they move it by themselves, " if induced else "")
        + "take fewer (--synapses) or weaker synapses (--epsp), or rarer pulses (--test-interval)"
    )


def _tested_only(protocol: Protocol) -> list[str]:
    """Return the pathways to which nothing but test pulses was given."""
    if protocol.holds() or protocol.current_steps():  # they reach every synapse
        return []
    stimulated = [pulse.pathways for pulse in protocol.pulses() if pulse.kind == "induction"]
    clamped = [clamp.pathways for clamp in protocol.calcium_clamps()]
    given = {pathway for pathways in (*stimulated, *clamped) for pathway in pathways}
    return [pathway for pathway in PATHWAYS if pathway not in given]


def _percent(value: float) -> str:
    return "<1 %" if 0 < value < 1 else f"{value:.0f} %"
