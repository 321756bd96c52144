"""All sources of numbers, by name."""

from collections.abc import Mapping
from typing import Final

from pages import (
    calibration,
    cell,
    electrodes,
    headlines,
    molecules,
    outcomes,
    pictures,
    posterior,
    robustness,
    rules,
    scorecard,
    speed,
    spine,
    spread,
    strength,
    tested,
)
from pages.marks import PageError
from pages.source import Source

SOURCES: Final[Mapping[str, Source]] = {
    source.name: source
    for source in (
        outcomes.SOURCE,
        headlines.SOURCE,
        scorecard.SOURCE,
        rules.SOURCE,
        calibration.TARGETS,
        calibration.SENSITIVITY,
        calibration.HELD,
        calibration.OBJECTIVE,
        calibration.STARTS,
        cell.CELL,
        cell.HIPPOUNIT,
        tested.CHECKS,
        tested.ACCURACY,
        speed.SPEED,
        speed.SWEEP,
        electrodes.SOURCE,
        strength.SOURCE,
        pictures.SOURCE,
        spine.SOURCE,
        spread.SOURCE,
        molecules.SOURCE,
        robustness.SOURCE,
        posterior.SOURCE,
    )
}


def source_of(name: str) -> Source:
    """Return a source by name.

    Raises
    ------
    PageError
        If there is none.
    """
    if name not in SOURCES:
        raise PageError(f"there is no result '{name}': there are {', '.join(SOURCES)}")
    return SOURCES[name]
