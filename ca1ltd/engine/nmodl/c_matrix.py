"""A sparse system of linear equations, solved in C without loops."""

from collections.abc import Iterator


class Matrix:
    """A sparse matrix, solved without pivots: its entries are variables in C.

    Parameters
    ----------
    names : tuple of str
        Of its rows and columns.
    """

    def __init__(self, names: tuple[str, ...]) -> None:
        self._names = names
        self._there: set[tuple[str, str]] = set()

    def set(self, row: str, column: str, value: str) -> str:
        """Return the statement that sets an entry, or changes one that is there."""
        known = (row, column) in self._there
        self._there.add((row, column))
        return f"    {'' if known else 'double '}m_{row}_{column} = {value};"

    def factors(self) -> Iterator[str]:
        """Yield the elimination: below the diagonal it leaves factors, on it the inverse."""
        for k, pivot in enumerate(self._names):
            yield self.set(pivot, pivot, f"1 / m_{pivot}_{pivot}")
            for row in self._names[k + 1 :]:
                if (row, pivot) in self._there:
                    yield self.set(row, pivot, f"m_{row}_{pivot} * m_{pivot}_{pivot}")
                    for column in self._names[k + 1 :]:
                        if (pivot, column) in self._there:
                            there = f"m_{row}_{column}" if (row, column) in self._there else "0"
                            less = f"m_{row}_{pivot} * m_{pivot}_{column}"
                            yield self.set(row, column, f"{there} - {less}")

    def solution(self, vector: str) -> Iterator[str]:
        """Yield the substitutions that turn a right side, ``vector_name``, into the solution."""
        for k, row in enumerate(self._names):
            for column in self._names[:k]:
                if (row, column) in self._there:
                    yield f"    {vector}_{row} -= m_{row}_{column} * {vector}_{column};"
        for k, row in reversed(list(enumerate(self._names))):
            for column in self._names[k + 1 :]:
                if (row, column) in self._there:
                    yield f"    {vector}_{row} -= m_{row}_{column} * {vector}_{column};"
            yield f"    {vector}_{row} *= m_{row}_{row};"
