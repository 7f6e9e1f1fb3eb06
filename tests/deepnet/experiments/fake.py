"""An experiment of three stages for the tests of what runs experiments."""

from types import ModuleType

import numpy as np

from companion.references import cite
from companion.scale import Scale
from deepnet.experiments.experiment import Experiment, Observation, Published
from deepnet.experiments.published import published_rows
from deepnet.experiments.runner import Job


class Fake(ModuleType):
    """An experiment of three stages that counts what it computes, and can be stopped."""

    VERSION = 1
    SOURCE = cite("page2019", "Power method")
    OBSERVATIONS = (
        Observation(
            "fake.mean", (0.0, 1.0), lambda a: float(a["mean"]), lambda a: float(a["mean"] + 2)
        ),
    )

    def __init__(self, value=0.5):
        super().__init__("fake", "A caption.")
        self.value, self.computed, self.stop = value, [], None

    def configuration(self, scale):
        return {"train": 20, "test": 10, "value": self.value}

    def run(self, context):
        def stage(i):
            def compute():
                if i == self.stop:
                    raise KeyboardInterrupt
                self.computed.append(i)
                rng = np.random.default_rng([context.seed, i])
                return {"x": context.config["value"] + rng.uniform(-0.1, 0.1, 3)}

            return context.stage(f"stage-{i}", compute)["x"]

        x = np.concatenate([stage(i) for i in range(3)])
        return {"x": x, "mean": x.mean()}


def job(fake, out, seed=0, scale=Scale.QUICK):
    return Job(Experiment("fake", fake), scale, "textures", seed, out)


def run_fake(fake, out, seed=0, scale=Scale.QUICK):
    return job(fake, out, seed, scale).result()


def published(theirs=4.0, band=(0.5, 2.0), why=""):
    return Published("mean", theirs, lambda arrays: float(arrays["mean"]), band, why)


def compared(fake, published, out, seeds=1):
    fake.PUBLISHED = (published,)
    results = [run_fake(fake, out, seed) for seed in range(seeds)]
    return results, published_rows(Experiment("fake", fake), results)
