"""Without ReLU: the variances of the channels, and the singular values of the whole map."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import because, by_step, chain
from theory.claim import Derivation, claim
from theory.functions.columns import inner
from theory.functions.eigenvalues import largest
from theory.functions.heads_of_chance import E
from theory.functions.heads_of_series import gaussian_product, inverse_coefficient, inverse_radius
from theory.laws import Layers, independent_entries
from theory.proofs.rules import layers, parts, series
from theory.proofs.tactics import cited, equal
from theory.proofs.theorems import random_products
from theory.proofs.unevaluated import derivative, unevaluated, value_at
from theory.propagation.letters import SOURCE, depth, n

MILD = cite(SOURCE, "we eventually observe some variation between the variances of channels")
STRETCHED = cite(SOURCE, "combinations of channels have been stretched by a factor of ~10")
PRODUCT = gaussian_product(n, depth)  # of the weights of all layers
LINEAR = "independent Gaussian weights of variance 1/n, n x n in all layers, no ReLU"
WHITE = "inputs of mean 0 and covariance I"
#: The second moments M M' of the outputs, those of the layers below, and a layer's weights.
S, BELOW, W = (sp.MatrixSymbol(name, n, n) for name in ("S_depth", "S", "W"))
CHANNEL = sp.MatrixSymbol("e", n, 1)  # the axis of any channel
TWO_OR_MORE = s.n.within(low=2)
ORDER = s.order.within(low=1, typical=(1, 6))
FUSS_CATALAN = cite("pensonzyczkowski2011")


def gaussian_layers(start: sp.MatrixExpr, after: sp.MatrixExpr, more: sp.Expr) -> Layers:
    """The law of MM' of a product M of ``more`` layers on top of a start."""
    weights = independent_entries(n, n, 1 / n, gaussian=True)
    return Layers(BELOW, after, start, more, fresh=((W, weights),))


