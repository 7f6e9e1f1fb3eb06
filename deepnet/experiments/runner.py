"""A job runs an experiment, or finds its result.

A result is results/<experiment>/<key>/seed-<seed>.npz and .json. The key is a hash of the
configuration, the data's checksum, the experiment's version and the algorithm of convolutions.
"""

import os
import platform
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import scipy

from companion import __version__
from companion.scale import Scale
from deepnet.data import Dataset, load
from deepnet.device import explained, to_device
from deepnet.device import facts as device_facts
from deepnet.experiments.context import Context, forget_stages
from deepnet.experiments.experiment import Experiment
from deepnet.experiments.stopwatch import Stopwatch
from deepnet.experiments.store import Arrays, once, read_result, write_result
from deepnet.npz import fingerprint
from deepnet.ops.algorithm import asked, asking
from deepnet.ops.blocks import threads

#: What the key of a result is a hash of, beside the checksum of the data.
KEY = ("experiment", "version", "configuration", "convolution")


@dataclass(frozen=True)
class Result:
    """The arrays of one run, the facts stored with them, and their file.

    ``is_recorded`` marks a run of the record, whose large arrays are in single precision.
    """

    arrays: Arrays
    facts: dict[str, Any]
    path: Path
    is_recorded: bool = False

    @property
    def images(self) -> str:
        """The data set with its quality, such as "textures (generated)"."""
        data = self.facts["data"]
        return f"{data['name']} ({data['quality']})"


@dataclass(frozen=True)
class Job:
    """A run of an experiment: everything that its result follows from, and where it is stored.

    ``source`` names the data set (see ``deepnet.data.load``).
    ``out`` is the folder of all results.
    ``changes`` are entries of the configuration that differ from the entries of the ``scale``.
    ``device`` is "cpu" or "gpu". The results of both count as one result.
    ``convolution`` is the algorithm of convolutions that is asked for (``deepnet.ops.algorithm``).
    ``data_seed`` chooses the images: which textures are drawn, which images of a larger set are
    taken, and over which of them a Hessian is. It is the ``seed`` if it is None.
    """

    experiment: Experiment
    scale: Scale
    source: str
    seed: int
    out: Path
    changes: Mapping[str, Any] = field(default_factory=dict)
    device: str = "cpu"
    data_seed: int | None = None
    convolution: str = field(default_factory=asked)

    @cached_property
    def data(self) -> Dataset:
        """The images. The process that asks for them loads them."""
        config = self.configuration
        seed = self.seed if self.data_seed is None else self.data_seed
        return load(self.source, config["train"], config["test"], seed)

    @property
    def configuration(self) -> dict[str, Any]:
        """The configuration at this scale, with the changes."""
        return self.experiment.configuration(self.scale, self.changes)

    @property
    def identity(self) -> dict[str, Any]:
        """The facts that a stored result must share with the job."""
        data = self.data
        return {
            "experiment": self.experiment.name,
            "version": self.experiment.version,
            "configuration": self.configuration,
            "convolution": self.convolution,
            "seed": self.seed,
            "data": {"name": data.name, "checksum": data.checksum, "quality": data.quality},
        }

    @property
    def path(self) -> Path:
        """The file of the arrays. The facts lie beside it."""
        shared = {name: self.identity[name] for name in KEY}
        folder = fingerprint(**shared, data=self.data.checksum)
        return self.out / self.experiment.name / folder / f"seed-{self.seed}.npz"

    def stored(self) -> Result | None:
        """Return the result if it has been computed, else None."""
        stored = read_result(self.path, self.identity)
        return Result(*stored, self.path) if stored else None

    def result(self) -> Result:
        """Return the stored result, or else a computed one. Its stages are removed."""
        result = once(self.path, self.stored, self.compute)
        forget_stages(self._parts)
        return result

    def compute(self) -> Result:
        """Compute and store the result. An interrupted run is continued.

        ``seconds`` is the time of all processes that worked on the result. See ``Stopwatch``.
        """
        watch = Stopwatch(self._parts / "seconds.npz")
        try:
            with explained(), asking(self.convolution):
                data = self.data
                data = data.placed(to_device(self.device)) if self.device == "gpu" else data
                context = Context(
                    self.configuration, data, self.seed, self._parts, self.out, stored=watch.store
                )
                arrays = self.experiment.run(context)
        except BaseException:
            if self._parts.is_dir():  # there is work to go on from
                watch.store()
            raise
        facts = self.identity | {"scale": self._scale} | _setting(self.device)
        write_result(self.path, arrays, facts | {"seconds": watch.seconds})
        result = self.stored()
        assert result is not None, f"{self.path} was written and cannot be read"
        return result

    @property
    def _parts(self) -> Path:
        """The folder of the finished stages of an interrupted run."""
        return self.path.with_suffix(".parts")

    @property
    def _scale(self) -> str:
        """The name of the scale and the changes, such as "quick, width=1/4"."""
        usual = self.experiment.configuration(self.scale)
        changed = (f"{k}={v}" for k, v in self.configuration.items() if v != usual[k])
        return ", ".join((str(self.scale), *changed))


def _setting(device: str) -> dict[str, Any]:
    """The place where a result was computed. Bits are equal only if all these facts are."""
    modules = {"numpy": np, "scipy": scipy, "cupy": sys.modules.get("cupy")}
    versions = {name: module.__version__ for name, module in modules.items() if module}
    return {
        **device_facts(device),
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "processor": platform.processor() or platform.machine(),
        "threads": {
            "deepnet": threads(),
            "blas": os.environ.get("OPENBLAS_NUM_THREADS") or os.cpu_count(),
        },
        "versions": {"companion": __version__, "python": platform.python_version(), **versions},
    }
