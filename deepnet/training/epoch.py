"""One epoch's batches, normalised, where the data are."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from companion.errors import UsageError
from companion.progress import track
from deepnet.data.dataset import Dataset
from deepnet.training.augment import batches

Array = Any


@dataclass(frozen=True, kw_only=True)
class Batching:
    """The size of batches, whether they are cropped and flipped, and the seed of all that."""

    batch: int
    augment: bool = True
    seed: int = 0


def epoch_batches(
    data: Dataset, batching: Batching, epoch: int, weights: dict[str, Array], title: str
) -> Iterator[tuple[Array, Array]]:
    """Images and labels of epoch number ``epoch``: drawn on the host, in the type of ``weights``.

    ``title`` stands beside the progress. Raises UsageError where there are fewer images than a
    batch takes.
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
