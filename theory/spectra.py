"""The spectrum of R = XX'/p for inputs drawn at random: mean m, variance v, alpha = p/N.

X is N x p, one example a column. First the bulk (Marchenko and Pastur), then the eigenvalue that a
mean pushes out of it, last descent and energies on such a spectrum.

The proofs are for Gaussian inputs, where reflections leave a tridiagonal matrix with independent
entries; that other laws have the same limits is cited.
"""

import sympy as sp
from sympy.matrices.expressions.special import OneMatrix

from companion.references import cite
from theory import symbols as s
from theory.claim import Derivation, Step, claim
from theory.functions import scaled_bessel
from theory.matrices import largest, second_largest, smallest, smallest_positive
from theory.proof import cited, equal, nonnegative, positive

SEED = "whybatchnorm"
N, p = s.N.symbol, s.p.symbol
alpha, m, v, lam = s.alpha.symbol, s.m.symbol, s.v.symbol, s.lam.symbol
eta, k, t, start = s.eta.symbol, s.k.symbol, s.t.symbol, s.start.symbol
R, X, u = s.R.symbol, s.X.symbol, s.u.symbol

ABOVE_ONE = s.alpha.within(low=1, typical=(1.25, 10))
ORDER = s.k.within(low=1, typical=(1, 8))
TWO_OR_MORE = s.N.within(low=2)

#: The bulk: its ends, the centre and the radius of its semicircle, its density, the atom at zero.
LOWER = v * (1 - sp.sqrt(alpha)) ** 2 / alpha
UPPER = v * (1 + sp.sqrt(alpha)) ** 2 / alpha
CENTRE = v * (1 + 1 / alpha)
RADIUS = 2 * v / sp.sqrt(alpha)
UNDER_ROOT = (UPPER - lam) * (lam - LOWER)
INSIDE = alpha * sp.sqrt(UNDER_ROOT) / (2 * sp.pi * v * lam)
IN_BULK = sp.And(lam > LOWER, lam < UPPER)
DENSITY = sp.Piecewise((INSIDE, IN_BULK), (0, True))
ATOM = sp.Max(0, 1 - alpha)

#: N m^2 and where it pushes the largest eigenvalue.
PUSH = N * m**2
OUT = (v + PUSH) * (v / alpha + PUSH) / PUSH

#: R with infinitely many examples, R of data, and their covariance.
POPULATION = v * sp.Identity(N) + m**2 * OneMatrix(N, N)
DATA_R = X * X.T / p
CENTRED_X = X - X * OneMatrix(p, p) / p
COVARIANCE = CENTRED_X * CENTRED_X.T / p

# Heads of definitions: an expectation, a variance, a rank, an infimum
E, Var, rank, inf = (sp.Function(name) for name in ("E", "Var", "rank", "inf"))

# Letters of the derivations
x = sp.Symbol("x", positive=True)  # row over N, or an argument
y, z = sp.symbols("y z", positive=True)
normal = sp.Symbol("z", real=True)  # a standard normal number
phi = sp.Symbol("phi", real=True)  # lam = centre + radius cos phi
j = sp.Symbol("j", integer=True, nonnegative=True)
one = sp.MatrixSymbol("1", N, 1)  # the vector of ones
ones = sp.MatrixSymbol("1_p", p, 1)  # the same for the examples
COUNT = {one.T * one: N * sp.Identity(1), ones.T * ones: p * sp.Identity(1)}

INDEPENDENT = "independent inputs of variance v and finite fourth moment"
CENTRED = "inputs of mean zero"
BIASED = "independent inputs of mean m, variance v and finite fourth moment"
UNCORRELATED = "uncorrelated inputs, each of mean m and variance v"
MANY = "p to infinity at fixed N"
LARGE = "N, p to infinity at fixed alpha = p/N"
LARGE_PUSHED = "N, p to infinity at fixed alpha = p/N and N m^2"
ANYWHERE = "a start in a random direction, E|W - W*|^2 = start^2"

#: Mean of the Tracy-Widom law of real data (bornemann2010).
TRACY_WIDOM_MEAN = sp.Float("-1.20653357458209", 15)


def limit_of(expectation: sp.Expr) -> sp.Limit:
    """The limit of ``expectation`` for N to infinity at fixed alpha."""
    return sp.Limit(expectation, N, sp.oo)


def over_bulk(function: sp.Expr) -> sp.Integral:
    """The integral of ``function`` of lam against the bulk's density."""
    return sp.Integral(function * INSIDE, (lam, LOWER, UPPER))


def first_order(function: sp.Expr) -> sp.Expr:
    """The 1/N term of E sum_i function(lam_i)/N for Gaussian data (baisilverstein2004):
    [(f(lambda-) + f(lambda+))/4 - (1/2 pi) integral of f(centre + radius cos phi), 0..pi]/N."""
    ends = (function.subs(lam, LOWER) + function.subs(lam, UPPER)) / 4
    along = function.subs(lam, CENTRE + RADIUS * sp.cos(phi))
    return (ends - sp.Integral(along, (phi, 0, sp.pi)) / (2 * sp.pi)) / N


def finite_edge(sign: int, examples: sp.Expr = alpha * N) -> sp.Expr:
    """The mean of the largest (+1) or smallest (-1) eigenvalue of ``examples`` Gaussian examples
    at finite N, up to a share N^(-2/3) of its fluctuation (ma2012)."""
    half = sp.Rational(1, 2)
    long, short = sp.sqrt(sp.Max(examples, N) - half), sp.sqrt(sp.Min(examples, N) - half)
    middle = (long + sign * short) ** 2
    width = (long + sign * short) * (1 / short + sign / long) ** sp.Rational(1, 3)
    return v * (middle + sign * TRACY_WIDOM_MEAN * width) / (alpha * N)


def mean_over_normal(function: sp.Expr) -> sp.Integral:
    """The mean of ``function`` of z over a standard normal z."""
    weight = sp.exp(-(normal**2) / 2) / sp.sqrt(2 * sp.pi)
    return sp.Integral(function * weight, (normal, -sp.oo, sp.oo))


# Steps that several claims share


def model() -> Step:
    """The bidiagonal matrix from which everything about Gaussian data is read."""
    return cited(
        "Reflections of inputs and of examples turn Gaussian data X/sqrt v into a lower bidiagonal "
        "B of independent entries: chi_p, chi_(p-1), ... on the diagonal, chi_(N-1), chi_(N-2), "
        "... below it. R and v BB'/p have the same eigenvalues.",
        cite("dumitriuedelman2002", "theorem 3.1"),
    )


def rows() -> Step:
    """The entries of the tridiagonal matrix v BB'/p in the limit."""
    degrees = sp.Symbol("n", positive=True)
    return equal(
        "A chi^2 of n degrees has mean n and variance 2n, so relative to its mean it does not "
        "fluctuate: row x N of v BB'/p has a = v(alpha - x + 1 - x)/alpha on the diagonal and "
        "b = v sqrt((alpha - x)(1 - x))/alpha beside it.",
        sp.Limit(2 * degrees / degrees**2, degrees, sp.oo),
        0,
    )


def row_centre() -> sp.Expr:
    """The diagonal of row x N, a."""
    return v * (alpha - x + 1 - x) / alpha


def row_radius() -> sp.Expr:
    """Twice the entry beside it, 2b."""
    return 2 * v * sp.sqrt((alpha - x) * (1 - x)) / alpha


def fills(words: str = "The eigenvalues of R fill the density of spectra.density.") -> Step:
    """The theorem that turns means over eigenvalues into integrals."""
    return cited(words, cite("marchenkopastur1967", "theorem 1"))


def catalan(n: sp.Expr) -> sp.Expr:
    """The n-th Catalan number, C(2n, n)/(n + 1)."""
    return sp.binomial(2 * n, n) / (n + 1)


