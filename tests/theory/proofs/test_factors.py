"""Covers by factors: what they say holds of matrices of numbers, and they cannot be misused."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import sympy as sp

import theory
from tests.close import rounded
from theory import symbols as s
from theory.functions.constants import ones
from theory.functions.eigenvalues import smallest, smallest_positive
from theory.proofs import correlated, factors
from theory.proofs.covers import Cover, named
from theory.proofs.join import join

N, p, M = s.N.symbol, s.p.symbol, s.M.symbol
mu, Sigma, X, L = s.mu.symbol, s.Sigma.symbol, s.X.symbol, s.L.symbol
random = np.random.default_rng(7)
COLUMN = random.normal(size=(4, 1))
LENGTH = float(np.linalg.norm(COLUMN))
BASIS = np.linalg.qr(np.hstack([COLUMN, random.normal(size=(4, 3))]))[0]
BASIS[:, :1] = COLUMN / LENGTH
DATA = random.normal(size=(4, 9))
CENTRED = DATA - DATA.mean(axis=1, keepdims=True)
COVARIANCE = CENTRED @ CENTRED.T / 9
FACTOR = np.linalg.cholesky(COVARIANCE)
DEVIATIONS = np.diag(np.sqrt(np.diag(COVARIANCE)))
MORE = (LENGTH - 2 + np.sqrt(LENGTH**2 + 4)) / 2  # x - 1 where x - 1/x is the length
AROUND = X * (sp.Identity(p) - ones(p, 1) * ones(1, p) / p) * X.T / p
FULL_RANK = sp.Le(smallest_positive(AROUND), smallest(AROUND))

CASES = {
    "polar": (
        factors.polar(mu),
        {"mu": COLUMN, "mu_way": BASIS[:, :1], "mu_beside": BASIS[:, 1:], "|mu|": MORE},
    ),
    "polar_or_zero": (
        factors.polar_or_zero(mu),
        {"mu": COLUMN, "mu_way": BASIS[:, :1], "|mu|": LENGTH},
    ),
    "factored": (factors.factored(Sigma, s.L), {"Sigma": COVARIANCE, "L": FACTOR}),
    "displaced": (
        factors.displaced(Sigma, s.L, mu, s.mu0.symbol),
        {
            "Sigma": COVARIANCE,
            "L": FACTOR,
            "mu0": DATA[:, :1],
            "mu": DATA[:, :1] + FACTOR @ COLUMN,
            "mu_way": BASIS[:, :1],
            "|mu|": MORE,
        },
    ),
    "sample_of": (
        factors.sample_of(X, mu, Sigma, "a mean"),
        {
            "X": DATA,
            "mu": DATA.mean(axis=1, keepdims=True),
            "Sigma": COVARIANCE,
            "X_less_mean": CENTRED,
        },
    ),
    "whitened": (
        factors.whitened(X, s.L, FULL_RANK),
        {
            "X": DATA,
            "X_mean": DATA.mean(axis=1, keepdims=True),
            "L": FACTOR,
            "X_white": np.linalg.solve(FACTOR, CENTRED),
        },
    ),
    "deviations_and_correlations": (
        correlated.deviations_and_correlations(Sigma, s.L.within(kind="diagonal")),
        {
            "Sigma": COVARIANCE,
            "L": DEVIATIONS,
            "Sigma_corr": np.linalg.inv(DEVIATIONS) @ COVARIANCE @ np.linalg.inv(DEVIATIONS),
            "e": np.eye(4)[:, 2:3],
        },
    ),
    "beside_ones": (
        factors.beside_ones(N),
        {"contrasts_N": np.linalg.qr(np.hstack([np.ones((4, 1)), DATA[:, :3]]))[0][:, 1:]},
    ),
}


def entries(expression: Any, values: dict[str, Any]) -> np.ndarray:
    placed = sp.sympify(expression).subs({N: 4, p: 9})
    letters = {x: sp.ImmutableMatrix(values[str(x)]) for x in placed.atoms(sp.MatrixSymbol)}
    numbers = {x: values[str(x)] for x in placed.free_symbols if str(x) in values}
    placed = placed.xreplace(letters).subs({x: v for x, v in numbers.items() if x not in letters})
    return np.array(sp.Matrix(placed.doit().as_explicit()).evalf().tolist(), dtype=float)


@pytest.mark.parametrize("name", CASES)
def test_what_a_case_says_holds_in_numbers(name: str) -> None:
    cover, values = CASES[name]
    for key, image in cover.cases[0].items():
        assert rounded(entries(key, values), entries(image, values), 1, condition=100), key


CLAIM = theory.claims()["preconditioning.determinant"]
OTHER = theory.claims()["preconditioning.any_factor"]


@named
def made(*parts: Any, **named_parts: Any) -> Cover:
    return Cover(*parts, **named_parts)


def refused(claim: Any, cover: Cover) -> str:
    derivation = claim.derivation
    changed = replace(derivation.chain, covers=(cover,))
    return join(claim, replace(derivation, chain=changed)).refused


def test_a_cover_that_takes_too_much_for_granted() -> None:
    assert not refused(CLAIM, factors.factored(Sigma, s.L))
    assert "is not a new one" in refused(OTHER, made("L again", ({},), fresh=(s.L,)))
    assert "is not definite" in refused(OTHER, factors.factored(L, s.T))
    assert "no assumption" in refused(OTHER, factors.sample_of(X, mu, Sigma, "a mean"))
    assert "no assumption" in refused(OTHER, factors.white(X, "mean 0"))
    whole = theory.claims()["preconditioning.standardised_hessian"]
    assert "no condition" in join(replace(whole, conditions=())).refused
    product = {Sigma: L * L.T, sp.MatMul(mu.T, mu): sp.Identity(1)}
    both = made("mu has length 1", (product,), fresh=(s.L,))
    assert "is not a new one" in refused(CLAIM, both)


def test_factors_of_another_kind_leave_something_out() -> None:
    turned, square = s.L.within(kind="orthogonal"), s.L.within(kind="diagonal")
    for make in (
        lambda: factors.factored(Sigma, turned),  # Sigma would be I
        lambda: factors.displaced(Sigma, square, mu, s.mu0.symbol),
        lambda: factors.whitened(X, turned, FULL_RANK),
        lambda: factors.whitened(X, s.L, sp.Ge(s.alpha.symbol, 1)),  # says nothing of X
        lambda: factors.variances(mu, turned),
        lambda: factors.probabilities(mu, Sigma, turned),
        lambda: correlated.deviations_and_correlations(Sigma, turned),
    ):
        with pytest.raises(TypeError):
            make()


@pytest.mark.parametrize(
    "name",
    [
        "preconditioning.excess_loss",
        "preconditioning.quasi_diagonal",
        "kronecker.outlier_count",
        "stability.power_method",
    ],
)
def test_what_a_cover_assumes_the_claim_must_assume(name: str) -> None:
    claim = theory.claims()[name]
    assert not join(claim).refused
    assert "no assumption" in join(replace(claim, assumptions=())).refused
