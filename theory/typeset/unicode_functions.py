"""How a terminal shows functions: by their names, by fences, or as operators over a letter."""

from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef
from sympy.printing.precedence import PRECEDENCE, precedence_traditional
from sympy.printing.pretty.pretty import PrettyPrinter
from sympy.printing.pretty.stringpict import prettyForm, stringPict

from theory.functions.base import Stated
from theory.typeset import notation
from theory.typeset.letters import in_unicode

#: The names of functions that are not written as they are called.
NAMES = {
    "acos": "arccos",
    "ascending": "sort",
    "asin": "arcsin",
    "atan": "arctan",
    "condition": "κ",
    "correlation": "corr",
    "correlation_at": "c",
    "density_of": "density",
    "deviation": "σ",
    "diagonal": "diag",
    "diagonal_part": "diag",
    "eigenvalues": "λ",
    "eigenvector": "x",
    "eigenvectors": "U",
    "exponential": "exp",
    "homogeneous": "J",
    "largest": "λₘₐₓ",
    "largest_zero_of": "zeroₘₐₓ",
    "log": "ln",
    "means": "E",
    "nth_largest": "λ",
    "Prob": "P",
    "radius": "ρ",
    "scale_free_gradient": "∇J",
    "scale_free_hessian": "∇²J",
    "second_largest": "λ₂",
    "smallest": "λₘᵢₙ",
    "smallest_positive": "λₘᵢₙ⁺",
    "smooth": "L",
    "standardised": "BN",
    "top": "uₘₐₓ",
    "variance": "var",
    "zero_of": "zero",
}
#: Only the first argument is shown: of these always, of those where the second is 0.
OF_ONE, WITHOUT_ZERO = {"smooth", "homogeneous"}, {"deviation", "standardised"}
IN_BRACKETS = {"E", "Var", "Prob", "means"}
#: Signs between two arguments, and marks behind one.
BETWEEN = {"kron": " ⊗ ", "khatri_rao": " ⊙ "}
BEHIND = {"pinv": "+", "squares": "∘2"}