def circle() -> tuple[Step, ...]:
    """The bulk's integrals: lam = c + r cos phi makes them powers of a cosine."""
    cosine, sine = sp.cos(phi), sp.sin(phi)
    return (
        equal(
            "Put lam = c + r cos phi with c = v(1 + 1/alpha), r = 2v/sqrt alpha: the root in the "
            "density becomes r sin phi ...",
            UNDER_ROOT.subs(lam, CENTRE + RADIUS * cosine),
            (RADIUS * sine) ** 2,
        ),
        equal(
            "... so that lam rho(lam) dlam = v (2/pi) sin^2(phi) dphi, phi from 0 to pi.",
            alpha / (2 * sp.pi * v) * RADIUS**2,
            v * 2 / sp.pi,
        ),
        equal(
            "Let a_j be the mean of cos^(2j) under (2/pi) sin^2; odd powers have mean zero. The "
            "integral of this derivative over 0..pi is zero: (2j + 4) a_(j+1) = (2j + 1) a_j ...",
            sp.diff(cosine ** (2 * j + 1) * sine**3, phi),
            ((2 * j + 4) * cosine ** (2 * j + 2) - (2 * j + 1) * cosine ** (2 * j)) * sine**2,
        ),
        equal(
            "... with a_0 = 1 ...", sp.Integral(2 / sp.pi * sine**2, (phi, 0, sp.pi)), sp.Integer(1)
        ),
        equal(
            "... which is solved by a_j = Cat_j/4^j.",
            catalan(j + 1) / catalan(j) / 4,
            (2 * j + 1) / (2 * j + 4),
        ),
    )


def population_steps() -> tuple[Step, ...]:
    """Eigenvectors and eigenvalues of v I + m^2 11'."""
    noise, other = sp.MatrixSymbol("z", N, 1), sp.MatrixSymbol("w", N, 1)
    zero, matrix = sp.ZeroMatrix(N, 1), v * sp.Identity(N) + m**2 * one * one.T
    example = m * one + noise
    return (
        equal(
            "An example is m 1 + z; on average zz' is v I and z is 0, so R is v I + m^2 11'.",
            example * example.T,
            matrix,
            {noise * noise.T: v * sp.Identity(N), noise: zero, noise.T: zero.T},
        ),
        equal("1 is an eigenvector, for 1'1 = N.", matrix * one, (N * m**2 + v) * one, COUNT),
        equal(
            "So is every w with 1'w = 0, which are N - 1 dimensions.",
            matrix * other,
            v * other,
            {one.T * other: sp.ZeroMatrix(1, 1)},
        ),
        nonnegative("The first eigenvalue is the largest.", N * m**2 + v - v),
    )


def bound_state() -> tuple[Step, ...]:
    """The eigenvector that a mean binds to the first row of the tridiagonal matrix."""
    tau = sp.Symbol("tau", positive=True)
    ratio, root = 1 / (sp.sqrt(alpha) * tau), sp.sqrt(1 + tau)
    beside, middle, off = root / sp.sqrt(alpha), 1 + 1 / alpha, 1 / sp.sqrt(alpha)
    value = (1 + tau) * (1 / alpha + tau) / tau
    return (
        equal(
            "Rotations that take 1/sqrt N and 1/sqrt p to the first input and the first example "
            "turn the mean m 11' into one entry, m sqrt(N p).",
            one.T * (m * one * ones.T) * ones / sp.sqrt(N * p),
            m * sp.sqrt(N * p) * sp.Identity(1),
            COUNT,
        ),
        model(),
        equal(
            "The mean makes the first chi^2 non-central; over p it is 1 + tau, tau = N m^2/v. In "
            "units of v the first row is 1 + tau, sqrt((1 + tau)/alpha); near it all others have "
            "1 + 1/alpha on the diagonal and 1/sqrt alpha beside it.",
            (p + (m * sp.sqrt(N * p)) ** 2 / v) / p,
            1 + N * m**2 / v,
        ),
        equal(
            "The vector 1, sqrt(1 + tau) r, sqrt(1 + tau) r^2, ... with r = 1/(sqrt(alpha) tau) is "
            "an eigenvector of eigenvalue (1 + tau)(1/alpha + tau)/tau: the first row,",
            1 + tau + beside * root * ratio,
            value,
        ),
        equal(
            "the second,",
            beside + middle * root * ratio + off * root * ratio**2,
            value * root * ratio,
        ),
        equal("and all others.", off + middle * ratio + off * ratio**2, value * ratio),
        positive(
            "Above the threshold, tau = (1 + y)/sqrt alpha with y > 0, it falls off: r < 1.",
            1 - ratio.subs(tau, (1 + y) / sp.sqrt(alpha)),
        ),
        cited(
            "Where an approximate eigenvector has residual d there is an eigenvalue within d of "
            "its value. Cut off after log N rows, whose entries converge, the vector has d -> 0.",
            cite("hornjohnson2013", "section 6.3"),
        ),
    )


def mean_of_start() -> Step:
    """A random start makes the excess loss a mean over eigenvalues."""
    A, d = sp.MatrixSymbol("A", N, N), sp.MatrixSymbol("d", N, 1)
    return equal(
        "Rate and time make d = W - W* into f(R)d with f(lam) = (1 - eta lam)^k or exp(-lam t). On "
        "average dd' is start^2 I/N: the excess loss d'Ad/2, A = R f(R)^2, is start^2/2 times the "
        "mean of lam f(lam)^2 over the eigenvalues.",
        A * d * d.T,
        start**2 / N * A,
        {d * d.T: start**2 / N * sp.Identity(N)},
    )


# The bulk


@claim(
    "limit",
    (s.alpha, s.v),
    (
        cite(SEED, "lambda-, lambda+"),
        cite("lecun1991"),
        cite("johnstone2001", "th. 1.1"),
    ),
    (INDEPENDENT, CENTRED, LARGE),
)
def edges() -> Derivation:
    """The eigenvalues of R that are not zero by rank fill the interval from
    v(1 - sqrt alpha)^2/alpha to v(1 + sqrt alpha)^2/alpha."""
    return Derivation(
        definition={
            "lower": limit_of(E(smallest_positive(R))),
            "upper": limit_of(E(largest(R))),
        },
        closed_form={"lower": LOWER, "upper": UPPER},
        steps=(
            model(),
            rows(),
            cited(
                "Every eigenvalue lies within a row's off-diagonal entries of its diagonal, "
                "between a - 2b and a + 2b of some row x (Gershgorin),",
                cite("hornjohnson2013", "theorem 6.1.1"),
            ),
            cited("and that uniformly over the rows.", cite("silverstein1985")),
            equal(
                "With y = alpha - x, z = 1 - x, both falling along the rows, the upper end is",
                v * (y + z) / alpha + 2 * v * sp.sqrt(y * z) / alpha,
                v * (sp.sqrt(y) + sp.sqrt(z)) ** 2 / alpha,
            ),
            equal(
                "and the lower",
                v * (y + z) / alpha - 2 * v * sp.sqrt(y * z) / alpha,
                v * (sp.sqrt(y) - sp.sqrt(z)) ** 2 / alpha,
            ),
            positive(
                "The upper ends fall along the rows, for sqrt y + sqrt z has the slopes",
                sp.diff(sp.sqrt(y), y) + sp.diff(sp.sqrt(z), z),
            ),
            equal(
                "The lower ends rise: the slope of (sqrt y - sqrt z)^2 is a square over sqrt(yz).",
                -sp.diff((sp.sqrt(y) - sp.sqrt(z)) ** 2, y)
                - sp.diff((sp.sqrt(y) - sp.sqrt(z)) ** 2, z),
                (sp.sqrt(y) - sp.sqrt(z)) ** 2 / sp.sqrt(y * z),
            ),
            equal(
                "So all lies between the ends of the first row, x = 0: above ...",
                (row_centre() + row_radius()).subs(x, 0),
                UPPER,
            ),
            equal("... and below.", (row_centre() - row_radius()).subs(x, 0), LOWER),
            fills("Both ends are reached: the density is positive up to them (spectra.density)."),
            cited("Any other law of the inputs has the same edges.", cite("baiyin1993")),
        ),
        twins={
            "alpha upside down": {
                "lower": v * (1 - sp.sqrt(alpha)) ** 2,
                "upper": v * (1 + sp.sqrt(alpha)) ** 2,
            },
            "the population's, v": {"lower": v, "upper": v},
        },
        finite_size={"lower": finite_edge(-1) - LOWER, "upper": finite_edge(1) - UPPER},
    )


