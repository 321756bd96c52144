"""What is said of parameters, ``NAME=VALUE`` or ``NAME=xFACTOR``, in words and in numbers."""

from collections.abc import Iterable

from ca1ltd.errors import BadInput
from ca1ltd.model import parameters


def said_of(texts: Iterable[str]) -> dict[str, str]:
    """Return what is said of each parameter in texts ``NAME=VALUE``.

    Raises
    ------
    BadInput
        If a text is not written like this, or a parameter is named twice.
    """
    found: dict[str, str] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            raise BadInput(f"the setting '{text}' is not written NAME=VALUE")
        if name in found:
            raise BadInput(f"the parameter '{name}' is given twice")
        found[name] = value
    return found


def settings_of(texts: Iterable[str], cell: str | None) -> tuple[tuple[str, float], ...]:
    """Return parameters and their values from ``NAME=VALUE`` or ``NAME=xFACTOR``.

    Parameters
    ----------
    texts : iterable of str
        What is set; a factor multiplies the value that the parameter has by itself.
    cell : str or None
        The cell whose parameters may be among them.

    Raises
    ------
    BadInput
        If a text is not written like this, or there is no such parameter to be multiplied.

    Examples
    --------
    >>> settings_of(["soma.nat=0.06", "spine.neck_resistance=x0.5"], "dhc")
    (('soma.nat', 0.06), ('spine.neck_resistance', 100.0))
    """
    return tuple(_setting(text, cell) for text in texts)


def _setting(text: str, cell: str | None) -> tuple[str, float]:
    name, _, value = text.partition("=")
    try:
        number = float(value.removeprefix("x"))
    except ValueError:
        raise BadInput(f"the setting '{text}' is not written NAME=VALUE or NAME=xFACTOR") from None
    return name, number * parameters.row(name, cell).value if value.startswith("x") else number
