"""Some eigenvalues of R are exactly zero. Left: their number is drawn for 12 inputs against the
number of examples. Lines are N - p as long as it is positive, and one more after the sample means
are subtracted. Points are ranks of random data, raw (dots) and centred (squares). Right: the share
of zero eigenvalues for many inputs is the atom 1 - alpha. Points are random data."""

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.ensembles import gaussian
from theory import spectra

SOURCE = cite("whybatchnorm", "a total of (N-p) eigenvalues will be zero")
SHOWS = (spectra.null_count, spectra.atom)

N = 12
MANY = 300
ALPHAS = np.array([0.1, 0.25, 0.5, 0.75, 0.9, 1.0, 1.25, 1.5])


def data(scale: Scale) -> dict:
    """Zeros from the ranks of small data matrices, and shares of zeros among eigenvalues of large
    matrices."""
    rng = np.random.default_rng(0)
    examples = np.arange(1, 19)
    raw, centred = [], []
    for p in examples:
        X = rng.normal(1.0, 1.0, size=(N, p))
        raw.append(N - np.linalg.matrix_rank(X))
        centred.append(N - np.linalg.matrix_rank(X - X.mean(axis=1, keepdims=True)))
    spectra_drawn = [gaussian(rng, MANY, round(a * MANY)).eigenvalues() for a in ALPHAS]
    return {
        "examples": examples,
        "raw": np.array(raw),
        "centred": np.array(centred),
        "shares": np.array([np.mean(each < 1e-12 * each[-1]) for each in spectra_drawn]),
        "note": f"Gaussian inputs; left mean 1, N = {N}; right mean 0, N = {MANY}",
    }


def draw(fig: Figure, data: dict) -> None:
    """Draw the count against p, and the share against alpha."""
    fig.set_size_inches(5.6, 2.7)
    left, right = fig.subplots(1, 2)
    examples = data["examples"]
    counts = spectra.null_count(N=N, p=examples)
    for name, colour, fmt in (("raw", marks.THEORY, "o"), ("centred", marks.SECOND, "s")):
        marks.theory(left, examples, counts[name], colour, lw=1)
        marks.measured(left, examples, data[name], colour=colour, fmt=fmt)
    marks.label(left, (2.5, 7.4), "raw", marks.THEORY, ha="right")
    marks.label(left, (6.2, 8), "centred", marks.SECOND)
    left.set(xlabel="number of examples $p$", ylabel="zero eigenvalues")
    left.set(xticks=(1, 6, 12, 18), yticks=(0, 4, 8, 12))
    left.set_title(f"$N = {N}$ inputs", weight="normal")

    fine = np.linspace(0.01, 1.6, 200)
    marks.theory(right, fine, spectra.atom(alpha=fine))
    marks.measured(right, ALPHAS, data["shares"])
    right.set(xlabel=r"examples per input, $\alpha = p/N$", ylabel="share of zero eigenvalues")
    right.set(ylim=(-0.03, 1.03), xlim=(0, 1.65))
    right.set_title("many inputs", weight="normal")
