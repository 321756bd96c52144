"""How strong a test pulse is, beside the current at which a single pulse makes the cell fire."""

from collections.abc import Mapping
from typing import Any, Final

import ca1ltd as ltd
from pages.source import Given, Source

#: What is given beside the set current (uA), and how often each.
CURRENTS: Final = (40.0, 45.0, 50.0, 55.0, 60.0, 65.0, 70.0, 75.0, 80.0)
REPEATS: Final = 4


def collect(_: Given) -> dict[str, Any]:
    """Return the set current, its axons, and size and spikes of EPSPs at each current."""
    rig = ltd.Slice(cell="dhc", seed=1)
    test = rig.run(ltd.protocols.paired_pulse(pairs=1)).geometry["electrodes"]["conditioned"]
    currents = [round(test["current_uA"], 2), *CURRENTS]
    run = ltd.Slice(cell="dhc", seed=1).run(
        ltd.protocols.input_output(currents=currents, repeats=REPEATS)
    )
    at = run.epsp.groupby("current_uA")
    return {
        "axons": test["recruited"],
        "current_uA": currents[0],
        "epsp_mV": at["epsp_amplitude_mV"].mean()[currents[0]],
        "fired": {f"{current:g}": share for current, share in at["fired"].mean().items()},
    }


def threshold(found: Mapping[str, Any]) -> float:
    """Return the least current (uA) from which on most single pulses fire the cell."""
    fired = {float(current): share for current, share in found["fired"].items()}
    silent = [current for current, share in fired.items() if share < 0.5]
    return min(current for current in fired if current > max(silent))


def sentence(found: Mapping[str, Any]) -> str:
    """Return how the set current lies below the threshold of a spike."""
    current, least = found["current_uA"], threshold(found)
    return (
        f"On `dhc` the set current is {current:.0f} uA, which recruits {found['axons']} axons and "
        f"makes EPSPs of {found['epsp_mV']:.1f} mV. From {least:.0f} uA on most single pulses fire "
        f"the cell: test pulses, and so inductions, have {100 * current / least:.0f} % of the "
        "threshold of the population spike."
    )


SOURCE: Final = Source(name="strength", views={"sentence": sentence}, collect=collect)
