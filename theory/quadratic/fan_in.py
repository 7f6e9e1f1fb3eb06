"""Learning rates inversely proportional to a neuron's number of inputs."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import Reached, Reason, because, chain
from theory.claim import Derivation, claim
from theory.domain import Condition
from theory.functions import constants
from theory.functions.constants import eye
from theory.functions.eigenvalues import largest, smallest
from theory.proofs.covers import sizes
from theory.proofs.rules import eigenvalues, order
from theory.proofs.tactics import equal, nonnegative
from theory.proofs.unevaluated import value_at
from theory.quadratic.letters import IDENTITY, SOURCE, N, m, v

ASCENDING = Condition("N_small <= N_large", s.N_small.symbol <= s.N_large.symbol)


def step_matrix(inputs: sp.Expr) -> sp.MatrixExpr:
    """The Hessian v I + m^2 11' of a neuron of so many inputs, times its rate 1/inputs."""
    return (v * eye(inputs) + m**2 * constants.ones(inputs, inputs)) / inputs


def one_and_across(inputs: sp.Expr) -> Reason:
    """The rule that gives the eigenvalues of the ``step_matrix``: along 1 and across it."""
    return eigenvalues.plane_and_rest(
        plane=(constants.ones(inputs, 1),),
        values=(m**2 + v / inputs,),
        of=step_matrix(inputs),
    )


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
    steps = [step_matrix(n) for n in (fewest, most)]
    population = v * IDENTITY + m**2 * ones * ones.T
    tops = [(n * m**2 + v) / n for n in (fewest, most)]
    before = (most * m**2 + v) / v
    after = (most * m**2 + v * most / fewest) / v
    extra = sp.Symbol("extra", integer=True, nonnegative=True)
    return Derivation(
        definition=sp.Max(*map(largest, steps)) / sp.Min(*map(smallest, steps)),
        closed_form={"lower": before},
        steps=(
            equal(
                "For one neuron R is the population matrix m^2 11' + v I. The vector 1 = "
                "(1, ..., 1), whose squared length is N, has the eigenvalue N m^2 + v.",
                population * ones,
                (N * m**2 + v) * ones,
                {ones.T * ones: N * sp.Identity(1)},
            ),
            equal(
                "Every direction h at a right angle to 1 has the eigenvalue v.",
                population * across,
                v * across,
                {ones.T * across: sp.ZeroMatrix(1, 1)},
            ),
            nonnegative(
                "A rate over N divides the curvatures of a neuron by N. The largest "
                "curvature, m^2 + v/N, belongs to the neuron with the fewest inputs.",
                value_at(tops[0] - tops[1], {most: fewest + extra}),
            ),
            nonnegative(
                "The smallest curvature, v/N, belongs to the neuron with the most inputs.",
                value_at(v / fewest - v / most, {most: fewest + extra}),
            ),
            equal(
                "The condition number is the quotient of the two curvatures.",
                tops[0] / (v / most),
                after,
            ),
            equal(
                "This condition number exceeds (N_large m^2 + v)/v, the condition number "
                "without such rates, by N_large/N_small - 1.",
                after - before,
                most / fewest - 1,
            ),
            nonnegative(
                "The difference is not negative, and it is zero only if the two fan-ins are equal.",
                value_at(most / fewest - 1, {most: fewest + extra}),
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
                        "The neuron with the most inputs has the eigenvalue m^2 + v/N_large "
                        "along the vector 1, and v/N_large at right angles to it.",
                        one_and_across(most),
                        sp.Max(largest(steps[0]), tops[1]) / sp.Min(smallest(steps[0]), v / most),
                    ),
                    because(
                        "The neuron with the fewest inputs has the largest eigenvalue, m^2 "
                        "+ v/N_small, and no eigenvalue below v/N_large.",
                        one_and_across(fewest),
                        after,
                    ),
                    because(
                        "The condition number without such rates, (N_large m^2 + v)/v, is "
                        "smaller by N_large/N_small - 1, which is not negative.",
                        order.gap(is_=sp.S.Zero, facts={ASCENDING.relation: 1 / fewest}),
                        relation=">=",
                    ),
                ),
            },
            covers=(sizes(s.N_small, s.N_large),),
            reached={"lower": Reached({"N_small": 2, "N_large": 2, "m": 1, "v": 1})},
        ),
    )
