"""The columns of the tables of synapses and of the time course, each of them one entry here.

The tables are made of the entries, and a run that is read must have their columns.
"""

from dataclasses import dataclass
from typing import Final

import pandas as pd

from ca1ltd.analysis.spines import (
    Highest,
    Reduction,
    Spines,
    after,
    before,
    calcium_at_releases,
    mean_of,
    median_peak,
    of_site,
    successes,
)
from ca1ltd.protocols import Protocol
from ca1ltd.recording import Recording
from ca1ltd.units import minute


@dataclass(frozen=True, slots=True)
class Readout:
    """A column of numbers: its name with the unit, and how it is reduced from a recording.

    One that came later than the others is not `demanded`: older runs lack it and stay readable.
    """

    column: str
    reduction: Reduction
    demanded: bool = True


#: Where AMPA receptors are.
POOLS: Final = ("anchored", "diffusing", "internal")

#: Columns of the time course, beside ``pathway`` and ``time_min``.
TIMECOURSE: Final = (
    Readout("spine_v_mV", mean_of("spine_v_mV"), demanded=False),
    Readout("spine_ca_uM", calcium_at_releases),
    Readout("calcineurin_active", mean_of("calcineurin_active")),
    Readout("pp1_active_uM", mean_of("pp1_active_uM")),
    Readout("camkii_pt286", mean_of("camkii_pt286")),
    Readout("inhibitor1_p_uM", mean_of("inhibitor1_p_uM", "inhibitor1_pp1_uM")),
    Readout("pka_active_uM", mean_of("pka_active_uM")),
    Readout("psd_phosphatase", mean_of("psd_phosphatase")),
    Readout("psd_kinase", mean_of("psd_kinase")),
    Readout("s845_p", mean_of("s845_p")),
    Readout("s831_p", mean_of("s831_p")),
    Readout("slots", mean_of("slots")),
    *(Readout(f"ampar_{pool}", mean_of(f"ampar_{pool}")) for pool in POOLS),
)

#: Columns of the synapses, beside where they are.
SYNAPSES: Final = (
    Readout("path_distance_um", of_site(lambda site: site.path_distance)),
    *(
        Readout(f"ampar_{pool}_{when}", reduction(f"ampar_{pool}"))
        for pool in POOLS
        for when, reduction in (("before", before), ("after", after))
    ),
    Readout("peak_spine_ca_uM", median_peak),
    Readout("calcineurin_active_peak", Highest("calcineurin_active")),
    Readout("pp1_active_peak", Highest("pp1_active_uM")),
    Readout("camkii_pt286_peak", Highest("camkii_pt286")),
    Readout("successes", successes),
    Readout("x_um", of_site(lambda site: site.position[0])),
    Readout("y_um", of_site(lambda site: site.position[1])),
    Readout("z_um", of_site(lambda site: site.position[2])),
)

#: States whose peaks are kept: those of which a readout is made.
PEAKS: Final = tuple(
    readout.reduction.state for readout in SYNAPSES if isinstance(readout.reduction, Highest)
)


def columns_of(readouts: tuple[Readout, ...]) -> tuple[str, ...]:
    """Return the columns that every run has."""
    return tuple(readout.column for readout in readouts if readout.demanded)


def timecourse(protocol: Protocol, recording: Recording) -> pd.DataFrame:
    """Return the means over the spines of each pathway, at every reading."""
    minutes = (recording.times - protocol.induction_start) / minute
    return pd.concat(
        [
            _reduced(spines, TIMECOURSE, {"pathway": spines.pathway, "time_min": minutes})
            for spines in _by_pathway(protocol, recording)
        ],
        ignore_index=True,
    )


def synapses(protocol: Protocol, recording: Recording) -> pd.DataFrame:
    """Return one row per synapse of each pathway: where it is, and what became of it."""
    frames = []
    for spines in _by_pathway(protocol, recording):
        sites = [recording.layout.sites[position] for position in spines.positions]
        where = {
            "synapse": recording.axons[spines.positions],
            "pathway": spines.pathway,
            "section": [site.section for site in sites],
            "x": [site.x for site in sites],
            "domain": [site.domain for site in sites],
        }
        frames.append(_reduced(spines, SYNAPSES, where))
    return pd.concat(frames, ignore_index=True)


def _by_pathway(protocol: Protocol, recording: Recording) -> list[Spines]:
    return [
        Spines(protocol=protocol, recording=recording, pathway=pathway)
        for pathway in recording.layout.pathways
    ]


def _reduced(
    spines: Spines, readouts: tuple[Readout, ...], known: dict[str, object]
) -> pd.DataFrame:
    return pd.DataFrame(known | {readout.column: readout.reduction(spines) for readout in readouts})
