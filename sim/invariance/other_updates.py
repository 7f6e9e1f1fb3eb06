"""Other updates: random signs, and natural gradients of random scale-invariant losses."""

import numpy as np

from companion.scale import Scale
from sim.derivatives import complex_gradient
from sim.evidence import Evidence, Form, Rounded, Student, at
from sim.invariance.draws import Array, HomogeneousLoss, random_loss
from sim.table import simulates
from theory import invariance


@simulates(invariance.sign_growth, unit="descent")
def sign_growth(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """Squared lengths of weights after updates by fair signs."""
    checks: list[Evidence] = []
    for N, count, about in ((30, 10, 2.0), (8, 40, 0.6)):
        runs = scale.pick(200, 8000, 20000)
        rate, norm = rng.uniform(0.05, 0.2), about * rng.uniform(0.9, 1.1)
        W = rng.normal(size=(runs, N))
        W *= norm / np.linalg.norm(W, axis=1, keepdims=True)
        for _ in range(count):
            W -= rate * rng.choice([-1.0, 1.0], size=W.shape)
        squares = (W**2).sum(axis=1)
        values = {"N": N, "eta": rate, "norm": norm, "k": count}

        def implied(form: Form, values: dict = values) -> float:
            """The mean squared length that ``form`` implies, at which a step is long beside the
            weights."""
            return float(values["eta"] ** 2 * values["N"] / form(**values)["last turn"] ** 2)

        checks.append(Student(at("squared norm", **values), squares))
        checks.append(Student(implied, squares))
    return checks


def examples(rng: np.random.Generator, n: int, p: int) -> tuple[list[HomogeneousLoss], Array]:
    """Losses of p examples in the n weights they share, and a direction of these weights."""
    losses = [random_loss(rng, n) for _ in range(p)]
    return losses, losses[0].u


def gradients(losses: list[HomogeneousLoss], W: Array) -> Array:
    """The gradients of the losses, one example per column."""
    return np.array([complex_gradient(loss, W) for loss in losses]).T


@simulates(invariance.kfac_immunity, unit="set of losses")
def kfac_immunity(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """The shortest solution of F x = g at long and short weights, with F = DD'/p and g = D1/p.

    It also solves D'x = 1 as well as possible. There are more examples than weights, and fewer.
    """
    checks: list[Evidence] = []
    for n, p in ((4, 9), (6, 3), (2, 1)):
        losses, u = examples(rng, n, p)
        D = gradients(losses, u)
        for norm in (0.3, 4.0):
            there = gradients(losses, norm * u)
            solution, _, rank, singular = np.linalg.lstsq(there.T, np.ones(p), rcond=1e-10)
            condition = (singular[0] / singular[rank - 1]) ** 2
            size = float(n * condition * np.linalg.norm(solution) * losses[0].size)
            checks.append(Rounded(at(X=D, norm=norm), solution, size))
    return checks


@simulates(invariance.damped_kfac, unit="pair of losses")
def damped_kfac(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """The damped system of two examples, solved at weights of three lengths.

    The examples have the gradients a +- b with a and b orthogonal, so that a is an eigenvector of
    F.
    """
    checks: list[Evidence] = []
    for norm in (0.3, 1.5, 6.0):
        losses, u = examples(rng, 5, 2)
        across = np.linalg.qr(np.column_stack([u, rng.normal(size=(5, 2))]))[0][:, 1:]
        a, b = across[:, 0] * rng.uniform(0.5, 2), across[:, 1] * rng.uniform(0.5, 2)
        for loss, slope in zip(losses, (a + b, a - b), strict=True):
            loss.u, loss.slope = u, slope
        rate, damping = rng.uniform(0.1, 1), rng.uniform(0.05, 0.5)
        D = gradients(losses, norm * u)
        F, g = D @ D.T / 2, D.mean(axis=1)
        step = rate * np.linalg.solve(F + damping * np.eye(5), g)
        observed = np.linalg.norm(step) / norm / np.linalg.norm(a)
        values = at(eta=rate, norm=norm, lam=float(a @ a), damping=damping)
        condition = 1 + np.linalg.norm(F) / damping
        size = float(observed * condition * losses[0].size / np.linalg.norm(a))
        checks.append(Rounded(values, observed, size))
    return checks
