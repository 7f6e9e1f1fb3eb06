"""Batch noise: an example's output depends on who else is in the batch."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import Link, because, chain
from theory.claim import Derivation, Step, claim
from theory.functions.columns import inner
from theory.functions.constants import ones
from theory.functions.heads_of_chance import E
from theory.functions.stated import density_of
from theory.laws import ChiSquared, Coordinate, gaussian_column
from theory.normalisation.letters import (
    CENTRING,
    COUNT,
    GROSSE,
    NUMBER,
    STANDARDISED,
    VARIANCE,
    B,
    centre,
    centred,
    one,
    order,
    sigma,
    y,
)
from theory.proofs.rules import chance, integrals, tails
from theory.proofs.tactics import cited, equal
from theory.proofs.theorems import probability
from theory.proofs.unevaluated import derivative, value_at
from theory.proofs.uses import Use

NOISE = cite(GROSSE, "the statistics are estimated from the current batch, which injects noise")
GAUSSIAN = "a batch of independent Gaussian outputs of one mean and variance"
UNIT_VARIANCE = "a batch of independent Gaussian outputs of variance 1"
OF_THREE = s.B.within(low=3)
OF_FOUR = s.B.within(low=4)
ORDER = s.order.within(low=1, typical=(1, 4))
z = s.z.symbol
r = sp.Symbol("r", positive=True)
n = sp.Symbol("n", positive=True)
#: The law of a Gaussian batch; a chi^2 number of B - 1 degrees, a coordinate of B - 1 dimensions.
BATCH_LAW = {y: gaussian_column(sigma**2 * sp.Identity(B), centre * ones(B, 1))}
UNIT_BATCH_LAW = {y: gaussian_column(sp.Identity(B), centre * ones(B, 1))}
chi = sp.Symbol("chi", positive=True)
coordinate = sp.Symbol("x_b", real=True)
axis = sp.MatrixSymbol("e_b", B, 1)
#: The output of example b, and the direction in which it is sqrt(B - 1) times a coordinate.
OUTPUT_B = inner(axis, STANDARDISED)
COORDINATE = Coordinate(B - 1)
ACROSS = sp.sqrt(B / (B - 1)) * centred(axis)


def chi_squared(degrees: sp.Expr, power: sp.Expr) -> sp.Expr:
    """The mean of a chi^2 variable of ``degrees`` degrees of freedom to the ``power``."""
    ratio = sp.gamma(n / 2 + power) / sp.gamma(n / 2)  # of integer powers a rational function of n
    return (2**power * sp.expand_func(ratio)).subs(n, degrees)


def chi_squared_step(words: str, power: sp.Expr) -> Step:
    """The mean of a power of a chi^2 variable, by its density."""
    density = r ** (n / 2 - 1) * sp.exp(-r / 2) / (2 ** (n / 2) * sp.gamma(n / 2))
    lowest = sp.Max(0, -power)  # where the integral begins to exist
    more = sp.Symbol("m", positive=True)
    degrees = more + 2 * lowest
    return equal(
        words,
        sp.Integral(value_at(r**power * density, {n: degrees}), (r, 0, sp.oo)),
        value_at(chi_squared(n, power), {n: degrees}),
    )


def by_chi_squared(power: sp.Expr) -> tuple[Link, ...]:
    """From the mean of a power of a batch's variance to Gamma functions."""
    of = (chi / B) ** power
    return (
        because(
            "B times the variance is chi^2 with B - 1 degrees of freedom.",
            probability.law_of_a_variance(E(of), chi, y, centre, sp.Integer(1)),
            E(of),
        ),
        because(
            "The mean is an integral against the density of chi^2.",
            chance.density(),
            sp.Integral(of * ChiSquared(B - 1).density(chi), (chi, 0, sp.oo)),
        ),
        because("The integral is a value of Euler's Gamma function.", integrals.gamma_function()),
    )


def direction() -> tuple[Step, ...]:
    """An output of a Gaussian batch is a coordinate of a random direction in B - 1 dimensions."""
    return (
        equal(
            "The deviations Cy with C = I - 11'/B lie in the B - 1 dimensions orthogonal to "
            "1: the trace of C is B - 1.",
            B * NUMBER - one.T * one / B,
            (B - 1) * NUMBER,
            COUNT,
        ),
        cited(
            "The deviations of a Gaussian batch point in a direction that is uniform in "
            "these dimensions, independent of their length",
            cite("muirhead1982", "section 1.5, spherical laws"),
        ),
        equal(
            "The output yhat_b is sqrt B times the inner product of this direction and the "
            "axis e_b. The part of sqrt B e_b in these dimensions has the squared length B "
            "- 1, so yhat_b is sqrt(B - 1) times a coordinate x of the direction.",
            B * (CENTRING * axis).T * (CENTRING * axis),
            (B - 1) * NUMBER,
            {**COUNT, axis.T * axis: NUMBER, one.T * axis: NUMBER, axis.T * one: NUMBER},
        ),
    )


