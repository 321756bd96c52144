"""The cascade of a hundred spines drawn as whole molecules, beside its equations.

Spines rest for six hours, or get 900 pulses at 1 Hz or a tetanus of 100 Hz and are followed, once
by the equations and once as molecules (`ca1ltd.export.molecules`). Both begin where the equations
rest and are driven by recorded calcium, which several share where there are more spines than were
recorded. Fewer heads that are larger rest as well: the more molecules there are, the closer they
must come to the equations.
"""

from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np

from ca1ltd.appraisal.runs import Recorded, recorded
from ca1ltd.arrays import Floats
from ca1ltd.drive import CALCIUM_SAMPLE, REST
from ca1ltd.export.molecules.pools import pools
from ca1ltd.export.molecules.spines import MolecularSpines
from ca1ltd.export.network import cascade_network
from ca1ltd.export.replay.spines import CONDUCTANCE, SUMMATION, Spines, keys
from ca1ltd.literature.experiments import Setting
from ca1ltd.model import parameters
from ca1ltd.units import nM, s

SPINES: Final = 100
SEED: Final = 1
LARGER: Final = (10, 50)
"""What the volume of larger heads is multiplied by, and their number divided by."""
EXAMPLES: Final = 4
"""Spines whose receptors are told one by one."""
EVERY: Final = 300.0
"""Spines at rest are looked at so often (s)."""
PERCENT_OF: Final = {
    "psqi": "ca1psd.pp1_sites",
    "pski": "ca1psd.camkii_sites",
}
"""States that are told as parts of a parameter (%)."""


@dataclass(frozen=True, slots=True)
class Protocol:
    """How many events are given at first, one every spacing (s), and how long spines then rest."""

    events: int
    spacing: float
    followed: float


PROTOCOLS: Final = {
    "rest": Protocol(0, 0.0, 6 * 3600.0),
    "1 Hz": Protocol(900, 1.0, 3300.0),
    "100 Hz": Protocol(1, 2.0, 3300.0),
}

Looks = dict[str, Floats]
"""What is read, by name, shape ``(n_looks, n_spines)``."""
Events = Mapping[str, Floats]
"""Calcium (uM) of what each protocol gives, every `CALCIUM_SAMPLE`, shape
``(n_events, n_times, n_spines)``; they begin again when all have been given."""


def molecules(folder: Path, setting: Setting, workers: int) -> dict[str, Any]:
    """Return the protocols by the equations and as molecules, driven by recorded runs.

    Parameters
    ----------
    folder : Path
        Where the runs and their drives are.
    setting : Setting
        With what they were made.
    workers : int
        Protocols at once.

    Raises
    ------
    BadInput
        If a run is missing, or has no drives.
    """
    events = {
        name: _events(recorded(folder, setting, name), each)
        for name, each in PROTOCOLS.items()
        if each.events
    }
    return drawn(events, workers, dict(setting.parameters))


def drawn(events: Events, workers: int, changed: Mapping[str, float]) -> dict[str, Any]:
    """Return the protocols by the equations and as molecules, as JSON values.

    Parameters
    ----------
    events : mapping
        What each protocol but rest gives.
    workers : int
        Protocols at once.
    changed : mapping
        Parameters that differ from the mod files; those of the cascade count.
    """
    mine = {key: value for key, value in changed.items() if key in keys()}
    wanted = [*((name, 1) for name in PROTOCOLS), *(("rest", factor) for factor in LARGER)]
    with ProcessPoolExecutor(workers) as pool:
        found = list(pool.map(partial(followed, events, mine), *zip(*wanted, strict=True)))
    return {
        "molecule_nM": pools(cascade_network()).worth["ppi"] / nM,
        "protocols": dict(zip(PROTOCOLS, found[: len(PROTOCOLS)], strict=True)),
        "larger": found[len(PROTOCOLS) :],
    }


