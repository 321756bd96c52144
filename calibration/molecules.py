"""The cascade of a hundred spines drawn as whole molecules, beside its equations.

    python -m calibration.molecules --drive drive.npz            # some minutes on one core
    python -m calibration.molecules --drive drive.npz --results  # for docs/molecules.md

Spines rest for six hours, or get 900 pulses at 1 Hz or a tetanus of 100 Hz and are followed, once
by the equations and once as molecules (`ca1ltd.export.molecules`). Both begin where the equations
rest and are driven by the calcium recorded from the conditioned spines (`drive.py`), which several
share where there are more spines than were recorded. Fewer heads that are larger rest as well: the
more molecules there are, the closer they must come to the equations.
"""

import argparse
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np

from ca1ltd.arrays import Floats
from ca1ltd.export.molecules.pools import pools
from ca1ltd.export.molecules.spines import MolecularSpines
from ca1ltd.export.network import cascade_network
from ca1ltd.export.replay.spines import CONDUCTANCE, SUMMATION, Spines
from ca1ltd.model import parameters
from ca1ltd.units import nM
from calibration.molecules_figure import save
from calibration.targets import FOLLOWED, HFS, LFS, SAMPLE, Give
from pages.molecules import SOURCE
from pages.pictures import FOLDER

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
    """What is given at first, if anything, and how long (s) spines then rest."""

    given: Give | None
    followed: float


PROTOCOLS: Final = {
    "rest": Protocol(None, 6 * 3600.0),
    "1 Hz": Protocol(LFS, FOLLOWED),
    "100 Hz": Protocol(HFS, FOLLOWED),
}

Looks = dict[str, Floats]
"""What is read, by name, shape ``(n_looks, n_spines)``."""


def looks(
    protocol: Protocol, spines: Spines | MolecularSpines, drive: Mapping[str, Floats]
) -> tuple[list[float], Looks]:
    """Return times (min) and what spines show: at first, after what is given, and while they rest.

    Parameters
    ----------
    protocol : Protocol
        What is done.
    spines : Spines or MolecularSpines
        At rest.
    drive : mapping
        Calcium (uM) of each spine by name, shape ``(n_events, n_times, n_spines)``.
    """
    times, seen = [0.0], [_seen(spines)]
    given = protocol.given
    if given is not None:
        spines.drive(drive[given.drive], SAMPLE, given.events, given.spacing, given.gain)
        times.append(given.events * given.spacing)
        seen.append(_seen(spines))
    for _ in range(round(protocol.followed / EVERY)):
        spines.rest(EVERY)
        times.append(times[-1] + EVERY)
        seen.append(_seen(spines))
    return [time / 60 for time in times], {
        name: np.array([each[name] for each in seen]) for name in seen[0]
    }


def _seen(spines: Spines | MolecularSpines) -> dict[str, Floats]:
    table = parameters.table()
    return {
        "anchored": spines.get("anchored").copy(),
        "conductance": spines.get(CONDUCTANCE).copy(),
        "ppi": spines.get("ppi") / nM,
        **{name: 100 * spines.get(name) / table[key].value for name, key in PERCENT_OF.items()},
    }


def followed(
    drive: Mapping[str, Floats], name: str, factor: int = 1, *, spines: int = SPINES
) -> dict[str, Any]:
    """Return a protocol by the equations and as molecules, as JSON values.

    Parameters
    ----------
    drive : mapping
        Recorded calcium (uM) by name, shape ``(n_events, n_times, n_recorded)``.
    name : str
        Of `PROTOCOLS`.
    factor : int
        What the volume of the heads is multiplied by.
    spines : int
        How many there are; of larger heads there are fewer.
    """
    protocol, spines = PROTOCOLS[name], spines // factor
    network = cascade_network()
    network = replace(network, volume=factor * network.volume)
    shared = {
        key: calcium[:, :, np.arange(spines) % calcium.shape[2]] for key, calcium in drive.items()
    }
    equations = Spines(spines, {})
    start = {each: float(equations.get(each)[0]) for each in equations.names}
    molecules = MolecularSpines(network, start, spines, SEED)
    _, by_equations = looks(protocol, equations, shared)
    minutes, as_molecules = looks(protocol, molecules, shared)
    return {
        "spines": spines,
        "volume_um3": network.volume,
        "times_min": minutes,
        "equations": _told(by_equations),
        "molecules": _told(as_molecules),
        "examples": as_molecules["anchored"][:, :EXAMPLES].T.tolist(),
        "happened": int(molecules.happened.sum()),
        "per_s": {
            str(each): float(number) / (60 * minutes[-1])
            for each, number in zip(
                molecules.transitions, molecules.happened.mean(axis=0), strict=True
            )
        },
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


def measured(drive: Path, workers: int) -> dict[str, Any]:
    """Return all protocols, as JSON values."""
    used = (each.given.drive for each in PROTOCOLS.values() if each.given)
    with np.load(drive) as file:
        recorded = {name: file[name] for name in used}
    wanted = [*((name, 1) for name in PROTOCOLS), *(("rest", factor) for factor in LARGER)]
    with ProcessPoolExecutor(workers) as pool:
        found = list(pool.map(partial(followed, recorded), *zip(*wanted, strict=True)))
    return {
        "molecule_nM": pools(cascade_network()).worth["ppi"] / nM,
        "protocols": dict(zip(PROTOCOLS, found[: len(PROTOCOLS)], strict=True)),
        "larger": found[len(PROTOCOLS) :],
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--drive", type=Path, default=Path("drive.npz"))
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--results", action="store_true", help="leave the file for docs/")
    given = parser.parse_args()
    result = SOURCE.result(partial(measured, given.drive, given.workers))
    print(SOURCE.views["table"](result.found))
    if given.results:
        print(result.write(SOURCE.name))
        save(result.found, FOLDER / "molecules.png")
