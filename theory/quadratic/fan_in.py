"""Learning rates inversely proportional to a neuron's number of inputs."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import because, chain
from theory.claim import Derivation, claim
from theory.domain import Condition
from theory.proofs.covers import at_least
from theory.proofs.rules import order, rates
from theory.proofs.tactics import equal, nonnegative
from theory.quadratic.letters import IDENTITY, SOURCE, N, m, v

ASCENDING = Condition("N_small <= N_large", s.N_small.symbol <= s.N_large.symbol)


@claim(
    "bound",
    (s.N_small, s.N_large, s.m, s.v),
    (cite(SOURCE, "individual learning rates inversely proportional to N"),),
    (
        ASCENDING,
        "independent inputs of mean m and variance v, so many examples that R = v I + m^2 11'",
    ),
)
def rate_over_inputs() -> Derivation:
    """Learning rates inversely proportional to a neuron's number of inputs do not cure a mean of
    the inputs. For neurons of N_small to N_large inputs they make the condition number (N_large m^2
    + v N_large/N_small)/v. This is never less than (N_large m^2 + v)/v, the condition number
    without them, and equal to it exactly if all neurons have the same number of inputs."""
    fewest, most = s.N_small.symbol, s.N_large.symbol
    ones = sp.MatrixSymbol("1", N, 1)
    across = sp.MatrixSymbol("h", N, 1)
    population = v * IDENTITY + m**2 * ones * ones.T
    tops = [(n * m**2 + v) / n for n in (fewest, most)]
    before = (most * m**2 + v) / v
    after = (most * m**2 + v * most / fewest) / v
    extra = sp.Symbol("extra", integer=True, nonnegative=True)
    return Derivation(
        definition=sp.Max(*tops) / sp.Min(v / fewest, v / most),
        closed_form={"lower": before},
        steps=(
            equal(
                "One neuron: N m^2 + v is the eigenvalue of (1, ..., 1), whose length squared "
                "is N ...",
                population * ones,
                (N * m**2 + v) * ones,
                {ones.T * ones: N * sp.Identity(1)},
            ),
            equal(
                "... and v that of all directions across it.",
                population * across,
                v * across,
                {ones.T * across: sp.ZeroMatrix(1, 1)},
            ),
            nonnegative(
                "Over N, the largest eigenvalue m^2 + v/N is that of the smallest neuron ...",
                (tops[0] - tops[1]).subs(most, fewest + extra),
            ),
            nonnegative(
                "... and the smallest, v/N, that of the largest.",
                (v / fewest - v / most).subs(most, fewest + extra),
            ),
            equal("The condition number is their quotient, ...", tops[0] / (v / most), after),
            equal(
                "... larger than before by N_large/N_small - 1, ...",
                after - before,
                most / fewest - 1,
            ),
            nonnegative(
                "... which is not negative, and zero only if they are equal.",
                (most / fewest - 1).subs(most, fewest + extra),
            ),
        ),
        twins={
            "the remedy works: (m^2 + v)/v whatever the fan-in": {"lower": (m**2 + v) / v},
            "worse by the ratio of the fan-ins": {"lower": before * most / fewest},
        },
        chain=chain(
            outputs={
                "lower": (
                    because(
                        "The smallest neuron has the largest eigenvalue, the largest neuron has "
                        "the smallest.",
                        rates.largest_and_smallest(),
                        after,
                    ),
                    because(
                        "This is N_large/N_small - 1 more than before.",
                        order.gap(is_=sp.S.Zero, facts={ASCENDING.relation: 1 / fewest}),
                        relation=">=",
                    ),
                ),
            },
            covers=(at_least(most, fewest),),
        ),
    )
