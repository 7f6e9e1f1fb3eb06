"""The images of the nets are averaged, and their size and number are checked."""

from dataclasses import replace

from companion.errors import UsageError
from deepnet.experiments.context import Context
from deepnet.experiments.images import require


def prepared(context: Context) -> Context:
    """The context with the images of the training: averaged over 2 x 2 pixels ``halvings`` times.

    Raises UsageError where their sides do not fit the net, or where there are too few.
    """
    data, config = context.data, context.config
    for _ in range(config["halvings"]):
        data = data.halved()
    rows, columns = data.x_train.shape[1:3]
    if rows != columns or rows % 4:
        raise UsageError(f"images of {rows} x {columns} pixels; give squares of 4, 8, 12, ...")
    require(data, config["examples"] + config["batch"])
    return replace(context, data=data)
