"""What a file of weights leaves open, in the words of the command's heading and of its JSON."""

from typing import Any

from deepnet.data.labels import empty_classes
from deepnet.nets.net import Net
from deepnet.nets.shortcut import Shortcut
from deepnet.spectrum.contents import Contents
from deepnet.spectrum.families import FAMILIES, RESIDUAL
from deepnet.spectrum.nets import NORMS, PROJECTION
from deepnet.spectrum.subject import Subject

#: The shortcuts in words.
SHORTCUTS: dict[Shortcut, str] = {
    "pool": "mean of 2 x 2 pixels, zeros in last channels",
    "option-a": "every second pixel, zeros in first and last channels",
    "projection": "1 x 1 convolution of stride 2, batch norm",
}
#: Whose statistics batch norm has, by its mode.
STATISTICS = {"active": "of each batch, variances biased", "frozen": "as the file gives them"}


def conventions(subject: Subject, net: Net) -> dict[str, Any]:
    """How the weights are read, as a row of texts and numbers.

    An entry is None where the net has no such part.
    """
    family, (_, mode) = FAMILIES.get(subject.net), NORMS[subject.norm]
    shortcut: Shortcut | None = None
    if subject.net in RESIDUAL:
        shortcut = "projection" if PROJECTION[2:] in net.shapes else subject.shortcut or "pool"
    return {
        "norm": subject.norm,
        "eps": None if mode == "none" else subject.eps,
        "statistics": STATISTICS.get(mode),
        "activation": subject.activation,
        "shortcut": shortcut,
        "padding": family.padding if family else None,
        "pooling": family.pooling if family else None,
        "classifier": family.classifier if family else None,
    }


def described(subject: Subject, contents: Contents) -> dict[str, Any]:
    """The beginning of the command's row: the net, its conventions, and counts."""
    return {
        "net": subject.net,
        **conventions(subject, contents.net),
        "parameters": contents.net.parameters,
        "examples": len(contents.labels),
        "classes": contents.classes,
        "empty_classes": empty_classes(contents.labels, contents.classes),
    }


def heading(row: dict[str, Any]) -> str:
    """The lines that name the net of ``row`` and its conventions, each of at most 80 columns."""
    eps = "" if row["eps"] is None else f", eps {row['eps']:g}"
    kind = row["shortcut"] and f"{row['shortcut']}: {SHORTCUTS[row['shortcut']]}"
    empty = row["empty_classes"] and f", {row['empty_classes']} of them without an example"
    words = {
        "norm": f"{row['norm']}{eps}",
        "statistics": row["statistics"],
        "activation": row["activation"],
        "shortcut": kind,
        "padding": row["padding"],
        "pooling": row["pooling"],
        "classifier": row["classifier"],
        "classes": f"{row['classes']}{empty or ''}",
    }
    net = (
        f"net {row['net']}, {row['parameters']:,} parameters, {row['examples']:,} examples, "
        f"{row['dtype']}"
    )
    known = {name: text for name, text in words.items() if text is not None}
    return "\n".join([net, *(f"{name:<15}{text}" for name, text in known.items())])
