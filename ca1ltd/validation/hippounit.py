"""HippoUnit's tests of CA1 cells, run on ours: ``python -m ca1ltd.validation.hippounit``.

HippoUnit (Saray et al. 2021, doi:10.1371/journal.pcbi.1008114) is the field's acceptance suite.
It needs an environment of its own (the extra ``validation``) and its observations, which are not
ours to give away: the target features of KaliLab/HippoUnit_demo.
"""

import argparse
import collections
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from functools import partial
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import numpy as np

try:
    from hippounit import tests
    from hippounit.utils import ModelLoader
except ModuleNotFoundError:
    if __name__ != "__main__":
        raise
    sys.exit("ca1ltd: HippoUnit is not in this environment: `make hippounit` makes one and runs it")

from ca1ltd import cell_files
from ca1ltd.engine import session
from ca1ltd.engine.hoc import build_hoc_cell
from ca1ltd.errors import BadInput, Ca1ltdError
from ca1ltd.model.biophysics import Biophysics
from ca1ltd.model.cell_biophysics import biophysics_of
from ca1ltd.model.morphology import Morphology
from ca1ltd.model.own_cells import morphology_of
from ca1ltd.provenance import provenance
from ca1ltd.writing import write_text

CELSIUS: Final = 34.0
TOLERANCE: Final = 1e-3
LISTS: Final = ("trunk", "oblique_dendrites")
OBSERVATIONS: Final = {
    "somatic": "feat_rat_CA1_JMakara_more_features.json",
    "depolarisation_block": "depol_block_target_data.json",
    "back_propagation": "feat_backpropagating_AP_target_data.json",
    "psp_attenuation": "feat_PSP_attenuation_target_data.json",
    "oblique_integration": "oblique_target_data.json",
}


def section_lists(morphology: Morphology) -> dict[str, tuple[int, ...]]:
    """Return the sections of the apical trunk, and the other apical dendrites of radiatum."""
    trunk = morphology.trunk()
    oblique = tuple(
        k
        for k, section in enumerate(morphology.sections)
        if section.kind == "apical"
        and k not in trunk
        and morphology.domain_at(k, 0.0) == "radiatum"
    )
    return dict(zip(LISTS, (trunk, oblique), strict=True))


class CellModel(ModelLoader):  # type: ignore[misc]  # it has no types
    """The cell as HippoUnit wants it; built on demand, in each of the processes it starts.

    Parameters
    ----------
    morphology : Morphology
        Sections and points.
    biophysics : Biophysics
        Rules for the membrane.
    folder : Path
        Where HippoUnit's results go, and its NMDA receptors are compiled.
    """

    def __init__(self, morphology: Morphology, biophysics: Biophysics, folder: Path) -> None:
        self.morphology, self.biophysics, self.folder = morphology, biophysics, folder
        self.built = False
        super().__init__(name=morphology.name, mod_files_path=str(folder))
        self.soma = "soma[0]"
        self.cvode_active = True
        self.TrunkSecList_name, self.ObliqueSecList_name = LISTS
        self.SecList_name = self.TrunkSecList_name  # of the locations of PSPs
        self.v_init = -65.0
        self.celsius = CELSIUS
        self.base_directory = f"{folder}/"

    def compile_mod_files(self) -> None:
        """Do nothing: `initialise` loads our mechanisms from their cache."""

    def compile_default_NMDA(self) -> None:
        """Compile HippoUnit's NMDA receptors in our folder rather than in its package."""
        target = self.folder / "nmda"
        if not list(target.glob("*/libnrnmech.*")):
            target.mkdir(parents=True, exist_ok=True)
            for mod in (files("hippounit") / "tests" / "default_NMDAr").iterdir():
                if mod.name.endswith(".mod"):
                    shutil.copy(str(mod), target)
            tool = Path(sys.executable).with_name("nrnivmodl")
            subprocess.run([tool], cwd=target, check=True, capture_output=True)
        self.default_NMDA_path = f"{target}/"
        self.libpath = str(next(target.glob("*/libnrnmech.*")).relative_to(target))

    def initialise(self) -> None:
        """Build the cell, once in a process, under the sections' hoc names."""
        if not self.built:
            build_hoc_cell(self.morphology, self.biophysics, section_lists(self.morphology))
            cvode = session.load().CVode()
            cvode.atol(TOLERANCE)
            for state, scale in session.TOLERANCES.items():
                cvode.atolscale(state, scale)
            self.built = True


def folder_of(out: Path, rules: str, swc: Path, name: str) -> Path:
    """Return the folder of a model's results, another one for another model.

    HippoUnit keeps the traces that it has simulated and reads them again, whatever the model is by
    then.

    Parameters
    ----------
    out : Path
        Holds the folders of all models.
    rules : str
        The cell whose rules for the membrane are used.
    swc : Path
        File of the reconstruction.
    name : str
        Name of the reconstruction.
    """
    kept = f"{provenance(rules).name} {hashlib.sha256(swc.read_bytes()).hexdigest()} {_versions()}"
    return (out / f"{name}-{hashlib.sha256(kept.encode()).hexdigest()[:16]}").resolve()


