"""What moves in a chapter: HTML of its explorers and exercises, and the scripts that move them."""

from pathlib import Path
from typing import Any

from book import exercises, explorers
from book.card import letter
from book.exercises.exercise import Exercise
from book.explorers.explorer import Explorer
from book.render import render
from book.words import html

#: The scripts that evaluate formulas.
RUNTIME = tuple(
    f"runtime/{path.stem}"
    for path in sorted(Path(__file__).parent.joinpath("static", "runtime").glob("*.js"))
)
#: The scripts of everything that moves, in the order in which they need each other.
SCRIPTS = (
    "words",
    "plot",
    "eigenvalues",
    "sample",
    "samplers",
    "explorer",
    "explorer-view",
    "exercise",
    "numbers",
    "curve",
)


def scripts(chapter: str) -> list[str]:
    """What a chapter's page loads, in this order."""
    code = [f"static/{name}.js" for name in SCRIPTS]
    first = [f"static/{name}.js" for name in (*RUNTIME, "exact", "domain")]
    return [*first, f"data/{chapter}.js", *code, f"data/{chapter}.explorers.js", "static/moving.js"]


def files(chapter: str) -> dict[str, str]:
    """The data file of a chapter's explorers and exercises."""
    text = explorers.script(chapter) + exercises.script(chapter)
    return {f"data/{chapter}.explorers.js": text}


def moving(chapter: str) -> dict[str, dict[str, str]]:
    """{"explorer": {name: HTML}, "exercise": {name: HTML}}."""
    return {
        "explorer": {
            name: render("explorer.html", "", it=explorer(each))
            for name, each in explorers.explorers(chapter).items()
        },
        "exercise": {
            name: render("exercise.html", "", it=exercise(each))
            for name, each in exercises.exercises(chapter).items()
        },
    }


def explorer(each: Explorer) -> dict[str, Any]:
    """What the template of an explorer shows."""
    return {
        "name": each.name,
        "title": html(each.title),
        "about": html(each.about),
        "draws": each.draws,
        "sliders": [
            {
                "name": slider.letter.name,
                "form": letter(slider.letter).form,
                "meaning": html(slider.letter.meaning),
                "start": f"{slider.start:g}",
                "steps": slider.steps,
            }
            for slider in each.sliders
        ],
        "readouts": [
            {
                "label": html(readout.label),
                "claim": readout.value.claim.name,
                "part": readout.value.part,
                "twin": readout.value.twin,
            }
            for readout in each.readouts
        ],
    }


def exercise(each: Exercise) -> dict[str, str]:
    """What the template of an exercise shows."""
    return {
        "name": each.name,
        "title": html(each.title),
        "question": each.asked(),
        "tolerance": f"{100 * each.tolerance:g}",
    }