@claim("identity", (TWO_OR_MORE, s.depth), (MILD,), (LINEAR, WHITE))
def linear_channel_variances() -> Derivation:
    """In a linear net of width n the variances of the channels of layer l = depth, 1 on average,
    have within one net the expected variance (2/(3n)) ((n + 2)(1 + 2/n)^(l-1) - (n - 1)(1 -
    1/n)^(l-1)). This is about 2l/n, which is small where depth is well below width."""
    grow, shrink = 1 + 2 / n, 1 - 1 / n
    sums = n * (n + 2) * grow**layers.done  # of 2 tr S^2 + (tr S)^2
    differences = n * (n - 1) * shrink**layers.done  # of (tr S)^2 - tr S^2
    closed = 2 * ((n + 2) * grow ** (depth - 1) - (n - 1) * shrink ** (depth - 1)) / (3 * n)
    square, squared = sp.symbols("a b", positive=True)  # tr S^2 and (tr S)^2, on average
    one, other = sp.MatrixSymbol("w", n, 1), sp.MatrixSymbol("u", n, 1)
    below = sp.MatrixSymbol("S", n, n)
    on_diagonal = (2 * square + squared) / n**2
    next_square = n * on_diagonal + n * (n - 1) * square / n**2
    next_squared = n * on_diagonal + n * (n - 1) * squared / n**2
    return Derivation(
        # over the n channels, with n - 1; on average each has the mean square of any
        definition=n / (n - 1) * E(inner(CHANNEL, S * CHANNEL) ** 2 - (sp.Trace(S) / n) ** 2),
        closed_form=closed,
        steps=(
            cited(
                "With S = MM' of the layers below, the variance of a channel of weights w is "
                "w'Sw. Rotated to the eigenvectors of S, w keeps independent Gaussian entries of "
                "variance 1/n: the variance is the sum of lam_i w_i^2, of mean tr S/n.",
                cite("muirhead1982", "theorem 1.2.6"),
            ),
            equal(
                "The square of this variance, times n^2, has on average 3 lam_i^2 from each "
                "i (the fourth moment, propagation.mean_square_moments) and lam_i lam_j "
                "from pairs. With a = tr S^2 and b = (tr S)^2 the sum is 2a + b.",
                3 * square + unevaluated(squared - square),
                2 * square + squared,
            ),
            equal(
                "Given S, the channels are independent. So their variances have the expected "
                "variance 2a/n^2, the mean square less the squared mean b/n^2.",
                on_diagonal - squared / n**2,
                2 * square / n**2,
            ),
            equal(
                "For two channels (w'Su)^2, the square of an entry of the next S, has over "
                "u the mean w'SSw/n.",
                one.T * below * other * other.T * below * one,
                one.T * below * below * one / n,
                {other * other.T: sp.Identity(n) / n},
            ),
            equal(
                "Over w the mean of w'SSw/n is tr S^2/n^2, as ww' is I/n on average.",
                below * below * one * one.T / n,
                below * below / n**2,
                {one * one.T: sp.Identity(n) / n},
            ),
            equal(
                "So, with n entries on the diagonal and n(n - 1) off it, a layer multiplies "
                "the mean of 2 tr S^2 + (tr S)^2 by 1 + 2/n.",
                2 * next_square + next_squared,
                grow * (2 * square + squared),
            ),
            equal(
                "In the same way a layer multiplies the mean of (tr S)^2 - tr S^2 by 1 - 1/n.",
                next_squared - next_square,
                shrink * (squared - square),
            ),
            equal(
                "For the inputs S = I these are 2n + n^2 and n^2 - n. A third of their "
                "difference is tr S^2, and l - 1 layers later 2 tr S^2/n^2 is the claimed "
                "variance.",
                2
                / n**2
                * ((2 * n + n**2) * grow ** (depth - 1) - (n**2 - n) * shrink ** (depth - 1))
                / 3,
                closed,
            ),
            equal(
                "For wide layers n times the claimed variance tends to 2l.",
                sp.Limit(n * closed, n, sp.oo),
                2 * depth,
            ),
        ),
        twins={
            "to first order, 2l/n": 2 * depth / n,
            "one layer, at every depth": 2 / n,
            "over nets instead of within one: (1 + 2/n)^l - 1": grow**depth - 1,
        },
        chain=chain(
            because(
                "A layer multiplies 2 tr S^2 + (tr S)^2 by 1 + 2/n, and (tr S)^2 - tr S^2 by "
                "1 - 1/n, on average.",
                layers.layers(
                    means={
                        sp.Trace(S * S): (sums - differences) / 3,
                        sp.Trace(S) ** 2: (sums + 2 * differences) / 3,
                        inner(CHANNEL, S * CHANNEL) ** 2: sums / n / (n + 2),
                    }
                ),
            ),
            axes=(CHANNEL,),
            laws={S: gaussian_layers(sp.Identity(n), W * BELOW * W.T, depth)},
        ),
    )


