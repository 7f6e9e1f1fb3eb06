"""How numbers are printed: operators, ``Math``, and functions of the runtime, called by ``r``.

A few sums are printed in a form that does not cancel: 1 - erf(z) as erfc(z), exp(x) - 1 as
expm1(x), log(1 + x) as log1p(x). Products that would overflow on the way are printed as one call.
"""

from functools import partial
from typing import Any

import sympy as sp
from sympy.core.relational import Relational
from sympy.printing.precedence import PRECEDENCE, precedence
from sympy.printing.str import StrPrinter

from theory.evaluation.walk import quotient, with_tails

#: What a function of numbers is called in JavaScript, by its name here.
FUNCTIONS = {
    "Abs": "Math.abs",
    "Heaviside": "r.step",
    "Max": "Math.max",
    "Min": "Math.min",
    "acos": "Math.acos",
    "asin": "Math.asin",
    "atan": "Math.atan",
    "atan2": "Math.atan2",
    "betainc_regularized": "r.betaShare",
    "binomial": "r.binomial",
    "correlation_at": "r.correlationAt",
    "cos": "Math.cos",
    "elliptic_e": "r.ellipticE",
    "elliptic_k": "r.ellipticK",
    "erf": "r.erf",
    "erfc": "r.erfc",
    "escape_rate": "r.escapeRate",
    "exp": "Math.exp",
    "floor": "Math.floor",
    "gamma": "r.gamma",
    "polygamma": "r.polygamma",
    "scaled_bessel": "r.scaledBessel",
    "sign": "Math.sign",
    "sin": "Math.sin",
}
TIGHT = PRECEDENCE["Func"]


class Numbers(StrPrinter):
    """Prints an expression of numbers."""

    printmethod = "_javascript"  # no class of theory prints itself for this printer

    def _print_Integer(self, e: Any) -> str:
        return str(int(e))

    def _print_Rational(self, e: Any) -> str:
        return f"{e.p}/{e.q}"

    def _print_Float(self, e: Any) -> str:
        return repr(float(e))

    def _print_NumberSymbol(self, e: Any) -> str:
        return repr(float(e))

    _print_EulerGamma = _print_Exp1 = _print_NumberSymbol

    def _print_Pi(self, e: Any) -> str:
        return "Math.PI"

    def _print_Infinity(self, e: Any) -> str:
        return "Infinity"

    def _print_NegativeInfinity(self, e: Any) -> str:
        return "-Infinity"

    def _print_NaN(self, e: Any) -> str:
        return "NaN"

    def _print_Add(self, e: Any, order: Any = None) -> str:
        number, terms = e.as_coeff_add()
        if number != 0 and is_rational(e):
            expanded = sp.expand(e)
            if expanded.as_coeff_add()[0] == 0:  # the number cancels what stands in products
                return self._sum([(sp.S.One, x) for x in sp.Add.make_args(expanded)])
        for each in terms:
            factor, function = each.as_coeff_Mul()
            others = [other for other in terms if other is not each]
            if number != 0 and factor == -number and (small := self._less_one(function)):
                return self._sum([(-number, small), *((sp.S.One, x) for x in others)])
        return self._sum([(sp.S.One, x) for x in with_tails(e)])

    def _sum(self, terms: list[tuple[Any, Any]]) -> str:
        """Terms with their factors; a text is a term that is printed already."""
        text = ""
        for factor, term in terms:
            shown = (
                self._print(factor * term) if not isinstance(term, str) else scaled(factor, term)
            )
            text += shown if not text or shown.startswith("-") else f"+{shown}"
        return text

    def _less_one(self, function: Any) -> str:
        """``function`` - 1 where it is printed without a difference: of powers and of exp."""
        if isinstance(function, sp.exp):
            return f"Math.expm1({self._print(function.args[0])})"
        if function.is_Pow and isinstance(function.base, sp.erf):
            (z,) = function.base.args
            power = self.parenthesize(function.exp, PRECEDENCE["Mul"])
            return f"Math.expm1({power}*Math.log1p(-r.erfc({self._print(z)})))"
        if isinstance(function, sp.cos):
            return f"-2*Math.sin({self._print(function.args[0] / 2)})**2"
        if function.is_Pow and function.exp == sp.S.Half and (rest := beyond_one(function.base)):
            return f"{self.parenthesize(rest, PRECEDENCE['Mul'])}/(1+{self._print(function)})"
        return ""

    def _print_acos(self, e: Any) -> str:
        (inside,) = e.args
        if rest := beyond_one(inside):
            return f"(2*Math.asin(Math.sqrt({self._print(-rest / 2)})))"
        return self._print_Function(e)

    def _print_log(self, e: Any) -> str:
        (inside,) = e.args
        if rest := beyond_one(inside):
            return f"Math.log1p({self._print(rest)})"
        return f"Math.log({self._print(inside)})"

    def _print_Mul(self, e: Any) -> str:
        ranges = [each for each in e.args if isinstance(each, sp.Sum) and each.has(sp.binomial)]
        if ranges:  # what stands before a sum of large terms may be as small as they are large
            inside, limits = ranges[0].args
            return self._print(sp.Sum(e / ranges[0] * inside, limits))
        above, below = quotient(e)
        number = e.as_coeff_Mul()[0]
        if number.is_Rational and not number.is_Integer:
            above = [sp.Integer(number.p), *(x for x in above if x != number)]
            below = [sp.Integer(number.q), *below]
        sign = "-" if above and above[0].is_Number and above[0].is_negative else ""
        above = [-above[0], *above[1:]] if sign else above
        pairs = pairs_of(gammas(above), gammas(below))
        for one, other in pairs:
            above.remove(one)
            below.remove(other)
        shown = [f"r.gammaRatio({self._listed((a.args[0], b.args[0]))})" for a, b in pairs]
        factors = [x for x in above if x != 1] or ([] if shown else [sp.S.One])
        printed = [self.parenthesize(x, PRECEDENCE["Mul"]) for x in factors]
        if sign and printed and "**" in printed[0]:  # JavaScript refuses -x**2
            printed[0] = f"({printed[0]})"
        text = "*".join([*printed, *shown])
        for each in below:
            text += "/" + self.parenthesize(each, PRECEDENCE["Mul"], strict=True)
        return sign + text

    def _print_Pow(self, e: Any, rational: bool = False) -> str:
        base, exponent = e.args
        if exponent.is_Rational and exponent < 0:
            return f"1/{self.parenthesize(base**-exponent, PRECEDENCE['Mul'], strict=True)}"
        if exponent == sp.S.Half:
            return f"Math.sqrt({self._print(base)})"
        left = self.parenthesize(base, TIGHT, strict=True)
        return f"{left}**{self.parenthesize(exponent, PRECEDENCE['Pow'], strict=True)}"

    def parenthesize(self, item: Any, level: int, strict: bool = False) -> str:
        """``item`` in parentheses, where what is printed binds less than ``level``: a root is a
        call, an inverse a quotient, a part that has a name is a name."""
        text = self._print(item)
        if text.isidentifier() or (item.is_Pow and item.exp == sp.S.Half):
            return text
        binds = PRECEDENCE["Mul"] if text.startswith("1/") else precedence(item)
        needed = binds < level or (not strict and binds <= level) or text.startswith("-")
        return f"({text})" if needed else text

    def _print_Function(self, e: Any) -> str:
        name = type(e).__name__
        if name not in FUNCTIONS:
            raise NotImplementedError(f"there is no JavaScript for the function {name}")
        return f"{FUNCTIONS[name]}({self._listed(e.args)})"

    _print_Max = _print_Min = _print_Heaviside = _print_Function

    def _listed(self, arguments: Any) -> str:
        return ", ".join(map(self._print, arguments))

    def _print_Sum(self, e: Any) -> str:
        inside, (index, low, high) = e.args
        term = self._large(inside) if inside.has(sp.binomial) else self._print(inside)
        name = "longSum" if inside.has(sp.binomial) else "sum"
        return f"r.{name}({self._listed((low, high))}, ({self._print(index)}) => {term})"

    def _large(self, term: Any) -> str:
        """A term that is a product of powers and binomials, each of which may overflow."""
        above: list[Any] = []
        below: list[Any] = []
        for each in sp.Mul.make_args(term):
            (below if isinstance(each, sp.binomial) else above).append(each)
        powers = ", ".join(f"[{self._listed(each.as_base_exp())}]" for each in above)
        chosen = ", ".join(f"[{self._listed(each.args)}]" for each in below)
        return f"r.product([{powers}], [{chosen}])"

    def _print_Integral(self, e: Any) -> str:
        inside, (index, low, high) = e.args
        term = self._print(inside)
        return f"r.integral({self._listed((low, high))}, ({self._print(index)}) => {term})"

    def _print_Piecewise(self, e: Any) -> str:
        text = "NaN"
        for value, condition in reversed(e.args):
            if condition == sp.true:
                text = self._print(value)
            else:
                text = f"({self._print(condition)} ? {self._print(value)} : {text})"
        return text

    def _print_Relational(self, e: Relational) -> str:
        sign = {"==": "===", "!=": "!=="}.get(e.rel_op, e.rel_op)
        return f"{self._print(e.lhs)} {sign} {self._print(e.rhs)}"

    def _print_And(self, e: Any) -> str:
        return " && ".join(f"({self._print(each)})" for each in e.args)


