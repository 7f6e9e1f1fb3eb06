"""Parentheses in LaTeX: where a script needs them, and where they need not be large."""

import re

#: One letter or command, perhaps with a subscript, before an optional pair of fences.
NUCLEUS = re.compile(
    r"(?:\\(?:operatorname|mathbf|mathcal|hat|bar|tilde|dot|ddot)\{[^{}]*\}"
    r"|\\(?!left|right|[lr]Vert|[lr]vert)[A-Za-z]+|[A-Za-z]|\d+)?"
    r"(?:_\{(?:[^{}]|\{[^{}]*\})*\}|_[A-Za-z0-9])?"
)
FENCE = re.compile(r"\\(left|right)\s*(?:\\[A-Za-z]+|\\?.)|\\([lr])[Vv]ert\b")
REACHES = re.compile(r"\\(?:nabla|partial|lim|frac|sqrt|sum|int|sup|inf|max|min)(?![A-Za-z])")


def is_atomic(tex: str) -> bool:
    r"""Whether a script can stand at LaTeX without parentheses around it.

    >>> is_atomic(r"\lambda_{\max}\left(R\right)"), is_atomic("A B"), is_atomic("R^{+}")
    (True, False, False)
    >>> is_atomic(r"\max_{\lambda} \left|\lambda\right|")
    False
    """
    nucleus = NUCLEUS.match(tex)
    rest = tex[nucleus.end() if nucleus else 0 :].strip()
    if not rest or REACHES.match(tex):
        return not rest
    if re.fullmatch(r"\([^()]*\)", tex):
        return True
    depth = 0
    for fence in FENCE.finditer(rest):
        if not depth and fence.start():
            return False
        depth += 1 if "l" in (fence[1] or "")[:1] + (fence[2] or "") else -1
        if not depth:
            return fence.end() == len(rest)
    return False


#: What is higher than a line, so that parentheses around it are to be large.
HIGH = r"\\(?:left[(\[.]|frac|binom|sqrt|sum|int|prod|lim|max_|min_|sup_|inf_|begin|operatorname\*)"
LARGE = re.compile(rf"\\left([(\[])((?:(?!{HIGH}|\\right[)\].]).)*)\\right([)\]])(?!\.)")


def plain(tex: str) -> str:
    r"""LaTeX in which parentheses around what is of the height of a line are not large.

    >>> plain(r"\lambda_{\max}\left(\operatorname{corr}\left(R\right)\right)")
    '\\lambda_{\\max}(\\operatorname{corr}(R))'
    """
    before = ""
    while tex != before:
        before, tex = tex, LARGE.sub(r"\1\2\3", tex)
    return tex