@claim("limit", (ORDER, s.depth), (STRETCHED, FUSS_CATALAN), (LINEAR, "n to infinity"))
def product_moments() -> Derivation:
    """The squared singular values of the product of l = depth square Gaussian matrices have the
    moment of Fuss and Catalan, C((l + 1) order, order)/(l order + 1), with C the binomial
    coefficient. The moments of order 1, 2, 3 are 1, l + 1, (l + 1)(3l + 2)/2."""
    order = ORDER.symbol
    closed = sp.binomial((depth + 1) * order, order) / (depth * order + 1)
    grow, shrink = 1 + 2 / n, 1 - 1 / n
    second = ((n + 2) * grow**depth - (n - 1) * shrink**depth) / 3
    return Derivation(
        definition=sp.Limit(E(sp.Trace((PRODUCT * PRODUCT.T) ** order)) / n, n, sp.oo),
        closed_form=closed,
        steps=(
            cited(
                "The generating function of the moments, w(z) = m_1 z + m_2 z^2 + ..., solves "
                "w = z (1 + w)^(l + 1): the matrices are free in the limit, and each brings one "
                "factor 1 + w.",
                cite("pensonzyczkowski2011"),
            ),
            cited(
                "So 1 + w is the generalised binomial series, of coefficients "
                "C((l + 1) order + 1, order)/((l + 1) order + 1).",
                cite("graham1994", "section 5.4, generalized binomial series"),
            ),
            equal(
                "These coefficients are the stated moments.",
                sp.binomial((depth + 1) * order + 1, order) / ((depth + 1) * order + 1),
                closed,
            ),
            equal(
                "The moment of order 2, l + 1, is also the limit for large n of the mean at "
                "width n, by the recursion of propagation.linear_channel_variances.",
                sp.Limit(second, n, sp.oo),
                depth + 1,
            ),
        ),
        twins={
            "Catalan's numbers at every depth": sp.binomial(2 * order, order) / (order + 1),
            "one layer fewer": sp.binomial(depth * order, order) / ((depth - 1) * order + 1),
            "of independent factors: the product of their moments": (
                sp.binomial(2 * order, order) / (order + 1)
            )
            ** depth,
        },
        chain=chain(
            because(
                "The moments tend to coefficients of the series that solves w = z (1 + w)^(l + 1).",
                random_products.moments_of_gaussian_products(n, depth, order),
                inverse_coefficient(random_products.factors(depth), order),
            ),
            because(
                "That series is the generalised binomial series.",
                random_products.generalised_binomial_series(depth + 1, order),
                sp.binomial((depth + 1) * order + 1, order) / ((depth + 1) * order + 1),
            ),
            by_step("These coefficients are the stated moments.", 3),
        ),
    )


@claim(
    "limit",
    (s.depth,),
    (STRETCHED, FUSS_CATALAN, cite("pennington2017")),
    (LINEAR, "n to infinity"),
)
def product_edge() -> Derivation:
    """The largest singular value of the product of l = depth square Gaussian matrices is sqrt((l +
    1)^(l + 1)/l^l), which is 2 for one layer and 11.7 for 50."""
    w = sp.Symbol("w", positive=True)
    argument = w / (1 + w) ** (depth + 1)
    square = (depth + 1) ** (depth + 1) / depth**depth
    radius = inverse_radius(random_products.factors(depth))
    return Derivation(
        definition=sp.Limit(E(sp.sqrt(largest(PRODUCT * PRODUCT.T))), n, sp.oo),
        closed_form=sp.sqrt(square),
        steps=(
            cited(
                "The largest eigenvalue of MM' tends to the end of the limit law: no eigenvalue "
                "stays outside. Its inverse is where the generating function w(z) of the moments, "
                "z = w/(1 + w)^(l + 1) (propagation.product_moments), ceases to be analytic.",
                cite("schultz2005"),
            ),
            equal(
                "The number z grows with w as long as 1 - l w > 0, the sign of its slope.",
                derivative(argument, w),
                (1 - depth * w) / (1 + w) ** (depth + 2),
            ),
            equal(
                "So w(z) ends at w = 1/l, where 1/sqrt z is the claimed edge.",
                1 / sp.sqrt(value_at(argument, {w: 1 / depth})),
                sp.sqrt(square),
            ),
        ),
        twins={
            "gains multiply: 2^l": 2**depth,
            "grows like the square root of depth: sqrt(l + 1)": sp.sqrt(depth + 1),
            "its square": square,
        },
        chain=chain(
            because(
                "The largest eigenvalue of MM' tends to the right end of its limit law.",
                random_products.largest_of_gaussian_products(n, depth),
                1 / sp.sqrt(radius),
            ),
            because(
                "z = w/(1 + w)^(l + 1) grows with w up to w = 1/l.",
                parts.part(
                    of=radius, is_=argument.subs(w, 1 / depth), by=series.radius(at=1 / depth)
                ),
                1 / sp.sqrt(argument.subs(w, 1 / depth)),
            ),
            by_step("There z is l^l/(l + 1)^(l + 1).", 3),
        ),
    )