def scaled(factor: Any, text: str) -> str:
    """A printed product times a rational number."""
    minus = text.startswith("-") != (factor < 0)
    text = text.removeprefix("-")
    text = text if abs(factor) == 1 else f"{abs(factor)}*{text}"
    return f"-{text}" if minus else text


def beyond_one(e: Any) -> Any:
    """The rest of a sum that begins with 1; 0 where it does not."""
    number, terms = e.as_coeff_add()
    return sp.Add(*terms) if number == 1 else sp.S.Zero


def is_rational(e: Any) -> bool:
    """Whether an expression is made of letters by the four operations alone."""
    if e.is_Pow:
        return bool(e.exp.is_Integer) and is_rational(e.base)
    return (
        e.is_Symbol or e.is_Rational or ((e.is_Add or e.is_Mul) and all(map(is_rational, e.args)))
    )


def gammas(factors: list[Any]) -> list[Any]:
    """The gamma functions among ``factors``."""
    return [each for each in factors if isinstance(each, sp.gamma)]


def pairs_of(top: list[Any], bottom: list[Any]) -> list[tuple[Any, Any]]:
    """Gamma functions and those that divide them, each with the one that lies nearest.

    A ratio of two that differ by few letters is exact where the two themselves overflow.
    """
    pairs, left = [], list(top)
    for below in bottom:
        if left:
            near = min(left, key=partial(distance, below))
            left.remove(near)
            pairs.append((near, below))
    return pairs


def distance(one: Any, other: Any) -> tuple[bool, int]:
    """How far two gamma functions are apart: a whole number is nearest, then few letters."""
    gap = one.args[0] - other.args[0]
    return gap.is_integer is not True, len(gap.free_symbols)
