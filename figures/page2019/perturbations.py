"""The panels show the outputs of four nets on one batch, channel by channel. Curves are densities,
marks beneath are means, and ticks are extreme values. All panels of a row have equal axes. The
columns are no step, a random step, and steps along the gradient of one mean output. The density of
that output is filled, and the number beside it is the share of the inputs that go to its class. The
length of a step is the written share of the weights' norm. It is the source's 1 %, or the length
that the frozen net needs for the source's effect, to first order. Active batch norm uses the
statistics of this batch, and frozen batch norm constant statistics. The numbers at random steps are
the root mean square movement of the means, measured and in theory. In theory it is 1/sqrt(P) times
the effect of a step along the gradient."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from deepnet.experiments.page2019.shared.steps import share
from deepnet.experiments.runner import Result
from figures import channels, marks
from figures.page2019.words import AFTER, NETS, note, per_cent
from theory import stability

SOURCE = cite("page2019", "the effect of perturbing parameters along gradients of channel means")
EXPERIMENT = "perturbations"
SHOWS = (stability.perturbation_gain,)
LIMITS = (-3.0, 9.0)


def data(results: Sequence[Result]) -> dict[str, Any]:
    """The outputs (channels, examples) of the first seed, for each net in each column."""
    arrays = results[0].arrays
    steps = arrays["drawn"]
    drawn = [(c, i) for i in (0, 1) for c in (0, 1)]
    rows = {}
    for name in (*NETS, *AFTER):
        before, along = arrays[f"{name}:outputs"], arrays[f"{name}:outputs_along"]
        aside = arrays[f"{name}:outputs_aside"][1]
        gain = stability.perturbation_gain(P=int(arrays[f"{name}:parameters"]))
        pace = arrays[f"{name}:norm"] * np.sqrt(np.mean(arrays[f"{name}:gradient_norms"] ** 2))
        rows[name] = {
            "outputs": [before.T, aside.T, *(along[c, i].T for c, i in drawn)],
            "shares": [share(along[c, i], c) for c, i in drawn],
            "random": np.sqrt(np.mean((aside.mean(0) - before.mean(0)) ** 2)),
            "theory": steps[1] * pace / gain,
        }
    titles = ["no step", f"random,\n{per_cent(steps[1])}"]
    titles += [f"output {c},\n{per_cent(steps[i])}" for c, i in drawn]
    return {"rows": rows, "titles": titles, "drawn": drawn, "note": note(results[0])}


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """Draw one row per net, one column per step."""
    fig.set_size_inches(6.8, 5.0)
    rows, titles = data["rows"], data["titles"]
    grid = fig.subplots(len(rows), len(titles), sharex=True)
    chosen = [None, None, *(c for c, _ in data["drawn"])]
    for axes, (name, row) in zip(grid, rows.items(), strict=True):
        channels.together(axes, row["outputs"], LIMITS, chosen)
        words, colour = (NETS | AFTER)[name]
        axes[0].set_ylabel(words.replace(", ", ",\n").replace("the ", "the\n"), color=colour)
        high = axes[0].get_ylim()[1]
        text = f"means ±{row['random']:.1g}\ntheory ±{row['theory']:.1g}"
        marks.label(axes[1], (LIMITS[1], 0.85 * high), text, ha="right", fontsize=6)
        for ax, reached in zip(axes[2:], row["shares"], strict=True):
            marks.label(ax, (LIMITS[1], 0.88 * high), f"{reached:.0%}", ha="right", fontsize=7)
    for ax, title in zip(grid[0], titles, strict=True):
        ax.set_title(title, weight="normal", size=8)
    for ax in grid[-1]:
        ax.set(xlabel="output", xticks=(0, 5))
