"""The panels show smoothness along the trainings of VGG at the main rate, with the norms of other
powers in place of batch norm's. Left: the loss variation is the range of the losses over steps
along the gradient, of half the rate to four times the rate. Middle: the largest change of the
gradient over these steps is drawn. Right: the largest effective beta is drawn. The line is 2 over
the rate, the edge of stability. It is also one over the smallest step. Beta then only says how long
the steps are. With every norm beta lies near the line."""

from collections.abc import Sequence
from typing import Any

from matplotlib.figure import Figure

from companion.references import cite
from deepnet.experiments.runner import Result
from deepnet.experiments.santurkar2018.shared import readings as measured
from figures import marks
from figures.santurkar2018.words import NETS, legend, note
from theory import smoothness, stability

SOURCE = cite("santurkar2018", "figures 12, 13")
EXPERIMENT = "loss_smoothness"
SHOWS = (smoothness.effective_beta, stability.edge_of_stability)
NORMS = ("active", "l1", "l2", "linf")


def data(results: Sequence[Result]) -> dict[str, Any]:
    """The arrays of the first seed."""
    config = results[0].facts["configuration"]
    words = f"{note(results[0])}, rate {config['rate']:g}"
    return {"arrays": results[0].arrays, "note": words}


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """Draw the three measures against the step."""
    arrays = data["arrays"]
    fig.set_size_inches(6.8, 2.7)
    panels = fig.subplots(1, 3)
    readings = (
        ("loss variation", measured.variation),
        ("change of gradient", measured.predictiveness),
        ("effective beta", measured.effective_beta),
    )
    for ax, (words, values) in zip(panels, readings, strict=True):
        for name in NORMS:
            label, colour = f"{name}:rate", NETS[name][1]
            ax.plot(arrays[f"{label}:step"], values(arrays, label), "o-", color=colour, ms=2.5,
                    lw=0.6)  # fmt: skip
        ax.set(xlabel="step", ylabel=words, ylim=(0, None))
        ax.set_xlim(0, len(arrays["active:rate:loss"]))
    edge = float(stability.edge_of_stability(eta=float(arrays["rate"])))
    panels[2].axhline(edge, color=marks.MEASURED, lw=0.9, zorder=1)
    legend(fig, NORMS)