def _events(slices: Recorded, protocol: Protocol) -> Floats:
    """Return what the induction of recorded slices gives, spines of all slices side by side."""
    length = round(protocol.spacing * s / CALCIUM_SAMPLE)
    found = []
    for spec, drive in slices:
        starts = spec.protocol.induction_start + protocol.spacing * s * np.arange(protocol.events)
        events = np.full((protocol.events, length, len(drive.axons)), REST)
        track = drive.calcium
        nth = np.arange(len(track.values)) - np.repeat(
            np.cumsum(track.lengths) - track.lengths, track.lengths
        )
        times = np.repeat(track.starts, track.lengths) + nth * CALCIUM_SAMPLE
        number = np.searchsorted(starts, times, side="right") - 1
        position = ((times - starts[number]) // CALCIUM_SAMPLE).astype(int)
        inside = (number >= 0) & (position < length)
        events[number[inside], position[inside]] = track.values[inside]
        found.append(events)
    return np.concatenate(found, axis=2)


def followed(
    events: Events,
    changed: Mapping[str, float],
    name: str,
    factor: int = 1,
) -> dict[str, Any]:
    """Return a protocol by the equations and as molecules, as JSON values.

    Parameters
    ----------
    events : mapping
        What each protocol gives.
    changed : mapping
        Parameters of the cascade that differ from the mod files.
    name : str
        Of `PROTOCOLS`.
    factor : int
        What the volume of the heads is multiplied by, and their number divided by.
    """
    protocol, spines = PROTOCOLS[name], SPINES // factor
    network = cascade_network(changed.items())
    network = replace(network, volume=factor * network.volume)
    equations = Spines(spines, changed)
    start = {each: float(equations.get(each)[0]) for each in equations.names}
    by_chance = MolecularSpines(network, start, spines, SEED)
    given = None
    if protocol.events:
        given = events[name][:, :, np.arange(spines) % events[name].shape[2]]
    _, by_equations = looks(protocol, equations, given)
    minutes, as_molecules = looks(protocol, by_chance, given)
    return {
        "spines": spines,
        "volume_um3": network.volume,
        "times_min": minutes,
        "equations": _told(by_equations),
        "molecules": _told(as_molecules),
        "examples": as_molecules["anchored"][:, :EXAMPLES].T.tolist(),
        "happened": int(by_chance.happened.sum()),
        "per_s": {
            str(each): float(number) / (60 * minutes[-1])
            for each, number in zip(
                by_chance.transitions, by_chance.happened.mean(axis=0), strict=True
            )
        },
    }


def looks(
    protocol: Protocol, spines: Spines | MolecularSpines, given: Floats | None
) -> tuple[list[float], Looks]:
    """Return times (min) and what spines show: at first, after what is given, and while they rest.

    Parameters
    ----------
    protocol : Protocol
        What is done.
    spines : Spines or MolecularSpines
        At rest.
    given : ndarray, optional
        Its events, shape ``(n_events, n_times, n_spines)``.
    """
    times, seen = [0.0], [_seen(spines)]
    if given is not None:
        spines.drive(given, CALCIUM_SAMPLE / s, protocol.events, protocol.spacing)
        times.append(protocol.events * protocol.spacing)
        seen.append(_seen(spines))
    for _ in range(round(protocol.followed / EVERY)):
        spines.rest(EVERY)
        times.append(times[-1] + EVERY)
        seen.append(_seen(spines))
    return [time / 60 for time in times], {
        name: np.array([each[name] for each in seen]) for name in seen[0]
    }


def _seen(spines: Spines | MolecularSpines) -> Looks:
    table = parameters.table()
    return {
        "anchored": spines.get("anchored").copy(),
        "conductance": spines.get(CONDUCTANCE).copy(),
        "ppi": spines.get("ppi") / nM,
        **{name: 100 * spines.get(name) / table[key].value for name, key in PERCENT_OF.items()},
    }


def _told(seen: Looks) -> dict[str, Any]:
    """Return means and standard deviations over spines, and the EPSP that all make together (%)."""
    conductance = seen["conductance"].mean(axis=1)
    told: dict[str, Any] = {
        name: {"mean": each.mean(axis=1).tolist(), "sd": each.std(axis=1, ddof=1).tolist()}
        for name, each in seen.items()
        if name != "conductance"
    }
    return told | {"epsp": (100 * (conductance / conductance[0]) ** SUMMATION).tolist()}
