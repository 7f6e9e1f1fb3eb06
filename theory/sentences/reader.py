"""How a sentence is read: which of its words and signs are mathematics, and their TeX."""

import re
from collections.abc import Callable

from theory.sentences.vocabulary import (
    BEHIND_A_LETTER,
    FUNCTIONS,
    OPERATORS,
    RELATIONS,
    TIMES,
    TOKEN,
    function,
    letters,
)
from theory.typeset import form

#: How many sizes and scripts may stand in each other, for each may end in several places.
DEEP = 3
#: TeX, and the place behind what was read.
Read = tuple[str, int]


class Sentence:
    """A sentence under way. What reads at a place returns TeX and the next place, or None."""

    def __init__(self, text: str, names: frozenset[str], depth: int = 0) -> None:
        found = TOKEN.finditer(text)
        self.tokens = [TIMES if match["times"] else match[0] for match in found]
        self.names = names
        self.depth = depth

    def read(self, words: Callable[[str], str]) -> str:
        shown: list[str] = []
        at = 0
        while at < len(self.tokens):
            found = None if self._inside_a_word(at) else self.run(at)
            if found is None:
                token = self.tokens[at]
                shown.append(words(token))
                at += 1
            else:
                tex, end = found
                plain = re.fullmatch(r"[\d.]+", tex)
                shown.append(tex if plain else f"${tex}$")
                at = end
        return "".join(shown)

    def _inside_a_word(self, at: int) -> bool:
        """Whether a hyphen or an apostrophe joins the token to a word before it."""
        joined = at >= 2 and self.tokens[at - 1] in "-'" and self.tokens[at - 2].isalpha()
        return joined and self.tokens[at].isalpha()

    def token(self, at: int) -> str:
        return self.tokens[at] if 0 <= at < len(self.tokens) else ""

    def after_space(self, at: int) -> int:
        return at + 1 if self.token(at).isspace() else at

    # --- what is read -----------------------------------------------------------------------

    def run(self, at: int, inside: bool = False) -> Read | None:
        """Terms, joined by signs, or written beside each other. Inside brackets a comma joins."""
        first = self.signed(at, inside)
        if first is None:
            return None
        tex, at = first
        while True:
            found = self.joined(at, inside)
            if found is None:
                return tex, at
            more, at = found
            tex += more

    def joined(self, at: int, inside: bool) -> Read | None:
        """What a sign joins to a term, or what stands beside it."""
        place = self.after_space(at)
        sign, after = self.token(place), self.after_space(place + 1)
        spaces = place > at, after > place + 1
        if sign in RELATIONS and not (sign in "-/" and spaces[0] != spaces[1]):
            opening = sign == "<" and spaces == (True, False)
            term = None if opening else self.signed(after, inside or sign != "-" or spaces[0])
            if term is not None:
                shown = "/" if sign == "/" else f" {RELATIONS[sign]} "
                return shown + term[0], term[1]
            if not opening:
                return None
        if (inside and sign in (",", ";")) or (sign == "." and not any(spaces)):
            term = self.signed(after, inside=True)
            shown = r" \cdot" if sign == "." else sign
            return None if term is None else (f"{shown} {term[0]}", term[1])
        beside = self.term(place, strict=not inside and (place > at or sign != "("))
        return None if beside is None else (f" {beside[0]}", beside[1])

    def signed(self, at: int, inside: bool) -> Read | None:
        if self.token(at) == "-" and not self.token(at + 1).isspace():
            found = self.term(at + 1, strict=False)
            return None if found is None else (f"-{found[0]}", found[1])
        return self.term(at, strict=not inside)

    def term(self, at: int, strict: bool) -> Read | None:
        """A number, letters, a function, a bracket or a size, with its scripts and primes."""
        found = self.base(at, strict)
        if found is None:
            return None
        tex, at = found
        above = below = ""
        while True:
            token = self.token(at)
            if token == "~" and self._is_accent(at):
                tex, at = rf"\tilde{{{tex}}}", at + 1
            elif token == "'" and not self._is_apostrophe(at):
                above, at = above + r"\prime", at + 1
            elif token in ("*", "+", "-", "+-") and tex[-1] != ")" and self._is_mark(at):
                above, at = above + {"+-": r"\pm"}.get(token, token), at + 1
            elif token == "^" and (script := self.script(at + 1)):
                above, at = above + script[0], script[1]
            elif token == "_" and not below and (script := self.script(at + 1)):
                below, at = script
            else:
                break
        return tex + (f"_{{{below}}}" if below else "") + (f"^{{{above}}}" if above else ""), at

    def _is_mark(self, at: int) -> bool:
        """Whether a star, plus or minus belongs to the letter before, as in W* and lambda+."""
        following = self.token(at + 1)
        alone = not (following[:1].isalnum() or following in ("(", "[", "|", "-", "+"))
        lam = any(each.startswith("lam") for each in self.tokens[max(at - 3, 0) : at])
        return alone and (self.token(at) == "*" or lam)

    def _is_accent(self, at: int) -> bool:
        """Whether a tilde belongs to the letter before, as in x~; a relation has a space there."""
        return self.tokens[at - 1].isalpha() and not self.token(at + 1).isalnum()

    def _is_apostrophe(self, at: int) -> bool:
        """Whether 's follows, as in "W's"."""
        return self.token(at + 1) == "s" and not self.token(at + 2).isalnum()

    def base(self, at: int, strict: bool) -> Read | None:
        token = self.token(at)
        if token in ("1", "11") and self.token(at + 1) == "'":
            return r"\mathbf{1}" * len(token), at + 1  # columns of ones
        if token[:1].isdigit():
            return (
                None
                if self.token(at + 1).isalpha() and len(self.token(at + 1)) > 1
                else (_number(token), at + 1)
            )
        if token == "sqrt":
            return self.root(at + 1)
        if token in "([" and token:
            return self.bracket(at, strict)
        if token == "|":
            return self.between(at, "|", r"\lvert ", r" \rvert")
        if token == "<" and not self.token(at + 1).isspace():
            return self.between(at, ">", r"\langle ", r" \rangle")
        return self.name(at, strict) if token.isalpha() else None

    def root(self, at: int) -> Read | None:
        place = self.after_space(at)
        if self.token(place) == "(":
            inner = self.run(place + 1, inside=True)
            if inner is None or self.token(inner[1]) != ")":
                return None
            return rf"\sqrt{{{inner[0]}}}", inner[1] + 1
        under = self.term(place, strict=False)
        return None if under is None else (rf"\sqrt{{{under[0]}}}", under[1])

    def bracket(self, at: int, strict: bool) -> Read | None:
        inner = self.run(at + 1, inside=True)
        closing = {"(": ")", "[": "]"}[self.token(at)]
        if inner is None or self.token(inner[1]) not in (")", "]"):
            return None
        end = self.token(inner[1])
        if strict and end == closing and self.token(inner[1] + 1) in ("", " ", ",", ".", ";", ":"):
            return None  # a remark in parentheses
        return f"{self.token(at)}{inner[0]}{end}", inner[1] + 1

    def between(self, at: int, closing: str, left: str, right: str) -> Read | None:
        inner = self._until(at + 1, closing)
        return None if inner is None else (f"{left}{inner[0]}{right}", inner[1] + 1)

    def _until(self, at: int, closing: str) -> Read | None:
        """What stands before ``closing``, which may be a sign of relation elsewhere."""
        if self.depth == DEEP:
            return None
        ends = [n for n in range(at, min(at + 24, len(self.tokens))) if self.tokens[n] == closing]
        for end in ends:
            part = Sentence("".join(self.tokens[at:end]), self.names, self.depth + 1)
            inner = part.run(0, inside=True)
            if inner is not None and inner[1] == len(part.tokens):
                return inner[0], end
        return None

    def script(self, at: int) -> Read | None:
        token = self.token(at)
        if token in ("(", "{"):
            inner = self._until(at + 1, {"(": ")", "{": "}"}[token])
            return None if inner is None else (inner[0], inner[1] + 1)
        if token == "-":
            after = self.script(at + 1)
            return None if after is None else (f"-{after[0]}", after[1])
        if token in ("*", "+"):
            return token, at + 1
        if token in self.names:
            return form(token), at + 1
        if token.isalpha():
            return letters(token) or rf"\mathrm{{{token}}}", at + 1
        return (token, at + 1) if token.isdigit() else None

    # --- names ------------------------------------------------------------------------------

    def name(self, at: int, strict: bool) -> Read | None:
        """A name that is mathematics here. ``strict``: so that a word of the language is a word."""
        token, following = self.token(at), self.token(at + 1)
        if token in FUNCTIONS | OPERATORS | {"dBN"}:
            return self.function(at)
        if token in self.names and len(token) > 1 and (not strict or self._beside_signs(at)):
            return form(token), at + 1
        if token in ("a", "A", "I") and strict and self._is_article(at):
            return None
        known = letters(token)
        if known:
            return known, at + 1
        if following in ("_", "^") and self.script(at + 2):
            return rf"\mathrm{{{token}}}", at + 1
        return None

    def function(self, at: int) -> Read | None:
        token, following = self.token(at), self.token(at + 1)
        if following in ("(", "[", "_", "^", "|"):
            return function(token), at + 1
        if token not in FUNCTIONS or not following.isspace():
            return None
        argument = self.term(at + 2, strict=True)
        return None if argument is None else (f"{function(token)} {argument[0]}", argument[1])

    def _beside_signs(self, at: int) -> bool:
        before, after = at - 1, at + 1
        before -= self.token(before).isspace()
        after += self.token(after).isspace()
        return self.token(before) in RELATIONS or self.token(after) in {*RELATIONS, "^", "_"}

    def _is_article(self, at: int) -> bool:
        """Whether a word follows that is no mathematics."""
        place = at + 2
        if not self.token(at + 1).isspace():
            return self.token(at + 1) == "-"
        following = self.token(place)
        if following in BEHIND_A_LETTER:
            return False
        return (following.isalpha() and self.term(place, strict=True) is None) or following in (
            "'",
            '"',
            "(",
        )


def _number(token: str) -> str:
    r"""A number in TeX.

    >>> print(_number("2.5e-6"))
    2.5 \cdot 10^{-6}
    """
    digits, _, power = token.partition("e")
    if not power:
        return digits
    return (rf"{digits} \cdot " if digits != "1" else "") + f"10^{{{int(power)}}}"
