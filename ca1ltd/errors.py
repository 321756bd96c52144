"""What can go wrong, each with the exit status the command line returns.

The message of an error is one sentence that a neuroscientist understands: what was wrong, what was
given, what is allowed.
"""

from typing import ClassVar


class Ca1ltdError(Exception):
    """Base of every error that this package raises on purpose."""

    exit_status: ClassVar[int] = 1


class BadInput(Ca1ltdError):
    """A value, option or file given by the user cannot be used."""

    exit_status: ClassVar[int] = 2


class Impossible(BadInput):
    """What a value's fields say is each allowed, and nothing is possible together.

    Parameters
    ----------
    name : str
        What is not possible, as the user calls it.
    why : str
        The rest of the sentence.
    """

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{name}: {why}")
        self.why = why


class BuildError(Ca1ltdError):
    """The mechanisms cannot be compiled or loaded on this machine."""

    exit_status: ClassVar[int] = 2


class RunError(Ca1ltdError):
    """A simulation failed."""

    exit_status: ClassVar[int] = 1


class NotStored(RunError):
    """A result could not be written, as on a full disk."""


class Interrupted(Ca1ltdError):
    """The user stopped a run."""

    exit_status: ClassVar[int] = 130
