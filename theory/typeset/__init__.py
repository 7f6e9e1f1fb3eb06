"""How an expression is written: in LaTeX, and in a terminal. Each letter has its form once.

All that the product shows of a formula goes through ``latex`` and ``pretty``.
"""

from functools import lru_cache
from typing import Any

import sympy as sp

from theory.typeset.fences import plain
from theory.typeset.latex import Latex
from theory.typeset.letters import form, in_unicode
from theory.typeset.unicode import Unicode

__all__ = ["form", "in_unicode", "latex", "lines", "named", "pretty"]


def latex(expression: Any) -> str:
    r"""The LaTeX of an expression, or of a statement.

    >>> from theory.symbols import eta, lam
    >>> latex(1 - eta.symbol * lam.symbol)
    '1 - \\eta \\lambda'
    """
    return plain(Latex().doprint(sp.sympify(expression)))


def named(key: str) -> str:
    r"""The LaTeX of the name of an output.

    >>> named("squared_length")
    '\\text{squared length}'
    """
    return rf"\text{{{key.replace('_', ' ')}}}"


def pretty(expression: Any) -> str:
    """An expression, or a statement, as lines of Unicode; no line is broken.

    >>> from theory.symbols import eta, lam
    >>> print(pretty(1 - eta.symbol * lam.symbol))
    1 - η⋅λ
    """
    return Unicode().doprint(sp.sympify(expression))


@lru_cache(4096)  # what fits is asked of the same parts again and again
def lines(expression: Any) -> tuple[tuple[str, ...], int]:
    """The lines of an expression in Unicode, and the number of the line that it stands on.

    >>> from theory.symbols import eta, lam
    >>> lines(eta.symbol / lam.symbol)
    (('η', '─', 'λ'), 1)
    """
    form = Unicode().form(sp.sympify(expression))
    return tuple(str(form).splitlines()), form.baseline
