"""``ca1ltd sweep table|plot``: what is finished of a sweep, in print, as JSON and as a picture."""

import json
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer

from ca1ltd.experiment.store.run_folder import refuse_unwritable
from ca1ltd.experiment.store.sweep_folder import TABLE_FILE, SweepStore
from ca1ltd.experiment.sweep.sweep import Sweep
from ca1ltd.text import columns, count

MAX_ROWS = 40
"""Most rows of the table that are printed."""
SHOWN = (
    "conditioned_percent_of_baseline",
    "conditioned_sem",
    "conditioned_percent_expected",
    "control_percent_expected",
)
"""Outcomes that are printed beside what was swept."""
SPIKES = (
    "conditioned_fired_percent",
    "conditioned_local_spike_percent",
    "control_fired_percent",
    "control_local_spike_percent",
)
"""What is printed if any test pulse set off a spike."""
JsonOption = Annotated[bool, typer.Option("--json", help="Print the whole table as JSON.")]


def table_command(
    folder: Annotated[Path, typer.Argument(help="Folder of a sweep, which may be at work.")],
    as_json: JsonOption = False,
) -> None:
    """Write and print the table of the runs that are finished."""
    store = SweepStore.load(folder)
    found = Sweep(table=store.write_table(), path=store.path, swept=store.swept)
    print_table(found, as_json=as_json)


def plot_command(
    folder: Annotated[Path, typer.Argument(help="Folder of a sweep, which may be at work.")],
    x: Annotated[
        str | None,
        typer.Option(help="What lies along the axis, of what was swept.  [default: a guess]"),
    ] = None,
    y: Annotated[
        str | None, typer.Option(help="A column of the table.  [default: the outcome]")
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder of the plot.")] = Path("figures"),
) -> None:
    """Plot the outcomes of the runs that are finished against what was swept."""
    caption, files = plotted(folder, out, x=x, y=y)
    print(caption)
    print("\n".join(str(file) for file in files))


def plotted(
    folder: Path, out: Path, *, x: str | None = None, y: str | None = None
) -> tuple[str, tuple[Path, ...]]:
    """Plot a sweep; return the caption and the files."""
    from ca1ltd.experiment.sweep.axes import lay_out
    from ca1ltd.figures.sweep import save_sweep  # loads matplotlib

    refuse_unwritable(out)
    store = SweepStore.load(folder)
    names = {spec.protocol.name for spec in store.specs}
    protocol = names.pop() if len(names) == 1 else None
    layout = lay_out(store.table(), store.swept, protocol, along=x)
    return save_sweep(
        layout.table,
        out,
        f"sweep-{store.path.name}",
        title=layout.title,
        log=layout.log,
        column=y,
    )


def print_table(found: Sweep, *, as_json: bool) -> None:
    """Print the first rows of a sweep's table, or all of it as JSON."""
    print(json.dumps(_told(found), indent=2, allow_nan=False) if as_json else _text(found))


def _told(found: Sweep) -> dict[str, Any]:
    """Return the whole table as JSON values: null where nothing was measured."""
    rows = found.table.astype(object).to_dict("records")
    return {
        "folder": str(found.path),
        "table": str(found.path / TABLE_FILE),
        "swept": list(found.swept),
        "runs": [
            {str(name): None if pd.isna(value) else value for name, value in row.items()}
            for row in rows
        ],
    }


def _text(found: Sweep) -> str:
    return "\n".join(shown(found))


def shown(found: Sweep) -> list[str]:
    """Return the table's first rows: what was swept and the size of the EPSP."""
    table = found.table
    names = [str(name) for name in table.columns]
    outcome = next((k for k, name in enumerate(names) if name.startswith("conditioned_")), 10)
    spiked = [name for name in names if name in SPIKES and (table[name] > 0).any()]
    wanted = [name for k, name in enumerate(names) if k < outcome or name in (*SHOWN, *spiked)]
    rows = [tuple(wanted)]
    rows += [
        tuple(_cell(value) for value in row)
        for row in table[wanted].head(MAX_ROWS).itertuples(index=False)
    ]
    lines = columns(rows)
    if len(table) > MAX_ROWS:
        lines.append(f"and {len(table) - MAX_ROWS} more")
    return [*lines, f"results of {count(len(table), 'run')} in {found.path / TABLE_FILE}"]


def _cell(value: Any) -> str:
    if pd.isna(value):
        return "not measured"
    return f"{value:.4g}" if isinstance(value, float) else str(value)
