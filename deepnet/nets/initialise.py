"""Initial weights are drawn on the host, so that every backend starts from equal weights.

The laws are of weights with inputs. Biases and shifts start at 0, and scales start at 1. Only
PyTorch's default draws biases. Their bounds are the bounds of the weights of their layer.
"""

from collections.abc import Callable, Mapping

import numpy as np

from deepnet.nets.net import Net, fan_in, fan_out

Initialiser = Callable[[np.random.Generator, tuple[int, ...]], np.ndarray]


def he_uniform(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Uniform on (-b, b), b = sqrt(6/fan_in): variance 2/fan_in."""
    bound = np.sqrt(6 / fan_in(shape))
    return rng.uniform(-bound, bound, shape)


def he_normal(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Normal with variance 2/fan_in."""
    return rng.normal(0, np.sqrt(2 / fan_in(shape)), shape)


def lecun_normal(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Normal with variance 1/fan_in."""
    return rng.normal(0, np.sqrt(1 / fan_in(shape)), shape)


def glorot_uniform(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Uniform on (-b, b), b = sqrt(6/(fan_in + fan_out)) (glorot2010)."""
    bound = np.sqrt(6 / (fan_in(shape) + fan_out(shape)))
    return rng.uniform(-bound, bound, shape)


def glorot_normal(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Normal with variance 2/(fan_in + fan_out) (glorot2010)."""
    return rng.normal(0, np.sqrt(2 / (fan_in(shape) + fan_out(shape))), shape)


def pytorch_default(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Uniform on (-b, b), b = 1/sqrt(fan_in): PyTorch's default for dense and conv layers."""
    return pytorch_bias(rng, shape, shape)


def pytorch_bias(
    rng: np.random.Generator, shape: tuple[int, ...], weight: tuple[int, ...]
) -> np.ndarray:
    """The law of ``pytorch_default`` for the bias of a layer whose weight has the shape
    ``weight``."""
    bound = np.sqrt(1 / fan_in(weight))
    return rng.uniform(-bound, bound, shape)


def orthogonal(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Orthonormal rows, uniform in the Haar measure.

    If there are fewer columns than rows, the columns are orthonormal.
    """
    rows, columns = shape[0], fan_in(shape)
    q, r = np.linalg.qr(rng.normal(size=(max(rows, columns), min(rows, columns))))
    q = q * np.sign(np.diag(r))
    return (q if rows >= columns else q.T).reshape(shape)


LAWS: dict[str, Initialiser] = {
    "he_uniform": he_uniform,
    "he_normal": he_normal,
    "lecun_normal": lecun_normal,
    "glorot_uniform": glorot_uniform,
    "glorot_normal": glorot_normal,
    "pytorch": pytorch_default,
    "orthogonal": orthogonal,
}


def initialise(
    net: Net,
    rng: np.random.Generator,
    law: str = "he_uniform",
    dtype: str = "float32",
    others: Mapping[str, str] | None = None,
) -> dict[str, np.ndarray]:
    """Weights for ``net`` by the named law, layer by layer in the net's order.

    ``others`` {layer: law} are exceptions. Raises KeyError, which names the known laws.
    """
    weights = {}
    for name, shape in net.shapes.items():
        layer = name if len(shape) > 1 else name.rpartition("_")[0]
        own = (others or {}).get(layer, law)
        if own not in LAWS:
            raise KeyError(f"no initialisation is named {own!r}; known: {', '.join(LAWS)}")
        if len(shape) > 1:
            weights[name] = LAWS[own](rng, shape)
        elif name.endswith("_bias") and own == "pytorch":
            weights[name] = pytorch_bias(rng, shape, net.shapes[layer])
        else:
            weights[name] = np.full(shape, float(name.endswith("_scale")))
    return {name: weight.astype(dtype) for name, weight in weights.items()}
