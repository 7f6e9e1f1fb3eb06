"""What a function makes of a number, again and again."""

from typing import Any

import sympy as sp


class Iterated(sp.Function):
    """x_l, with x_1 = ``start`` and x_(l+1) = ``after(x_l)``: a function of the index l."""

    nargs = 1
    is_real = True
    start: Any

    @staticmethod
    def after(value: Any) -> Any:
        """The next value."""
        raise NotImplementedError
