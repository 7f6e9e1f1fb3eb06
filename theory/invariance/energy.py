"""How each step lengthens the weights: the account of their squared length."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import because, calculated, chain
from theory.claim import Derivation, claim
from theory.functions.columns import inner
from theory.functions.recursions import iterate
from theory.invariance.letters import (
    AUTO,
    INVARIANT,
    ONE,
    SOURCE,
    TANGENT,
    P,
    across,
    beta,
    eta,
    norm,
    q,
    r,
    slope,
    squared,
    tangential,
    turn,
    u,
    way,
)
from theory.proofs.rules import recursion
from theory.proofs.rules.recursion import done
from theory.proofs.tactics import equal, positive
from theory.proofs.unevaluated import value_at

PYTHAGORAS = cite(SOURCE, "apply the Pythagorean Theorem")
steps, lengths = s.steps.symbol, s.lengths.symbol
j = sp.Symbol("j", integer=True, nonnegative=True)


@claim("identity", (s.u, s.slope, s.eta, s.norm), (PYTHAGORAS, AUTO), (INVARIANT,))
def norm_after_step() -> Derivation:
    """A step of descent is orthogonal to the weights W, so Pythagoras gives their new squared
    length |W|^2 + eta^2 |grad J(u)|^2/|W|^2, with the gradient of the loss J at unit weights u =
    W/|W|. The weights never get shorter."""
    part = tangential()
    long, short = (sp.Symbol(name, positive=True) for name in ("|W|", "|Pi g|^2"))
    return Derivation(
        definition=squared(norm * u - eta * part / norm),
        closed_form=norm**2 + eta**2 * squared(part) / norm**2,
        steps=(
            equal(
                "The gradient at W = norm u is Pi g/norm. With u'g_perp = 0, its product with "
                "g_perp + W is its product with g_perp, so it is orthogonal to W.",
                  (norm * u + q).T * P * slope / norm, q.T * slope / norm, TANGENT),
            equal(
                "So the squared length of the new weights W - eta g_perp/|W| with g_perp = Pi g "
                "has no cross term.",
                (long * u - eta * q / long).T * (long * u - eta * q / long),
                (long**2 + eta**2 * short / long**2) * ONE,
                {**TANGENT, q.T * q: short * ONE},
            ),
        ),
        twins={
            "the gradient as long as at unit weights": norm**2 + eta**2 * squared(part),
            "with the part of g along the weights": norm**2 + eta**2 * squared(slope) / norm**2,
            "no growth, as in gradient flow": norm**2,
        },
        chain=chain(calculated("The step is orthogonal to the weights: no cross term is left.")),
    )  # fmt: skip


@claim("identity", (s.eta, s.lengths), (PYTHAGORAS, AUTO), (INVARIANT,))
def energy_identity() -> Derivation:
    """Over any descent the squared length of the weights grows by eta^2 times the sum of the
    squared lengths of all gradients. So |W| keeps the account of all steps."""
    account = sp.IndexedBase("W2", real=True)
    moved = sp.sqrt(r) * way - eta * lengths[done, 0] * turn
    total = sp.Sum(lengths[j, 0] ** 2, (j, 0, done - 1))
    return Derivation(
        definition=iterate(sp.Lambda((r, done), squared(moved)), norm**2, steps) - norm**2,
        closed_form=eta**2 * sp.Sum(lengths[j, 0] ** 2, (j, 0, steps - 1)),
        steps=(
            equal(
                "The growth of |W|^2 over all steps is the sum of what the single steps add.",
                account[steps] - account[0],
                sp.Sum(account[j + 1] - account[j], (j, 0, steps - 1)),
            ),
            equal(
                "A step along a gradient g_perp orthogonal to W adds eta^2 |g_perp|^2.",
                (norm * u - eta * q).T * (norm * u - eta * q) - norm**2 * ONE,
                eta**2 * q.T * q,
                TANGENT,
            ),
        ),
        twins={
            "one power of the rate": eta * sp.Sum(lengths[j, 0] ** 2, (j, 0, steps - 1)),
            "the square of the summed lengths": eta**2
            * sp.Sum(lengths[j, 0], (j, 0, steps - 1)) ** 2,
        },
        chain=chain(
            because(
                "A step across the weights adds its own squared length.",
                recursion.induction(is_=norm**2 + eta**2 * total),
            )
        ),
    )


@claim(
    "identity",
    (s.eta, s.beta, s.lengths),
    (AUTO, cite(SOURCE, "w_j increases monotonically")),
    (INVARIANT, "momentum b(j) = beta b(j-1) + gradient, W(j+1) = W(j) - eta b(j), b(-1) = 0"),
)
def energy_identity_with_momentum() -> Derivation:
    """With momentum from a zero buffer the weights W only grow, too. Over T = steps steps |W|^2
    grows by eta^2 times the sum of |b(j)|^2 (1 + 2 beta (1 - beta^(T-1-j))/(1 - beta)) over the
    buffers b(0) ... b(T-1)."""
    T = steps
    before = sp.Symbol("W'b", real=True)  # W(j)'b(j), before the step
    square = sp.Symbol("|b|^2", positive=True)
    W, buffer, g = (sp.MatrixSymbol(name, s.N.symbol, 1) for name in ("W", "b", "g"))
    rules = {
        W.T * buffer: before * ONE,
        buffer.T * W: before * ONE,
        buffer.T * buffer: square * ONE,
        # the gradient at the new weights is orthogonal to them
        W.T * g: eta * buffer.T * g,
        g.T * W: eta * g.T * buffer,
    }
    lag = sp.Symbol("lag", integer=True, positive=True)

    def share(left: sp.Expr) -> sp.Expr:
        """What a buffer's square has added, with ``left`` steps after its own."""
        return 1 + 2 * beta * (1 - beta**left) / (1 - beta)

    # W(j)'b(j), step after step, from the empty buffer; then what a step adds to |W|^2
    c, size = sp.Symbol("c", real=True), sp.Symbol("|W_k|", positive=True)
    step = sp.Symbol("step", integer=True, nonnegative=True)

    def held(size: sp.Expr, at: sp.Expr) -> sp.MatrixExpr:
        """The buffer, of its length and of the product c with weights of that length."""
        return c / size * way + sp.sqrt(lengths[at, 0] ** 2 - c**2 / size**2) * turn

    moved = size * way - eta * held(size, step)
    onward = beta * held(size, step) + across(moved, slope)  # any gradient, and any |W|
    product = iterate(sp.Lambda((c, step), inner(moved, onward)), sp.S.Zero, done)
    after = squared(sp.sqrt(r) * way - eta * held(sp.sqrt(r), done)).subs(c, product)
    past = -eta * sp.Sum(beta ** (done - j) * lengths[j, 0] ** 2, (j, 0, done - 1))
    definition = iterate(sp.Lambda((r, done), after), norm**2, T) - norm**2
    return Derivation(
        definition=definition,
        closed_form=eta**2
        * sp.Sum(lengths[j, 0] ** 2 * share(T - 1 - j), (j, 0, T - 1)),
        steps=(
            equal(
                "At the new weights W - eta b the new buffer is beta b + g. The gradient g is "
                "orthogonal to the new weights. So new weights and new buffer have the product "
                "beta (W'b - eta |b|^2).",
                (W - eta * buffer).T * (beta * buffer + g),
                beta * (before - eta * square) * ONE,
                rules,
            ),
            equal(
                "From a zero buffer on, W(k)'b(k) is therefore the sum of -eta beta^lag "
                "|b(j)|^2 over the buffers of lag = k - j >= 1 steps ago: one more step "
                "multiplies each term by beta.",
                beta * (-eta * beta**lag * square),
                -eta * beta ** (lag + 1) * square,
            ),
            positive(
                "Each term of W(k)'b(k) is negative: its size eta beta^lag |b(j)|^2 is positive.",
                     eta * beta**lag * square),
            equal(
                "A step changes |W|^2 by eta^2 |b|^2 - 2 eta W'b.",
                (W - eta * buffer).T * (W - eta * buffer) - W.T * W,
                (eta**2 * square - 2 * eta * before) * ONE,
                rules,
            ),
            equal(
                "So |b(j)|^2 is added with the factor eta^2 at its own step, and with 2 eta^2 "
                "beta^lag at the step that is lag later. The closed form grows by this factor "
                "from lag - 1 to lag.",
                eta**2 * (share(lag) - share(lag - 1)),
                2 * eta**2 * beta**lag,
            ),
            equal(
                "At its own step, lag = 0, a buffer has added its square once: there the closed "
                "form's factor is 1.",
                  value_at(share(lag), {lag: 0}), 1),
        ),
        twins={
            "without the products of buffers": eta**2 * sp.Sum(lengths[j, 0] ** 2, (j, 0, T - 1)),
            "each product once": eta**2
            * sp.Sum(
                lengths[j, 0] ** 2 * (1 + beta * (1 - beta ** (T - 1 - j)) / (1 - beta)),
                (j, 0, T - 1),
            ),
            "as if the buffers had had their time": eta**2
            * sp.Sum(lengths[j, 0] ** 2 * (1 + beta) / (1 - beta), (j, 0, T - 1)),
        },
        chain=chain(
            because(
                "The new gradient is orthogonal to the new weights, so that W'b becomes beta "
                "(W'b - eta |b|^2).",
                recursion.induction(is_=past),
                definition.xreplace({product: past}),
            ),
            because(
                "A step adds eta^2 |b|^2 - 2 eta W'b to |W|^2.",
                recursion.induction(
                    is_=norm**2
                    + eta**2
                    * sp.Sum(lengths[j, 0] ** 2 * share(done - 1 - j), (j, 0, done - 1))
                ),
            ),
        ),
    )  # fmt: skip
