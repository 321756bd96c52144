"""What a run that could not be measured says of itself."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
from fake_slice import made_up_result

from ca1ltd.analysis.outcome import outcome
from ca1ltd.cli.swept import shown
from ca1ltd.declared import Declared
from ca1ltd.experiment.results import assemble
from ca1ltd.experiment.spec import ExperimentSpec

SPEC = ExperimentSpec.of(
    Declared("lfs", {"pulses": "10", "baseline": "2", "follow_up": "2"}, slices=1)
)


def run_of(spikes, spec=SPEC):
    """A run in which a part of the test pulses, the first ones, fired the cell."""
    (slice_spec,) = spec.slice_specs()
    result = made_up_result(slice_spec)
    pulses = result.pulses
    chosen = pulses.index < round(spikes * len(pulses))
    sizes = ["epsp_slope_mV_per_ms", "epsp_amplitude_mV", "fepsp_slope_uV_per_ms"]
    pulses.loc[chosen, sizes] = np.nan
    pulses = pulses.assign(
        fired=chosen, spike=["somatic" if each else "none" for each in chosen], current_uA=20.0
    )
    statistics = {**result.statistics, "error_of_epsp": 0.0, "error_of_spine_ca": 0.001}
    return assemble(spec, [replace(result, pulses=pulses, statistics=statistics)])


def test_a_run_without_spikes_says_nothing_of_them():
    lines = "\n".join(outcome(run_of(0.0)))
    assert "fired" not in lines
    assert "error of the steps: EPSPs 0.00 %, spine calcium 0.10 %" in lines


def test_a_run_in_which_every_test_pulse_fires_says_so_and_what_to_do():
    run = run_of(1.0)
    for pathway in run.summary["pathways"].values():
        assert pathway["fired_percent"] == 100.0
        assert pathway["percent_of_baseline"] is pathway["percent_expected"] is None
    *table, spikes, advice, errors = outcome(run)
    assert [line.count("not measured") for line in table] == [3, 3]
    assert "100 % and 100 % fired the cell" in spikes
    assert "every test pulse of the conditioned and the control pathway" in advice
    assert "--synapses" in advice
    assert errors == "error of the steps: spine calcium 0.10 %"


def test_curves_and_ratios_of_spikes_are_not_measured():
    for name in ("input-output", "paired-pulse"):
        spec = ExperimentSpec.of(Declared(name, slices=1))
        assert sum("not measured" in line for line in outcome(run_of(1.0, spec))) == 1


def test_the_table_of_a_sweep_has_spikes_if_there_are_any():
    table = pd.DataFrame(
        {
            "rate": [1.0, 5.0],
            "conditioned_percent_of_baseline": [70.0, np.nan],
            "conditioned_fired_percent": [0.0, 100.0],
            "control_fired_percent": [0.0, 0.0],
        }
    )
    head, first, last, _ = shown(SimpleNamespace(table=table, path=Path("here")))
    assert head.split() == ["rate", *table.columns[1:3]]
    assert first.split() == ["1", "70", "0"]
    assert last.split() == ["5", "not", "measured", "100"]