@claim(
    "limit",
    (s.lam, s.alpha, s.v),
    (cite("marchenkopastur1967", "theorem 1"), cite("lecun1991")),
    (INDEPENDENT, CENTRED, LARGE),
)
def density() -> Derivation:
    """Between the edges the eigenvalues of R have the density
    alpha sqrt((lambda+ - lam)(lam - lambda-))/(2 pi v lam); it is zero outside."""
    eigenvalue, i = sp.IndexedBase("lambda"), sp.Symbol("i", integer=True)
    share = sp.Sum(sp.Heaviside(lam - eigenvalue[i]), (i, 1, N)) / N
    return Derivation(
        definition=sp.Derivative(limit_of(E(share)), lam),
        closed_form=DENSITY,
        steps=(
            model(),
            rows(),
            cited(
                "The entries change slowly along the rows, so the eigenvalues fill the mean over x "
                "of arcsine laws 1/(pi sqrt((2b)^2 - (lam - a)^2)) of centre a and radius 2b.",
                cite("trotter1984"),
            ),
            equal(
                "What stands under that root is linear in x: at x = 0 it is that of the claim.",
                row_radius() ** 2 - (lam - row_centre()) ** 2,
                UNDER_ROOT - 4 * lam * v * x / alpha,
            ),
            equal(
                "It ends before the rows do: it is negative at x = 1 ...",
                (UNDER_ROOT - 4 * lam * v * x / alpha).subs(x, 1),
                -((lam - v * (alpha - 1) / alpha) ** 2),
            ),
            equal(
                "... and at x = alpha.",
                (UNDER_ROOT - 4 * lam * v * x / alpha).subs(x, alpha),
                -((lam - v * (1 - alpha) / alpha) ** 2),
            ),
            equal(
                "The integral over x has this antiderivative, which ends at zero ...",
                sp.diff(-alpha * sp.sqrt(UNDER_ROOT - 4 * lam * v * x / alpha), x)
                / (2 * sp.pi * v * lam),
                1 / (sp.pi * sp.sqrt(UNDER_ROOT - 4 * lam * v * x / alpha)),
            ),
            equal(
                "... and begins at minus the density.",
                (
                    alpha * sp.sqrt(UNDER_ROOT - 4 * lam * v * x / alpha) / (2 * sp.pi * v * lam)
                ).subs(x, 0),
                INSIDE,
            ),
            fills("Any other law of the inputs has the same limit."),
        ),
        twins={
            "a semicircle": sp.Piecewise(
                (2 * sp.sqrt(UNDER_ROOT) / (sp.pi * RADIUS**2), IN_BULK), (0, True)
            ),
            "the factor alpha lost": DENSITY / alpha,
        },
        # and a quarter of an eigenvalue more at either edge (baisilverstein2004)
        finite_size=sp.Piecewise((-1 / (2 * sp.pi * N * sp.sqrt(UNDER_ROOT)), IN_BULK), (0, True)),
    )


@claim(
    "identity",
    (s.lam, s.alpha, s.v),
    (cite("marchenkopastur1967", "theorem 1"),),
)
def semicircle() -> Derivation:
    """Weighted by the eigenvalue, the bulk is a semicircle: lam rho(lam) is v times the
    semicircle's density of centre v(1 + 1/alpha) and radius 2v/sqrt alpha."""

    def disc(centre: sp.Expr, radius: sp.Expr) -> sp.Expr:
        inside = 2 * sp.sqrt(radius**2 - (lam - centre) ** 2) / (sp.pi * radius**2)
        return sp.Piecewise((inside, sp.Abs(lam - centre) < radius), (0, True))

    return Derivation(
        definition=lam * DENSITY,
        closed_form=v * disc(CENTRE, RADIUS),
        steps=(
            equal(
                "The product of the distances to the two ends is that of a circle.",
                UNDER_ROOT,
                RADIUS**2 - (lam - CENTRE) ** 2,
            ),
            equal(
                "The factors agree: alpha/(2 pi v) is v times 2/(pi radius^2).",
                alpha / (2 * sp.pi * v),
                v * 2 / (sp.pi * RADIUS**2),
            ),
        ),
        twins={
            "half the radius": v * disc(CENTRE, RADIUS / 2),
            "centred at v": v * disc(v, RADIUS),
        },
    )


@claim(
    "limit",
    (s.lam, s.alpha, s.v),
    (cite("marchenkopastur1967", "theorem 1"),),
    (INDEPENDENT, CENTRED, LARGE),
)
def distribution() -> Derivation:
    """The share of eigenvalues at or below lam: the atom at zero, max(0, 1 - alpha), plus, inside
    the bulk of centre c = v(1 + 1/alpha), radius r = 2v/sqrt alpha and q = v|1 - alpha|/alpha,
    alpha/(2 pi v) [sqrt(r^2 - (lam - c)^2) + c (pi/2 + arcsin((lam - c)/r))
    - q (pi/2 + arcsin((c lam - q^2)/(r lam)))]."""
    q = v * sp.Abs(1 - alpha) / alpha
    root = sp.sqrt(UNDER_ROOT)
    first = sp.atan2(lam - CENTRE, root) + sp.pi / 2
    second = sp.atan2(CENTRE * lam - q**2, q * root) + sp.pi / 2
    inside = alpha / (2 * sp.pi * v) * (root + CENTRE * first - q * second)
    bulk = sp.Piecewise((0, lam <= LOWER), (inside, lam < UPPER), (sp.Min(1, alpha), True))
    return Derivation(
        definition=ATOM + sp.Integral(DENSITY.subs(lam, x), (x, 0, lam)),
        closed_form=ATOM + bulk,
        steps=(
            fills(),
            equal("Inside the bulk the derivative is the density.", sp.diff(inside, lam), INSIDE),
            equal(
                "At the lower edge the root is zero and the arguments of both angles are negative, "
                "so both angles are 0. Both arguments vanish with the root ...",
                UNDER_ROOT.subs(lam, LOWER),
                0,
            ),
            equal("... since c - lambda- = r ...", CENTRE - LOWER, RADIUS),
            equal(
                "... and q^2 - c lambda- = r lambda-.",
                q**2 - CENTRE * LOWER,
                RADIUS * LOWER,
            ),
            equal(
                "At the upper edge both arguments are positive, so both angles are pi.",
                CENTRE * UPPER - q**2,
                RADIUS * UPPER,
            ),
            equal(
                "What is gained in between is the mass of the bulk, min(1, alpha).",
                alpha / (2 * sp.pi * v) * (CENTRE * sp.pi - q * sp.pi),
                sp.Min(1, alpha).rewrite(sp.Abs),
            ),
            equal(
                "With the atom that makes 1.",
                (ATOM + sp.Min(1, alpha)).rewrite(sp.Abs),
                1,
            ),
        ),
        twins={
            "without the atom": bulk,
            "a semicircle's": ATOM
            + sp.Min(1, alpha)
            * sp.Piecewise(
                (0, lam <= LOWER),
                ((first + (lam - CENTRE) * root / RADIUS**2) / sp.pi, lam < UPPER),
                (1, True),
            ),
        },
        finite_size=sp.Piecewise(
            (-sp.atan2(lam - CENTRE, root) / (2 * sp.pi * N), IN_BULK), (0, True)
        ),
    )


@claim(
    "limit",
    (ORDER, s.alpha, s.v),
    (cite("marchenkopastur1967"), cite("letacmassam2004")),
    (INDEPENDENT, CENTRED, LARGE),
)
def moments() -> Derivation:
    """The mean k-th power of an eigenvalue is
    v^k sum_i C(k,i) C(k-1,i)/((i+1) alpha^i), i = 0 ... k-1: v, v^2(1 + 1/alpha),
    v^3(1 + 3/alpha + 1/alpha^2), ..."""
    order, i = ORDER.symbol, sp.Symbol("i", integer=True, nonnegative=True)
    narayana = sp.binomial(order, i) * sp.binomial(order - 1, i) / (i + 1)
    third = 3 / alpha + 3 / alpha**2 + 4 / (alpha**2 * N)
    return Derivation(
        definition=over_bulk(lam**order),
        closed_form=v**order * sp.Sum(narayana / alpha**i, (i, 0, order - 1)),
        steps=(
            fills(),
            *circle(),
            equal(
                "lam^(k-1) = (c + r cos phi)^(k-1): by the binomial theorem v times the sum over j "
                "of C(k-1, 2j) c^(k-1-2j) r^(2j) a_j, in which",
                (RADIUS ** (2 * j)) * catalan(j) / 4**j,
                v ** (2 * j) * alpha ** (-j) * catalan(j),
            ),
            equal(
                "and c^(k-1-2j) has C(k-1-2j, i-j) alpha^(-(i-j)), i >= j: in all v^k alpha^(-i) "
                "times the sum over j of",
                sp.binomial(order - 1, 2 * j) * sp.binomial(order - 1 - 2 * j, i - j) * catalan(j),
                sp.binomial(order - 1, i)
                / (order - i)
                * sp.binomial(i, j)
                * sp.binomial(order - i, j + 1),
            ),
            cited(
                "The sum of C(i, j) C(k - i, j + 1) over j is C(k, i + 1) (Vandermonde).",
                cite("graham1994", "eq. (5.22)"),
            ),
            equal(
                "That leaves the Narayana numbers.",
                sp.binomial(order - 1, i) * sp.binomial(order, i + 1) / (order - i),
                narayana,
            ),
        ),
        twins={
            "all eigenvalues v": v**order,
            "binomials for Narayana numbers": v**order
            * sp.Sum(sp.binomial(order - 1, i) / alpha**i, (i, 0, order - 1)),
        },
        finite_size=sp.Piecewise(  # exact up to the third (letacmassam2004)
            (0, sp.Eq(order, 1)),
            (v**2 / (alpha * N), sp.Eq(order, 2)),
            (v**3 * third / N, sp.Eq(order, 3)),
            (first_order(lam**order), True),
        ),
    )


