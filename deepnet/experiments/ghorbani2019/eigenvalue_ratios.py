"""The ratio of the Hessian's first to its K-th eigenvalue is compared with batch norm and without.

The nets are a residual net with batch norm, this net with its batch norm frozen, and the net
without batch norm. K is the number of classes, or a number beside it. The nets are compared along
training, at equal steps, at equal training loss and at an equal rate. The ratio is also taken with
batches of the training's size in place of the Hessian's own.

On 5,000 CIFAR-10 images the ratio without batch norm is at least 1.3, 3.6 and 2.2 times as large
for three seeds at equal steps. On textures it is 0.9 to 3.1 times as large at equal loss and 0.7 to
2.6 times at equal steps (three seeds). There the net with batch norm has learnt nearly all, and its
ratio has grown.
"""

from typing import Any

import numpy as np

from companion.references import cite
from companion.scale import Scale
from deepnet.experiments.context import Context
from deepnet.experiments.ghorbani2019.observed import eigenvalue_ratios as observed
from deepnet.experiments.ghorbani2019.shared import measures, protocol
from deepnet.experiments.ghorbani2019.shared.prepared import prepared
from deepnet.experiments.ghorbani2019.shared.protocol import NAMES, Moment, Recipe
from deepnet.experiments.store import Arrays

VERSION = 3
SOURCE = cite("ghorbani2019", "figure 6")
OBSERVATIONS = observed.OBSERVATIONS
#: The number of eigenvalues that is enough where only the ratio to the tenth is wanted.
FEW = 12


def configuration(scale: Scale) -> dict[str, Any]:
    """Return the measures' configuration, and the rank ``edge``.

    An eigenvalue is an outlier if it is above twice the eigenvalue of this rank.
    """
    return measures.configuration(scale) | {"edge": scale.pick(12, 12, 20)}


def run(context: Context) -> Arrays:
    """The leading eigenvalues, their residuals and the training loss of each net at each record.

    "records" (records,): the epochs.
    "<net>:values" and "<net>:residuals" (records, eigenvalues), "<net>:loss" (records,).
    "<net>:fate": whether the net trained, as ``protocol.fate`` says.
    "small_batches:values": with batch norm at the last record, in batches of the training's size.

    The nets are "active", "frozen" and "none". "active_again" and "none_again" begin from another
    seed. "equal_rate" has batch norm and the rate of the net without.

    Raises UsageError where images do not fit.
    """
    config = context.config
    context = prepared(context)
    arrays: Arrays = {
        "records": np.array(config["records"]),
        "edge": np.array(config["edge"]),
    }
    for name in NAMES:
        recipe = protocol.recipe("none" if name == "none" else "active", context)
        arrays |= _named(name, _along(recipe, context, frozen=name == "frozen"))
    for name in protocol.COMPARED:
        again = protocol.recipe(name, context, start=1, order=1)
        arrays |= _named(f"{name}_again", _along(again, context, top=FEW))
    slower = protocol.recipe("none", context).rate
    equal = protocol.recipe("active", context, rate=slower)
    arrays |= _named("equal_rate", _along(equal, context, top=FEW))
    last = protocol.moment("active", config["records"][-1], context)
    small = measures.eigenpairs(last, context, FEW, size=config["batch"])
    return arrays | {"small_batches:values": small["values"]}


def _along(
    recipe: Recipe,
    context: Context,
    frozen: bool = False,
    top: int = measures.TOP,
) -> Arrays:
    """{values, residuals: (records, top), certain, loss: (records,), fate} along a training.

    ``certain`` says whether no eigenvalue is missing.

    With a ``top`` other than ``measures.TOP`` the untrained net is left out.
    """
    records = context.config["records"][0 if top == measures.TOP else 1 :]
    moments = [Moment(recipe, epoch, frozen) for epoch in records]
    pairs = [measures.eigenpairs(moment, context, top) for moment in moments]
    return {
        "values": np.array([record["values"] for record in pairs]),
        "residuals": np.array([record["residuals"] for record in pairs]),
        "certain": np.array([record["certain"] for record in pairs]),
        "loss": np.array([measures.loss(moment, context) for moment in moments]),
        "fate": np.array(protocol.outcome(recipe, context)),
    }


def _named(name: str, arrays: Arrays) -> Arrays:
    return {f"{name}:{quantity}": array for quantity, array in arrays.items()}
