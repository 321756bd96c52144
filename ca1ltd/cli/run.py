"""``ca1ltd run PROTOCOL``: one subcommand per protocol, its options made from its fields."""

import inspect
import json
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from ca1ltd import protocols
from ca1ltd.cli.lazy import LazyGroup, announce, application, command
from ca1ltd.cli.options import (
    AsDrawnOption,
    CellOption,
    DryRunOption,
    Once,
    StrictOption,
    SwcOption,
    SynapsesOption,
    chosen_cell,
    whole,
)
from ca1ltd.declared import INTEGRATOR, SEED, SLICES, SYNAPSES, Declared
from ca1ltd.errors import BadInput
from ca1ltd.experiment.spec import INTEGRATORS, ExperimentSpec
from ca1ltd.experiment.workers.progress import standing_shown
from ca1ltd.model import drugs
from ca1ltd.model.conditions import options as condition_options
from ca1ltd.model.settings import said_of
from ca1ltd.protocols import Option, Protocol


class ProtocolGroup(LazyGroup):
    """Has a command for each protocol, made when it is named, and says which protocols there are.

    What else it has is made with it.
    """

    def make(self, protocol: type[Protocol]) -> TyperCommand:
        """Return the command of a protocol."""
        raise NotImplementedError

    def load(self, name: str) -> Any:
        """Return the command of a name that is known."""
        kind = protocols.PROTOCOLS.get(name)
        return self.commands[name] if kind is None else self.make(kind)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the command that the first word names."""
        if args[0] not in self.commands:
            protocols.make(args[0], {})
        return super().resolve_command(ctx, args)


class _Run(ProtocolGroup):
    """The commands of ``ca1ltd run``."""

    def make(self, protocol: type[Protocol]) -> TyperCommand:
        """Return the command of a protocol."""
        return command(_command_of(protocol), cls=Once, help=f"{protocol.title.capitalize()}.")


run_app = application(
    cls=_Run, help="Run a protocol and leave its results in a folder.", no_args_is_help=True
)
announce(
    run_app,
    {name: f"{kind.title.capitalize()}." for name, kind in protocols.PROTOCOLS.items()},
)


def run_command(
    protocol: str,
    options: Mapping[str, Any],
    conditions: Mapping[str, Any],
    *,
    drug: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME[=uM][@FROM..TO]",
            help="A drug of `ca1ltd info drugs`, its concentration (uM, if no other unit is "
            "written), and from when to when (min from induction).",
        ),
    ] = None,
    condition: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=VALUE@FROM..TO",
            help="A condition of a window: mg or ca (mM) or holding (mV), from when to when (min "
            "from induction).",
        ),
    ] = None,
    cell: CellOption = None,
    swc: SwcOption = None,
    as_drawn: AsDrawnOption = False,
    strict: StrictOption = False,
    slices: Annotated[int, whole("slices", "Number of slices.")] = SLICES,
    synapses: SynapsesOption = SYNAPSES,
    epsp: Annotated[
        float | None,
        typer.Option(
            metavar="MV",
            help="Amplitude of the test EPSP (mV), by the conductance of an AMPA receptor.",
        ),
    ] = None,
    seed: Annotated[int, whole("seed", "Seed of all that is random.")] = SEED,
    workers: Annotated[int | None, whole("workers", "Slices at once  [default: cores]")] = None,
    integrator: Annotated[str, typer.Option(help=f"{', '.join(INTEGRATORS)}.")] = INTEGRATOR,
    set_: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="NAME=VALUE",
            help="A parameter of `ca1ltd info parameters` to change; NAME=x1.2 multiplies it.",
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder of the results  [default: runs/PROTOCOL-SEED]")
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Complete the run in that folder.")
    ] = False,
    dry_run: DryRunOption = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
) -> None:
    """Run an experiment and print its outcome."""
    spec = ExperimentSpec.of(
        Declared(
            protocol,
            options,
            drugs=_alone(drug or ()),
            conditions=conditions,
            parameters=said_of(set_ or ()),
            synapses=synapses,
            slices=slices,
            cell=chosen_cell(cell, swc, as_drawn=as_drawn, strict=strict),
            seed=seed,
            integrator=integrator,
            as_drawn=as_drawn,
            windows=tuple(condition or ()),
        )
    )
    folder = out or Path("runs", f"{protocol}-{seed}")
    if dry_run:
        from ca1ltd.cli.plan import print_plan
        from ca1ltd.experiment.store.run_folder import Store

        if epsp is not None:
            print("test pulses that find --epsp would come first: not counted", file=sys.stderr)
        store = Store.open(folder, spec, resume=resume)
        print_plan([store], workers=workers, as_json=as_json)
        return
    from ca1ltd.analysis.outcome import outcome  # loads pandas
    from ca1ltd.experiment.run import run_experiment

    for note in drugs.notes(spec.drugs, spec.conditions.gaba):
        print(note, file=sys.stderr)
    if epsp is not None:
        from ca1ltd.experiment.strength import with_epsp

        spec = with_epsp(spec, epsp, workers=workers)
    with standing_shown(protocol) as progress:
        run = run_experiment(spec, folder, workers=workers, resume=resume, progress=progress)
    print(json.dumps(run.summary, indent=2) if as_json else "\n".join(outcome(run)))


def _alone(drugs: Iterable[str]) -> tuple[str, ...]:
    """Return drugs, each given by an option of its own."""
    from ca1ltd.experiment.sweep.values import NO_DRUG, drugs_in  # only when one is given

    for text in drugs:
        together = drugs_in(text)
        if len(together) > 1:
            each = " ".join(f"--drug {name.strip()}" for name in together)
            raise BadInput(f"'{text}' are several drugs: write {each}")
        if not together:
            raise BadInput(f"--drug {NO_DRUG} is for sweeps: without a drug, leave the option out")
    return tuple(drugs)


def _command_of(protocol: type[Protocol]) -> Callable[..., None]:
    """Return the command of a protocol: its own options, the slice's, then those of every run."""
    own, kept = protocols.options_of(protocol), condition_options()
    parameters = inspect.signature(run_command).parameters.values()
    common = [each for each in parameters if each.kind is inspect.Parameter.KEYWORD_ONLY]

    # Typer reads options from a signature, and these come from the protocol's fields.
    def call(**values: Any) -> None:
        chosen, conditions = _taken(own, values), _taken(kept, values)
        run_command(protocol.name, chosen, conditions, **values)

    call.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [*(_parameter(option) for option in (*own, *kept)), *common]
    )
    return call


def _taken(options: Iterable[Option], values: dict[str, Any]) -> dict[str, Any]:
    """Take options out of the values of a command; return those that are said."""
    given = {option.key: values.pop(option.key) for option in options}
    return {key: value for key, value in given.items() if value is not None}


def _parameter(option: Option) -> inspect.Parameter:
    said: Any
    if option.flag:
        said = Annotated[bool | None, typer.Option(f"--{option.word}", help=option.text)]
    else:
        said = Annotated[
            str | None,
            typer.Option(
                f"--{option.word}",
                metavar="VALUE",
                help=f"{option.text} Takes {option.allowed}  [default: {option.default}]",
            ),
        ]
    return inspect.Parameter(
        option.key, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=said
    )