@claim(
    "limit",
    (ABOVE_ONE, s.v),
    (cite("marchenkopastur1967"), cite("muirhead1982", "chapter 3")),
    (INDEPENDENT, CENTRED, LARGE),
)
def inverse_moment() -> Derivation:
    """For alpha > 1 the mean inverse eigenvalue is alpha/(v (alpha - 1)); for Gaussian inputs it
    is p/(v (p - N - 1)) at every size."""
    q, root = v * (alpha - 1) / alpha, sp.sqrt(UNDER_ROOT)
    first, second = sp.atan2(lam - CENTRE, root), sp.atan2(CENTRE * lam - q**2, q * root)
    antiderivative = alpha / (2 * sp.pi * v) * (-root / lam - first + CENTRE / q * second)
    closed = alpha / (v * (alpha - 1))
    return Derivation(
        definition=over_bulk(1 / lam),
        closed_form=closed,
        steps=(
            fills(),
            equal(
                "An antiderivative of the density over lam, with c, r of the semicircle and "
                "q = v(alpha - 1)/alpha.",
                sp.diff(antiderivative, lam),
                INSIDE / lam,
            ),
            equal(
                "The root vanishes at both edges, both angles grow by pi (spectra.distribution).",
                alpha / (2 * sp.pi * v) * (CENTRE / q - 1) * sp.pi,
                closed,
            ),
        ),
        twins={"inverse of the mean": 1 / v, "alpha + 1": alpha / (v * (alpha + 1))},
        finite_size=alpha * N / (v * (alpha * N - N - 1)) - closed,
    )


@claim(
    "limit",
    (s.alpha, s.v),
    (cite(SEED, "lambda- = lambda+ = v"),),
    (INDEPENDENT, CENTRED, LARGE),
)
def collapse() -> Derivation:
    """The bulk is 4v/sqrt(alpha) wide: with ever more examples an input it collapses onto v."""
    return Derivation(
        definition=UPPER - LOWER,
        closed_form=4 * v / sp.sqrt(alpha),
        steps=(
            equal("The difference of the edges.", UPPER - LOWER, 4 * v / sp.sqrt(alpha)),
            equal("It vanishes,", sp.Limit(4 * v / sp.sqrt(alpha), alpha, sp.oo), 0),
            equal("and the upper edge tends to v.", sp.Limit(UPPER, alpha, sp.oo), v),
        ),
        twins={"its radius": 2 * v / sp.sqrt(alpha), "4v/alpha": 4 * v / alpha},
        finite_size=finite_edge(1) - finite_edge(-1) - 4 * v / sp.sqrt(alpha),
    )


@claim(
    "identity",
    (s.N, s.p),
    (cite(SEED, "a total of (N-p) eigenvalues will be zero"),),
    ("inputs with a density", "with probability 1"),
)
def null_count() -> Derivation:
    """R has max(0, N - p) zero eigenvalues; after the sample means are subtracted it has
    max(0, N - p + 1)."""
    projector, none = sp.Identity(p) - ones * ones.T / p, sp.ZeroMatrix(p, 1)
    return Derivation(
        definition={"raw": N - rank(X), "centred": N - rank(CENTRED_X)},
        closed_form={"raw": sp.Max(0, N - p), "centred": sp.Max(0, N - p + 1)},
        steps=(
            cited(
                "N x p independent entries with a density have rank min(N, p) with probability 1.",
                cite("muirhead1982", "theorem 3.1.4"),
            ),
            equal(
                "That leaves max(0, N - p) zeros.",
                N - sp.Min(N, p).rewrite(sp.Abs),
                sp.Max(0, N - p).rewrite(sp.Abs),
            ),
            equal(
                "Centring multiplies by P = I - 11'/p, a projector, P^2 = P, ...",
                projector * projector,
                projector,
                COUNT,
            ),
            equal("... that loses the direction 1, P1 = 0, ...", projector * ones, none, COUNT),
            equal(
                "... and no other: its trace is p - 1. So it leaves p - 1 independent examples.",
                sp.Sum(1 - 1 / p, (j, 1, p)),
                p - 1,
            ),
            equal(
                "That leaves max(0, N - p + 1) zeros.",
                N - sp.Min(N, p - 1).rewrite(sp.Abs),
                sp.Max(0, N - p + 1).rewrite(sp.Abs),
            ),
        ),
        twins={
            "centring costs nothing": {"raw": sp.Max(0, N - p), "centred": sp.Max(0, N - p)},
            "one too many raw": {
                "raw": sp.Max(0, N - p + 1),
                "centred": sp.Max(0, N - p + 1),
            },
        },
    )


@claim(
    "limit",
    (s.alpha,),
    (cite(SEED, "(1-alpha) for all the zero eigenvalues"), cite("lecun1991")),
    ("inputs with a density", LARGE),
)
def atom() -> Derivation:
    """The share max(0, 1 - alpha) of the eigenvalues is exactly zero; the bulk holds the rest,
    min(1, alpha)."""
    return Derivation(
        definition=limit_of((N - rank(X)) / N),
        closed_form=ATOM,
        steps=(
            cited(
                "The rank of X is min(N, p) with probability 1.",
                cite("muirhead1982", "theorem 3.1.4"),
            ),
            equal(
                "With p = alpha N the share of zeros does not depend on N.",
                (N - sp.Min(N, alpha * N).rewrite(sp.Abs)) / N,
                ATOM.rewrite(sp.Abs),
            ),
            equal(
                "The rest is the mass of the bulk, min(1, alpha) (spectra.distribution).",
                1 - ATOM.rewrite(sp.Abs),
                sp.Min(1, alpha).rewrite(sp.Abs),
            ),
        ),
        twins={
            "alpha upside down": sp.Max(0, 1 - 1 / alpha),
            "no zeros": sp.Integer(0),
        },
    )


@claim(
    "identity",
    (TWO_OR_MORE, s.m, s.v),
    (cite(SEED, "lambda_N = N m^2 + v"), cite("lecun1991")),
    ("inputs uncorrelated, each of mean m and variance v", "p to infinity at fixed N"),
)
def population() -> Derivation:
    """Infinitely many examples leave R = v I + m^2 11': one eigenvalue N m^2 + v, along
    (1, ..., 1), and N - 1 equal to v."""
    return Derivation(
        definition={"outlier": largest(POPULATION), "others": smallest(POPULATION)},
        closed_form={"outlier": N * m**2 + v, "others": v},
        steps=(*population_steps(),),
        twins={
            "the outlier without v": {"outlier": N * m**2, "others": v},
            "the diagonal m^2 + v": {"outlier": N * m**2 + v, "others": m**2 + v},
        },
    )


