"""How outcomes answer to each parameter: what `calibration/robustness.py` found."""

from typing import Final

from ca1ltd.appraisal.robustness import summary, worst_shown
from pages.source import Source, table

SOURCE: Final = Source(
    name="robustness",
    command="python -m calibration.robustness --simulate --results",
    views={"summary": summary, "worst": lambda found: table(worst_shown(found))},
    files=(
        *("calibration/robustness.py", "calibration/drive.py", "calibration/targets.py"),
        *("ca1ltd/appraisal/robustness.py", "ca1ltd/export/replay"),
    ),
)
