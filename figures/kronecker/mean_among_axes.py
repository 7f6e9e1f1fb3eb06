"""A mean of length 2 is turned from the weakest axis of the inputs' covariance (variance 1/4) to
the strongest axis (variance 4). Left: points are the largest eigenvalue of A = Sigma + mu mu', from
examples of exactly that mean and covariance. The band reaches from |mu|^2 + mu'Sigma mu/|mu|^2 to
|mu|^2 + lambda_max(Sigma). The dashed line is the printed |mu|^2 + 1, which needs Sigma = I. Right:
the part of A mu that is orthogonal to mu is drawn. It equals the orthogonal part of Sigma mu. The
printed statement that mu is an eigenvector holds on the two axes only."""

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.kronecker.draws import examples
from theory import kronecker

SOURCE = cite("grosse2021", "nu = |m|^2 + 1")
SHOWS = (kronecker.top_eigenvalue, kronecker.mean_direction)

SIGMA, LENGTH = np.diag([0.25, 4.0]), 2.0


def at_angle(degrees: float) -> np.ndarray:
    """The mean at an angle of ``degrees`` from the weak axis."""
    angle = np.radians(degrees)
    return LENGTH * np.array([np.cos(angle), np.sin(angle)])


def data(scale: Scale) -> dict:
    """Second moments of examples, with the mean at several angles."""
    rng = np.random.default_rng(0)
    angles = np.arange(0.0, 91, 10)
    tops, rests = [], []
    for angle in angles:
        mu = at_angle(float(angle))
        X = examples(rng, mu, SIGMA)
        A = X @ X.T / X.shape[1]
        tops.append(np.linalg.eigvalsh(A)[-1])
        rests.append(np.linalg.norm(A @ mu - mu * (mu @ A @ mu) / (mu @ mu)))
    return {
        "angles": angles,
        "tops": tops,
        "rests": rests,
        "note": "mean and covariance of the examples exact",
    }


def draw(fig: Figure, data: dict) -> None:
    """Draw the eigenvalue with its bounds, and the part of A mu beside the mean."""
    fig.set_size_inches(6.2, 2.8)
    left, right = fig.subplots(1, 2)
    fine = np.linspace(0, 90, 91)
    means = [at_angle(angle) for angle in fine]
    bounds = [kronecker.top_eigenvalue(Sigma=SIGMA, mu=mu) for mu in means]
    lower, upper = ([bound[side] for bound in bounds] for side in ("lower", "upper"))
    marks.band(left, fine, lower, upper)
    marks.theory(left, fine, lower)
    marks.theory(left, fine, upper)
    printed = kronecker.top_eigenvalue.twins["printed: |mu|^2 + 1"]
    marks.printed(left, fine, [printed(Sigma=SIGMA, mu=mu)["lower"] for mu in means])
    marks.measured(left, data["angles"], data["tops"])
    marks.label(left, (3, 8.35), r"$|\mu|^2 + \lambda_{max}(\Sigma)$", marks.THEORY)
    marks.label(left, (50, 5.6), "lower bound", marks.THEORY)
    marks.label(left, (60, 4.6), "printed", marks.PRINTED)
    left.set(xlabel=r"angle of $\mu$ from the weak axis, degrees", xticks=(0, 30, 60, 90))
    left.set(ylabel="largest eigenvalue of $A$", ylim=(3.8, 8.8))

    rest = [np.linalg.norm(kronecker.mean_direction(Sigma=SIGMA, mu=mu)) for mu in means]
    marks.theory(right, fine, rest)
    marks.measured(right, data["angles"], data["rests"])
    always = kronecker.mean_direction.twins["printed: always an eigenvector"]
    marks.printed(right, fine, [np.linalg.norm(always(Sigma=SIGMA, mu=mu)) for mu in means])
    marks.label(right, (30, 0.35), "printed: an eigenvector", marks.PRINTED)
    right.set(xlabel=r"angle of $\mu$ from the weak axis, degrees", xticks=(0, 30, 60, 90))
    right.set(ylabel=r"part of $A\mu$ orthogonal to $\mu$", ylim=(-0.2, None))
