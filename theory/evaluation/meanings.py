"""What each function of SymPy means on balls (``theory.evaluation.balls``)."""

from collections.abc import Callable
from typing import Any

import sympy as sp
from flint import acb, arb, fmpq

from theory.evaluation.balls import INFINITY, ball, divide, is_zero

Meaning = Callable[..., Any]  # of numbers


def method(name: str) -> Meaning:
    """A function by its name in Arb."""
    return lambda x: getattr(ball(x), name)()


def logarithm(x: Any) -> Any:
    """The logarithm; of 0 it is minus infinity."""
    return -INFINITY if is_zero(x) else ball(x).log()


def error_function(x: Any) -> Any:
    """erf; at infinity it is 1."""
    return ball(x).sgn() if abs(x) == INFINITY else ball(x).erf()


def of_complex(name: str) -> Meaning:
    """A real function that Arb has for complex numbers alone."""
    return lambda x, *others: getattr(acb(x), name)(*others).real


def extreme(choose: Meaning, on_balls: Meaning) -> Meaning:
    """The largest or the smallest; of fractions it is one of them."""

    def meaning(first: Any, *others: Any) -> Any:
        if all(isinstance(each, fmpq) for each in (first, *others)):
            return choose((first, *others))
        for each in others:
            first = on_balls(ball(first), ball(each))
        return first

    return meaning


def regularised_beta(a: Any, b: Any, low: Any, high: Any) -> Any:
    """I_high(a, b), for ``low`` = 0."""
    assert is_zero(low)
    return ball(high).beta_lower(ball(a), ball(b), True)


def binomial(n: Any, k: Any) -> Any:
    """Of gamma functions, so that it is quick where ``n`` is large."""
    return divide(ball(n + 1).gamma(), ball(k + 1).gamma() * ball(n - k + 1).gamma())


def floor(x: Any) -> Any:
    return fmpq(x.floor()) if isinstance(x, fmpq) else x.floor()


def sign(x: Any) -> Any:
    return fmpq((x > 0) - (x < 0)) if isinstance(x, fmpq) else x.sgn()


#: What each function of SymPy means; our own say it themselves, by a method ``ball``.
FUNCTIONS: dict[Any, Meaning] = {
    type(sp.pi): arb.pi,
    type(sp.EulerGamma): arb.const_euler,
    type(sp.E): arb.const_e,
    sp.Abs: abs,
    sp.Max: extreme(max, arb.max),
    sp.Min: extreme(min, arb.min),
    sp.sign: sign,
    sp.floor: floor,
    sp.exp: method("exp"),
    sp.log: logarithm,
    sp.sin: method("sin"),
    sp.cos: method("cos"),
    sp.asin: method("asin"),
    sp.acos: method("acos"),
    sp.atan: method("atan"),
    sp.atan2: lambda y, x: arb.atan2(ball(y), ball(x)),
    sp.erf: error_function,
    sp.erfc: lambda x: 1 - error_function(x) if abs(x) == INFINITY else ball(x).erfc(),
    sp.gamma: method("gamma"),
    sp.polygamma: lambda order, x: of_complex("polygamma")(x, ball(order)),
    sp.elliptic_k: of_complex("elliptic_k"),
    sp.elliptic_e: of_complex("elliptic_e"),
    sp.binomial: binomial,
    sp.betainc_regularized: regularised_beta,
}
#: Functions that jump: rounding hides on which side of a jump a number is.
JUMPS = (sp.sign, sp.floor)