def along_the_axis(of: sp.Expr) -> Use:
    """What depends on the law of an output is what depends on that of sqrt(B - 1) times a
    coordinate."""
    return probability.law_of_a_direction(of, coordinate, ACROSS, y, centre, sigma**2)


@claim(
    "identity",
    (OF_THREE, ORDER),
    (NOISE, cite("muirhead1982", "section 1.5, spherical laws")),
    (GAUSSIAN,),
)
def output_moments() -> Derivation:
    """An output yhat_b of batch norm on a Gaussian batch has the moments E yhat_b^(2 order) = (B -
    1)^order Gamma(order + 1/2) Gamma((B - 1)/2)/(sqrt(pi) Gamma((B - 1)/2 + order)). The moment is
    1 for order = 1 and 3 (B - 1)/(B + 1) for order = 2. For B to infinity it tends to the
    Gaussian's, (2 order - 1)!!."""
    order, half = ORDER.symbol, sp.Rational(1, 2)
    closed = (B - 1) ** order * sp.gamma(order + half) * sp.gamma((B - 1) / 2)
    closed = closed / (sp.sqrt(sp.pi) * sp.gamma((B - 1) / 2 + order))
    power = (sp.sqrt(B - 1) * coordinate) ** (2 * order)
    density = COORDINATE.density(coordinate)
    return Derivation(
        definition=E(OUTPUT_B ** (2 * order)),
        closed_form=closed,
        steps=(
            *direction(),
            chi_squared_step(
                "A chi^2 of n degrees of freedom, the squared length of a Gaussian vector, has "
                "the moment 2^order Gamma(n/2 + order)/Gamma(n/2).",
                order,
            ),
            equal(
                "A Gaussian coordinate is the length of the vector times x, and the two are "
                "independent. So E x^(2 order) is the moment of one degree of freedom over "
                "the moment of n = B - 1 degrees. The outputs have (B - 1)^order times this "
                "quotient.",
                (B - 1) ** order
                * value_at(chi_squared(sp.Integer(1), order) / chi_squared(n, order), {n: B - 1}),
                closed,
            ),
            equal("For order = 1 the moment is 1.", sp.expand_func(closed.subs(order, 1)), 1),
            equal(
                "For order = 2 the moment is 3 (B - 1)/(B + 1).",
                sp.expand_func(closed.subs(order, 2)),
                3 * (B - 1) / (B + 1),
            ),
        ),
        twins={
            "a Gaussian's": 2**order * sp.gamma(order + half) / sp.sqrt(sp.pi),
            "B dimensions for B - 1": B**order
            * sp.gamma(order + half)
            * sp.gamma(B / 2)
            / (sp.sqrt(sp.pi) * sp.gamma(B / 2 + order)),
        },
        chain=chain(
            because(
                "The output yhat_b is sqrt(B - 1) times a coordinate of a uniform direction "
                "in B - 1 dimensions.",
                along_the_axis(E(power)),
                E(power),
            ),
            because(
                "The mean is an integral against the density of the coordinate.",
                chance.density(),
                sp.Integral(power * density, (coordinate, -1, 1)),
            ),
            because(
                "Both signs contribute equally.",
                integrals.even(),
                2 * sp.Integral((power * density).subs(coordinate, r), (r, 0, 1)),
            ),
            because("The integral is a value of Euler's Beta function.", integrals.beta_function()),
            axes=(axis,),
            laws={**BATCH_LAW, coordinate: COORDINATE},
        ),
    )


