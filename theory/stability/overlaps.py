"""Chance: how much of a random vector lies in a subspace, and how far a random step gets."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import Link, because, chain
from theory.claim import Derivation, Step, claim
from theory.domain import Condition
from theory.functions.columns import inner
from theory.functions.frames import frame
from theory.functions.heads_of_chance import E, Prob, Var
from theory.laws import gaussian_column
from theory.laws_of_shares import Share
from theory.proofs import covers
from theory.proofs.rules import chance, incomplete, integrals
from theory.proofs.tactics import cited, equal
from theory.proofs.theorems.shares import law_of_a_share
from theory.proofs.unevaluated import derivative, value_at
from theory.stability.letters import SOURCE, P, dim, overlap

IN_ALL = Condition("the subspace is not the whole space: dim < P", dim < P)
UNIFORM = "the vector has no preferred direction: it is uniform on the sphere, or Gaussian"
x, total = sp.symbols("x s", positive=True)
#: A Gaussian vector v, orthonormal columns Q that span the subspace, and the share |Q'v|^2/|v|^2.
vector = sp.MatrixSymbol("v", P, 1)
Q = frame("Q", P, dim)
SHARE = inner(Q.T * vector, Q.T * vector) / inner(vector, vector)
share = sp.Symbol("share", positive=True)
LAW = Share(dim, P - dim)
LAWS = {vector: gaussian_column(sp.Identity(P)), share: LAW}
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
            "Turn the axes so that the subspace is spanned by the first dim of them. The "
            "direction of a Gaussian v has the same law. The squared lengths of v inside and "
            "outside are independent, chi^2 with dim and P - dim degrees of freedom.",
            cite("muirhead1982", "section 1.5"),
        ),
        equal(
            "Take the share 1/(1 + x) and the sum s, with the Jacobian s. The joint density "
            "over the densities of Beta(dim/2, (P - dim)/2) in the share and of chi^2 in s is "
            "1: the share has this Beta law.",
            sums / product,
            1,
        ),
    )


def by_law(of: sp.Expr) -> Link:
    """What depends on the law of the share alone is that of its law."""
    return because(
        "The share has the law Beta(dim/2, (P - dim)/2).",
        law_of_a_share(of, share, Q, vector, sp.Integer(1)),
        of,
    )


def as_integral(power: int) -> sp.Integral:
    """The mean of a power of the share, by its density."""
    return sp.Integral(share**power * LAW.density(share), (share, 0, 1))


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
    square, second = E(share**2), dim * (dim + 2) / (P * (P + 2))
    return Derivation(
        definition={"mean": E(SHARE), "variance": Var(SHARE)},
        closed_form={"mean": dim / P, "variance": variance},
        steps=(
            *law(),
            equal(
                "The density times x, over the density with two more dimensions inside, is the "
                "number dim/P. A density has the integral 1, so this number is the mean.",
                x * share_density(x, dim, P - dim) / share_density(x, dim + 2, P - dim),
                dim / P,
            ),
            equal(
                "In the same way the density times x^2 is a multiple of the density with four "
                "more dimensions inside. The factor is the second moment.",
                moment(2),
                dim * (dim + 2) / (P * (P + 2)),
            ),
            equal(
                "The second moment less the square of the mean is the variance.",
                dim * (dim + 2) / (P * (P + 2)) - (dim / P) ** 2,
                variance,
            ),
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
        chain=chain(
            outputs={
                "mean": (
                    by_law(E(share)),
                    because(
                        "The mean is an integral with the density.",
                        chance.density(),
                        as_integral(1),
                    ),
                    because("This integral is Euler's Beta function.", integrals.beta_function()),
                ),
                "variance": (
                    by_law(Var(share)),
                    because(
                        "The variance is the mean square less the squared mean.",
                        chance.expectation(),
                        square - E(share) ** 2,
                    ),
                    because(
                        "The mean square is an integral with the density.",
                        integrals.replaced(part=square, is_=as_integral(2), by=chance.density()),
                        as_integral(2) - E(share) ** 2,
                    ),
                    because(
                        "This integral is Euler's Beta function.",
                        integrals.beta_function(),
                        second - E(share) ** 2,
                    ),
                    because(
                        "The mean is such an integral too.",
                        integrals.replaced(part=E(share), is_=as_integral(1), by=chance.density()),
                        second - as_integral(1) ** 2,
                    ),
                    because(
                        "This integral is Euler's Beta function as well.", integrals.beta_function()
                    ),
                ),
            },
            laws=LAWS,
            covers=(covers.fewer(dim, P),),
        ),
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

    closed, outside = tail(dim / 2, (P - dim) / 2), sp.Symbol("y", positive=True)
    return Derivation(
        definition=Prob(overlap < SHARE),
        closed_form=closed,
        steps=(
            *law(),
            equal(
                "The share outside is y = 1 - 1/(1 + x), where the share inside is 1/(1 + x). "
                "It has the law with dim and P - dim exchanged: this density at y is the "
                "density of the share inside.",
                value_at(share_density(outside, P - dim, dim), {outside: 1 - below}),
                share_density(below, dim, P - dim),
            ),
            equal(
                "The share inside exceeds overlap where the share outside is below 1 - overlap. "
                "The stated function is zero at overlap = 1, and its derivative in overlap is "
                "minus the density of the share inside, so it is this probability.",
                derivative(closed, overlap) / share_density(1 - overlap, P - dim, dim),
                -1,
            ),
        ),
        twins={
            "dimensions not halved": tail(dim, P - dim),
            "one dimension too few": tail((dim + 1) / 2, (P - dim - 1) / 2),
            "Poisson's law, P overlap/2 for two dimensions": sp.exp(-P * overlap / 2),
        },
        chain=chain(
            by_law(Prob(share > overlap)),
            because(
                "The probability is the integral of the density.",
                chance.probability(),
                sp.Integral(LAW.density(share), (share, overlap, 1)),
            ),
            because(
                "The share outside is 1 less the share inside.",
                incomplete.mirrored(about=sp.Integer(1)),
                sp.Integral(LAW.density(1 - share), (share, 0, 1 - overlap)),
            ),
            because("This is the incomplete beta function.", incomplete.incomplete_beta()),
            laws=LAWS,
            covers=(covers.fewer(dim, P),),
        ),
    )
