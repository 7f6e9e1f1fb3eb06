"""Names of the nets and the setting in figures of the post's panels. This is no figure."""

from deepnet.experiments.runner import Result
from figures import marks

#: The nets in the order of the post's panels, with their words and colours.
NETS = {
    "active": ("batch norm", marks.THEORY),
    "frozen": ("frozen batch norm", marks.SECOND),
    "none": ("no batch norm", marks.THIRD),
}
AFTER = {"frozen_after": ("frozen, after the activation", "#56B4E9")}


def note(result: Result) -> str:
    """The setting in small print: data, net, training and images of the measurement."""
    config, data = result.facts["configuration"], result.facts["data"]
    words = f"{data['name']}, {config['train']:,} images"
    if "width" in config:
        words += f"; width {config['width']}"
    if "stop" in config:
        words += f", {config['stop']} of {config['epochs']} epochs"
    if "examples" in config:
        words += f"; measured on {config['examples']:,} images"
    return words


def doubts(result: Result) -> str:
    """The words for eigenvalues of which one may be missing. Without a doubt there are none."""
    doubtful = [words for name, (words, _) in NETS.items() if not result.arrays[f"{name}:certain"]]
    return f"; one more eigenvalue may be missing ({', '.join(doubtful)})" if doubtful else ""


def per_cent(share: float) -> str:
    """A share of the weights' norm as it is spoken, such as 8 %."""
    return f"{100 * share:.2g} %"
