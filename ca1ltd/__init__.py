"""CA1 pyramidal neuron whose Schaffer collateral synapses undergo long-term depression.

Importing the package is cheap and starts nothing: NEURON, pandas and matplotlib are imported by
the part that needs them, when it is first used.

Examples
--------
>>> import ca1ltd as ltd
>>> rig = ltd.Slice(cell="dhc", seed=1)                                    # doctest: +SKIP
>>> run = rig.run(ltd.protocols.lfs(rate=1, pulses=900), drugs=[ltd.drugs.d_ap5(50)])
...                                                                        # doctest: +SKIP
>>> ltd.figures.ltd(run)                                                   # doctest: +SKIP
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ca1ltd import figures, protocols
    from ca1ltd.engine.own_model import add_synapse, find_rest, load_mechanisms
    from ca1ltd.experiment.results import Run, load_run
    from ca1ltd.experiment.run import run_experiment
    from ca1ltd.experiment.spec import ExperimentSpec
    from ca1ltd.experiment.sweep.grid import grid
    from ca1ltd.experiment.sweep.sweep import Sweep, load_sweep, sweep
    from ca1ltd.model import drugs
    from ca1ltd.model.condition_windows import ConditionWindow
    from ca1ltd.model.conditions import Conditions
    from ca1ltd.slice import Slice

    __version__: str

__all__ = [
    "ConditionWindow",
    "Conditions",
    "ExperimentSpec",
    "Run",
    "Slice",
    "Sweep",
    "__version__",
    "add_synapse",
    "drugs",
    "figures",
    "find_rest",
    "grid",
    "load_mechanisms",
    "load_run",
    "load_sweep",
    "protocols",
    "run_experiment",
    "sweep",
]

_MODULES = {
    "drugs": "ca1ltd.model.drugs",
    "figures": "ca1ltd.figures",
    "protocols": "ca1ltd.protocols",
}
_OBJECTS = {
    "ConditionWindow": "ca1ltd.model.condition_windows",
    "Conditions": "ca1ltd.model.conditions",
    "ExperimentSpec": "ca1ltd.experiment.spec",
    "Run": "ca1ltd.experiment.results",
    "Slice": "ca1ltd.slice",
    "Sweep": "ca1ltd.experiment.sweep.sweep",
    "add_synapse": "ca1ltd.engine.own_model",
    "find_rest": "ca1ltd.engine.own_model",
    "grid": "ca1ltd.experiment.sweep.grid",
    "load_mechanisms": "ca1ltd.engine.own_model",
    "load_run": "ca1ltd.experiment.results",
    "load_sweep": "ca1ltd.experiment.sweep.sweep",
    "run_experiment": "ca1ltd.experiment.run",
    "sweep": "ca1ltd.experiment.sweep.sweep",
}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        return importlib.import_module("importlib.metadata").version("ca1ltd")
    if name in _MODULES:
        return importlib.import_module(_MODULES[name])
    if name in _OBJECTS:
        return getattr(importlib.import_module(_OBJECTS[name]), name)
    raise AttributeError(f"module 'ca1ltd' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted(__all__)