def run(cell: Any, targets: Path, folder: Path, made_with: Mapping[str, str]) -> dict[str, Any]:
    """Run all tests and return their scores; each is written as soon as it is there.

    Raises
    ------
    BadInput
        If an observation file is missing.
    """
    observations = _observations(targets)
    scores: dict[str, Any] = {
        "cell": cell.name,
        "provenance": made_with,
        "versions": _versions(),
        "scores": {},
    }
    for name, test in _tests(observations, folder).items():
        print(f"running {name}", file=sys.stderr)
        try:
            score = test().judge(cell)
            scores["scores"][name] = float(score.score)
        except Exception as error:  # HippoUnit stops where a cell shows nothing to judge
            scores["scores"][name] = None
            scores.setdefault("failures", {})[name] = f"{type(error).__name__}: {error}"
        if name == "somatic":
            scores["somatic_features"] = _features(folder, cell.name)
        write_text(json.dumps(scores, indent=2) + "\n", folder / "scores.json")
        print(f"{name}: {scores['scores'][name]}")
    return scores


def _features(folder: Path, cell: str) -> dict[str, float]:
    """Return what the mean hides: features that the cell shows, their median |z|, share under 2."""
    path = folder / "results" / "somaticfeat" / cell / "somatic_model_errors.json"
    if not path.exists():
        return {}
    errors = np.array(list(json.loads(path.read_text("utf-8")).values()), dtype=float)
    shown = np.abs(errors[np.isfinite(errors)])
    return {
        "features": float(len(errors)),
        "shown": float(len(shown)),
        "median_z": float(np.median(shown)),
        "share_under_2": float(np.sum(shown < 2) / len(errors)),
    }


def _tests(observations: Mapping[str, Any], folder: Path) -> dict[str, Callable[[], Any]]:
    shared: dict[str, Any] = {
        "base_directory": f"{folder}/",
        "show_plot": False,
        "save_all": True,
    }
    config = {
        name: _ordered(files("hippounit") / "tests" / "stimuli" / path)
        for name, path in {
            "somatic": "somafeat_stim/stim_rat_CA1_PC_JMakara.json",
            "back_propagation": "bAP_stim/stim_bAP_test.json",
            "psp_attenuation": "PSP_attenuation_stim/stim_PSP_attenuation_test.json",
        }.items()
    }
    kinds = {
        "somatic": tests.SomaticFeaturesTest,
        "depolarisation_block": tests.DepolarizationBlockTest,
        "back_propagation": tests.BackpropagatingAPTest,
        "psp_attenuation": tests.PSPAttenuationTest,
        "oblique_integration": tests.ObliqueIntegrationTest,
    }

    def make(name: str) -> Any:
        extra: dict[str, Any] = {"config": config[name]} if name in config else {}
        if name == "psp_attenuation":
            extra["num_of_dend_locations"] = 15
        made = kinds[name](observation=observations[name], **shared, **extra)
        made.npool = os.cpu_count() or 1
        return made

    return {name: partial(make, name) for name in kinds}


def _observations(targets: Path) -> dict[str, Any]:
    missing = [name for name in OBSERVATIONS.values() if not (targets / name).exists()]
    if missing:
        raise BadInput(
            f"{targets} lacks {', '.join(missing)}: give the folder target_features of "
            "KaliLab/HippoUnit_demo"
        )
    return {name: _ordered(targets / file) for name, file in OBSERVATIONS.items()}


def _ordered(path: Any) -> Any:
    return json.loads(path.read_text("utf-8"), object_pairs_hook=collections.OrderedDict)


def _versions() -> dict[str, str]:
    return {package: version(package) for package in ("ca1ltd", "hippounit", "efel", "neuron")}


def main() -> int:
    """Run HippoUnit on a cell and write ``scores.json``."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--cell", default="dhc", help="a cell of `ca1ltd info cells`")
    parser.add_argument("--swc", type=Path, help="a reconstruction of your own")
    parser.add_argument("--targets", type=Path, required=True, help="HippoUnit's observations")
    parser.add_argument(
        "--out", type=Path, default=Path("runs", "hippounit"), help="folder of the results"
    )
    given = parser.parse_args()
    try:
        rules = biophysics_of(given.cell)
        cell = cell_files.said(None, given.swc, given.cell)
        morphology, swc = morphology_of(cell), cell_files.files_of(cell).morphology
        _observations(given.targets)
        folder = folder_of(given.out, given.cell, swc, morphology.name)
        folder.mkdir(parents=True, exist_ok=True)
        run(
            CellModel(morphology, rules, folder),
            given.targets,
            folder,
            provenance(given.cell),
        )
    except Ca1ltdError as error:
        print(f"ca1ltd: {error}", file=sys.stderr)
        return error.exit_status
    except OSError as error:
        print(f"ca1ltd: {error}", file=sys.stderr)
        return BadInput.exit_status
    return 0


if __name__ == "__main__":
    sys.exit(main())
