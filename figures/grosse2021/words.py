"""How the figures of the lecture's experiments name the nets and the setting; no figure itself."""

from deepnet.experiments.runner import Result
from figures import marks

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
    """The setting in small print: data, images and net, and what else there is to say."""
    config, data = result.facts["configuration"], result.facts["data"]
    side = config["side"]
    words = [f"{data['name']}, {config['train']:,} images {side} x {side}"]
    if "hidden" in config:
        words.append("hidden layers " + "-".join(str(units) for units in config["hidden"]))
    return "; ".join([*words, *more])
