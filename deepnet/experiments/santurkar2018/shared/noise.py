"""The noise of algorithm 1 scales and shifts each unit at random after its batch norm."""

from typing import Any

from companion.errors import UsageError
from companion.scale import Scale
from deepnet.experiments.context import Context
from deepnet.nets.noise import Gaussian, Noise, Uniform


def configuration(scale: Scale) -> dict[str, Any]:
    """The noise of algorithm 1, whose law is "uniform".

    The law "gaussian" has equal first two moments.
    """
    return {
        "noise_law": "uniform",
        "noise_shift": 0.5,
        "noise_scale": 1.25,
        "noise_shift_spread": 0.1,
        "noise_scale_spread": 0.1,
        "noise_after_affine": True,
        "noise_redrawn": True,
    }


def noise(context: Context) -> Noise:
    """The noise of each unit's shift and scale.

    They are uniform on (-n_mu, n_mu) and (1, n_sigma), or normal. Raises UsageError for another
    law.
    """
    config = context.config
    law, shift, scale = (config[f"noise_{entry}"] for entry in ("law", "shift", "scale"))
    laws: dict[str, tuple[Uniform | Gaussian, Uniform | Gaussian]] = {
        "uniform": (Uniform(-shift, shift), Uniform(1, scale)),
        "gaussian": (
            Gaussian(0, shift / 3**0.5),
            Gaussian((1 + scale) / 2, (scale - 1) / 12**0.5),
        ),
    }
    if law not in laws:
        raise UsageError(f"no noise has the law {law!r}; give one of {', '.join(laws)}")
    return Noise(
        seed=context.seed,
        shift=laws[law][0],
        scale=laws[law][1],
        shift_spread=config["noise_shift_spread"],
        scale_spread=config["noise_scale_spread"],
        after_affine=config["noise_after_affine"],
        redrawn=config["noise_redrawn"],
    )
