"""Single expressions, as a mathematician writes them."""

import pytest
import sympy as sp

from theory import symbols as s
from theory.functions.columns import diagonal, inner, length, standardised, variance
from theory.functions.constants import eye, ones
from theory.functions.eigenvalues import largest
from theory.functions.heads import grad, hess, smooth, sup
from theory.functions.heads_of_chance import E, Prob
from theory.functions.large import tends_to
from theory.functions.matrices import kron, pinv, trace
from theory.functions.rates import largest_over, radius
from theory.proofs.unevaluated import derivative, value_at
from theory.typeset import latex, pretty
from theory.typeset.fences import is_atomic, plain

N, B, eta, lam, alpha, beta = (each.symbol for each in (s.N, s.B, s.eta, s.lam, s.alpha, s.beta))
W, R, X, u, y, g, H = (each.symbol for each in (s.W, s.R, s.X, s.u, s.y, s.g, s.H))
eps, norm, v, m = s.eps.symbol, s.norm.symbol, s.v.symbol, s.m.symbol
x = sp.Symbol("x", real=True)
LOSS = smooth(y, g, H)
CASES = [
    (1 - eta * lam, r"1 - \eta \lambda"),
    (eta * lam - 2, r"\eta \lambda - 2"),
    (1 - x + x**2 - x**3, r"1 - x + x^{2} - x^{3}"),
    (N + 1, "N + 1"),
    (1 + sp.sqrt(alpha), r"1 + \sqrt{\alpha}"),
    (variance(y) + eps, r"\operatorname{var}(y) + \varepsilon"),
    (2 * norm**2, r"2 \left\lVert W \right\rVert^{2}"),
    (length(W), r"\left\lVert W \right\rVert"),
    (inner(W, W) ** sp.Rational(3, 2), r"\left\lVert W \right\rVert^{3}"),
    (1 / length(W), r"\frac{1}{\left\lVert W \right\rVert}"),
    (trace(W.T * W), r"\left\lVert W \right\rVert^{2}"),
    (inner(W, R * W) ** 2, r"\left\langle W, R W \right\rangle^{2}"),
    (sp.And(x > 0, x < v), "0 < x < v"),
    (sp.And(lam > m, x < v), r"\lambda > m,\ x < v"),
    (sp.MatAdd(-R, eye(N)), "I - R"),
    (X * X.T / s.p.symbol, r"\frac{1}{p} X X^{\top}"),
    (v * sp.Identity(N) + m**2 * ones(N, N), r"m^{2} \mathbf{1}\mathbf{1}^{\top} + v I"),
    (ones(N, 1), r"\mathbf{1}"),
    (ones(1, N), r"\mathbf{1}^{\top}"),
    (sp.DiagMatrix(ones(N, 1)), "I"),
    (kron(eye(N - 1), ones(N * B, 1)), r"I_{N - 1} \otimes \mathbf{1}_{B N}"),
    (
        largest_over(sp.Abs(m), lam, m, v) ** 2,
        r"\left(\max_{m \le \lambda \le v} \left|m\right|\right)^{2}",
    ),
    (sp.Identity(1) + W.T * W, r"1 + W^{\top} W"),
    (sp.Inverse(R.T), r"R^{-\top}"),
    (sp.Transpose(sp.Inverse(R)), r"R^{-\top}"),
    (pinv(R) * R, "R^{+} R"),
    (kron(R, H) * sp.MatrixSymbol("z", N * B, 1), r"(R \otimes H) z"),
    (largest(R) ** 2, r"\lambda_{\max}(R)^{2}"),
    (E(inner(W, W)), r"\operatorname{E}[\left\lVert W \right\rVert^{2}]"),
    (Prob(lam > v), r"\operatorname{P}[\lambda > v]"),
    (grad(LOSS, y), r"\nabla_{y} L(y)"),
    (hess(LOSS - x, y) * y, r"(\nabla^{2}_{y} (L(y) - x)) y"),
    (tends_to(v - m, N), r"\lim_{N \to \infty} (v - m)"),
    (sp.Limit(1 / x + 1, x, 0, "+-"), r"\lim_{x \to 0} \left(1 + \frac{1}{x}\right)"),
    (sup(eta, eta, radius(R) < 1), r"\sup_{\eta,\, \rho(R) < 1} \eta"),
    (derivative(x**3, x, at=2), r"\left. \frac{\mathrm{d}}{\mathrm{d} x} x^{3} \right|_{x = 2}"),
    (value_at(x + 1, {x: 2}) ** 2, r"\left(\left. (1 + x) \right|_{x = 2}\right)^{2}"),
    (sp.Integral(x**2, (x, 0, 1)), r"\int_{0}^{1} x^{2}\, \mathrm{d}x"),
    (sp.Lambda(x, x + 1), r"(x \mapsto 1 + x)"),
    (sp.Float("0.21723362821122165741", 20), r"0.2172336\ldots"),
    (sp.sin(x) * sp.cos(x), r"\sin(x) \cos(x)"),
    (diagonal(W) * W, r"\operatorname{diag}(W) W"),
    (standardised(y, eps), r"\operatorname{BN}_{\varepsilon}(y)"),
]


@pytest.mark.parametrize(("expression", "tex"), CASES, ids=[tex for _, tex in CASES])
def test_latex(expression, tex):
    assert latex(expression) == tex


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (1 - eta * lam, "1 - η⋅λ"),
        (length(W), "‖W‖"),
        (sp.MatAdd(eye(N), -R, -ones(N, N)), "I - R - 𝟙⋅𝟙ᵀ"),
        (W.T * R * W, "Wᵀ⋅R⋅W"),
        (sp.MatMul(-(1 + x), sp.Identity(1), evaluate=False), "-(1 + x)"),
        (R.I * pinv(R), "R⁻¹⋅R⁺"),
        (sp.And(x > 0, x < v), "0 < x < v"),
        (kron(R, H), "R ⊗ H"),
        (inner(W, R * W), "⟨W, R⋅W⟩"),
        (E(largest(R)), "E[λₘₐₓ(R)]"),
        (standardised(y, 0), "BN(y)"),
        (sp.Max(0, sp.log(x)), "max(0, ln(x))"),
        (grad(LOSS, y), "∇ L(y)\ny     "),
        (tends_to(largest(R), N), "lim λₘₐₓ(R)\nN→∞        "),
        (value_at(x + 1, {x: 2}), "1 + x│     \n     │x = 2"),
        (value_at(x, {x: 2}) ** 2, "         2\n⎛x│     ⎞ \n⎝ │x = 2⎠ "),
    ],
)
def test_a_terminal(expression, text):
    assert pretty(expression) == text


@pytest.mark.parametrize(
    ("tex", "atomic"),
    [
        ("x", True),
        (r"\mathbf{1}", True),
        (r"W_{\text{rest}}", True),
        (r"\left\lVert W \right\rVert", True),
        (r"\lambda_{\max}\left(R + \left(S\right)\right)", True),
        ("x y", False),
        ("-1", False),
        (r"\nabla f", False),
        (r"\left(a\right) \left(b\right)", False),
        (r"\frac{1}{2}", False),
        (r"W^{*}", False),
        (r"\left. x \right|_{x = 0}", False),
    ],
)
def test_what_a_script_can_stand_at(tex, atomic):
    assert is_atomic(tex) is atomic


def test_only_what_is_high_keeps_large_parentheses():
    high = r"\left(\frac{1}{\left(a\right)}\right)"
    assert plain(high) == r"\left(\frac{1}{(a)}\right)"
    assert plain(r"\left[\left. x \right|_{y}\right]") == r"\left[\left. x \right|_{y}\right]"
