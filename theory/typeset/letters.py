r"""The typeset form of each letter, by its name.

The letters of the house have theirs in ``theory.symbols``. Here are those of derivations whose form
does not follow from the name, as it does for ``alpha``, ``W_0``, ``z1`` and ``yhat``. A name in
plain mathematics, such as ``|W|^2``, stands for a number that a step calls so.
"""

import re
from functools import cache

from sympy.printing.conventions import split_super_sub
from sympy.printing.latex import translate
from sympy.printing.pretty.pretty_symbology import greek_unicode, sub, sup

from theory import symbols
from theory.domain import Parameter

#: Letters of derivations.
WORKING = {
    "1": r"\mathbf{1}",
    "1_p": r"\mathbf{1}_{p}",
    "W*": r"W^{*}",
    "|W|": r"\left\lVert W \right\rVert",
    "|W_k|": r"\left\lVert W_{k} \right\rVert",
    "|W*|": r"\left\lVert W^{*} \right\rVert",
    "|W_above|": r"\left\lVert W_2 \right\rVert",
    "|W_rest|": r"\left\lVert W_{\text{rest}} \right\rVert",
    "|y_rest|": r"\left\lVert y_{\text{rest}} \right\rVert",
    "|mu|": r"\left\lVert \mu \right\rVert",
    "|b|": r"\left\lVert b \right\rVert",
    "|d|": r"\left\lVert d \right\rVert",
    "|Ch|": r"\left\lVert C h \right\rVert",
    "|Kd|": r"\left\lVert K d \right\rVert",
    "|Pi g|": r"\left\lVert \Pi g \right\rVert",
    "|gamma|": r"\left\lvert \gamma \right\rvert",
    "E|W|^2": r"\operatorname{E} \left\lVert W \right\rVert^{2}",
    "E|W|^-2": r"\operatorname{E} \left\lVert W \right\rVert^{-2}",
    "E|v|^2": r"\operatorname{E} \left\lVert v \right\rVert^{2}",
    "E[W'v]": r"\operatorname{E}[W^{\top} v]",
    "<W,W*>": r"\left\langle W, W^{*} \right\rangle",
    "u'g": r"u^{\top} g",
    "W'b": r"W^{\top} b",
    "p'v": r"p^{\top} v",
    "g'Ch": r"g^{\top} C h",
    "h'h": r"h^{\top} h",
    "h'W'1": r"h^{\top} W^{\top} \mathbf{1}",
    "h.g": r"\left\langle h, g \right\rangle",
    "e'Ke": r"e^{\top} K e",
    "e'Kf": r"e^{\top} K f",
    "f'Kf": r"f^{\top} K f",
    "(a^2-b^2)^2": r"(a^{2} - b^{2})^{2}",
    "arccos(1/sqrt 3)": r"\arccos(1/\sqrt{3})",
    "diag(phi)": r"\operatorname{diag}(\phi)",
    "v_i - mean": r"(v_i - \bar{v})",
    "F^+": r"F^{+}",
    "mu^+": r"\mu^{+}",
    "g_perp": r"g_{\perp}",
    "lambda_min+": r"\lambda_{\min}^{+}",
    "lambda_min": r"\lambda_{\min}",
    "lambda_max": r"\lambda_{\max}",
    "S_depth(with shortcuts)": r"S_{\ell}^{\text{with shortcuts}}",
    "S_depth(without shortcuts)": r"S_{\ell}^{\text{without shortcuts}}",
    "S_depth(with batch norm on the branch)": r"S_{\ell}^{\text{with batch norm on the branch}}",
    "b_": r"\tilde{B}",
    "grad_y": r"\nabla_{y}",
    "sigma2": r"\sigma^{2}",
    "chi2": r"\chi^{2}",
    "cos": r"\cos \theta",
    "sin": r"\sin \theta",
}

#: Marks of a form in Unicode; Greek letters and the names of functions are those of their commands.
MARKS = {
    r"\left\lVert": "‖", r"\right\rVert": "‖", r"\left\lvert": "|", r"\right\rvert": "|",
    r"\left\langle": "⟨", r"\right\rangle": "⟩",
    r"\mathbf{1}": "𝟙", r"\mathcal{H}": "ℋ", r"\ell": "ℓ", r"\nabla": "∇", r"\perp": "⊥",
    r"\hat{y}": "ŷ", r"\bar{y}": "ȳ", r"\bar{v}": "v̄", r"\tilde{B}": "B̃",
    r"\dot{f}": "ḟ", r"\ddot{f}": "f̈", r"\sqrt{3}": "√3", r"\varepsilon": "ε", r"\varphi": "φ",
}  # fmt: skip
SCRIPTS = {"_": sub, "^": {**sup, "*": "*", r"\top": "ᵀ", "⊥": "⊥"}}


@cache
def form(name: str) -> str:
    r"""The LaTeX of a letter; a word is upright.

    >>> form("lam"), form("W_0"), form("z1"), form("yhat"), form("spread")
    ('\\lambda', 'W_{0}', 'z_{1}', '\\hat{y}', '\\operatorname{spread}')
    """
    known = _house().get(name) or WORKING.get(name)
    if known:
        return known
    if name.endswith("|^2"):
        return form(name.removesuffix("^2")) + "^{2}"
    base, above, below = split_super_sub(name)
    tex = _part(base, "operatorname")
    for sign, scripts in (("^", above), ("_", below)):
        if scripts:
            tex += f"{sign}{{{' '.join(_part(each, 'text') for each in scripts)}}}"
    return tex


@cache
def in_unicode(name: str) -> str:
    """The same letter in a terminal, made of its LaTeX.

    >>> in_unicode("lam"), in_unicode("norm"), in_unicode("W_0"), in_unicode("|W_rest|^2")
    ('λ', '‖W‖', 'W₀', '‖Wᵣₑₛₜ‖²')
    """
    text = form(name)
    for mark, character in MARKS.items():
        text = text.replace(mark, character)
    text = re.sub(r"\\(?:text|operatorname)\{([^{}]*)\}", r"\1", text)
    text = re.sub(r"\\([A-Za-z]+)", _command, text)
    text = re.sub(r"([_^])(?:\{([^{}]*)\}|(.))", _script, text)
    return re.sub(r" ?([‖⟨⟩ᵀ]) ?", r"\1", text)


@cache
def _house() -> dict[str, str]:
    letters = (value for value in vars(symbols).values() if isinstance(value, Parameter))
    return {each.name: each.latex for each in letters if each.latex}


def _part(name: str, upright: str) -> str:
    """One part of a name: a letter as it is, Greek by its command, a word upright."""
    known = _house().get(name) or translate(name)
    return rf"\{upright}{{{known}}}" if re.fullmatch("[A-Za-z]{2,}", known) else known


def _command(match: re.Match) -> str:
    if match[1] == "top":
        return match[0]
    return greek_unicode.get(match[1], match[1])


def _script(match: re.Match) -> str:
    """A script in small characters where there are such, else behind its sign."""
    text, small = match[2] or match[3], SCRIPTS[match[1]]
    if text in small:
        return small[text]
    if all(each in small for each in text):
        return "".join(small[each] for each in text)
    return f"{match[1]}({text})" if " " in text else match[1] + text
