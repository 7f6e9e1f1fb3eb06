"""The condition number of a layer is drawn against the length of its inputs' mean, for inputs of
covariance I. Points are examples of exactly that mean. Without a bias the line is nu = |mu|^2 + 1.
With a bias the line is the square of the larger eigenvalue, inside the band from nu^2 to (nu +
1)^2. A bias does not centre the inputs. It squares the condition number, which then grows as
|mu|^4. The dashed line is the hypothesis, which has nu in both cases. It holds without a bias."""

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.kronecker.draws import examples
from theory import kronecker

SOURCE = cite("grosse2021", "ICS Conditioning Hypothesis")
SHOWS = (kronecker.bias_condition, kronecker.bias, kronecker.uncentred)

N = 6
LENGTHS = np.geomspace(0.1, 30, 11)


def condition(X: np.ndarray) -> float:
    """The condition number of XX'."""
    return float(np.linalg.cond(X) ** 2)


def data(scale: Scale) -> dict:
    """Condition numbers of examples with a constant input, and of examples without it."""
    rng = np.random.default_rng(0)
    plain, biased = [], []
    for length in LENGTHS:
        mu = rng.normal(size=N)
        X = examples(rng, length * mu / np.linalg.norm(mu))
        plain.append(condition(X))
        biased.append(condition(np.vstack([X, np.ones(X.shape[1])])))
    return {
        "plain": plain,
        "biased": biased,
        "note": f"{N} inputs, mean and covariance of the examples exact",
    }


def draw(fig: Figure, data: dict) -> None:
    """Draw the curve without a bias, and the curve with a bias, which is nearly its square."""
    ax = fig.subplots()
    fine = np.geomspace(0.08, 40, 200)
    means = [np.array([length, 0.0]) for length in fine]
    ends = [kronecker.bias(mu=mu) for mu in means]
    bounds = [kronecker.bias_condition(mu=mu) for mu in means]
    nu = [kronecker.uncentred(mu=mu, S=[[1.0]])[-1] for mu in means]
    marks.band(ax, fine, [b["lower"] for b in bounds], [b["upper"] for b in bounds])
    marks.theory(ax, fine, [each["largest"] / each["smallest"] for each in ends])
    marks.theory(ax, fine, nu, marks.SECOND)
    printed = [kronecker.bias_condition.twins["printed: nu"](mu=mu)["lower"] for mu in means]
    marks.printed(ax, fine, printed)
    marks.measured(ax, LENGTHS, data["biased"], colour=marks.THEORY)
    marks.measured(ax, LENGTHS, data["plain"], colour=marks.SECOND, fmt="s")
    marks.label(
        ax, (2.6, 900), r"with a bias, $\lambda_+^2 \sim |\mu|^4$", marks.THEORY, ha="right"
    )
    marks.label(ax, (9, 30), r"without, $\nu = |\mu|^2 + 1$", marks.SECOND)
    marks.label(ax, (9, 12), "the hypothesis, for both", marks.PRINTED)
    ax.set(xscale="log", yscale="log", ylabel=r"condition number $\kappa$")
    ax.set(xlabel=r"length of the mean, $|\mu|$", xticks=(0.1, 1, 10))
    marks.plain_ticks(ax.xaxis)
