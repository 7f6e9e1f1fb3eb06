"""Densities of channels on common axes, as the post draws them."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.collections import LineCollection

from figures import channels
from tests.close import rounded


@pytest.fixture
def panels():
    fig, axes = plt.subplots(1, 3)
    yield list(axes)
    plt.close(fig)


def test_together_ticks_are_equally_high_and_densities_are_densities(panels):
    rng = np.random.default_rng(0)
    sets = [rng.normal(0, spread, (4, 400)) for spread in (0.2, 1.0)]
    sets.append(np.full((4, 400), 0.5))  # constant channels have no density, but a mean
    channels.together(panels, sets, (-9.0, 9.0))
    limits = {(ax.get_xlim(), ax.get_ylim()) for ax in panels}
    assert len(limits) == 1
    heights = set()
    for ax, values in zip(panels, sets, strict=True):
        ticks = [each for each in ax.collections if isinstance(each, LineCollection)]
        assert len(ticks) == 4
        for each, channel in zip(ticks, values, strict=True):
            low, high = (segment[0, 0] for segment in each.get_segments())
            assert (low, high) == (channel.min(), channel.max())
            heights |= {segment[1, 1] for segment in each.get_segments()}
        marked = [line.get_xdata()[0] for line in ax.lines if line.get_marker() == "^"]
        assert rounded(marked, values.mean(1))
    assert len(heights) == 1
    for ax in panels[:2]:
        for curve in (line for line in ax.lines if line.get_marker() != "^"):
            area = np.sum(curve.get_ydata()) * np.diff(curve.get_xdata())[0]
            assert abs(area - 1) < 0.01  # Riemann sum of a smooth curve that ends at zero


def test_a_mean_out_of_the_panel_is_told_and_the_chosen_channel_filled(panels):
    z = np.random.default_rng(0).normal(0, 1, (3, 50))
    right, left = np.array([[41], [0], [0]]), np.array([[0], [8], [0]])
    channels.together(panels, [z, z + right, z - left], (-4, 4), (None, 0, None))
    said = [[text.get_text() for text in ax.texts] for ax in panels]
    assert said == [[], ["41 →"], ["← -8"]]
    filled = [sum(not isinstance(each, LineCollection) for each in ax.collections) for ax in panels]
    assert filled == [0, 1, 0]
