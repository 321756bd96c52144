"""The recorded runs by which numbers that move and molecules are judged."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from ca1ltd.drive import Drive
from ca1ltd.errors import BadInput
from ca1ltd.experiment.spec import SliceSpec
from ca1ltd.literature.experiments import Setting, experiments
from ca1ltd.literature.scorecard import cache

PROTOCOLS: Final[Mapping[str, str]] = {
    "1 Hz": "MM92_ctrl",
    "100 Hz": "HFS_textbook",
    "baseline": "MM92_control_input",
}
"""What is given, and the published condition whose runs have it."""

Recorded = Sequence[tuple[SliceSpec, Drive]]


def recorded(folder: Path, setting: Setting, name: str) -> Recorded:
    """Return the slices of a protocol that have drives, each with that of the pathway measured.

    Raises
    ------
    BadInput
        If none has.
    """
    condition = PROTOCOLS[name]
    experiment = experiments()[condition]
    specs = setting.specs(experiment)
    stores = cache(folder, setting, {condition: experiment}).stores()
    found = [
        (spec, store.slices.drives(spec.index)[experiment.pathway])
        for store in stores
        if store.spec in specs
        for spec in store.spec.slice_specs()
        if store.slices.drives_file(spec.index).exists()
    ]
    if not found:
        raise BadInput(
            f"{folder} holds no drive of {condition} with these options: "
            f"ca1ltd experiment run {condition} --drives 1 records it"
        )
    return found
