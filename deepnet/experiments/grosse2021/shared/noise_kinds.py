"""The kinds of noise that put covariate shift back, and the net that has one of them."""

from collections.abc import Mapping
from typing import Any

from deepnet.experiments.grosse2021.shared import protocol
from deepnet.nets.modes import Mode
from deepnet.nets.noise import Gaussian, Noise, Uniform

#: The kinds of noise. "plain" has none. "fixed" has one shift and scale per unit, and "redrawn" has
#: new ones at each step. "milder" is the noise of santurkar2018. "learnable" is redrawn noise after
#: a batch norm that learns a scale and a shift.
KINDS = ("plain", "fixed", "redrawn", "milder", "learnable")
#: The kinds for which the second layer's block is measured.
LOOKED_AT = KINDS[:3]


def recipe(norm: Mode, kind: str, config: Mapping[str, Any], rate: float) -> protocol.Recipe:
    """The net with this kind of noise after each batch norm.

    In a net without batch norm the noise stands where batch norm would stand.
    """
    noise = Noise(
        shift=Gaussian(0, config["shift"]),
        scale=Uniform(*config["scales"]),
        shift_spread=0.0,
        scale_spread=0.0,
        by_position=False,
        redrawn=kind != "fixed",
    )
    wanted = {"plain": None, "milder": Noise()}.get(kind, noise)
    return protocol.dense(
        config,
        norm=norm,
        noise=wanted,
        affine=kind == "learnable",
        rate=rate,
        epochs=config["epochs"],
    )
