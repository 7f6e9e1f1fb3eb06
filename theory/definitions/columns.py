"""Functions of matrices and columns, entry by entry or in sums: one matrix, or one per draw."""

from typing import Any

import mpmath
import numpy as np
import sympy as sp

from theory.definitions.scope import Meaning
from theory.functions import columns as c
from theory.functions import covariances, matrices


def kron(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The Kronecker product, one per draw."""
    product = a[..., :, None, :, None] * b[..., None, :, None, :]
    rows, columns = a.shape[-2] * b.shape[-2], a.shape[-1] * b.shape[-1]
    return product.reshape(*product.shape[:-4], rows, columns)


def vec(matrix: np.ndarray) -> np.ndarray:
    """The columns, one below the other."""
    turned = np.swapaxes(matrix, -1, -2)
    return turned.reshape(*turned.shape[:-2], -1, 1)


def _entrywise(name: str) -> Any:
    def function(x: np.ndarray) -> np.ndarray:
        if x.dtype == object:
            return np.frompyfunc(getattr(mpmath, name), 1, 1)(x)
        return getattr(np, name)(x)

    return function


_exp, _log, _sqrt = map(_entrywise, ("exp", "log", "sqrt"))


def _root(x: Any) -> Any:
    return mpmath.sqrt(x) if isinstance(x, mpmath.mpf) else np.sqrt(x)


def _mean(x: np.ndarray) -> Any:
    return x.sum(axis=(-2, -1)) / x.shape[-2]


def _centred(x: np.ndarray) -> np.ndarray:
    return x - x.sum(axis=-2, keepdims=True) / x.shape[-2]


def _variance(x: np.ndarray) -> Any:
    return _mean(_centred(x) ** 2)


def _real_power(x: np.ndarray, k: Any) -> np.ndarray:
    """The powers of absolute entries."""
    if x.dtype != object:
        return np.abs(x) ** float(k)
    return np.frompyfunc(lambda entry: abs(entry) ** k, 1, 1)(x)


def _log_sum_exp(z: np.ndarray) -> Any:
    total = _exp(z).sum(axis=(-2, -1))
    return mpmath.log(total) if z.dtype == object else np.log(total)


def _softmax(z: np.ndarray) -> np.ndarray:
    powers = _exp(z)
    return powers / powers.sum(axis=-2, keepdims=True)


def _diag(p: np.ndarray) -> np.ndarray:
    return p * np.eye(p.shape[-2], dtype=int)


def _diagonal_part(x: np.ndarray) -> np.ndarray:
    return x * np.eye(x.shape[-1], dtype=int)


def _det(x: np.ndarray) -> Any:
    return mpmath.det(mpmath.matrix(x.tolist())) if x.dtype == object else np.linalg.det(x)


def _correlation(x: np.ndarray) -> np.ndarray:
    deviations = _sqrt(np.diagonal(x))
    return x / deviations / deviations[:, None]


def _khatri_rao(x: np.ndarray, d: np.ndarray) -> np.ndarray:
    return (x[:, None] * d).reshape(-1, x.shape[1])


def _trace(x: np.ndarray) -> Any:
    return np.trace(x, axis1=-2, axis2=-1)


def _function(function: Any) -> Meaning:
    return lambda e, scope: function(*(scope.of(each) for each in e.args))


def _power_mean(x: np.ndarray, k: Any) -> Any:
    return _mean(_real_power(x, k)) ** (1 / k)


def _sorted(x: np.ndarray) -> np.ndarray:
    return np.sort(x, axis=-2)


def _largest_size(x: np.ndarray) -> Any:
    return abs(x).max(axis=(-2, -1))


def _signed_power(x: np.ndarray, k: Any) -> np.ndarray:
    return np.where(x < 0, -1, 1) * _real_power(x, k)


MEANINGS: dict[type, Meaning] = {
    c.inner: _function(lambda a, b: (a * b).sum(axis=(-2, -1))),
    c.mean: _function(_mean),
    c.variance: _function(_variance),
    c.deviation: _function(lambda x, eps: _root(_variance(x) + eps)),
    c.power_mean: _function(_power_mean),
    c.largest_size: _function(_largest_size),
    c.signed_power: _function(_signed_power),
    c.standardised: _function(
        lambda x, eps: _centred(x) / np.asarray(_root(_variance(x) + eps))[..., None, None]
    ),
    c.softmax: _function(_softmax),
    c.log_sum_exp: _function(_log_sum_exp),
    c.diagonal: _function(_diag),
    sp.DiagMatrix: _function(_diag),
    covariances.diagonal_part: _function(_diagonal_part),
    covariances.correlation: _function(_correlation),
    covariances.nonzeros: _function(lambda x: (x != 0).sum(axis=(-2, -1)) * 1.0),
    matrices.kron: _function(kron),
    sp.KroneckerProduct: _function(kron),
    matrices.vec: _function(vec),
    matrices.khatri_rao: _function(_khatri_rao),
    matrices.squares: _function(lambda x: x * x),
    matrices.centred: _function(_centred),
    matrices.stack: _function(lambda *x: np.concatenate(x, axis=-2)),
    matrices.ascending: _function(_sorted),
    sp.Trace: _function(_trace),
    sp.Determinant: _function(_det),
}
