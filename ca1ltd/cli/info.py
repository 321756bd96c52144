"""``ca1ltd build`` and ``ca1ltd info``: what is there, and whether it works."""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from ca1ltd import __version__
from ca1ltd.cli.lazy import application
from ca1ltd.cli.text import columns
from ca1ltd.declared import CELL
from ca1ltd.errors import BadInput

# Each list loads what it needs: none waits for the others.
if TYPE_CHECKING:
    from ca1ltd.model import drugs

build_app, info_app = application(), application()


@build_app.command()
def build_command() -> None:
    """Compile the mechanisms, if they are not compiled already."""
    print(_build())


def _build() -> str:
    from ca1ltd import build

    def say(count: int) -> None:
        print(f"compiling {count} mechanisms", file=sys.stderr)

    return str(build.build(on_compile=say))


@info_app.command()
def info_command(
    topic: Annotated[
        str | None,
        typer.Argument(help="protocols, drugs, conditions, cells, figures or parameters."),
    ] = None,
    cell: Annotated[str, typer.Option(help="The cell whose parameters are listed.")] = CELL,
) -> None:
    """Say what this installation is made of, or list what there is."""
    topics: dict[str, Callable[[], list[str]]] = {
        "protocols": _protocols,
        "drugs": _drugs,
        "conditions": _conditions,
        "cells": _cells,
        "figures": _figures,
        "parameters": lambda: _parameters(cell),
    }
    if topic is None:
        lines = _installation()
    elif topic in topics:
        lines = topics[topic]()
    else:
        raise BadInput(f"no topic '{topic}': there are {', '.join(topics)}")
    print("\n".join(lines))


def _installation() -> list[str]:
    from ca1ltd import build, cell_files, resources
    from ca1ltd.provenance import provenance, versions

    found = versions()
    library = build.library_path()
    state = "compiled" if library.exists() else "not compiled yet: ca1ltd build"
    return columns(
        [
            ("ca1ltd", __version__),
            ("NEURON", build.neuron_version()),
            ("Python", f"{found['python']} ({sys.executable})"),
            ("machine", found["machine"]),
            ("compiler", build.compiler_version()),
            ("mechanisms", f"{len(resources.mod_files())} files in {resources.mod_dir()}"),
            ("library", f"{library} ({state})"),
            *(
                ("provenance", f"{provenance(cell).name} ({cell})")
                for cell in cell_files.project_cells()
            ),
        ]
    )


def _protocols() -> list[str]:
    from ca1ltd import protocols

    lines = []
    for protocol in protocols.PROTOCOLS.values():
        lines += [f"{protocol.name}: {protocol.title}"]
        lines += columns(
            [
                (f"  --{option.word} {option.default}", option.text, option.allowed)
                for option in protocols.options_of(protocol)
            ]
        )
    return lines


def _drugs() -> list[str]:
    from ca1ltd.model import drugs

    lines = []
    for known in drugs.DRUGS:
        names = f" ({', '.join(known.aliases)})" if known.aliases else ""
        lines += [
            f"{known.name}{names}",
            f"  acts on   {known.target} ({known.side})",
            f"  effect    {known.effect}",
            f"  given     in the {known.site}, {known.default:g} uM if not said",
            *(f"  strength  {_strength(effect)}" for effect in known.acts),
            f"  source    {known.source}",
        ]
    return lines


def _strength(effect: "drugs.Effect") -> str:
    from ca1ltd.model import parameters

    if effect.half is None:
        found = [parameters.table()[f"{effect.mechanism}.{rate}"] for rate in effect.rates]
        rates = "".join(f", {row.name} {row.value:g} {row.unit}" for row in found)
        return f"its concentration in mM is {effect.key}{rates}"
    word = "IC50" if effect.law == "block" else "EC50"
    hill = "" if effect.hill == 1 else f", Hill coefficient {effect.hill:g}"
    most = "" if effect.most == 1 else f", {effect.most:g} at most"
    return f"{word} {effect.half:g} uM{hill}{most}: {effect.key}"


def _conditions() -> list[str]:
    from ca1ltd.model.conditions import laws
    from ca1ltd.model.conditions import options as condition_options

    lines = []
    for option in condition_options():
        lines.append(f"--{option.word} {option.default}  {option.text} Takes {option.allowed}.")
        for law in laws():
            if option.word in law.of:
                form = " ".join([law.form, *(f"{k}={v:g}" for k, v in law.constants.items())])
                lines += [f"  {law.parameter}  {form}", f"    {law.source}"]
    return lines


def _cells() -> list[str]:
    from ca1ltd import cell_files
    from ca1ltd.model.own_cells import morphology_of

    rows = []
    for name in (*cell_files.project_cells(), *cell_files.own_cells()):
        morphology = morphology_of(name)
        length = sum(section.length for section in morphology.sections)
        rows.append(
            (
                name,
                f"{len(morphology.sections)} sections, {length:.0f} um",
                str(cell_files.files_of(name).morphology),
            )
        )
    return columns(rows)


def _figures() -> list[str]:
    from ca1ltd.figures.registry import TITLES

    return columns(list(TITLES.items()))


def _parameters(cell: str) -> list[str]:
    from ca1ltd.model import parameters

    return columns(
        [
            (row.key, f"{row.value:g} {row.unit}", f"{row.low:g} to {row.high:g}", row.source)
            for row in parameters.table(cell).values()
        ]
    )
