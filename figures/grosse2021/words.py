"""Names of the nets and the setting in figures of the lecture's experiments. This is no figure."""

from deepnet.experiments.runner import Result
from figures import marks
from figures.certain import all_certain

#: The modes of batch norm, with their colours.
MODES = {
    "none": ("no batch norm", marks.THIRD),
    "active": ("batch norm", marks.THEORY),
    "detached": ("detached", marks.SECOND),
    "frozen": ("frozen", marks.SECOND),
    "centring": ("centring only", "#56B4E9"),
    "scaling": ("scaling only", "#E69F00"),
}


def note(result: Result, *more: str) -> str:
    """The setting in small print: data, images and net, and ``more`` words."""
    config, data = result.facts["configuration"], result.facts["data"]
    side = config["side"]
    words = [f"{data['name']}, {config['train']:,} images {side} x {side}"]
    if "hidden" in config:
        words.append("hidden layers " + "-".join(str(units) for units in config["hidden"]))
    doubts = [] if all_certain(result.arrays) else ["an outlier may be missing"]
    return "; ".join([*words, *more, *doubts])
