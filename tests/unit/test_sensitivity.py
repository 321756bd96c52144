"""What a folder of runs must hold before the scorecard can be replayed from it."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from ca1ltd.literature.experiments import Setting, experiments
from calibration import sensitivity


class Stores:
    """Stands in for the cache: a finished run of each experiment, its drives or none."""

    def __init__(self, folder, driven, completed=True):
        self.folder, self.driven, self.completed = folder, driven, completed

    def __call__(self, runs, setting, wanted=None):
        chosen = experiments() if wanted is None else wanted
        return SimpleNamespace(stores=lambda: [*map(self.store, chosen.items())])

    def store(self, item):
        name, experiment = item
        file = self.folder if self.driven(experiment) else self.folder / name
        return SimpleNamespace(
            completed=self.completed,
            slices=SimpleNamespace(drives_file=lambda _: file),
            spec=SimpleNamespace(slices=experiment.slices or 1),
        )


@pytest.mark.parametrize(
    ("driven", "completed", "told"),
    [
        (lambda _: True, True, False),
        (sensitivity.is_replayed, True, False),  # calcium needs no drive
        (lambda each: not sensitivity.is_replayed(each), True, True),
        (lambda _: True, False, True),
    ],
    ids=["all", "all but of calcium", "of calcium alone", "unfinished"],
)
def test_drives_are_asked_for_where_the_cascade_is_replayed(
    monkeypatch, tmp_path, driven, completed, told
):
    monkeypatch.setattr(sensitivity, "cache", Stores(tmp_path, driven, completed))
    lack = sensitivity.lacking(Path("runs"), Setting(slices=1))
    assert (lack is not None) == told
    if told:
        assert lack.endswith("ca1ltd experiment run all --slices 1 --drives 1 --out runs")