@claim(
    "identity",
    (s.z, OF_THREE),
    (NOISE, cite("muirhead1982", "section 1.5, spherical laws")),
    (GAUSSIAN,),
)
def output_density() -> Derivation:
    """The outputs z of batch norm on a Gaussian batch of B examples have the density (1 - z^2/(B -
    1))^((B - 4)/2)/(sqrt(B - 1) Beta(1/2, (B - 2)/2)) between -sqrt(B - 1) and sqrt(B - 1). So
    z^2/(B - 1) has the Beta law of parameters 1/2 and (B - 2)/2."""
    half, x = sp.Rational(1, 2), sp.Symbol("x", positive=True)

    def sphere(dimensions: sp.Expr) -> sp.Expr:
        """The density of the outputs where the deviations have that many dimensions."""
        inside = (1 - z**2 / dimensions) ** ((dimensions - 3) / 2)
        mass = sp.sqrt(dimensions) * sp.gamma(half) * sp.gamma((dimensions - 1) / 2)
        density = inside * sp.gamma(dimensions / 2) / mass
        return sp.Piecewise((density, z**2 < dimensions), (0, True))

    value, a, b = sp.symbols("z a b", positive=True)
    of_a_beta = sp.gamma(a + order) * sp.gamma(a + b) / (sp.gamma(a) * sp.gamma(a + b + order))
    length = sp.sqrt(B - 1)
    beta = x ** (-half) * (1 - x) ** ((B - 4) / 2) * sp.gamma((B - 1) / 2)
    beta = beta / (sp.gamma(half) * sp.gamma((B - 2) / 2))
    closed = sphere(B - 1)
    multiple = density_of(sp.sqrt(B - 1) * coordinate, z)
    return Derivation(
        definition=density_of(OUTPUT_B, z),
        closed_form=closed,
        steps=(
            *direction(),
            cited(
                "The square x^2 is a/(a + b) with independent chi^2 numbers a and b, of 1 "
                "and B - 2 degrees of freedom. So x^2 is a Beta variable of parameters 1/2 "
                "and (B - 2)/2.",
                cite("muirhead1982", "section 1.5"),
            ),
            equal(
                "The density of z = sqrt(B - 1) x is the density of x^2 times "
                "(d(x^2)/dz)/2, since either sign of z has half of it. Here x stands for "
                "x^2.",
                value_at(beta, {x: value**2 / (B - 1)}) * derivative(value**2 / (B - 1), value) / 2,
                value_at(closed.args[0][0], {z: value}),
            ),
            equal(
                "A Beta variable has the moments Gamma(a + order) Gamma(a + b)/(Gamma(a) "
                "Gamma(a + b + order)). So the even moments of z are the moments of "
                "normalisation.output_moments.",
                length ** (2 * order) * value_at(of_a_beta, {a: half, b: (B - 2) / 2}),
                (B - 1) ** order
                * sp.gamma(order + half)
                * sp.gamma((B - 1) / 2)
                / (sp.sqrt(sp.pi) * sp.gamma((B - 1) / 2 + order)),
            ),
        ),
        twins={
            "a Gaussian's": sp.exp(-(z**2) / 2) / sp.sqrt(2 * sp.pi),
            "B dimensions for B - 1": sphere(B),
        },
        chain=chain(
            because(
                "The output yhat_b is sqrt(B - 1) times a coordinate of a uniform direction "
                "in B - 1 dimensions.",
                along_the_axis(multiple),
                multiple,
            ),
            because(
                "The density of sqrt(B - 1) x at z is the density of x at z/sqrt(B - 1), "
                "over sqrt(B - 1).",
                tails.density_of_multiple(),
            ),
            axes=(axis,),
            laws={**BATCH_LAW, coordinate: COORDINATE},
        ),
    )


@claim("identity", (OF_FOUR,), (NOISE, cite("muirhead1982", "section 3.1")), (UNIT_VARIANCE,))
def deviation_moments() -> Derivation:
    """The variance that batch norm finds in a Gaussian batch of variance 1 is 1 - 1/B on average.
    Its root is on average sqrt(2/B) Gamma(B/2)/Gamma((B - 1)/2), and its inverse B/(B - 3):
    normalising by a batch makes gradients larger."""
    root = sp.sqrt(2 / B) * sp.gamma(B / 2) / sp.gamma((B - 1) / 2)
    closed = {"variance": 1 - 1 / B, "deviation": root, "inverse": B / (B - 3)}
    half = sp.Rational(1, 2)
    powers = {"variance": sp.Integer(1), "deviation": half, "inverse": sp.Integer(-1)}
    return Derivation(
        definition={name: E(VARIANCE**power) for name, power in powers.items()},
        closed_form=closed,
        steps=(
            cited(
                "B sigma^2, with sigma^2 the variance of the batch, is chi^2 with B - 1 "
                "degrees of freedom.",
                cite("muirhead1982", "section 3.1"),
            ),
            chi_squared_step(
                "A chi^2 of n degrees has the mean n, by the integral against its density. "
                "Here n is m.",
                sp.Integer(1),
            ),
            equal(
                "With n = B - 1 the mean of sigma^2 is n/B = 1 - 1/B.",
                value_at(chi_squared(n, sp.Integer(1)) / B, {n: B - 1}),
                1 - 1 / B,
            ),
            chi_squared_step(
                "The root of a chi^2 of n degrees has the mean sqrt 2 Gamma((n + "
                "1)/2)/Gamma(n/2). Here n is m.",
                half,
            ),
            equal(
                "With n = B - 1 the mean of sigma is this mean root over sqrt B.",
                value_at(chi_squared(n, half) / sp.sqrt(B), {n: B - 1}),
                root,
            ),
            chi_squared_step(
                "The inverse of a chi^2 of n > 2 degrees has the mean 1/(n - 2). Here n is m + 2.",
                sp.Integer(-1),
            ),
            equal(
                "With n = B - 1 the mean of 1/sigma^2 is B times this mean inverse, B/(B - 3).",
                value_at(B * chi_squared(n, sp.Integer(-1)), {n: B - 1}),
                B / (B - 3),
            ),
        ),
        twins={
            "unbiased": {**closed, "variance": sp.Integer(1)},
            "the root of the mean": {**closed, "deviation": sp.sqrt(1 - 1 / B)},
            "the inverse of the mean": {**closed, "inverse": B / (B - 1)},
        },
        chain=chain(
            outputs={name: by_chi_squared(power) for name, power in powers.items()},
            laws={**UNIT_BATCH_LAW, chi: ChiSquared(B - 1)},
        ),
    )
