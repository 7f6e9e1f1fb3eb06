"""The hot functions, with arguments that they take: what every stand-in is compared on."""

import numpy as np

from deepnet.backend import to_host
from deepnet.ops import (
    bilinear,
    channels,
    convolution,
    families,
    fused_factors,
    fused_passes,
    linear,
    losses,
    norm,
    pointwise,
)
from deepnet.training import sgd


def _hot(*modules):
    return {
        name.lstrip("_"): function
        for module in modules
        for name, function in vars(module).items()
        if hasattr(function, "plain")
    }


_EVERYWHERE = _hot(
    bilinear, channels, convolution, families, fused_factors, fused_passes, linear, norm,
    pointwise, losses, sgd,
)  # fmt: skip
#: Convolutions of lists of pairs, for the CPU alone: see ``test_winograd``.
OF_PAIRS = {"summed_convolve", "summed_pull_input", "summed_pull_weight"}
FUSED = {
    "activated", "bent", "factors_of_bend", "factors_of_direction", "factors_of_pull",
    "means_of_bend", "means_of_pull", "pulled", "pushed",
}  # fmt: skip
ONLY_ON_GPU = {
    "bend_of_softmax", "descended", "means_of_direction", "product", "softmax", *FUSED,
}  # fmt: skip
HOT_ON_GPU = {name: f for name, f in _EVERYWHERE.items() if name not in OF_PAIRS}
HOT = {name: f for name, f in _EVERYWHERE.items() if name not in ONLY_ON_GPU}


def images(rng, dtype, layout, *shape):
    """Normal numbers, laid out as a caller may have them."""
    x = rng.normal(size=shape).astype(dtype)
    if layout == "fortran":
        return np.asfortranarray(x)
    if layout == "strided":
        return np.repeat(x, 2, axis=-1)[..., ::2]
    if layout == "read-only":
        x.flags.writeable = False
    return x


def arguments(name, rng, dtype, layout, n, size, c):
    """Arguments that the hot function ``name`` takes, and its attributes."""
    x, g, dx, dy, dg = (
        images(rng, dtype, layout, n, 2 * size, size, c) for _ in ("x", "g", "dx", "dy", "dg")
    )
    small = images(rng, dtype, layout, n, 2, 1, c)
    choice = rng.integers(0, size**2, small.shape).astype(np.uint8)
    z, target = (images(rng, dtype, layout, n, c + 1) for _ in "zt")
    weight, one = rng.normal(size=(n, 1)).astype(dtype), np.array(rng.normal(), dtype)
    mean, inverse = rng.normal(size=c).astype(dtype), rng.uniform(0.5, 2, c).astype(dtype)
    softplus = bool(n % 2)
    curve = fused_passes.Curve(
        pointwise.softplus if softplus else pointwise.relu, {"beta": 3.0} if softplus else {}, size
    )
    factors = rng.normal(size=(10, c)).astype(dtype)
    dsmall = images(rng, dtype, layout, n, 2, 1, c)
    places = choice if size > 1 else choice.ravel()[:0]
    return {
        "activated": ((x, factors[:4]), {"curve": curve}),
        "factors_of_direction": ((factors[:3], factors[3:5], mean, inverse), {}),
        "factors_of_pull": ((factors[:3], factors[3:5]), {}),
        "factors_of_bend": ((factors[:8], inverse, mean, factors[5:], factors[8]), {}),
        "pushed": ((x, places, dx, factors[:8]), {"curve": curve}),
        "means_of_pull": ((x, places, small, factors[:3]), {"curve": curve}),
        "pulled": ((x, places, small, factors[:5]), {"curve": curve}),
        "means_of_bend": ((x, places, dx, small, dsmall, factors[:8]), {"curve": curve}),
        "bent": ((x, places, dx, small, dsmall, factors), {"curve": curve}),
        "means_of_direction": ((x, dx), {}),
        "moments": ((x,), {}),
        "standardised": ((x, mean, inverse), {}),
        "jacobian": ((x, inverse, dx), {}),
        "bend_of_normalise": ((x, inverse, g, dx, dy, dg), {}),
        "bend_of_pointwise": ((x, dg, dy, dx, g), {}),
        "scaled": ((g, inverse), {}),
        "shifted": ((g, mean), {}),
        "channel_mean": ((g,), {}),
        "channel_mean_product": ((g, x), {}),
        "times_slope": ((x, g), {}),
        "relu_and_slope": ((x * np.sign(dx.round(0)),), {}),  # with zeros of both signs
        "softplus_and_slope": ((100 * x,), {"beta": 10.0}),
        "maxima": ((np.round(2 * x),), {"size": size}),  # with equal ones
        "chosen": ((x, choice), {"size": size}),
        "put_back": ((small, choice), {"size": size}),
        "softmax": ((z, target), {}),
        "bend_of_softmax": ((target, weight, one, z), {}),
        "descended": ((x, g, dx, 0.1, 0.9, 1e-2, bool(n % 2)), {}),
    }[name]


def alike(found, expected):
    """The two on the host, of one dtype: what ``rounded`` allows is that of no coarser one."""
    found, expected = (np.asarray(to_host(each)) for each in (found, expected))
    assert found.dtype == expected.dtype and found.shape == expected.shape
    return found, expected
