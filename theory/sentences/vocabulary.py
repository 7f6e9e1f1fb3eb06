"""The words and signs of plain-text mathematics, and how TeX writes them."""

import re

from theory.typeset import form


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: An x between the sizes of a matrix.
TIMES = "×"
#: The name of a claim, a name in quotation marks of code, a word or a sign.
TOKEN = re.compile(
    r"[a-z]{3,}\.[a-z]\w{2,}|``\w+``|(?<= )\(x\)(?= )|<=|>=|->|\+-|\.\.\.|"
    r"\d+(?:\.\d+)*(?:e-?\d+)?|(?P<times>(?<=\b[A-Zn\d] )x(?= [A-Znp\d]\b))|"
    r"mu0|sigma2|K-FAC|[A-Za-z]+|\s+|."
)
GREEK = _words(
    "alpha beta gamma delta eta kappa lambda lam mu nu phi psi pi rho sigma tau theta omega "
    "xi chi zeta eps Sigma Delta Gamma Lambda Omega Phi Pi Psi Theta"
)
#: Functions; those that are words too need a parenthesis or a script behind them.
FUNCTIONS = _words(
    "sin cos tan tanh sinh cosh exp ln log tr det vec diag erf arcsin arccos arctan ker grad E"
)
OPERATORS = _words("max min sum lim mean sign sup inf BN Var Hess relu softmax Beta")
#: Those that TeX has a command for.
COMMANDS = _words("sin cos tan tanh sinh cosh exp ln log det arcsin arccos arctan ker max min")
WORDS = _words(
    "An As At Be By Do He I If In Is It Me My No Of On Or Re So To Up Us We am an as at be by "
    "do go he if in is it me my no of on or so to up us we"
)
#: Words that no article stands before.
BEHIND_A_LETTER = _words("and or is as for with in at to of be has are on by than times alone")
NAMES = _words("FAC III LR NAME QR SVD RMS SGD ReLU")
#: Products of letters that are written together.
TOGETHER = re.compile(
    r"[A-Z][a-z]|[A-Z]{2,4}|[A-Z]{1,3}[a-z]|([a-z])\1|d[A-Za-z]|ab|uw|ij|xb|np|[a-z][A-Z]"
)
RELATIONS = {
    "=": "=", "<": "<", ">": ">", "<=": r"\leq", ">=": r"\geq", "->": r"\to", "~": r"\sim",
    "+": "+", "-": "-", "*": r"\cdot", "/": "/", "(x)": r"\otimes", "+-": r"\pm", TIMES: r"\times",
}  # fmt: skip
ESCAPED = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#",
    "%": r"\%", "_": r"\_", "^": r"\^{}", "~": r"\~{}", "<": "$<$", ">": "$>$", "|": "$|$",
    TIMES: r"$\times$", "<=": r"$\leq$", ">=": r"$\geq$", "->": r"$\to$", "...": r"\dots{}",
    "(x)": r"$\otimes$", '"': "''", "*": "$*$",
}  # fmt: skip


def letters(token: str) -> str:
    """One letter, one Greek letter, or several written together; empty for a word."""
    if token in GREEK or len(token) == 1:
        return form(token) if token in GREEK else token
    if re.fullmatch("[A-Za-z](hat|bar)", token) and token.lower() not in ("what", "that"):
        return form(token)
    if token[0] == "d" and token[1:] in GREEK:
        return f"d{form(token[1:])}"
    if token in ("Wl", "bl", "mu0", "sigma2"):
        return form(token)
    if token in WORDS | NAMES | GREEK or not TOGETHER.fullmatch(token):
        return ""
    return " ".join(token)


def function(name: str) -> str:
    """The name of a function."""
    if name == "dBN":
        return r"d\operatorname{BN}"
    if name == "sum":
        return r"\sum"
    return rf"\{name}" if name in COMMANDS else rf"\operatorname{{{name}}}"
