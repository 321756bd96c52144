"""The cells beside recordings: every measure is made, and the scores are what the page says."""

import pytest

from ca1ltd import resources
from ca1ltd.biophysics import read_biophysics
from ca1ltd.morphology import read_swc
from ca1ltd.validation.report import targets
from ca1ltd.validation.validate import validate

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", resources.cell_names())
def test_every_measure_is_made(name):
    folder = resources.cell_dir(name)
    experiments = []
    report = validate(
        read_swc(folder / "morphology.swc"),
        read_biophysics(folder / "biophysics.toml"),
        progress=experiments.append,
    )
    print(name, report.scores())
    assert len(experiments) == len(set(experiments)) > 5
    assert report.values.keys() == {target.name for target in targets()}