@claim(
    "identity",
    (s.N, s.m, s.v),
    (cite(SEED, "trace(R)"),),
    ("inputs of mean m and variance v, any law, any dependence",),
)
def trace() -> Derivation:
    """The eigenvalues of R add up to N(m^2 + v) on average, whatever the number of examples."""
    noise = sp.MatrixSymbol("z", N, 1)
    return Derivation(
        definition=E(sp.Trace(DATA_R)),
        closed_form=N * (m**2 + v),
        steps=(
            equal(
                "The trace of xx' is x'x; for x = m 1 + z, z of mean 0, N m^2 + z'z on average.",
                (m * one + noise).T * (m * one + noise),
                N * m**2 * sp.Identity(1) + noise.T * noise,
                COUNT | {one.T * noise: sp.ZeroMatrix(1, 1)},
            ),
            equal(
                "z'z is a sum of N squares of mean v; the mean over examples changes nothing.",
                N * m**2 + sp.Sum(v, (j, 1, N)),
                N * (m**2 + v),
            ),
        ),
        twins={"the outlier alone": N * m**2 + v, "the mean forgotten": N * v},
    )


@claim(
    "identity",
    (s.X, s.v),
    (cite(SEED, "controlled by variance of input component distribution"),),
    (CENTRED,),
)
def variance_scaling() -> Derivation:
    """Without a mean the variance only scales the spectrum: inputs sqrt(v) x have v times the
    eigenvalues of the inputs x."""
    scaled = sp.sqrt(v) * X
    w = sp.MatrixSymbol("w", N, 1)
    return Derivation(
        definition=largest(scaled * scaled.T / p),
        closed_form=v * largest(DATA_R),
        steps=(
            equal("R is multiplied by v ...", scaled * scaled.T / p, v * DATA_R),
            equal(
                "... and keeps its eigenvectors: from R w = lam w.",
                v * DATA_R * w,
                v * lam * w,
                {X * X.T * w: p * lam * w},
            ),
        ),
        twins={
            "by the standard deviation": sp.sqrt(v) * largest(DATA_R),
            "by its square": v**2 * largest(DATA_R),
        },
    )


@claim(
    "identity",
    (TWO_OR_MORE, s.m, s.v),
    (cite(SEED, "Biased inputs slow down convergence"), cite("lecun1991")),
    ("inputs uncorrelated, each of mean m and variance v", "p to infinity at fixed N"),
)
def biased_condition() -> Derivation:
    """Biased inputs slow descent: their population has condition number (N m^2 + v)/v, that of
    centred inputs is 1."""
    return Derivation(
        definition=largest(POPULATION) / smallest(POPULATION),
        closed_form=(N * m**2 + v) / v,
        steps=(
            *population_steps(),
            nonnegative(
                "It is 1 for centred inputs and larger for all others.", (N * m**2 + v) / v - 1
            ),
        ),
        twins={
            "one input's, (m^2 + v)/v": (m**2 + v) / v,
            "N m^2/v": N * m**2 / v,
        },
    )


@claim(
    "limit",
    (s.N, s.alpha, s.m, s.v),
    (cite("benaychgeorges2012", "theorem 2.8"), cite(SEED, "lambda_N")),
    (
        "independent inputs with mean m, variance v and finite fourth moment",
        "N, p to infinity at fixed alpha = p/N and N m^2",
    ),
)
def outlier() -> Derivation:
    """Inputs with a mean push one eigenvalue out of the bulk: with t = N m^2,
    lambda_out = (v + t)(v/alpha + t)/t once t > v/sqrt(alpha); below, the largest eigenvalue
    stays at the bulk's upper edge v(1 + sqrt alpha)^2/alpha."""
    tau = sp.Symbol("tau", positive=True)
    resolvent = alpha / (alpha * PUSH + v)
    return Derivation(
        definition=limit_of(E(largest(R))),
        closed_form=sp.Piecewise((OUT, v / sp.sqrt(alpha) < PUSH), (UPPER, True)),
        steps=(
            *bound_state(),
            equal(
                "Its eigenvalue in the claim's letters, t = N m^2 = tau v.",
                v * ((1 + tau) * (1 / alpha + tau) / tau).subs(tau, PUSH / v),
                OUT,
            ),
            equal(
                "It lies (t - v/sqrt alpha)^2/t above the edge and touches it at the threshold. "
                "Above, it is the only one outside (spectra.one_outlier, spectra.edges). Below, "
                "the largest is under that of every mean above, for the norm of B grows with "
                "its first entry.",
                OUT - UPPER,
                (PUSH - v / sp.sqrt(alpha)) ** 2 / PUSH,
            ),
            cited(
                "For any other law an outlier solves t lam g G = 1, with g and G the limits of "
                "tr 1/(lam - XX'/p) over N and tr 1/(lam - X'X/p) over p, X centred;",
                cite("benaychgeorges2012", "theorem 2.8"),
            ),
            equal(
                "at lambda_out g = alpha/(alpha t + v): it solves the equation of the bulk,",
                resolvent * (OUT - v * (1 - 1 / alpha) - v / alpha * OUT * resolvent),
                1,
            ),
            equal(
                "and with G = g/alpha + (1 - 1/alpha)/lam the other equation: the same outlier.",
                PUSH * OUT * resolvent * (resolvent / alpha + (1 - 1 / alpha) / OUT),
                1,
            ),
        ),
        twins={
            "population value N m^2 + v": N * m**2 + v,
            "no threshold": OUT,
        },
    )


@claim(
    "limit",
    (s.N, s.p, s.v),
    (cite("baikbenarouspeche2005", "theorem 1.1"), cite("benaychgeorges2012", "theorem 2.8")),
    ("independent inputs with mean m, variance v and finite fourth moment", LARGE),
)
def threshold() -> Derivation:
    """The outlier leaves the bulk once |m| exceeds sqrt(v)/(N p)^(1/4)."""
    candidates = sp.ConditionSet(
        m, sp.Gt(limit_of(E(largest(R))), limit_of(E(largest(COVARIANCE)))), sp.Interval(0, sp.oo)
    )
    critical = sp.sqrt(v) / (N * p) ** sp.Rational(1, 4)
    return Derivation(
        definition=inf(candidates),
        closed_form=critical,
        steps=(
            *bound_state(),
            equal(
                "At tau = N m^2/v = 1/sqrt alpha the bound vector stops falling off.",
                1 / (sp.sqrt(p / N) * N * critical**2 / v),
                1,
            ),
            equal(
                "There its eigenvalue touches the edge (spectra.outlier).",
                (OUT - UPPER).subs(alpha, p / N).subs(m, critical),
                0,
            ),
            cited(
                "Any other law of the inputs has the same threshold.",
                cite("benaychgeorges2012", "theorem 2.8"),
            ),
        ),
        twins={
            "where N m^2 = v": sp.sqrt(v / N),
            "where N m^2 exceeds the upper edge of the noise": sp.sqrt(
                UPPER.subs(alpha, p / N) / N
            ),
        },
    )


@claim(
    "identity",
    (s.N, s.p, s.m, s.v),
    (cite(SEED, "R*U_N = (Nm^2+v)*U_N"), cite("lecun1991")),
    ("independent Gaussian inputs (for the mean: any law)",),
)
def outlier_rayleigh() -> Derivation:
    """Along u = (1, ..., 1)/sqrt N the curvature u'Ru has mean N m^2 + v at every number of
    examples and, for Gaussian inputs, variance (4 N m^2 v + 2 v^2)/p: p u'Ru/v is non-central
    chi^2 with p degrees of freedom and non-centrality p N m^2/v."""
    curvature = sp.Trace(one.T * DATA_R * one) / N
    square = (sp.sqrt(N) * m + sp.sqrt(v) * normal) ** 2
    return Derivation(
        definition={
            "mean": E(curvature),
            "variance": Var(curvature),
        },
        closed_form={
            "mean": N * m**2 + v,
            "variance": (4 * N * m**2 * v + 2 * v**2) / p,
        },
        steps=(
            equal(
                "Any law: on average R is v I + m^2 11' (spectra.population), and u'Ru is",
                one.T * (v * sp.Identity(N) + m**2 * one * one.T) * one / N,
                (N * m**2 + v) * sp.Identity(1),
                COUNT,
            ),
            equal(
                "Gaussian inputs: u'Ru is the mean of p independent squares y^2 with "
                "y = sqrt(N) m + sqrt(v) z, z standard normal. The mean of y^2,",
                mean_over_normal(square),
                N * m**2 + v,
            ),
            equal(
                "and its variance, to be divided by p.",
                mean_over_normal(square**2) - (N * m**2 + v) ** 2,
                4 * N * m**2 * v + 2 * v**2,
            ),
        ),
        twins={
            "variance without the cross term": {
                "mean": N * m**2 + v,
                "variance": 2 * (N * m**2 + v) ** 2 / p,
            },
            "mean without v": {
                "mean": N * m**2,
                "variance": (4 * N * m**2 * v + 2 * v**2) / p,
            },
        },
    )


