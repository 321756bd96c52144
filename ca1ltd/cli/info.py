"""``ca1ltd build`` and ``ca1ltd info``: what is there, and whether it works."""

import json
import sys
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final

import typer

from ca1ltd.cli.lazy import application
from ca1ltd.cli.options import Once
from ca1ltd.cli.topics import TOPICS, Entry, installation
from ca1ltd.declared import CELL
from ca1ltd.errors import BadInput
from ca1ltd.text import columns

build_app, info_app = application(), application()


@build_app.command(cls=Once)
def build_command() -> None:
    """Compile the mechanisms, if they are not compiled already."""
    print(_build())


def _build() -> str:
    from ca1ltd import build
    from ca1ltd.engine.kernels import library

    def say(count: int) -> None:
        print(f"compiling {count} mechanisms", file=sys.stderr)

    mechanisms = build.build(on_compile=say)
    library.compiled()
    return str(mechanisms)


@info_app.command(cls=Once)
def info_command(
    topic: Annotated[str | None, typer.Argument(help=f"{', '.join(TOPICS)}.")] = None,
    name: Annotated[
        str | None, typer.Argument(help="One of them, as `info drugs D-AP5`; by default all.")
    ] = None,
    cell: Annotated[str, typer.Option(help="The cell whose parameters are listed.")] = CELL,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Say what this installation is made of, or list what there is."""
    if topic is None:
        told: Any = installation()
        lines = _installation(told)
    elif topic in TOPICS:
        found = TOPICS[topic](cell)
        if name is not None:
            found = [_named(topic, name, found)]
        told = found if name is None else found[0]
        lines = _TEXTS[topic](found)
    else:
        raise BadInput(f"no topic '{topic}': there are {', '.join(TOPICS)}")
    print(json.dumps(told, indent=2, allow_nan=False) if as_json else "\n".join(lines))


def _named(topic: str, name: str, entries: list[Entry]) -> Entry:
    """Return the entry of a name; a drug has several."""
    if topic == "drugs":
        from ca1ltd.model import drugs

        name = drugs.info(name).name
    for entry in entries:
        if entry["name"].casefold() == name.casefold():
            return entry
    raise BadInput(f"there is no '{name}' among the {topic}: `ca1ltd info {topic}` lists them")


def _installation(found: Entry) -> list[str]:
    mechanisms, library = found["mechanisms"], found["library"]
    state = "compiled" if library["compiled"] else "not compiled yet: ca1ltd build"
    return columns(
        [
            ("ca1ltd", found["ca1ltd"]),
            ("NEURON", found["neuron"]),
            ("Python", f"{found['python']} ({found['executable']})"),
            ("machine", found["machine"]),
            ("compiler", found["compiler"]),
            ("mechanisms", f"{mechanisms['files']} files in {mechanisms['folder']}"),
            ("library", f"{library['file']} ({state})"),
            *(("provenance", f"{name} ({cell})") for cell, name in found["provenance"].items()),
        ]
    )


def _protocols(found: list[Entry]) -> list[str]:
    lines = []
    for protocol in found:
        lines += [f"{protocol['name']}: {protocol['title']}"]
        lines += columns(
            [
                (f"  --{option['option']} {option['default']}", option["text"], option["allowed"])
                for option in protocol["options"]
            ]
        )
    return lines


def _phases(found: list[Entry]) -> list[str]:
    lines = []
    for phase in found:
        lines += [f"{phase['name']}: {phase['title']}"]
        lines += columns(
            [
                (f"  {option['option']}", option["default"], option["text"], option["allowed"])
                for option in phase["options"]
            ]
        )
    return lines


def _drugs(found: list[Entry]) -> list[str]:
    lines = []
    for known in found:
        lines += [
            _names(known),
            f"  acts on   {known['target']} ({known['side']})",
            f"  effect    {known['effect']}",
            f"  given     in the {known['site']}, {known['default_uM']:g} uM if not said",
            *(f"  strength  {_strength(act, known['default_uM'])}" for act in known["acts"]),
            f"  source    {known['source']}",
            f"  washed    {_wash(known)}",
            f"  example   {known['example']}",
        ]
    return lines


def _names(known: Entry) -> str:
    """Return a name with what else it goes by."""
    others = f" ({', '.join(known['aliases'])})" if known["aliases"] else ""
    return f"{known['name']}{others}"


def _strength(act: Entry, default: float) -> str:
    if act["half_uM"] is None:
        rates = "".join(
            f", {name} {rate['value']:g} {rate['unit']}" for name, rate in act["rates"].items()
        )
        return f"its concentration in mM is {act['variable']}{rates}"
    word = "IC50" if act["law"] == "block" else "EC50"
    hill = "" if act["hill"] == 1 else f", Hill coefficient {act['hill']:g}"
    most = "" if act["most"] == 1 else f", {act['most']:g} at most"
    does = f"{act['variable']} is {act['at_default']:.3g} in {default:g} uM"
    return f"{word} {act['half_uM']:g} uM{hill}{most}: {does}"


def _wash(known: Mapping[str, Any]) -> str:
    wash = known["wash"]
    if known["site"] == "pipette":
        return "not: what is in the pipette comes and goes at once, where it has a window"
    times = f"in with a time constant of {wash['in_min']:g} min, out with {wash['out_min']:g} min"
    return f"{times}: {wash['source']}" if wash["own"] else f"{times}, the bath's (--wash)"


def _conditions(found: list[Entry]) -> list[str]:
    lines = []
    for each in found:
        lines.append(f"--{each['name']} {each['default']}  {each['text']} Takes {each['allowed']}.")
        if each["changes_in_a_run"]:
            lines.append(f"  in a window of a run: --condition {each['name']}=VALUE@FROM..TO")
        for law in each["laws"]:
            form = " ".join([law["form"], *(f"{k}={v:g}" for k, v in law["constants"].items())])
            lines += [f"  {law['parameter']}  {form}", f"    {law['source']}"]
    return lines


def _genotypes(found: list[Entry]) -> list[str]:
    lines = []
    for each in found:
        lines += [
            _names(each),
            f"  locus   {each['locus']}",
            f"  effect  {each['effect']}",
            *(
                f"  acts    {act['parameter']} is {_value(act)}, in the wild type "
                f"{act['wild_type']:g}"
                for act in each["acts"]
            ),
            f"  source  {each['source']}",
        ]
    return lines


def _value(act: Entry) -> str:
    """Return what an act sets, with its unit if it has one."""
    return f"{act['value']:g}" + ("" if act["unit"] == "1" else f" {act['unit']}")


def _cells(found: list[Entry]) -> list[str]:
    return columns(
        [
            (each["name"], f"{each['sections']} sections, {each['length_um']:.0f} um", each["file"])
            for each in found
        ]
    )


def _figures(found: list[Entry]) -> list[str]:
    return columns([(each["name"], each["title"]) for each in found])


def _parameters(found: list[Entry]) -> list[str]:
    return columns(
        [
            (
                each["name"],
                f"{each['value']:g} {each['unit']}",
                f"{_limit(each['low'], '-inf')} to {_limit(each['high'], 'inf')}",
                each["source"],
            )
            for each in found
        ]
    )


def _limit(value: float | None, none: str) -> str:
    return none if value is None else f"{value:g}"


_TEXTS: Final[Mapping[str, Callable[[list[Entry]], list[str]]]] = {
    "protocols": _protocols,
    "phases": _phases,
    "drugs": _drugs,
    "conditions": _conditions,
    "genotypes": _genotypes,
    "cells": _cells,
    "figures": _figures,
    "parameters": _parameters,
}
