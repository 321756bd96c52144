"""Options that say in one sentence what is wrong with their values."""

from collections import Counter
from typing import Any

import typer
from typer.core import TyperCommand

from ca1ltd.errors import BadInput


class Once(TyperCommand):
    """A command that refuses a second value of an option that takes one.

    Without it the first would be dropped silently.
    """

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Take the words of the command line apart."""
        _, _, given = self.make_parser(ctx).parse_args(args=list(args))
        for parameter, times in Counter(given).items():
            one = getattr(parameter, "multiple", True) is False  # arguments have no such thing
            if one and not getattr(parameter, "is_flag", False) and times > 1:
                raise BadInput(f"{parameter.opts[0]} is given twice, and can be given once")
        return super().parse_args(ctx, args)


def whole(name: str, text: str) -> Any:
    """Return an option that takes a whole number.

    Parameters
    ----------
    name : str
        Its name, for messages.
    text : str
        Its help.
    """

    def number(given: str) -> int:
        from ca1ltd.experiment.sweep.values import number_of  # only when a number is given

        return number_of(name, given)

    return typer.Option(parser=number, metavar="INTEGER", help=text)