@claim(
    "limit",
    (s.N, s.alpha, s.m, s.v),
    (cite("benaychgeorges2012", "theorem 2.9"),),
    (
        "independent inputs with mean m, variance v and finite fourth moment",
        "N, p to infinity at fixed alpha = p/N and N m^2",
    ),
)
def outlier_overlap() -> Derivation:
    """The top eigenvector's squared overlap with (1, ..., 1)/sqrt N is, with t = N m^2/v,
    1 - (1/alpha)(1 + t)/(t (t + 1/alpha)) above the threshold t = 1/sqrt alpha and zero below."""
    push, tau = N * m**2 / v, sp.Symbol("tau", positive=True)
    aligned = 1 - (1 + push) / (alpha * push * (push + 1 / alpha))
    rest = (1 + tau) * z / (1 - z)
    top = sp.MatrixSymbol("u_max", N, 1)
    return Derivation(
        definition=limit_of(E(sp.Trace(one.T * top) ** 2 / N)),
        closed_form=sp.Piecewise((aligned, 1 / sp.sqrt(alpha) < push), (0, True)),
        steps=(
            *bound_state(),
            equal(
                "Its first entry is that along (1, ..., 1)/sqrt N. The squares of the others, "
                "(1 + tau) z^i, z = r^2, add up to S = (1 + tau) z/(1 - z): S - zS is the first.",
                rest - z * rest,
                (1 + tau) * z,
            ),
            equal(
                "The share of the first entry, 1/(1 + S), with z = 1/(alpha tau^2).",
                (1 / (1 + rest)).subs(z, 1 / (alpha * tau**2)),
                aligned.subs(m, sp.sqrt(tau * v / N)),
            ),
            equal(
                "It vanishes at the threshold; below, no vector is bound to the first row.",
                aligned.subs(m, sp.sqrt(v / (N * sp.sqrt(alpha)))),
                0,
            ),
            cited(
                "Any other law of the inputs has the same limit.",
                cite("benaychgeorges2012", "theorem 2.9"),
            ),
        ),
        twins={
            "the population's, 1": sp.Integer(1),
            "alpha upside down": 1 - alpha * (1 + push) / (push * (push + alpha)),
            "no threshold": aligned,
        },
    )


@claim(
    "bound",
    (s.X,),
    (cite(SEED, "only one value"), cite("hornjohnson2013", "corollary 4.3.9")),
    ("any data", "second largest of one eigenvalue: minus infinity"),
)
def one_outlier() -> Derivation:
    """A mean makes at most one outlier: R = C + mu mu' with C the covariance and mu the mean of
    the data, so the second largest eigenvalue of R lies between C's second largest and C's
    largest."""
    mean = X * ones / p
    mu, w = sp.MatrixSymbol("mu", N, 1), sp.MatrixSymbol("w", N, 1)
    C = sp.MatrixSymbol("C", N, N)
    return Derivation(
        definition=second_largest(DATA_R),
        closed_form={"lower": second_largest(COVARIANCE), "upper": largest(COVARIANCE)},
        steps=(
            equal(
                "With mu = X1/p the data split: R = C + mu mu'.",
                X * X.T / p,
                (X - mean * ones.T) * (X - mean * ones.T).T / p + mean * mean.T,
                COUNT,
            ),
            equal(
                "Orthogonal to mu, w'Rw = w'Cw ...",
                w.T * (C + mu * mu.T) * w,
                w.T * C * w,
                {mu.T * w: sp.ZeroMatrix(1, 1)},
            ),
            cited(
                "... and R's second largest eigenvalue is at most the largest value of w'Rw on any "
                "such hyperplane of unit vectors: at most C's largest eigenvalue.",
                cite("hornjohnson2013", "theorem 4.2.6"),
            ),
            equal(
                "Everywhere w'Rw = w'Cw + (w'mu)^2 >= w'Cw, so no eigenvalue of R is below C's of "
                "the same rank.",
                w.T * (C + mu * mu.T) * w,
                w.T * C * w + (w.T * mu) * (w.T * mu).T,
            ),
        ),
        twins={
            "R's bulk is C's": {
                "lower": second_largest(COVARIANCE),
                "upper": second_largest(COVARIANCE),
            },
            "the mean lifts every eigenvalue": {
                "lower": largest(COVARIANCE),
                "upper": largest(DATA_R),
            },
        },
    )


@claim(
    "limit",
    (ABOVE_ONE,),
    (cite(SEED, "centred inputs"), cite("muirhead1982", "theorem 3.1.2")),
    (INDEPENDENT, LARGE),
)
def centring() -> Derivation:
    """Subtracting the sample means removes the outlier and leaves the bulk of p - 1 examples: the
    condition number becomes ((sqrt alpha + 1)/(sqrt alpha - 1))^2, not 1."""
    projector = sp.Identity(p) - ones * ones.T / p
    P, Q = sp.MatrixSymbol("P", p, p), sp.MatrixSymbol("Q", p, p - 1)
    closed = ((sp.sqrt(alpha) + 1) / (sp.sqrt(alpha) - 1)) ** 2
    return Derivation(
        definition=limit_of(E(largest(COVARIANCE) / smallest(COVARIANCE))),
        closed_form=closed,
        steps=(
            equal(
                "Centring multiplies by the projector P = I - 11'/p.",
                projector * projector,
                projector,
                COUNT,
            ),
            equal(
                "P = QQ' with p - 1 orthonormal columns Q: the covariance is that of the p - 1 "
                "examples XQ, still over p, ...",
                (X * P) * (X * P).T,
                (X * Q) * (X * Q).T,
                {P.T: P, Q * Q.T: P, P * P: P},
            ),
            equal(
                "... which have no mean, for 1'Q = 1'PQ = 0.",
                m * one * ones.T * projector * Q,
                sp.ZeroMatrix(N, p - 1),
                COUNT,
            ),
            cited(
                "Gaussian examples remain independent under Q;",
                cite("muirhead1982", "theorem 3.1.2"),
            ),
            equal("(p - 1)/p tends to 1;", sp.Limit((p - 1) / p, p, sp.oo), 1),
            equal(
                "the edges' ratio (spectra.edges) is the condition number.",
                UPPER / LOWER,
                closed,
            ),
        ),
        twins={
            "its square root": (sp.sqrt(alpha) + 1) / (sp.sqrt(alpha) - 1),
            "equal rates, 1": sp.Integer(1),
        },
        finite_size=finite_edge(1, alpha * N - 1) / finite_edge(-1, alpha * N - 1) - closed,
    )


@claim(
    "limit",
    (s.alpha, s.v, s.eta, s.k, s.start),
    (cite("paquette2020"),),
    (INDEPENDENT, CENTRED, LARGE, "a start in a random direction, E|W - W*|^2 = start^2"),
)
def average_loss() -> Derivation:
    """The mean excess loss after k steps of descent from a random start: with
    c = v(1 + 1/alpha) and r = 2v/sqrt alpha,
    (start^2 v/2) sum_j C(2k,2j) Cat_j (1 - eta c)^(2k-2j) (eta r/2)^(2j); at eta = 1/c it is
    (start^2 v/2) Cat_k (sqrt alpha/(1 + alpha))^(2k)."""
    term = (
        sp.binomial(2 * k, 2 * j)
        * catalan(j)
        * (1 - eta * CENTRE) ** (2 * k - 2 * j)
        * (eta * RADIUS / 2) ** (2 * j)
    )
    loss = start**2 / 2 * lam * (1 - eta * lam) ** (2 * k)
    closed = start**2 * v / 2 * sp.Sum(term, (j, 0, k))
    return Derivation(
        definition=over_bulk(loss),
        closed_form=closed,
        steps=(
            mean_of_start(),
            fills(),
            *circle(),
            equal(
                "(1 - eta lam)^(2k) = (1 - eta c - eta r cos phi)^(2k), by the binomial theorem; "
                "its term in cos^(2j) has the mean a_j.",
                sp.binomial(2 * k, 2 * j)
                * (1 - eta * CENTRE) ** (2 * k - 2 * j)
                * (eta * RADIUS) ** (2 * j)
                * catalan(j)
                / 4**j,
                term,
            ),
            equal(
                "At eta = 1/c the term j = k alone is left.",
                term.subs(j, k).subs(eta, 1 / CENTRE),
                catalan(k) * (sp.sqrt(alpha) / (1 + alpha)) ** (2 * k),
            ),
        ),
        twins={
            "all eigenvalues v": start**2 * v / 2 * (1 - eta * v) ** (2 * k),
            "without the half": 2 * closed,
        },
        finite_size=first_order(loss),
    )


