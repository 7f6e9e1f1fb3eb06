"""The docstrings of the measuring tools have one form, and the page shows all of it."""

import inspect
from collections.abc import Sequence
from dataclasses import dataclass, is_dataclass
from typing import Any

import pytest

from companion.references import cite
from tests.paths import ROOT
from tools import api

PAGE = ROOT / "docs" / "api.md"
ROOMS = ("deepnet.curvature", "deepnet.landscape", "deepnet.watch")
PUBLIC = [(room, name, thing) for room in ROOMS for name, thing in api.public(room).items()]


@dataclass(frozen=True)
class Pair:
    """Two numbers.

    Attributes:
        one: The first number, which
            has two lines.
        other: The second number.

    Reference:
        page2019, momentum
    """

    one: int
    other: int

    def sum(self, *, sign: int = 1) -> int:
        """The sum ``one`` + sign * other."""
        return self.one + sign * self.other

    def _hidden(self) -> None:
        """Nothing."""


def long(
    first: Sequence[int], second: dict[str, int], *rest: int, progress: Any = iter
) -> list[int]:
    """The first number.

        first[0]

    Returns:
        A number.
    """
    return [first[0], len(second), *rest]


@pytest.mark.parametrize("room", ROOMS)
def test_every_exported_name_is_listed(room: str) -> None:
    assert sorted(api.public(room)) == sorted(__import__(room, fromlist=["*"]).__all__)


@pytest.mark.parametrize(("room", "name", "thing"), PUBLIC, ids=[name for _, name, _ in PUBLIC])
def test_a_public_docstring_has_the_house_s_form(room: str, name: str, thing: Any) -> None:
    parts = api.documented(thing.__doc__)
    assert list(parts.sections) == [each for each in api.SECTIONS if each in parts.sections]
    parameters = [each for each in inspect.signature(thing).parameters if each != "self"]
    assert list(parts.items("Attributes" if is_dataclass(thing) else "Args")) == parameters
    assert ">>> " in parts.sections["Example"]
    for key, passage in parts.references():
        cite(key, *[passage] if passage else [])
    if inspect.isfunction(thing):
        assert "\n    " in parts.text, "no formula"
        assert "Returns" in parts.sections
    assert f"\n### {name}\n" in PAGE.read_text(encoding="utf-8")


def test_a_class_is_shown_with_its_public_methods() -> None:
    assert api.markdown(Pair) == (
        "```python\nPair(one, other)\n```\n\nTwo numbers.\n\n"
        "**Attributes**\n\n"
        "- **one**: The first number, which has two lines.\n- **other**: The second number.\n\n"
        "**Reference.** How to Train Your ResNet 7: Batch Norm (page2019, momentum).\n\n"
        "**`.sum(*, sign: int = 1) -> int`**\n\nThe sum `one` + sign \\* other."
    )


def test_a_long_signature_has_one_line_per_parameter() -> None:
    assert api.markdown(long).startswith(
        "```python\nlong(\n    first: Sequence[int],\n    second: dict[str, int],\n"
        "    *rest: int,\n    progress: Any = iter,\n) -> list[int]\n```\n\nThe first number.\n\n"
        "```text\nfirst[0]\n```\n\n**Returns.** A number."
    )
