"""One epoch's batches, normalised, on the device of the data."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from companion.errors import UsageError
from companion.progress import track
from deepnet.data.dataset import Dataset
from deepnet.training.augment import batches
from deepnet.training.averaging import Averaging

Array = Any


@dataclass(frozen=True, kw_only=True)
class Batching:
    """The size of batches, whether they are cropped and flipped, and the seed of order and cuts.

    ``averaging`` says how running statistics follow the batches.
    """

    batch: int
    augment: bool = True
    seed: int = 0
    averaging: Averaging = field(default_factory=Averaging)


def epoch_batches(
    data: Dataset, batching: Batching, epoch: int, weights: dict[str, Array], title: str
) -> Iterator[tuple[Array, Array]]:
    """The images and labels of epoch number ``epoch``, batch by batch, in the type of ``weights``.

    Random numbers are drawn on the host. ``title`` stands beside the progress. Raises UsageError
    where there are fewer images than a batch takes.
    """
    if len(data.x_train) < batching.batch:
        raise UsageError(
            f"{data.name} has {len(data.x_train)} training images; a batch takes {batching.batch}"
        )
    dtype = next(iter(weights.values())).dtype
    rng = np.random.default_rng([batching.seed, epoch])
    drawn = batches(data.x_train, data.y_train, batching.batch, rng, batching.augment)
    for x, y in track(drawn, len(data.x_train) // batching.batch, title):
        yield data.normalised(x, dtype), y
