"""Run an experiment, or find its result: results/<experiment>/<key>/seed-<seed>.npz and .json.

The key is a hash of the configuration, the data's checksum and the experiment's version.
"""

import os
import platform
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
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
from deepnet.experiments.context import Context
from deepnet.experiments.experiment import Experiment
from deepnet.experiments.store import Arrays, fingerprint, once, read_result, write_result
from deepnet.ops.blocks import threads


@dataclass(frozen=True)
class Result:
    """The arrays of one run, the facts stored with them, and their file."""

    arrays: Arrays
    facts: dict[str, Any]
    path: Path


@dataclass(frozen=True)
class Job:
    """A run of an experiment: all that its result follows from, and where the result is stored.

    ``source`` names the data set (see ``deepnet.data.load``).
    ``out`` is the folder of all results.
    ``changes`` are entries of the configuration that differ from those of the ``scale``.
    ``device`` is "cpu" or "gpu". A result counts as one, whichever device computed it.
    """

    experiment: Experiment
    scale: Scale
    source: str
    seed: int
    out: Path
    changes: Mapping[str, Any] = field(default_factory=dict)
    device: str = "cpu"

    @cached_property
    def data(self) -> Dataset:
        """The images, which are loaded by the process that asks for them."""
        config = self.configuration
        return load(self.source, config["train"], config["test"])

    @property
    def configuration(self) -> dict[str, Any]:
        """What it does at this scale, changes included."""
        return self.experiment.configuration(self.scale, self.changes)

    @property
    def identity(self) -> dict[str, Any]:
        """The facts that a stored result must share."""
        data = self.data
        return {
            "experiment": self.experiment.name,
            "version": self.experiment.version,
            "configuration": self.configuration,
            "seed": self.seed,
            "data": {"name": data.name, "checksum": data.checksum, "quality": data.quality},
        }

    @property
    def path(self) -> Path:
        """The file of the arrays; the facts lie beside it."""
        shared = {name: self.identity[name] for name in ("experiment", "version", "configuration")}
        folder = fingerprint(**shared, data=self.data.checksum)
        return self.out / self.experiment.name / folder / f"seed-{self.seed}.npz"

    def stored(self) -> Result | None:
        """The result, if it has been computed."""
        stored = read_result(self.path, self.identity)
        return Result(*stored, self.path) if stored else None

    def result(self) -> Result:
        """The stored result, or else a computed one."""
        return once(self.path, self.stored, self.compute)

    def compute(self) -> Result:
        """Compute and store the result, going on where an interrupted run stopped.

        Its ``seconds`` are those of the run that finished it.
        """
        parts, start = self.path.with_suffix(".parts"), time.perf_counter()
        with explained():
            data = self.data.placed(to_device(self.device)) if self.device == "gpu" else self.data
            context = Context(self.configuration, data, self.seed, parts, self.out)
            arrays = self.experiment.run(context)
        facts = self.identity | {"scale": self._scale} | _setting(self.device)
        write_result(self.path, arrays, facts | {"seconds": time.perf_counter() - start})
        context.forget()
        result = self.stored()
        assert result is not None, f"{self.path} was written and cannot be read"
        return result

    @property
    def _scale(self) -> str:
        """The scale's name and what differs from it, such as "quick, width=1/4"."""
        usual = self.experiment.configuration(self.scale)
        changed = (f"{k}={v}" for k, v in self.configuration.items() if v != usual[k])
        return ", ".join((str(self.scale), *changed))


def _setting(device: str) -> dict[str, Any]:
    """Where a result was computed: bits are the same only where all of this is."""
    modules = {"numpy": np, "scipy": scipy, "cupy": sys.modules.get("cupy")}
    versions = {name: module.__version__ for name, module in modules.items() if module}
    return {
        **device_facts(device),
        "processor": platform.processor() or platform.machine(),
        "threads": {
            "deepnet": threads(),
            "blas": os.environ.get("OPENBLAS_NUM_THREADS") or os.cpu_count(),
        },
        "versions": {"companion": __version__, "python": platform.python_version(), **versions},
    }
