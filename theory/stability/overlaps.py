"""Chance: how much of a random vector lies in a subspace, and how far a random step gets."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.claim import Derivation, Step, claim
from theory.domain import Condition
from theory.proofs.tactics import cited, equal
from theory.stability.letters import SOURCE, E, P, Prob, Var, dim, lim, overlap

IN_ALL = Condition("the subspace is not the whole space: dim < P", dim < P)
UNIFORM = "the vector has no preferred direction: it is uniform on the sphere, or Gaussian"
x, total = sp.symbols("x s", positive=True)
share = sp.Symbol("|Pi v|^2/|v|^2", real=True)
below = 1 / (1 + x)  # any number between 0 and 1, so that signs are seen


def chi_squared(at: sp.Expr, degrees: sp.Expr) -> sp.Expr:
    """The density of chi^2."""
    half = degrees / 2
    return at ** (half - 1) * sp.exp(-at / 2) / (2**half * sp.gamma(half))


def share_density(at: sp.Expr, inside: sp.Expr, outside: sp.Expr) -> sp.Expr:
    """The density of Beta(inside/2, outside/2)."""
    first, second = inside / 2, outside / 2
    scale = sp.gamma(first + second) / (sp.gamma(first) * sp.gamma(second))
    return scale * at ** (first - 1) * (1 - at) ** (second - 1)


def law() -> tuple[Step, ...]:
    """Why the share is Beta distributed: dim and ``rest`` are the two numbers of dimensions."""
    rest = sp.Symbol("rest", integer=True, positive=True)
    sums = chi_squared(total * below, dim) * chi_squared(total * (1 - below), rest) * total
    product = share_density(below, dim, rest) * chi_squared(total, dim + rest)
    return (
        cited(
            "Turn the axes so that the subspace is spanned by the first dim of them; a Gaussian v "
            "has the same law. Its squared lengths inside and outside are chi^2 with dim and "
            "P - dim degrees, independent.",
            cite("muirhead1982", "section 1.5"),
        ),
        equal(
            "Their joint density, in the share x and the sum s with Jacobian s, is the product "
            "of the density of Beta(dim/2, (P - dim)/2) in x and of chi^2 in s.",
            sums / product,
            1,
        ),
    )


@claim(
    "identity",
    (s.P.within(low=2), s.dim),
    (cite(SOURCE, "a random vector of the same dimension"), cite("muirhead1982", "section 1.5")),
    (IN_ALL, UNIFORM),
)
def random_overlap() -> Derivation:
    """The squared overlap of a random unit vector of P entries with a subspace of dim dimensions
    has mean dim/P and variance 2 dim (P - dim)/(P^2 (P + 2)). Its distribution is Beta(dim/2, (P -
    dim)/2)."""
    first, whole = dim / 2, P / 2

    def moment(order: int) -> sp.Expr:
        """From the density: the integral of x^order is one of the same form."""
        return sp.gamma(first + order) * sp.gamma(whole) / sp.gamma(first) / sp.gamma(whole + order)

    variance = 2 * dim * (P - dim) / (P**2 * (P + 2))
    return Derivation(
        definition={"mean": E(share), "variance": Var(share)},
        closed_form={"mean": dim / P, "variance": variance},
        steps=(
            *law(),
            equal(
                "Times x the density is again one, with two more dimensions inside, but for a "
                "factor, which is the mean:",
                x * share_density(x, dim, P - dim) / share_density(x, dim + 2, P - dim),
                dim / P,
            ),
            equal(
                "the same again gives the second moment,",
                moment(2),
                dim * (dim + 2) / (P * (P + 2)),
            ),
            equal("and the variance.", dim * (dim + 2) / (P * (P + 2)) - (dim / P) ** 2, variance),
        ),
        twins={
            "the length not fixed": {"mean": dim / P, "variance": 2 * dim / P**2},
            "the root of the mean square, not squared": {
                "mean": sp.sqrt(dim / P),
                "variance": variance,
            },
            "dimensions not halved": {
                "mean": dim / P,
                "variance": dim * (P - dim) / (P**2 * (P + 1)),
            },
        },
    )


@claim(
    "identity",
    (s.P.within(low=2), s.dim, s.overlap),
    (cite(SOURCE, "a norm squared component of less than 10^-5"), cite("dlmf", "section 8.17")),
    (IN_ALL, UNIFORM),
)
def overlap_tail() -> Derivation:
    """A random unit vector of P entries has more than ``overlap`` of its squared length in a
    subspace of dim dimensions with probability I_(1-overlap)((P - dim)/2, dim/2), where I is the
    regularised incomplete beta function. With 4 million entries it has more than 10^-5 in 10
    dimensions with probability 1.7 10^-5."""

    def tail(inside: sp.Expr, outside: sp.Expr) -> sp.Expr:
        return sp.betainc_regularized(outside, inside, 0, 1 - overlap)

    closed = tail(dim / 2, (P - dim) / 2)
    return Derivation(
        definition=Prob(sp.Gt(share, overlap)),
        closed_form=closed,
        steps=(
            *law(),
            equal(
                "The share outside, 1 - x, has the same law with dim and P - dim exchanged, ...",
                share_density(1 - below, P - dim, dim),
                share_density(below, dim, P - dim),
            ),
            equal(
                "... and is below 1 - overlap with the stated probability: the incomplete beta "
                "function is zero at 0 and rises by that density.",
                sp.diff(closed, overlap) / share_density(1 - overlap, P - dim, dim),
                -1,
            ),
        ),
        twins={
            "dimensions not halved": tail(dim, P - dim),
            "one dimension too few": tail((dim + 1) / 2, (P - dim - 1) / 2),
            "Poisson's law, P overlap/2 for two dimensions": sp.exp(-P * overlap / 2),
        },
    )


@claim(
    "limit",
    (s.P.within(low=2),),
    (cite(SOURCE, "perturbing parameters by a random vector of 1% length"),),
    (UNIFORM, "steps so short that the output is linear along them; its gradient is not zero"),
)
def perturbation_gain() -> Derivation:
    """A short step along the gradient of an output moves the output sqrt(P) times as far as a
    random step of the same length does, root mean square. This is 2000 times for P = 4 million
    parameters."""
    g, v = sp.MatrixSymbol("g", P, 1), sp.MatrixSymbol("v", P, 1)
    one_step = sp.Symbol("|g|", positive=True)
    axis = sp.Symbol("j", integer=True, positive=True)
    return Derivation(
        definition=lim(
            sp.Symbol("step along the gradient") / sp.sqrt(E(sp.Symbol("random step") ** 2))
        ),
        closed_form=sp.sqrt(P),
        steps=(
            equal(
                "On average vv' is I/P for a random unit vector v: it is a multiple of I, as no "
                "axis is preferred, of trace 1.",
                sp.Sum(1 / P, (axis, 1, P)),
                1,
            ),
            equal(
                "So the mean of (g'v)^2 is |g|^2/P.",
                g.T * v * v.T * g,
                g.T * g / P,
                {v * v.T: sp.Identity(P) / P},
            ),
            equal(
                "Along g/|g| the output moves by |g|, which is root P times the root mean square "
                "of g'v.",
                one_step / sp.sqrt(one_step**2 / P),
                sp.sqrt(P),
            ),
            equal(
                "No direction does better: the difference |g|^2 - (g'v)^2 is a squared length.",
                g.T * g - g.T * v * v.T * g,
                (g - v * v.T * g).T * (g - v * v.T * g),
                {v.T * v: sp.Identity(1)},
            ),
        ),
        twins={
            "P": P,
            "over the mean |step|, not the root mean square": sp.sqrt(sp.pi * P / 2),
            "the gain of one direction, 1": sp.Integer(1),
        },
    )
