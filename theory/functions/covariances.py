"""Parts of a covariance matrix.

``diagonal_part(Sigma)`` keeps the variances, ``correlation(Sigma)`` divides by standard deviations,
``largest_correlation(Sigma)`` is the largest |correlation| of two inputs, 0 of a single one, and
``nonzeros(M)`` counts the entries that are not zero.
"""

from typing import Any

import numpy as np
import sympy as sp

from theory.functions.base import Matrix, Number


class diagonal_part(Matrix):  # noqa: N801
    r"""The matrix with zeros off the diagonal."""

    @staticmethod
    def exact(Sigma: Any) -> Any:
        return sp.diag(*Sigma.diagonal())

    @staticmethod
    def numeric(Sigma: Any) -> Any:
        return np.diag(np.diag(Sigma))

    def _eval_transpose(self) -> Any:
        return self

    @staticmethod
    def tex(Sigma: str) -> str:
        return rf"\operatorname{{diag}}\left({Sigma}\right)"


class correlation(Matrix):  # noqa: N801
    r"""Each entry over the standard deviations of its row and of its column."""

    @staticmethod
    def exact(Sigma: Any) -> Any:
        return sp.Matrix(
            *Sigma.shape, lambda i, j: Sigma[i, j] / sp.sqrt(Sigma[i, i] * Sigma[j, j])
        )

    @staticmethod
    def numeric(Sigma: Any) -> Any:
        deviations = np.sqrt(np.diag(Sigma))
        correlations = Sigma / np.outer(deviations, deviations)
        np.fill_diagonal(correlations, 1)
        return correlations

    def _eval_transpose(self) -> Any:
        return self

    @staticmethod
    def tex(Sigma: str) -> str:
        return rf"\operatorname{{corr}}\left({Sigma}\right)"


class largest_correlation(Number):  # noqa: N801
    r"""The largest |correlation| of two of the inputs."""

    nargs = 1
    is_nonnegative = True

    @staticmethod
    def exact(Sigma: Any) -> sp.Expr:
        entries = correlation.exact(Sigma)
        return sp.Max(0, *(abs(entries[i, j]) for i in range(Sigma.rows) for j in range(i)))

    @staticmethod
    def numeric(Sigma: Any) -> Any:
        return np.max(abs(np.tril(correlation.numeric(Sigma), -1)))

    @staticmethod
    def tex(Sigma: str) -> str:
        return rf"\max_{{i \neq j}} \left|\operatorname{{corr}}\left({Sigma}\right)_{{i,j}}\right|"


class nonzeros(Number):  # noqa: N801
    r"""How many entries of a matrix are not zero."""

    nargs = 1
    is_integer = True
    is_nonnegative = True

    @staticmethod
    def exact(M: Any) -> sp.Expr:
        return sp.Integer(sum(entry != 0 for entry in M))

    @staticmethod
    def numeric(M: Any) -> Any:
        return np.count_nonzero(M)
