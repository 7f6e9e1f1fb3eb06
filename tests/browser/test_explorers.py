"""A reader moves an explorer by the keyboard: the picture follows, and its numbers are Python's."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from book.explorers import explorers
from book.explorers.explorer import Explorer, Line, Rule
from tests.book.moving import MOVING, agrees
from tests.browser.visit import Browser, Visit

EXPLORERS = [(chapter, each) for chapter in MOVING for each in explorers(chapter).values()]
#: Where a slider is moved. At the last place data are drawn fast.
KEYS = ("End", "PageDown", "ArrowLeft", "PageDown", "Home")
#: All that an explorer shows but its picture, and a point of each line of its plan.
STATE = """(host, share) => {
  const it = companion.explorers[host.dataset.explorer];
  const values = JSON.parse(host.dataset.values);
  const lines = companion.explorer.plan(it, values, []).marks.filter(({kind}) => kind === 'line');
  const at = (list) => list[Math.floor(share * list.length)];
  const outputs = Array.from(host.querySelectorAll('.readouts output'));
  const numbers = outputs.map((each) => Number(each.dataset.value));
  return {
    values,
    numbers,
    points: lines.map(({x, y}) => [at(x), at(y)]),
    shown: Array.from(host.querySelectorAll('output'), (each) => each.textContent),
    said: Object.keys(it.sliders).map((name) => companion.say(values[name], 3))
      .concat(numbers.map((each) => companion.say(each))),
  };
}"""
#: Of each line, rule and label: its words and classes, its form, and how it is drawn.
LOOKS = """(host) => Array.from(host.querySelectorAll('[clip-path] path, .label'), (each) => {
  const {stroke, strokeDasharray, fill} = getComputedStyle(each);
  const isWrong = each.classList.contains('printed');
  const look = each.tagName === 'path' ? stroke + strokeDasharray : fill;
  return {isWrong, words: each.textContent, form: each.getAttribute('d'), look};
})"""


@dataclass
class Open:
    """An explorer on a page that is open."""

    explorer: Explorer
    visit: Visit

    @property
    def host(self) -> Any:
        return self.visit.page.locator(f"#explorer-{self.explorer.name}")

    def press(self, button: str) -> None:
        self.host.locator(f".{button}").click()

    def state(self, share: float) -> Any:
        """What is shown, with the points of lines at a share of the axis."""
        self.visit.settle()
        return self.host.evaluate(STATE, share)

    def picture(self) -> bytes:
        """The pixels, when all data are drawn."""
        self.visit.page.wait_for_selector(f'#explorer-{self.explorer.name}[data-ready="true"]')
        return bytes(self.host.locator(".picture").screenshot())


@pytest.fixture(params=EXPLORERS, ids=[each.name for _, each in EXPLORERS])
def opened(pages: dict[str, Visit], request: pytest.FixtureRequest) -> Iterator[Open]:
    """An explorer at its start."""
    chapter, explorer = request.param
    it = Open(explorer, pages[chapter])
    it.host.scroll_into_view_if_needed()
    it.visit.page.wait_for_selector(f"#explorer-{explorer.name}[data-ready]")
    it.press("reset")
    yield it
    assert it.visit.complaints == []


def test_each_slider_moves_the_picture_and_all_numbers_are_python_s(opened: Open) -> None:
    start = opened.picture()
    for slider in opened.explorer.sliders:
        places = set()
        for i, key in enumerate(KEYS):
            opened.host.locator(f"input[name={slider.letter.name}]").press(key)
            found = opened.state(share=(i + 0.5) / len(KEYS))
            judge(opened.explorer, found)
            places.add(found["values"][slider.letter.name])
        assert len(places) == len(KEYS) and {slider.low, slider.high} <= places
        assert opened.picture() != start, f"{slider.letter.name} moves nothing"
        opened.press("reset")
        assert opened.picture() == start


def judge(explorer: Explorer, found: Any) -> None:
    """Compare what an explorer shows with what Python says."""
    assert found["shown"] == found["said"]
    for readout, number in zip(explorer.readouts, found["numbers"], strict=True):
        assert agrees(readout.value, found["values"], number), readout.label
    lines = [layer for layer in explorer.layers if isinstance(layer, Line)]
    for line, (x, y) in zip(lines, found["points"], strict=True):
        letters = found["values"] | {explorer.along.name: x}
        assert agrees(line.value, letters, y), (line.label, letters)


def test_what_is_wrong_is_labelled_and_looks_wrong(opened: Open) -> None:
    looks = opened.host.evaluate(LOOKS)
    wrong = [each for each in looks if each["isWrong"]]
    right = [each for each in looks if not each["isWrong"]]
    twins = [each for each in opened.explorer.layers if isinstance(each, Line | Rule)]
    labels = [each.label for each in twins if each.value.twin]
    assert [each["words"] for each in wrong if each["words"]] == labels != []
    for part in ("form", "look"):
        ours, theirs = ({each[part] for each in some} - {None} for some in (right, wrong))
        assert ours and theirs and not ours & theirs


def test_new_data_change_the_picture(opened: Open) -> None:
    assert opened.host.locator(".again").count() == bool(opened.explorer.draws)
    if opened.explorer.draws:
        first = opened.picture()
        opened.press("again")
        second = opened.picture()
        assert second != first
        opened.press("reset")
        assert opened.picture() == second


def test_an_address_holds_the_state_of_an_explorer(browser: Browser) -> None:
    with browser.visit("spectra.html#explorer-density?alpha=5&v=2&N=40") as visit:
        visit.page.wait_for_selector('#explorer-density[data-ready="true"]')
        letters = visit.values_of("#explorer-density")
        assert (letters["alpha"], letters["v"], letters["N"]) == (5, 2, 40)
