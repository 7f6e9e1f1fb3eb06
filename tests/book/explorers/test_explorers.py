"""An explorer's picture is that of its claims, and every slider moves it."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from book.explorers import explorers
from book.explorers.explorer import Explorer, Line, Slider, Value
from book.moving import moving
from tests.book.moving import MOVING, agrees, call, with_claim
from theory import spectra
from theory import symbols as s
from theory.domain import Integer

EXPLORERS = {name: each for chapter in MOVING for name, each in explorers(chapter).items()}
PICTURE = """(name, moved, draws) => {
    const it = companion.explorers[name];
    const one = (_, i) => companion.explorer.draw(it, moved, 1, i);
    const drawn = Array.from({length: Math.min(draws, it.draws)}, one);
    const size = {id: name, name, width: 700, height: 340};
    const plan = companion.explorer.plan(it, moved, drawn);
    const lines = plan.marks.filter((mark) => mark.kind === "line");
    const values = companion.explorer.letters(it, moved);
    return {
        svg: companion.plot({...size, ...plan}),
        says: drawn.length ? companion.samplers[it.sampler].says(drawn, values) : "",
        readouts: companion.explorer.readouts(it, moved),
        lines, values,
    };
}"""
POSITION = "(slider, at) => companion.explorer.position(slider, at)"


@pytest.fixture(params=EXPLORERS.values(), ids=list(EXPLORERS))
def explorer(request: pytest.FixtureRequest) -> Explorer:
    found: Explorer = request.param
    for value in found.values():
        with_claim(value.claim.name)
    return found


def start(explorer: Explorer, **moved: float) -> dict[str, float]:
    return {each.letter.name: each.start for each in explorer.sliders} | moved


def picture(explorer: Explorer, moved: dict[str, float], draws: int = 2) -> Any:
    return call(PICTURE, explorer.name, moved, draws)


def test_two_positions_of_a_slider_give_different_pictures_and_the_numbers_of_python(
    explorer: Explorer,
) -> None:
    for slider in explorer.sliders:
        ends = [
            picture(explorer, start(explorer, **{slider.letter.name: end}))
            for end in (slider.low, slider.high)
        ]
        assert ends[0]["svg"] != ends[1]["svg"]
        drawn = explorer.sampler is not None and slider.letter.name in ("N", "alpha")
        assert (ends[0]["says"] != ends[1]["says"]) == drawn
        for end in ends:
            assert "NaN" not in end["svg"] and "Infinity" not in end["svg"]
            for readout, observed in zip(explorer.readouts, end["readouts"], strict=True):
                assert agrees(readout.value, end["values"], observed), readout.label


def test_every_line_is_its_claim_at_five_points(explorer: Explorer) -> None:
    moved = start(explorer)
    found = picture(explorer, moved)
    lines = [layer for layer in explorer.layers if isinstance(layer, Line)]
    assert len(lines) == len(found["lines"])
    for layer, line in zip(lines, found["lines"], strict=True):
        for i in np.linspace(0, len(line["x"]) - 1, 5).astype(int):
            letters = found["values"] | {explorer.along.name: line["x"][i]}
            assert agrees(layer.value, letters, line["y"][i])


def test_an_explorer_shows_what_is_right_what_is_wrong_and_what_was_drawn(
    explorer: Explorer,
) -> None:
    svg = picture(explorer, start(explorer))["svg"]
    assert all(f'class="{css}"' in svg for css in ("theory", "printed"))
    drawn = 'class="bar"' in svg or 'class="point"' in svg
    assert drawn == (explorer.sampler is not None)
    assert 'role="img"' in svg and 'aria-label="' in svg


def test_the_same_seed_gives_the_same_picture(explorer: Explorer) -> None:
    moved = start(explorer)
    assert picture(explorer, moved) == picture(explorer, moved)


def test_slider_positions_stay_inside_and_include_both_ends(explorer: Explorer) -> None:
    for slider in explorer.sliders:
        assert slider.low <= slider.start <= slider.high
        shown = {
            "low": slider.low,
            "high": slider.high,
            "log": slider.log,
            "steps": slider.steps,
            "whole": isinstance(slider.letter.domain, Integer),
        }
        values = [call(POSITION, shown, at) for at in range(slider.steps + 1)]
        assert values[0] == slider.low and values[-1] == slider.high
        assert values == sorted(set(values))
        assert all(slider.letter.domain.contains(value) for value in values[1:])


def test_examples_are_a_whole_number_of_at_least_one() -> None:
    tiny = picture(EXPLORERS["density"], {"alpha": 0.25, "v": 1, "N": 21}, draws=0)
    assert tiny["values"]["p"] == 5


def test_what_no_claim_has_is_refused() -> None:
    density = EXPLORERS["density"]
    for layer, words in {
        Line(Value(spectra.edges, "middle")): "spectra.edges has no part 'middle'",
        Line(Value(spectra.density, twin="a circle")): "spectra.density has no twin 'a circle'",
        Line(Value(spectra.average_loss)): "spectra.average_loss needs eta",
    }.items():
        with pytest.raises(ValueError, match=words):
            replace(density, layers=(layer,)).check()
    with pytest.raises(ValueError, match="needs v"):
        replace(density, sliders=(Slider(s.alpha, 1, 0.5, 2),)).check()


def test_a_chapter_without_a_module_has_none() -> None:
    assert explorers("preconditioning") == {}


def test_the_page_has_a_field_per_slider_and_a_place_per_number(explorer: Explorer) -> None:
    pages = [moving(chapter)["explorer"] for chapter in MOVING]
    html = next(page[explorer.name] for page in pages if explorer.name in page)
    assert html.count('type="range"') == len(explorer.sliders)
    assert html.count("data-claim=") == len(explorer.readouts)
    assert json.dumps(explorer.name) in html
