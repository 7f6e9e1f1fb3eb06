"""Finite width: how the mean square of a layer fluctuates."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import Link, because, chain
from theory.claim import Derivation, claim
from theory.functions.columns import inner
from theory.functions.heads_of_chance import E, copies
from theory.laws import Layers, Normal
from theory.proofs.rules import layers
from theory.proofs.tactics import equal
from theory.propagation.letters import GAUSSIAN_HE, SOURCE, depth, mean_over, n, q, relu, x

WOBBLY = cite(SOURCE, "Things get a bit wobbly by layer 50")
RECTIFIED, LINEAR = sp.symbols("q_relu q_linear", positive=True)  # of the layer at that depth
BELOW = sp.Symbol("q_below", positive=True)
z = sp.Symbol("z", real=True)  # a pre-activation


def of_layers(value: sp.Expr, variance: sp.Expr) -> Layers:
    """The law of the mean square of n independent values of z, layer after layer."""
    entries = copies(value, n)
    return Layers(
        BELOW, inner(entries, entries) / n, q, depth, fresh=((z, Normal(0, variance * BELOW)),)
    )


def grown(letter: sp.Symbol, factor: int) -> Link:
    """The link over all layers, in which each keeps the mean and multiplies the second moment."""
    means = {letter: q, letter**2: (1 + sp.Integer(factor) / n) ** layers.done * q**2}
    return because(
        "A layer keeps the mean of q and multiplies the mean of q^2 by a constant.",
        layers.layers(means=means),
    )


@claim(
    "identity",
    (s.n, s.depth),
    (WOBBLY, cite("haninnica2020")),
    (f"one input, all layers of width n, {GAUSSIAN_HE}; variance 1/n in a linear net",),
)
def mean_square_moments() -> Derivation:
    """At width n the mean square q of layer l = depth, which He's weights preserve on average, has
    the relative second moment E q^2/(E q)^2 = (1 + 5/n)^l, and in a linear net (1 + 2/n)^l. It is
    preserved on average only: by layer 50 of width 128 a typical net has lost or gained a lot."""
    rectified = mean_over(relu(x) ** 4, 0, 2 * q).function.subs(relu(x), x)
    layer = sp.Symbol("j", integer=True, positive=True)

    def grows(fluctuation: int) -> sp.Expr:
        return (1 + sp.Integer(fluctuation) / n) ** depth

    return Derivation(
        definition={
            "rectified": E(RECTIFIED**2) / E(RECTIFIED) ** 2,
            "linear": E(LINEAR**2) / E(LINEAR) ** 2,
        },
        closed_form={"rectified": grows(5), "linear": grows(2)},
        steps=(
            equal(
                "Given q below, the n pre-activations are independent Gaussians of variance 2q "
                "(propagation.he_initialisation). Their positive parts have the mean fourth "
                "power 6q^2.",
                sp.Integral(rectified, (x, 0, sp.oo)),
                6 * q**2,
            ),
            equal(
                "The next mean square is the mean of n such independent squares, each of mean "
                "q. Given q, the mean of its square is q^2 (1 + 5/n).",
                (n * 6 * q**2 + n * (n - 1) * q**2) / n**2,
                (1 + 5 / n) * q**2,
            ),
            equal(
                "Without ReLU the pre-activations have variance q and the mean fourth power 3q^2.",
                sp.Integral(mean_over(x**4, 0, q).function, (x, -sp.oo, sp.oo)),
                3 * q**2,
            ),
            equal(
                "Without ReLU the mean of the square of the next mean square, given q, is q^2 "
                "(1 + 2/n).",
                (n * 3 * q**2 + n * (n - 1) * q**2) / n**2,
                (1 + 2 / n) * q**2,
            ),
            equal(
                "Layer by layer, the factors multiply, here with ReLU.",
                sp.Product(1 + 5 / n, (layer, 1, depth)),
                grows(5),
            ),
        ),
        twins={
            "no fluctuation: the mean square is preserved in each net": {
                "rectified": 1 + 0 * n,
                "linear": 1 + 0 * n,
            },
            "to first order in depth over width": {
                "rectified": 1 + 5 * depth / n,
                "linear": 1 + 2 * depth / n,
            },
            "that of a linear net": {"rectified": grows(2), "linear": grows(2)},
        },
        chain=chain(
            outputs={
                "rectified": (grown(RECTIFIED, 5),),
                "linear": (grown(LINEAR, 2),),
            },
            laws={RECTIFIED: of_layers(relu(z), 2), LINEAR: of_layers(z, 1)},
        ),
    )
