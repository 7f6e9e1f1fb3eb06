"""Descent on the weights of a layer is compared with K-FAC, in a deep linear net whose inputs have
a mean of length 3. Squares are plain steps at the best fixed rate. The mean's eigenvalues keep the
rate small, so that descent is slow in all other directions. The blue line is theory: every mode
decays on its own, with an eigenvalue nu lambda_i or lambda_i. Dots are steps of K-FAC, which needs
two small inverses. A (x) S is the Hessian here, so that half a step halves the distance for any
mean."""

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.kronecker.draws import examples
from theory import kronecker, quadratic

SOURCE = cite("grosse2021", "K-FAC approximation")
SHOWS = (kronecker.inverse_product, kronecker.deep_linear, quadratic.decay)

N, WIDTH, LENGTH, STEPS = 6, 3, 3.0, 30


def data(scale: Scale) -> dict:
    """Two descents whose gradients are summed example by example."""
    rng = np.random.default_rng(0)
    mu = rng.normal(size=N)
    mu *= LENGTH / np.linalg.norm(mu)
    X, J = examples(rng, mu), np.linalg.qr(rng.normal(size=(WIDTH, WIDTH)))[0]
    J = np.diag([1.0, 0.8, 0.6]) @ J
    A, S = X @ X.T / X.shape[1], J.T @ J
    start = rng.normal(size=(WIDTH, N))
    rate = quadratic.optimal_rate(R=np.kron(A, S))["rate"]
    losses: dict[str, list[float]] = {"plain": [], "kfac": []}
    for name, path in losses.items():
        D = start
        for _ in range(STEPS + 1):
            path.append(float(np.sum((J @ D @ X) ** 2) / (2 * X.shape[1])))
            slope = J.T @ (J @ D @ X) @ X.T / X.shape[1]
            if name == "plain":
                D = D - rate * slope
            else:
                step = kronecker.inverse_product(A=A, S=S, Delta=slope)
                D = D - step.reshape(N, WIDTH).T / 2
    return {
        **losses,
        "X": X,
        "J": J,
        "mu": mu,
        "start": start,
        "rate": rate,
        "note": f"{N} inputs of covariance I, {WIDTH} outputs",
    }


def draw(fig: Figure, data: dict) -> None:
    """Draw losses against steps."""
    ax = fig.subplots()
    steps = np.arange(STEPS + 1)
    hessian = kronecker.deep_linear(X=data["X"], J=data["J"])
    values, vectors = np.linalg.eigh(hessian)
    first = vectors.T @ data["start"].ravel(order="F")
    # kronecker.uncentred has the eigenvalues in closed form
    values = kronecker.uncentred(mu=data["mu"], S=data["J"].T @ data["J"])
    each = values[:, None]
    decay = quadratic.decay(lam=each, eta=data["rate"], k=steps)
    marks.theory(ax, steps, (each * (decay * first[:, None]) ** 2).sum(axis=0) / 2)
    marks.measured(ax, steps, data["plain"], fmt="s")
    halves = data["kfac"][0] * quadratic.decay(lam=1.0, eta=0.5, k=steps) ** 2
    marks.theory(ax, steps, halves, marks.SECOND)
    marks.measured(ax, steps, data["kfac"], colour=marks.SECOND)
    marks.label(ax, (16, 2.5), "plain, best rate", marks.THEORY)
    marks.label(ax, (11.5, 3e-5), "K-FAC, half steps", marks.SECOND)
    ax.set(yscale="log", xlabel="step $k$", ylabel="excess loss", ylim=(1e-9, None))
    ax.set(xlim=(-0.7, STEPS + 0.7))
