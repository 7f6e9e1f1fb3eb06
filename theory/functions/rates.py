"""Heads of definitions about descent: what repeats, how fast it contracts, the best of all rates.

``radius(step)`` is the spectral radius; ``root_size(t, d)`` the largest modulus of a root of z^2 -
t z + d; ``largest_over(value, lam, low, high)`` and ``smallest_over`` the extremes of a value at
the eigenvalues lam from ``low`` to ``high``, both among them. ``first(letter, condition)`` is the
least whole number from 0 on that meets a condition; ``least(value, letters)`` is the minimum of a
value over some letters. ``after_steps(step, letter, start, count)`` is what ``count`` steps make of
the column ``start``, ``matrix_limit(value, k)`` what a matrix tends to as k grows, and
``eigenvector_to(R, lam)`` is a column with R v = lam v and v'v = 1, R symmetric.
"""

from typing import Any

from theory.functions.base import Matrix, Number
from theory.functions.heads import Head


class radius(Head, Number):  # noqa: N801 (a SymPy function is written like a function)
    r"""The spectral radius of a matrix: the largest modulus of an eigenvalue."""

    nargs = 1
    is_nonnegative = True

    @staticmethod
    def tex(step: str) -> str:
        return rf"\rho\left({step}\right)"


class root_size(Head, Number):  # noqa: N801
    r"""The largest modulus of a root of z^2 - trace z + det."""

    nargs = 2
    is_nonnegative = True

    def _sympystr(self, printer: Any) -> str:
        trace, det = map(printer.doprint, self.args)
        return f"max(|z|: z^2 - ({trace}) z + ({det}) = 0)"

    @staticmethod
    def tex(trace: str, det: str) -> str:
        return rf"\max\left\{{|z| : z^2 - \left({trace}\right) z + \left({det}\right) = 0\right\}}"


class Over(Head, Number):
    """An extreme of a value at the eigenvalues lam from low to high, both among them."""

    reaches = True

    nargs = 4
    word = ""

    def _sympystr(self, printer: Any) -> str:
        value, lam, low, high = map(printer.doprint, self.args)
        return f"{self.word}({value} for eigenvalues {lam} from {low} to {high})"

    def _in_tex(self, printer: Any) -> str:
        value, lam, low, high = self._printed(printer)
        return rf"\{self.word}_{{{low} \le {lam} \le {high}}} {value}"


class largest_over(Over):  # noqa: N801
    r"""The largest that a value is at the eigenvalues lam from low to high, both among them."""

    word = "max"


class smallest_over(Over):  # noqa: N801
    r"""The smallest that a value is at the eigenvalues lam from low to high, both among them."""

    word = "min"


class first(Head, Number):  # noqa: N801
    r"""The least whole number from 0 on at which a condition holds."""

    nargs = 2

    @staticmethod
    def tex(letter: str, condition: str) -> str:
        return rf"\min\left\{{{letter} \in \mathbb{{N}}_0 : {condition}\right\}}"


class least(Head, Number):  # noqa: N801
    r"""The minimum of a value over some letters, which may be any real numbers."""

    reaches = True

    nargs = 2

    @staticmethod
    def tex(value: str, letters: str) -> str:
        return rf"\min_{{{letters}}} {value}"


class after_steps(Head, Matrix):  # noqa: N801
    r"""What so many steps, letter -> step, make of a start."""

    @property
    def shape(self) -> tuple[Any, Any]:
        """That of the letter."""
        return self.args[1].shape

    @staticmethod
    def tex(step: str, letter: str, start: str, count: str) -> str:
        return rf"\left({letter} \mapsto {step}\right)^{{{count}}}\left({start}\right)"


class matrix_limit(Head, Matrix):  # noqa: N801
    r"""What a matrix tends to as a letter, a whole number, grows without bound."""

    reaches = True

    @staticmethod
    def tex(value: str, letter: str) -> str:
        return rf"\lim_{{{letter} \to \infty}} {value}"


class eigenvector_to(Head, Matrix):  # noqa: N801
    r"""A column v of length 1 with R v = lam v, where R is symmetric."""

    @property
    def shape(self) -> tuple[Any, Any]:
        """A column."""
        return self.args[0].shape[0], 1

    @staticmethod
    def tex(matrix: str, value: str) -> str:
        return rf"v_{{{value}}}\left({matrix}\right)"
