"""The lines of a picture run where the words at its axes say."""

import re

import numpy as np
import pytest

from book.explorers import explorers
from book.explorers.explorer import Line, Rule
from tests.book.moving import MOVING
from tests.browser.shown import Axis
from tests.browser.visit import Visit
from tests.close import discretised

#: The ticks of both axes; the lines as the page computes them, and as they are drawn.
DRAWN = """(host) => {
  const it = companion.explorers[host.dataset.explorer];
  const ticks = (end, name) => Array.from(
    host.querySelectorAll(`.axis text[text-anchor=${end}]:not(.name)`),
    (each) => [each.textContent, Number(each.getAttribute(name))]);
  const {marks} = companion.explorer.plan(it, JSON.parse(host.dataset.values), []);
  return {
    across: ticks('middle', 'x'),
    up: ticks('end', 'y').map(([words, y]) => [words, y - 4]),
    marks: marks.filter(({kind}) => kind === 'line' || kind === 'rule'),
    paths: Array.from(host.querySelectorAll('[clip-path] path'), (each) => each.getAttribute('d')),
  };
}"""
POINT = re.compile(r"[ML](-?[\d.]+) (-?[\d.]+)")


@pytest.mark.parametrize("chapter", MOVING)
def test_lines_run_where_the_axes_say(pages: dict[str, Visit], chapter: str) -> None:
    page = pages[chapter].page
    for name, explorer in explorers(chapter).items():
        host = page.locator(f"#explorer-{name}")
        host.scroll_into_view_if_needed()
        page.wait_for_selector(f"#explorer-{name}[data-ready]")
        drawn = host.evaluate(DRAWN)
        axes = [Axis(drawn["across"], log=False), Axis(drawn["up"], explorer.log)]
        layers = [each for each in explorer.layers if isinstance(each, Line | Rule)]
        assert len(drawn["paths"]) == len(layers)
        for mark, path in zip(drawn["marks"], drawn["paths"], strict=True):
            points = np.array(POINT.findall(path), float).T
            values = [np.atleast_1d(mark[way]) for way in ("x", "y") if way in mark]
            for axis, there, value in zip(axes, points, values, strict=False):
                where, allowed = axis.pixels(value)
                assert discretised(there, where, allowed), (name, path)
