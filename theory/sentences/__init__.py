r"""Sentences with plain-text mathematics, such as "N m^2 > v/sqrt(alpha)", in TeX.

What is read as mathematics stands between dollar signs. What is not understood stays text, with
the characters that TeX would read as commands escaped.
"""

from collections.abc import Iterable

from theory.sentences.reader import Sentence
from theory.sentences.vocabulary import ESCAPED


def tex(text: str, letters: Iterable[str] = ()) -> str:
    r"""``text`` in TeX. ``letters`` are names that are letters beside mathematics, such as "decay".

    >>> print(tex("It holds once N m^2 > v/sqrt(alpha) for a mean m."))
    It holds once $N m^{2} > v/\sqrt{\alpha}$ for a mean $m$.
    >>> print(tex("100 % of x_i, see spectra.edges"))
    100 \% of $x_{i}$, see \texttt{spectra.\allowbreak edges}
    """
    return Sentence(text, frozenset(letters)).read(_in_tex)


def markdown(text: str, letters: Iterable[str] = ()) -> str:
    r"""``text`` in Markdown, with its mathematics between dollar signs.

    >>> print(markdown("once N m^2 > v, see spectra.edges"))
    once $N m^{2} > v$, see `spectra.edges`
    """
    return Sentence(text, frozenset(letters)).read(_in_markdown)


def plain(text: str) -> str:
    r"""``text`` in TeX, in which nothing is mathematics.

    >>> print(plain("section 2.1_a"))
    section 2.1\_a
    """
    return "".join(ESCAPED.get(character, character) for character in text)


def code(name: str) -> str:
    r"""A name of the house in TeX, which may break it at a dot or a line below.

    >>> print(code("spectra.one_outlier"))
    \texttt{spectra.\allowbreak one\_\allowbreak outlier}
    """
    breaking = plain(name).replace(".", r".\allowbreak ").replace(r"\_", r"\_\allowbreak ")
    return rf"\texttt{{{breaking}}}"


def _in_tex(token: str) -> str:
    """A token that is no mathematics; a name of the house is code."""
    if _is_code(token):
        return code(token.strip("`"))
    return ESCAPED.get(token, token)


def _in_markdown(token: str) -> str:
    if _is_code(token):
        return f"`{token.strip('`')}`"
    return f"\\{token}" if token in "\\*_$<`~|" else token


def _is_code(token: str) -> bool:
    return token.startswith("``") or (token[0].isalpha() and "." in token)
