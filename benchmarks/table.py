"""The tables of a result, in Markdown: for the terminal and for ``docs/speed.md``."""

from typing import Any

Result = dict[str, Any]


def tables(result: Result) -> str:
    """Return all that was measured, and on which machine."""
    return "\n\n".join(
        (
            machine(result["machine"]),
            nightly(result),
            strategies(result["strategies"]),
            whole(result["whole"], result["strategies"]),
            against(result),
            growth(result["growth"]),
            profile(result["profile"]),
        )
    )


def machine(of: Result) -> str:
    """Return on which machine it was measured."""
    return (
        f"{of['processor']}, {of['cores']} cores, {of['system']}, Python {of['python']}, "
        f"NEURON {of['neuron']}, {of['compiler']}, `{of['flags']}`"
    )


def nightly(result: Result) -> str:
    """Return what NEURON's nightly build costs, where it was measured."""
    found = result.get("nightly")  # results of before it was tried have none
    if found is None:
        return "NEURON's nightly build was not tried; `make nightly` installs it."
    tried = f"With NEURON's nightly build {found['version']} (`make nightly`)"
    if found["ratio"] is None:
        return f"{tried} the model does not run."
    return (
        f"{tried} a pulse at 1 Hz takes {found['ratio']:.2f} times the processor time that it "
        f"takes with NEURON {result['machine']['neuron']}."
    )


def strategies(rows: list[Result]) -> str:
    """Return speed and error of each strategy, protocol by protocol."""
    lines = [
        "| protocol | strategy | simulated, s | x real time | EPSP slope | spine calcium | "
        "calcineurin | receptors | steps | steps a pulse | memory, MB |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        cells = (
            row["protocol"],
            row["strategy"] + (f", steps / {row['refinement']:g}" if row["refinement"] > 1 else ""),
            f"{row['simulated_s']:.3g}",
            _number(row["speed"]),
            _percent(row["slope_error"]),
            _percent(row["calcium_error"]),
            _percent(row["calcineurin_error"]),
            _percent(row["receptor_error"] if row["receptors_moved"] else None),
            f"{row['steps']}",
            f"{row['steps'] / row['pulses']:.0f}",
            f"{row['memory_MB']:.0f}",
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def against(result: Result) -> str:
    """Return the cost beside that of an earlier commit and of CVODE."""
    found = result.get("against")
    if not found:
        return "No earlier commit was measured beside this one (`make bench AGAINST=COMMIT`)."
    speed = {(row["strategy"], row["protocol"]): row["speed"] for row in result["strategies"]}
    lines = [
        f"| protocol | processor time at {found['commit']}, s | now, s | times faster | "
        "times as fast as `reference` |",
        "|---|---|---|---|---|",
    ]
    for row in found["rows"]:
        name = row["protocol"]
        ours, reference = (speed.get((each, name)) for each in ("ours", "plain CVODE, 1e-3"))
        times = f"{ours / reference:.2g}" if ours and reference else "-"
        ratio = row["before"] / row["now"]
        lines.append(f"| {name} | {row['before']:.2f} | {row['now']:.2f} | {ratio:.2g} | {times} |")
    return "\n".join(lines)


def whole(row: Result, rows: list[Result]) -> str:
    """Return the cost of the whole experiment."""
    speed = {(each["strategy"], each["protocol"]): each["speed"] for each in rows}
    # 15 min at 1 Hz and 80 min of test pulses
    expected = {
        each: 900 / speed[each, "1 Hz"] + 4800 / speed[each, "waiting"]
        for each in dict.fromkeys(each["strategy"] for each in rows)
    }
    told = "; ".join(
        f"{name} {_duration(cpu)} ({cpu / row['cpu_s']:.2g} times the above)"
        for name, cpu in expected.items()
    )
    return (
        f"The whole default LTD experiment, {row['simulated_s'] / 60:.0f} min, one slice, audits "
        f"and probes included: {row['cpu_s']:.1f} s of one core (wall {row['wall_s']:.1f} s), "
        f"**{row['speed']:.0f} times real time**, {row['steps']} steps, {row['memory_MB']:.0f} MB; "
        f"largest error of its {row['audits']} audits {_percent(row['worst_audit'])}, steps / "
        f"{row['refinement']:g}. Starting (building the slice, finding its rest) takes "
        f"{row['start_cpu_s']:.1f} s more.\n\n"
        "The same, extrapolated from the speeds at 1 Hz (15 min) and waiting (80 min): "
        f"{told}."
    )


def growth(found: Result) -> str:
    """Return how the cost grows."""
    names = {
        "synapses": "synapses, EPSP kept",
        "synapses_spiking": "synapses, EPSP growing",
        "segments": "segments of the cell",
        "slices": "slices",
    }
    lines = [
        "| growth with | n | CPU, s | us a step | exponent, last two |",
        "|---|---|---|---|---|",
    ]
    for key, name in names.items():
        points = found[key]["points"]
        steps = [f"{point['us_per_step']:.0f}" for point in points if "us_per_step" in point]
        cells = (
            name,
            ", ".join(f"{point['n']}" for point in points),
            ", ".join(f"{point['cpu_s']:.2f}" for point in points),
            ", ".join(steps) or "-",
            f"{found[key]['exponent']:.2f}",
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def profile(parts: list[Result]) -> str:
    """Return where the time of a step goes."""
    lines = [
        "| part of a step | us each time | times a pulse at 1 Hz | share |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| {part['name']} | {part['us']:.0f} | {part['per_pulse']:.0f} | {part['share']:.0%} |"
        for part in parts
    ]
    us = sum(part["us"] * part["per_pulse"] for part in parts)
    lines.append(f"| all | | | {us / 1000:.1f} ms a pulse |")
    return "\n".join(lines)


def _percent(error: float | None) -> str:
    if error is None:
        return "-"
    return f"{100 * error:.2g} %" if error < 1 else f"{100 * error:.0f} %"


def _duration(seconds: float) -> str:
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.1f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"


def _number(value: float) -> str:
    return f"{value:.2g}" if value < 10 else f"{value:.0f}"
