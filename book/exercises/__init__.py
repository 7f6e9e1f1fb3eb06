"""Exercises: questions that a claim answers. A module per chapter declares its own."""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec

from book.exercises.exercise import Exercise, data
from book.script import entries


@cache
def exercises(chapter: str) -> Mapping[str, Exercise]:
    """The exercises of ``chapter`` by their names; a chapter without a module has none."""
    name = f"{__name__}.{chapter}"
    if find_spec(name) is None:
        return {}
    return {each.name: each for each in import_module(name).EXERCISES}


def script(chapter: str) -> str:
    """The data file's entries: ``companion.exercises[name]`` of each exercise.

    Raises ValueError where one does not fit its claim: see ``Exercise.check``.
    """
    found = exercises(chapter)
    for each in found.values():
        each.check()
    return entries("exercises", {name: data(each) for name, each in found.items()})
