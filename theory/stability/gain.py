"""How far a step along the gradient gets, beside one in a random direction."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import because, chain
from theory.claim import Derivation, claim
from theory.functions.columns import inner, length
from theory.functions.heads_of_chance import E
from theory.laws_of_shares import Share
from theory.proofs.rules import chance
from theory.proofs.tactics import equal
from theory.proofs.theorems.shares import law_of_a_share
from theory.proofs.unevaluated import unevaluated
from theory.stability.letters import SOURCE, P
from theory.stability.overlaps import LAWS, UNIFORM, share, vector


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
    steepest = inner(g, g / length(g))  # of a step of length 1 along g
    shared = steepest / sp.sqrt(E(inner(g, g) * share))
    axis = sp.Symbol("j", integer=True, positive=True)
    return Derivation(
        definition=steepest / sp.sqrt(E(inner(g, vector) ** 2 / inner(vector, vector))),
        closed_form=sp.sqrt(P),
        steps=(
            equal(
                "For a random unit vector v the mean of vv' is a multiple of I, as no axis is "
                "preferred. Its trace is |v|^2 = 1, so it is I/P.",
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
                one_step / sp.sqrt(unevaluated(one_step**2 / P)),
                sp.sqrt(P),
            ),
            equal(
                "No direction v of length 1 does better than g/|g|: the difference |g|^2 - "
                "(g'v)^2 is the squared length of g - vv'g.",
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
        chain=chain(
            because(
                "The share along g has the law Beta(1/2, (P - 1)/2).",
                law_of_a_share(shared, share, g / length(g), vector, sp.Integer(1)),
                shared,
            ),
            because("The mean of this share is 1/P.", chance.expectation()),
            laws={vector: LAWS[vector], share: Share(sp.Integer(1), P - 1)},
        ),
    )