class Functions(PrettyPrinter):
    """The part of the printer that writes functions."""

    def _call(self, name: str, args: Any, left: str = "(", right: str = ")") -> prettyForm:
        inside = prettyForm(*self._print_seq(args, delimiter=", ").parens(left, right))
        return prettyForm(*inside.left(name), binding=prettyForm.ATOM)

    def _print_Stated(self, expr: Any) -> prettyForm:
        """A function of ours."""
        name, args = type(expr).__name__, expr.args
        if name in BETWEEN:
            return self._infix(args, BETWEEN[name])
        if name in BEHIND:
            return self._raised(args[0], BEHIND[name])
        if name in OF_ONE or (name in WITHOUT_ZERO and args[1] == 0):
            args = args[:1]
        fences = ("[", "]") if name in IN_BRACKETS else ("(", ")")
        return self._call(NAMES.get(name, name.replace("_", " ")), args, *fences)

    def _print_Function(self, e: Any, **options: Any) -> prettyForm:
        if isinstance(e, Stated):  # SymPy skips the classes between a function and ``Function``
            own = (f"_print_{kind.__name__}" for kind in type(e).__mro__)
            return getattr(self, next(method for method in own if hasattr(self, method)))(e)
        name = options.pop("func_name", None) or type(e).__name__
        shown = in_unicode(name) if isinstance(e, AppliedUndef) else NAMES.get(name, name)
        return super()._print_Function(e, func_name=shown, **options)

    def _print_Max(self, e: Any) -> prettyForm:
        return self._call(type(e).__name__.lower(), sorted(e.args, key=sp.default_sort_key))

    def _print_Min(self, e: Any) -> prettyForm:
        return self._print_Max(e)

    def _print_Indexed(self, e: Any) -> prettyForm:
        return self._call(in_unicode(str(e.base.label)), e.indices, "[", "]")

    def _print_polygamma(self, e: Any) -> prettyForm:
        order, x = e.args
        primes = "′" * int(order) if order.is_Integer else f"⁽{order}⁾"
        return self._call(f"ψ{primes}", [x])

    def _print_log(self, e: Any) -> prettyForm:
        return self._print_Function(e)

    def _print_inner(self, e: Any) -> prettyForm:
        norm = notation.of_norm(e)
        if norm is not None:
            return self._norm(*norm)
        return fenced(self._print_seq(e.args, delimiter=", "), "⟨", "⟩")

    def _print_largest_size(self, e: Any) -> prettyForm:
        return prettyForm(*fenced(self._print(e.args[0]), "‖", "‖").right("∞"))

    def _print_iterate(self, e: Any) -> prettyForm:
        rule, start, times = e.args
        return self._again(self._print(rule), start, times)

    def _print_after_steps(self, e: Any) -> prettyForm:
        step, letter, start, times = e.args
        return self._again(joined(self._print(letter), " ↦ ", self._print(step)), start, times)

    def _again(self, rule: prettyForm, start: Any, times: Any) -> prettyForm:
        """A rule in parentheses to the power of ``times``, of a start."""
        power = prettyForm(*rule.parens()) ** self._print(times)
        return joined(power, prettyForm(*self._print(start).parens()))

    # Operators over a letter

    def _over(self, word: str, under: Any, body: Any) -> prettyForm:
        """A word with something below it, before a body."""
        shown = self._print(body)
        if precedence_traditional(body) <= PRECEDENCE["Add"]:
            shown = prettyForm(*shown.parens())
        operator = prettyForm(*prettyForm(word).below(under))
        operator.baseline = 0
        return joined(operator, " ", shown, binding=prettyForm.MUL)

    def _print_Extreme(self, e: Any) -> prettyForm:
        value, *of = e.args
        word = {"minimum": "min"}.get(type(e).__name__, type(e).__name__)
        return self._over(word, self._print_seq(of, delimiter=", "), value)

    def _print_Over(self, e: Any) -> prettyForm:
        value, letter, low, high = e.args
        ends = self._print(low), " ≤ ", self._print(letter), " ≤ ", self._print(high)
        return self._over(e.word, joined(*ends), value)

    def _print_argmin(self, e: Any) -> prettyForm:
        letter, value, letters = e.args
        place = self._over("argmin", self._print(letters), value)
        if len(letters) == 1:
            return place
        return joined(prettyForm(*place.parens("[", "]")), self._print(letter))

    def _print_first(self, e: Any) -> prettyForm:
        letter, condition = e.args
        such = prettyForm(
            *joined(self._print(letter), ": ", self._print(condition)).parens("{", "}")
        )
        return joined("min ", such, binding=prettyForm.MUL)

    def _print_least(self, e: Any) -> prettyForm:
        return self._over("min", self._print(e.args[1]), e.args[0])

    def _print_tends_to(self, e: Any) -> prettyForm:
        return self._over("lim", joined(self._print(e.args[1]), "→∞"), e.args[0])

    _print_matrix_limit = _print_tends_to

    def _print_grad(self, e: Any) -> prettyForm:
        return self._over("∇", self._print(e.args[1]), e.args[0])

    def _print_hess(self, e: Any) -> prettyForm:
        return self._over("∇²", self._print(e.args[1]), e.args[0])

    def _print_jacobian(self, e: Any) -> prettyForm:
        return self._over("∂", joined("∂ ", self._print(e.args[1])), e.args[0])

    def _print_Limit(self, e: Any) -> prettyForm:
        value, letter, place, side = e.args
        to = [self._print(letter), "→", self._print(place)]
        if str(side) in ("+", "-") and not place.is_infinite:
            to.append({"+": "⁺", "-": "⁻"}[str(side)])
        return self._over("lim", joined(*to), value)

    # Values at a place

    def _print_at_place(self, e: Any) -> prettyForm:
        value, letter, place = e.args
        return self._at(value, [(letter, " = ", place)])

    def _print_Subs(self, e: Any) -> prettyForm:
        return self._at(e.expr, [(a, " = ", b) for a, b in zip(e.variables, e.point, strict=True)])

    def _print_Moved(self, e: Any) -> prettyForm:
        value, *moves = e.args
        return self._at(value, [(letter, " → ", letter + way) for letter, way in moves])

    def _at(self, value: Any, places: list[Any]) -> prettyForm:
        shown = self._print(value)
        bar = "\n".join("│" * (shown.height() + 1))
        where: list[Any] = []
        for letter, sign, place in places:
            where += [", "] * bool(where) + [self._print(letter), sign, self._print(place)]
        shown = prettyForm(*shown.right(stringPict(bar, shown.baseline)))
        baseline, shown.baseline = shown.baseline, shown.height() - 1
        shown = joined(shown, *where, binding=prettyForm.MUL)
        shown.baseline = baseline
        return shown


def joined(*parts: Any, binding: int = prettyForm.ATOM) -> prettyForm:
    """The parts in one line."""
    return prettyForm(*stringPict.next(*parts), binding=binding)


def fenced(inside: prettyForm, left: str, right: str) -> prettyForm:
    """Between two fences that are as high as what they enclose; an angle is in the middle."""
    fences = []
    for sign in (left, right):
        column = [sign if sign == "‖" else "│"] * inside.height()
        column[inside.baseline] = sign
        fences.append(stringPict("\n".join(column), inside.baseline))
    return joined(fences[0], inside, fences[1])