@claim(
    "limit",
    (s.alpha, s.v, s.t, s.start),
    (cite("paquette2020"),),
    (INDEPENDENT, CENTRED, LARGE, "a start in a random direction, E|W - W*|^2 = start^2"),
)
def average_loss_flow() -> Derivation:
    """The mean excess loss after time t of gradient flow: with c = v(1 + 1/alpha) and
    x = 4vt/sqrt alpha, (start^2 v/2) exp(-2ct) I_1(x)/(x/2), I_1 the modified Bessel function."""
    argument = 4 * v * t / sp.sqrt(alpha)
    loss = start**2 / 2 * lam * sp.exp(-2 * lam * t)
    return Derivation(
        definition=over_bulk(loss),
        closed_form=start**2
        * v
        / 2
        * sp.exp(-2 * LOWER * t)
        * scaled_bessel(1, argument)
        / (argument / 2),
        steps=(
            mean_of_start(),
            fills(),
            *circle(),
            equal(
                "exp(-2 lam t) = exp(-2ct) exp(-x cos phi), x = 2rt. In the exponential series the "
                "term of cos^(2j) has the mean a_j.",
                x ** (2 * j) / sp.factorial(2 * j) * catalan(j) / 4**j,
                (x / 2) ** (2 * j) / (sp.factorial(j) * sp.factorial(j + 1)),
            ),
            equal(
                "This is the series of I_1(x)/(x/2).",
                sp.Sum((x / 2) ** (2 * j) / (sp.factorial(j) * sp.factorial(j + 1)), (j, 0, sp.oo)),
                sp.besseli(1, x) / (x / 2),
            ),
            equal("x is 4vt/sqrt alpha,", 2 * RADIUS * t, argument),
            equal("and 2ct - x is 2 lambda- t.", 2 * CENTRE * t - argument, 2 * LOWER * t),
        ),
        twins={
            "all eigenvalues v": start**2 * v / 2 * sp.exp(-2 * v * t),
            "I_0 for I_1": start**2 * v / 2 * sp.exp(-2 * LOWER * t) * scaled_bessel(0, argument),
        },
        finite_size=first_order(loss),
    )


@claim(
    "limit",
    (s.v, s.t, s.start),
    (cite("paquette2020"),),
    (INDEPENDENT, CENTRED, LARGE, "p = N", "time to infinity"),
)
def average_loss_power_law() -> Derivation:
    """With as many examples as inputs (alpha = 1) the mean excess loss of gradient flow falls as a
    power of time: start^2 v/(x sqrt(2 pi x)) with x = 4vt, that is t^(-3/2)."""
    argument = 4 * v * t
    loss = start**2 / 2 * lam * sp.exp(-2 * lam * t)
    power_law = start**2 * v / (argument * sp.sqrt(2 * sp.pi * argument))
    flow = start**2 * v / argument * scaled_bessel(1, argument)
    return Derivation(
        definition=over_bulk(loss).subs(alpha, 1),
        closed_form=power_law,
        steps=(
            mean_of_start(),
            fills(),
            equal(
                "At alpha = 1 the bulk begins at zero, lam rho(lam) with sqrt(lam)/(pi sqrt v).",
                sp.Limit((lam * INSIDE).subs(alpha, 1) / sp.sqrt(lam), lam, 0),
                1 / (sp.pi * sp.sqrt(v)),
            ),
            cited(
                "For late times that beginning alone counts (Watson's lemma):",
                cite("dlmf", "section 2.3(ii)"),
            ),
            equal(
                "its integral against exp(-2 lam t).",
                start**2
                / 2
                * sp.Integral(
                    sp.sqrt(lam) / (sp.pi * sp.sqrt(v)) * sp.exp(-2 * lam * t), (lam, 0, sp.oo)
                ),
                power_law,
            ),
        ),
        twins={
            "half of it": power_law / 2,
            "t^(-1/2)": power_law * argument,
        },
        finite_size=flow - power_law + first_order(loss).subs(alpha, 1),
    )


@claim(
    "limit",
    (s.alpha, s.v),
    (cite("paquette2020"), cite(SEED, "optimal step size")),
    (INDEPENDENT, CENTRED, LARGE),
)
def bulk_rate() -> Derivation:
    """On the bulk the best fixed rate of descent is eta = alpha/(v (1 + alpha)); the distance then
    shrinks by 2 sqrt(alpha)/(1 + alpha) a step."""
    best, rate = alpha / (v * (1 + alpha)), 2 * sp.sqrt(alpha) / (1 + alpha)
    low, high = finite_edge(-1), finite_edge(1)
    return Derivation(
        definition={"eta": 2 / (UPPER + LOWER), "rate": (UPPER - LOWER) / (UPPER + LOWER)},
        closed_form={"eta": best, "rate": rate},
        steps=(
            equal(
                "At this rate the lower edge shrinks as stated ...",
                1 - best * LOWER,
                rate,
            ),
            equal(
                "... and so, with the other sign, does the upper; all between shrink faster.",
                best * UPPER - 1,
                rate,
            ),
            positive(
                "A larger rate, by a factor 1 + y, is worse at the upper edge,",
                ((1 + y) * best * UPPER - 1) - (best * UPPER - 1),
            ),
            nonnegative(
                "and a smaller one, by 1 - y, is no better at the lower.",
                (1 - (1 - y) * best * LOWER) - (1 - best * LOWER),
            ),
        ),
        twins={
            "one over the upper edge": {"eta": 1 / UPPER, "rate": 1 - LOWER / UPPER},
        },
        finite_size={"eta": 2 / (high + low) - best, "rate": (high - low) / (high + low) - rate},
    )


@claim(
    "limit",
    (ABOVE_ONE, s.v),
    (cite("polyak1964"), cite("pedregosascieur2020")),
    (INDEPENDENT, CENTRED, LARGE),
)
def bulk_heavy_ball() -> Derivation:
    """On the bulk of alpha > 1 the best heavy ball is eta = 1/v with momentum beta = 1/alpha; the
    distance then shrinks by 1/sqrt alpha a step."""
    beta, zeta = s.beta.symbol, sp.Symbol("zeta")

    def polyak(low: sp.Expr, high: sp.Expr) -> dict[str, sp.Expr]:
        ratio = (sp.sqrt(high) - sp.sqrt(low)) / (sp.sqrt(high) + sp.sqrt(low))
        eta = 4 / (sp.sqrt(high) + sp.sqrt(low)) ** 2
        return {"eta": eta, "beta": ratio**2, "rate": ratio}

    closed = {"eta": 1 / v, "beta": 1 / alpha, "rate": 1 / sp.sqrt(alpha)}
    best, finite = polyak(LOWER, UPPER), polyak(finite_edge(-1), finite_edge(1))
    return Derivation(
        definition=best,
        closed_form=closed,
        steps=(
            equal(
                "A step multiplies (v(k), v(k-1)) along an eigenvector by a matrix with the "
                "characteristic polynomial zeta^2 - (1 + beta - eta lam) zeta + beta.",
                sp.Matrix([[1 + beta - eta * lam, -beta], [1, 0]]).charpoly(zeta).as_expr(),
                zeta**2 - (1 + beta - eta * lam) * zeta + beta,
            ),
            equal(
                "At eta = 1/v, beta = 1/alpha its discriminant is negative exactly on the bulk: "
                "there the roots are conjugate, of product beta and so of modulus sqrt beta.",
                (1 + 1 / alpha - lam / v) ** 2 - 4 / alpha,
                -UNDER_ROOT / v**2,
            ),
            cited("For edges lambda-, lambda+ no heavy ball is faster.", cite("polyak1964")),
            equal(
                "Polyak's optimum on the bulk (sqrt alpha = 1 + y): the rate,",
                best["eta"].subs(alpha, (1 + y) ** 2),
                1 / v,
            ),
            equal(
                "and the factor by which the distance shrinks, the square root of the momentum.",
                best["rate"].subs(alpha, (1 + y) ** 2),
                1 / (1 + y),
            ),
        ),
        twins={
            "plain descent's rate": {
                "eta": alpha / (v * (1 + alpha)),
                "beta": sp.Integer(0),
                "rate": 2 * sp.sqrt(alpha) / (1 + alpha),
            },
            "rate 1/alpha": {"eta": 1 / v, "beta": 1 / alpha**2, "rate": 1 / alpha},
        },
        finite_size={name: finite[name] - closed[name] for name in closed},
    )


