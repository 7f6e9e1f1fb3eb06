"""Pointwise operations, one line each: the function, its slope, and its second derivative.

All three take (x, y) with y = f(x), so that the derivatives can use the function's value.
"""

from typing import Any

from deepnet.backend import array_module
from deepnet.ops.blocks import mapped
from deepnet.ops.families import Pointwise
from deepnet.ops.hot import hot

Array = Any

#: Below this softplus and its slope are exactly zero: subnormal numbers slow float32 products down.
TINY = 1e-30


def _sigmoid(z: Array) -> Array:
    """1/(1 + exp(-z)) without overflow on either side."""
    xp = array_module(z)
    return xp.exp(xp.minimum(z, 0)) / (1 + xp.exp(-xp.abs(z)))


def _flush(y: Array) -> Array:
    return y * (y >= TINY)  # nan stays nan; ten times as fast as where


def _softplus(x: Array, beta: float) -> Array:
    xp = array_module(x)
    z = beta * x
    return _flush((xp.maximum(z, 0) + xp.log1p(xp.exp(-xp.abs(z)))) / beta)


def _softplus_slope(x: Array, y: Array, beta: float) -> Array:
    return _flush(_sigmoid(beta * x))


def _softplus_second(x: Array, y: Array, beta: float) -> Array:
    e = array_module(x).exp(-abs(beta * x))
    return _flush(beta * e / (1 + e) ** 2)


@hot
def _softplus_and_slope(x: Array, beta: float) -> tuple[Array, Array]:
    y = mapped(lambda x: _softplus(x, beta), x)
    return y, mapped(lambda x: _softplus_slope(x, x, beta), x)


def _literal(function: Any, beyond: Any) -> Any:
    """``function`` where beta x <= threshold, and ``beyond(x)`` above, like PyTorch's softplus."""

    def literal(x: Array, *y: Array, beta: float, threshold: float) -> Array:
        xp = array_module(x)
        return xp.where(beta * x > threshold, beyond(x), function(x, *y, beta))

    return literal


def _tanh_slope(x: Array, y: Array) -> Array:
    return 1 - y * y


def _relu(x: Array) -> Array:
    return array_module(x).maximum(x, 0)


def _step(x: Array, y: Array) -> Array:
    return (x > 0).astype(x.dtype)


@hot
def _relu_and_slope(x: Array) -> tuple[Array, Array]:
    return mapped(_relu, x), mapped(lambda x: _step(x, x), x)


relu = Pointwise("relu", _relu, _step, None, both=_relu_and_slope)
softplus = Pointwise(
    "softplus", _softplus, _softplus_slope, _softplus_second, both=_softplus_and_slope
)
softplus_literal = (
    Pointwise(  # the jump at the threshold is ignored, as automatic differentiation does
        "softplus_literal",
        _literal(_softplus, lambda x: x),
        _literal(_softplus_slope, lambda x: x.dtype.type(1)),
        _literal(_softplus_second, lambda x: x.dtype.type(0)),
    )
)
tanh = Pointwise(
    "tanh", lambda x: array_module(x).tanh(x), _tanh_slope, lambda x, y: -2 * y * (1 - y * y)
)
sigmoid = Pointwise(
    "sigmoid", _sigmoid, lambda x, y: y * (1 - y), lambda x, y: y * (1 - y) * (1 - 2 * y)
)
square = Pointwise("square", lambda x: x * x, lambda x, y: 2 * x, lambda x, y: 2 + 0 * x)
rsqrt = Pointwise("rsqrt", lambda x: x**-0.5, lambda x, y: -0.5 * y**3, lambda x, y: 0.75 * y**5)
