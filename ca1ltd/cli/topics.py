"""What `ca1ltd info` tells of, as values that JSON can hold.

Each topic loads what it needs: none waits for the others.
"""

import math
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from ca1ltd.model import drugs
    from ca1ltd.options import Described

Entry = Mapping[str, Any]


def installation() -> Entry:
    """Return what was found on this machine."""
    from ca1ltd import __version__, build, cell_files, compiler, resources
    from ca1ltd.provenance import provenance, versions

    found = versions()
    library = build.library_path()
    return {
        "ca1ltd": __version__,
        "neuron": build.neuron_version(),
        "python": found["python"],
        "executable": sys.executable,
        "machine": found["machine"],
        "compiler": compiler.compiler_version(),
        "mechanisms": {"files": len(resources.mod_files()), "folder": str(resources.mod_dir())},
        "library": {"file": str(library), "compiled": library.exists()},
        "provenance": {cell: provenance(cell).name for cell in cell_files.project_cells()},
    }


def protocols(_cell: str) -> list[Entry]:
    """Return every protocol with its options."""
    from ca1ltd.protocols import PROTOCOLS

    return [_described(kind, kind.title) for kind in PROTOCOLS.values()]


def phases(_cell: str) -> list[Entry]:
    """Return every kind of phase of a protocol's file, with its options."""
    from ca1ltd.protocols import KINDS

    return [_described(kind, (kind.__doc__ or "").partition("\n")[0]) for kind in KINDS.values()]


def _described(kind: "type[Described]", title: str) -> Entry:
    from ca1ltd.options import options_of

    return {
        "name": kind.name,
        "title": title,
        "options": [
            {
                "option": option.word,
                "default": option.default,
                "text": option.text,
                "allowed": option.allowed,
            }
            for option in options_of(kind)
        ],
    }


def drugs_there_are(_cell: str) -> list[Entry]:
    """Return every drug: what it does, how strongly, how it comes and goes, and an example."""
    from ca1ltd.model import drugs

    return [_drug(known) for known in drugs.DRUGS]


def _drug(known: "drugs.DrugInfo") -> Entry:
    from ca1ltd.model import drugs
    from ca1ltd.model.conditions import USUAL
    from ca1ltd.units import minute

    coming, going = (tau / minute for tau in drugs.constants(known, USUAL.wash * minute))
    return {
        "name": known.name,
        "aliases": list(known.aliases),
        "target": known.target,
        "side": known.side,
        "effect": known.effect,
        "site": known.site,
        "default_uM": known.default,
        "acts": [_act(act, known.default) for act in known.acts],
        "source": known.source,
        "wash": {
            "in_min": coming,
            "out_min": going,
            "own": bool(known.wash_in or known.wash_out),
            "source": known.wash_source,
        },
        "example": f"ca1ltd run {_example(known, coming)}",
    }


def _act(act: "drugs.Effect", concentration: float) -> Entry:
    from ca1ltd.model import parameters

    rates = [parameters.table()[f"{act.mechanism}.{rate}"] for rate in act.rates]
    return {
        "variable": act.key,
        "law": act.law,
        "half_uM": act.half,
        "hill": act.hill,
        "most": act.most,
        "at_default": act.size(concentration),
        "rates": {row.name: {"value": row.value, "unit": row.unit} for row in rates},
    }


def _example(known: "drugs.DrugInfo", coming: float) -> str:
    """Return a command in which a drug does something, when 95 % of it are there in time."""
    given = f"--drug {known.name}={known.default:g}"
    if known.name == "NMDA":
        return f"test-pulses --duration 80 --baseline 20 {given}@0..3"
    if known.name == "caesium":
        return f"clamped-pairing {given}"
    if all(act.mechanism == "ca1gaba" for act in known.acts):
        return f"tbs --gaba intact {given}"
    before = math.ceil(3 * coming)
    return f"lfs {given}@-{before}..15" if 0 < before < 20 else f"lfs {given}"


def conditions(_cell: str) -> list[Entry]:
    """Return every condition of the slice, with the laws by which it changes parameters."""
    from ca1ltd.model.condition_windows import HOLDING, SOLUTIONS
    from ca1ltd.model.conditions import laws, options

    return [
        {
            "name": option.word,
            "default": option.default,
            "text": option.text,
            "allowed": option.allowed,
            "changes_in_a_run": option.word in (*SOLUTIONS, HOLDING),
            "laws": [
                {
                    "parameter": law.parameter,
                    "form": law.form,
                    "constants": dict(law.constants),
                    "source": law.source,
                }
                for law in laws()
                if option.word in law.of
            ],
        }
        for option in options()
    ]


def genotypes(_cell: str) -> list[Entry]:
    """Return every genotype: what it changes in the model, and why."""
    from ca1ltd.model import genotypes, parameters

    return [
        {
            "name": each.name,
            "aliases": list(each.aliases),
            "locus": each.locus,
            "effect": each.effect,
            "acts": [
                {
                    "parameter": act.key,
                    "wild_type": parameters.default(act.key),
                    "value": act.on(parameters.default(act.key)),
                    "unit": parameters.table()[act.key].unit,
                }
                for act in each.acts
            ],
            "source": each.source,
        }
        for each in genotypes.genotypes()
    ]


def cells(_cell: str) -> list[Entry]:
    """Return every cell, the project's and one's own."""
    from ca1ltd import cell_files
    from ca1ltd.model.own_cells import morphology_of

    found: list[Entry] = []
    for name in (*cell_files.project_cells(), *cell_files.own_cells()):
        sections = morphology_of(name).sections
        found.append(
            {
                "name": name,
                "sections": len(sections),
                "length_um": sum(section.length for section in sections),
                "file": str(cell_files.files_of(name).morphology),
            }
        )
    return found


def figures(_cell: str) -> list[Entry]:
    """Return every figure."""
    from ca1ltd.figures.registry import TITLES

    return [{"name": name, "title": title} for name, title in TITLES.items()]


def parameters_of(cell: str) -> list[Entry]:
    """Return every parameter of the model on a cell."""
    from ca1ltd.model import parameters

    return [
        {
            "name": row.key,
            "value": row.value,
            "unit": row.unit,
            "low": _limit(row.low),
            "high": _limit(row.high),
            "published": row.published,
            "source": row.source,
        }
        for row in parameters.table(cell).values()
    ]


def _limit(value: float) -> float | None:
    return value if math.isfinite(value) else None  # JSON has no infinity


TOPICS: Final[Mapping[str, Callable[[str], list[Entry]]]] = {
    "protocols": protocols,
    "phases": phases,
    "drugs": drugs_there_are,
    "conditions": conditions,
    "genotypes": genotypes,
    "cells": cells,
    "figures": figures,
    "parameters": parameters_of,
}
"""What there is, by topic; of the cell that is given, where it matters."""