@claim(
    "limit",
    (s.alpha,),
    (cite("ghorbani2019", "figure 12"), cite(SEED, "Figure 12")),
    (INDEPENDENT, CENTRED, LARGE, "a start in a random direction"),
)
def energy_cosine() -> Derivation:
    """The cosine between the gradient and the way to the optimum is
    (tr R/N)/sqrt(tr R^2/N) for a random start; on the bulk that is sqrt(alpha/(1 + alpha))."""
    d = sp.MatrixSymbol("d", N, 1)
    squares = sp.Trace(d.T * d) * sp.Trace(d.T * R * R * d)
    return Derivation(
        definition=limit_of(E(sp.Trace(d.T * R * d) / sp.sqrt(squares))),
        closed_form=sp.sqrt(alpha / (1 + alpha)),
        steps=(
            equal(
                "On average dd' is I/N: d'Rd is tr R/N, d'd is 1 and |Rd|^2 is tr R^2/N,",
                R * d * d.T,
                R / N,
                {d * d.T: sp.Identity(N) / N},
            ),
            cited(
                "and quadratic forms of a random direction do not fluctuate: the variance of d'Ad "
                "is at most 2 tr A^2/N^2.",
                cite("vershynin2018", "theorem 6.2.1"),
            ),
            fills("tr R/N and tr R^2/N are v and v^2(1 + 1/alpha) (spectra.moments)."),
            equal(
                "Their variance over the mean's square vanishes.",
                sp.Limit(2 * v**2 * (1 + 1 / alpha) / N / v**2, N, sp.oo),
                0,
            ),
            equal(
                "The ratio.",
                v / sp.sqrt(v**2 * (1 + 1 / alpha)),
                sp.sqrt(alpha / (1 + alpha)),
            ),
        ),
        twins={
            "its square": alpha / (1 + alpha),
            "aligned": sp.Integer(1),
        },
    )


@claim(
    "bound",
    (s.R.within(kind="definite"), s.u),
    (cite("hornjohnson2013", "section 7.4, Kantorovich's inequality"),),
)
def energy_cosine_bound() -> Derivation:
    """With kappa the condition number of R, the cosine between the gradient and the way to the
    optimum is at least 2 sqrt(kappa)/(1 + kappa)."""
    kappa = largest(R) / smallest(R)
    low, high, e = sp.symbols("a b e", positive=True)
    return Derivation(
        definition=sp.Trace(u.T * R * u) / sp.sqrt(sp.Trace(u.T * R * R * u)),
        closed_form={"lower": 2 * sp.sqrt(kappa) / (1 + kappa), "upper": sp.Integer(1)},
        steps=(
            cited(
                "All eigenvalues lie between a = lambda_min and b = lambda_max, so (R - a)(b - R) "
                "has none below zero: u'(R - a)(b - R)u >= 0, which is",
                cite("hornjohnson2013", "section 7.2"),
            ),
            equal(
                "|Ru|^2 <= (a + b) u'Ru - ab for a unit u.",
                u.T * (R - low * sp.Identity(N)) * (high * sp.Identity(N) - R) * u,
                (low + high) * u.T * R * u - low * high * sp.Identity(1) - u.T * R * R * u,
                {u.T * u: sp.Identity(1)},
            ),
            equal(
                "With e = u'Ru the squared cosine e^2/|Ru|^2 is therefore at least "
                "e^2/((a + b)e - ab), and this at least 4ab/(a + b)^2, since the difference is a "
                "square over positive factors.",
                e**2 * (low + high) ** 2 - 4 * low * high * ((low + high) * e - low * high),
                ((low + high) * e - 2 * low * high) ** 2,
            ),
            equal(
                "That is the stated bound, kappa = b/a.",
                4 * low * high / (low + high) ** 2,
                (2 * sp.sqrt(high / low) / (1 + high / low)) ** 2,
            ),
            equal(
                "It is attained by u^2 = (b, a)/(a + b) along the two outer eigenvectors.",
                (low * high + high * low) ** 2
                / (low + high) ** 2
                / ((low**2 * high + high**2 * low) / (low + high)),
                4 * low * high / (low + high) ** 2,
            ),
            cited(
                "The upper bound is Cauchy's inequality.", cite("hornjohnson2013", "section 0.6")
            ),
        ),
        twins={
            "1/sqrt(kappa)": {"lower": 1 / sp.sqrt(kappa), "upper": sp.Integer(1)},
            "its square": {"lower": 4 * kappa / (1 + kappa) ** 2, "upper": sp.Integer(1)},
        },
    )


@claim(
    "identity",
    (TWO_OR_MORE, s.m, s.v),
    (cite("ghorbani2019"), cite(SEED, "almost 50% of L1 energy")),
    ("inputs uncorrelated, each of mean m and variance v", "p to infinity at fixed N"),
)
def energy_l1() -> Derivation:
    """The outlier's share of the sum of all eigenvalues, the L1 energy of the Hessian, is
    (N m^2 + v)/(N (m^2 + v)), for large N m^2/(m^2 + v): one half where m^2 = v."""
    return Derivation(
        definition=largest(POPULATION) / sp.Trace(POPULATION),
        closed_form=(N * m**2 + v) / (N * (m**2 + v)),
        steps=(
            *population_steps(),
            equal("The sum of all eigenvalues.", N * m**2 + v + (N - 1) * v, N * (m**2 + v)),
            equal(
                "For large N the share is m^2/(m^2 + v),",
                sp.Limit((N * m**2 + v) / (N * (m**2 + v)), N, sp.oo),
                m**2 / (m**2 + v),
            ),
            equal("one half where m^2 = v.", (m**2 / (m**2 + v)).subs(v, m**2), sp.Rational(1, 2)),
        ),
        twins={
            "its limit m^2/(m^2 + v)": m**2 / (m**2 + v),
            "one of N": 1 / N,
        },
    )


@claim(
    "identity",
    (TWO_OR_MORE, s.m, s.v),
    (cite("ghorbani2019", "figure 11"), cite(SEED, "almost all of the gradient energy")),
    (
        "inputs uncorrelated, each of mean m and variance v",
        "p to infinity at fixed N",
        "a start in a random direction",
    ),
)
def energy_gradient() -> Derivation:
    """The outlier's share of the gradient's expected squared length is
    (N m^2 + v)^2/((N m^2 + v)^2 + (N - 1) v^2), that is 1 - O(1/N)."""
    out = N * m**2 + v
    share = out**2 / (out**2 + (N - 1) * v**2)
    d = sp.MatrixSymbol("d", N, 1)
    return Derivation(
        definition=largest(POPULATION) ** 2 / sp.Trace(POPULATION**2),
        closed_form=share,
        steps=(
            *population_steps(),
            equal(
                "The gradient is R d; on average dd' is start^2 I/N, so the energies along the "
                "eigenvectors are as the squared eigenvalues.",
                R * d * d.T * R,
                start**2 / N * R * R,
                {d * d.T: start**2 / N * sp.Identity(N)},
            ),
            equal(
                "The sum of the squares, one of them the outlier's: the trace of R^2.",
                sp.Sum(v**2, (j, 1, N - 1)) + out**2,
                out**2 + (N - 1) * v**2,
            ),
            equal(
                "What lies elsewhere is of order 1/N: N times it tends to v^2/m^4.",
                sp.Limit((N * (1 - share)).subs(m, y), N, sp.oo),
                v**2 / y**4,
            ),
        ),
        twins={
            "the share of the L1 energy": out / (N * (m**2 + v)),
            "eigenvalues not squared": out / (out + (N - 1) * v**2),
        },
    )
