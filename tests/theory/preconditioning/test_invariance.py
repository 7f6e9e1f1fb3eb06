"""Steps of two networks that compute the same function."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.about import about
from tests.close import rounded
from tests.strategies import matrices
from tests.theory.preconditioning.standardised import example, layers
from theory import preconditioning
from theory import symbols as s
from theory.claim import Claim

NATURAL = (preconditioning.layer_invariance, preconditioning.unit_invariance)


@st.composite
def steps(draw, units=False):
    """Values of all parameters; ``units``: maps of single units."""
    layer = draw(layers())
    sizes = {"n": layer.n, "N": layer.N, "p": draw(st.integers(1, 4))}

    def of(parameter):
        return draw(matrices(parameter.domain, sizes))

    def map_of(parameter):
        return of(parameter.within(kind="diagonal") if units else parameter)

    turn = draw(matrices(s.Q.within(kind="orthogonal").domain, sizes))
    S = (turn * (1 + np.arange(layer.n))) @ turn.T
    return {
        "D": of(s.D),
        "X": of(s.X),
        "S": (S + S.T) / 2,
        "mu": layer.mu,
        "Sigma": layer.Sigma,
        "T": map_of(s.T),
        "offset": of(s.offset)[:, 0],
        "Q": map_of(s.Q),
        "eta": 0.5,
    }


def moved(values, preconditioned):
    """The outputs' move from the gradient [G g] by its function ``preconditioned``, in the
    transformed network, taken back."""
    T, Q, offset = values["T"], values["Q"], values["offset"]
    p = values["X"].shape[1]
    X = T @ values["X"] + offset[:, None]
    bar = np.vstack([X, np.ones(p)])
    D = np.linalg.solve(Q.T, values["D"])
    mu, Sigma = T @ values["mu"] + offset, T @ values["Sigma"] @ T.T
    moments = np.vstack(
        [
            np.column_stack([Sigma + np.outer(mu, mu), mu]),
            np.append(mu, 1.0),
        ]
    )
    S = np.linalg.solve(Q.T, np.linalg.solve(Q.T, values.get("S", np.eye(len(Q)))).T)
    step = preconditioned(D @ bar.T / p, S, moments)
    found = -values["eta"] * np.linalg.solve(Q, step @ bar)
    lost = np.linalg.cond(moments) * np.linalg.cond(Q) ** 2 * np.linalg.cond(S)
    return found, lost * (1 + abs(found).max()) * (1 + abs(bar).max()) ** 2


def kfac(slope, S, moments):
    return np.linalg.solve(S, slope) @ np.linalg.inv(moments)


def quasi_diagonal(slope, S, moments):
    """Each unit's metric reduced to an arrow, whose solution is that of its N + 1 equations with
    one weight and the bias: Ollivier's update."""
    mu, squares = moments[-1, :-1], np.diag(moments)[:-1]
    weights = (slope[:, :-1] - np.outer(slope[:, -1], mu)) / (squares - mu**2)
    biases = slope[:, -1] - weights @ mu
    return np.column_stack([weights, biases]) / np.diag(S)[:, None]


@about(preconditioning.layer_invariance)
@given(values=steps())
def test_kfac_takes_the_same_step_in_both(claim: Claim, values):
    found, lost = moved(values, kfac)
    assert rounded(np.reshape(claim(**values), found.shape), found, condition=lost)


@about(preconditioning.unit_invariance)
@given(values=steps(units=True))
def test_the_quasi_diagonal_method_takes_the_same_step_in_both(claim: Claim, values):
    found, lost = moved(values, quasi_diagonal)
    assert rounded(np.reshape(claim(**values), found.shape), found, condition=lost)


@about(*NATURAL)
@given(values=steps(units=True))
def test_the_maps_do_not_enter(claim: Claim, values):
    still = {"T": np.eye(len(values["T"])), "Q": np.eye(len(values["Q"]))}
    still["offset"] = np.zeros(len(values["T"]))
    assert np.all(claim(**values) == claim(**(values | still)))


@about(preconditioning.unit_invariance)
@given(values=steps(units=True))
def test_on_uncorrelated_units_both_methods_agree(claim: Claim, values):
    values["Sigma"] = np.diag(np.diag(values["Sigma"]))
    values["S"] = np.diag(np.diag(values["S"]))
    kron = preconditioning.layer_invariance
    assert rounded(claim(**values), kron(**values), condition=np.linalg.cond(values["Sigma"]))


@about(preconditioning.unit_invariance)
def test_maps_that_mix_units_are_seen_by_a_found_example(claim: Claim):
    def differs(values):
        found, _ = moved(values, quasi_diagonal)
        return (
            np.abs(found - np.reshape(claim(**values | unmapped(values)), found.shape)).max() > 0.1
        )

    found = example(steps(), differs)
    assert len(found["T"]) > 1 or len(found["Q"]) > 1


def unmapped(values):
    return {"T": np.eye(len(values["T"])), "Q": np.eye(len(values["Q"]))}


@about(preconditioning.plain_descent)
@given(values=steps())
def test_plain_descent_in_the_other_network(claim: Claim, values):
    found, lost = moved(values, lambda slope, S, moments: slope)
    values = {name: value for name, value in values.items() if name in claim.domain}
    assert rounded(np.reshape(claim(**values), found.shape), found, condition=lost)


@about(preconditioning.plain_descent)
@given(values=steps(), data=st.data())
def test_plain_descent_does_not_see_rotations(claim: Claim, values, data):
    values = {name: value for name, value in values.items() if name in claim.domain}
    sizes = {"N": len(values["T"]), "n": len(values["Q"])}
    turns = {
        "T": data.draw(matrices(s.turn.domain, sizes)),
        "Q": data.draw(matrices(s.Q.within(kind="orthogonal").domain, sizes)),
        "offset": np.zeros(sizes["N"]),
    }
    same = claim.twins["invariant, as in the old layer"]
    size = (1 + abs(values["X"]).max()) ** 2 * (1 + abs(values["D"]).max())
    assert rounded(claim(**(values | turns)), same(**(values | turns)), condition=size)


@about(preconditioning.plain_descent)
def test_but_it_sees_offsets_by_a_found_example(claim: Claim):
    same = claim.twins["invariant, as in the old layer"]

    def differs(values):
        kept = {name: value for name, value in values.items() if name in claim.domain}
        kept |= unmapped(values)
        return np.abs(np.subtract(claim(**kept), same(**kept))).max() > 0.1

    assert np.any(example(steps(), differs)["offset"])
