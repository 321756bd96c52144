"""What `--dry-run` says: what would be run, how long it takes here, what it can show."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from ca1ltd.experiment.plan.plan import plan
from ca1ltd.experiment.store.run_folder import Store
from ca1ltd.text import columns, count

_MOST_RUNS: Final = 10


def print_plan(stores: Sequence[Store], *, workers: int | None, as_json: bool) -> None:
    """Print the plan of runs, and write nothing."""
    found = plan(stores, workers=workers)
    print(json.dumps(found, indent=2, allow_nan=False) if as_json else "\n".join(_lines(found)))


def _lines(found: dict[str, Any]) -> list[str]:
    runs = found["runs"]
    rows = _run(runs[0]) if len(runs) == 1 else _runs(runs)
    rows += [("takes", _takes(found)), ("precision", _precision(found["precision"]))]
    return [*columns(rows), "nothing is written"]


def _run(run: dict[str, Any]) -> list[tuple[str, str]]:
    spec = run["spec"]
    there = spec["slices"] - run["missing"]
    finished = f", {there} of them finished" if there else ""
    rows = [
        ("run", f"{spec['protocol']['name']}: {_words(_options(spec))}"),
        (
            "slices",
            f"{spec['slices']} of {run['simulated_min']:g} min and {count(run['pulses'], 'pulse')}"
            f"{finished}; seed {spec['seed']}, {spec['integrator']}",
        ),
        ("cell", f"{spec['cell']}, {spec['synapses']} synapses in each pathway"),
        ("conditions", _words(spec["conditions"])),
        ("windows", _windows(spec)),
        ("drugs", _drugs(spec)),
        ("parameters", _words(spec["parameters"]) or "as they are"),
    ]
    rows += [("note", note) for note in run["notes"]]
    return [*rows, ("folder", run["folder"])]


def _runs(runs: Sequence[dict[str, Any]]) -> list[tuple[str, str]]:
    """Return what runs have in common, as the first has it, and in what they differ."""
    said = [_everything(run["spec"]) for run in runs]
    names = list(dict.fromkeys(name for each in said for name in each))
    differ = [name for name in names if len({each.get(name) for each in said}) > 1]
    common = {name: said[0][name] for name in said[0] if name not in differ}
    rows = [
        ("runs", f"{len(runs)}, which differ in {', '.join(differ)}"),
        ("common", ", ".join(f"{name} {value}" for name, value in common.items())),
    ]
    for run, each in zip(runs[:_MOST_RUNS], said, strict=False):
        words = ", ".join(f"{name} {each[name]}" for name in differ if name in each)
        slices = count(run["missing"], "slice") if run["missing"] else "finished"
        rows.append((Path(run["folder"]).name, f"{words}: {slices}"))
    if len(runs) > _MOST_RUNS:
        rows.append(("", f"and {count(len(runs) - _MOST_RUNS, 'more run')}"))
    rows += [("note", note) for note in dict.fromkeys(n for run in runs for n in run["notes"])]
    return [*rows, ("folder", str(Path(runs[0]["folder"]).parents[1]))]


def _everything(spec: dict[str, Any]) -> dict[str, str]:
    """Return all that is said of a run, by name."""
    plain = {name: spec[name] for name in ("cell", "synapses", "slices", "seed", "integrator")}
    values = {**_options(spec), **spec["conditions"], **spec["parameters"], **plain}
    words = {name.replace("_", "-"): _value(value) for name, value in values.items()}
    given = {"drugs": _drugs(spec), "windows": _windows(spec)}
    return {"protocol": spec["protocol"]["name"], **given, **words}


def _options(spec: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in spec["protocol"].items() if name != "name"}


def _words(values: dict[str, Any]) -> str:
    return ", ".join(f"{name.replace('_', '-')} {_value(value)}" for name, value in values.items())


def _drugs(spec: dict[str, Any]) -> str:
    given = (f"{each['concentration']:g} uM {each['name']} {_when(each)}" for each in spec["drugs"])
    return " and ".join(given) or "none"


def _windows(spec: dict[str, Any]) -> str:
    given = spec.get("windows", ())
    return " and ".join(f"{e['name']} {e['value']:g} {_when(e)}" for e in given) or "none"


def _when(given: dict[str, Any]) -> str:
    start, end = given["start"], given["end"]
    if start is None and end is None:
        return "throughout"
    begin = "the start" if start is None else f"{start:g} min"
    stop = "the end" if end is None else f"{end:g} min"
    return f"from {begin} to {stop}"


def _value(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, int | float) else json.dumps(value).strip('"')


def _takes(found: dict[str, Any]) -> str:
    measured = found["measured"]
    if not found["missing"]:
        return "nothing: all slices are finished"
    if found["seconds"] is None:
        return (
            "an unknown time: no run was measured on this machine, and the mechanisms are not "
            "compiled, so that none can be timed (ca1ltd build)"
        )
    slices = count(found["missing"], "slice")
    if measured["how"] == "last run":
        how = (
            f"as the last run of {measured['protocol']} here, {measured['when']}: "
            f"{_time(measured['seconds_a_slice'])} a slice of {measured['pulses']} pulses and "
            f"{measured['synapses']} synapses"
        )
    else:
        how = "by its first pulses, timed just now"
    return f"about {_time(found['seconds'])} for {slices}, {found['workers']} at once ({how})"


def _time(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 90 * 60 else f"{seconds / 3600:.1f} h"


def _precision(found: dict[str, Any] | None) -> str:
    if found is None:
        return "not known: the outcome of this protocol is no per cent of baseline"
    here = found["difference_found"]
    finds = (
        "one slice finds none"
        if here is None
        else f"{found['slices']} slices in each find {here:.0f} points"
    )
    return (
        f"a difference of {found['difference']:g} points needs {found['slices_needed']} slices in "
        f"each of two groups, and {finds} (two-sided t test, alpha {found['alpha']:g}, power "
        f"{found['power']:.0%}; SD between slices {found['sd']:.1f} points, measured in "
        f"{found['measured_slices']} of {found['measured_in']})"
    )
