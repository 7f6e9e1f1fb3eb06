"""Initial weights, drawn on the host so that every backend starts from the same ones."""

from collections.abc import Callable

import numpy as np

from deepnet.nets.net import Net, fan_in

Draw = Callable[[np.random.Generator, tuple[int, ...]], np.ndarray]


def he_uniform(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Uniform on (-b, b), b = sqrt(6/fan_in): variance 2/fan_in."""
    bound = np.sqrt(6 / fan_in(shape))
    return rng.uniform(-bound, bound, shape)


def he_normal(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Normal with variance 2/fan_in."""
    return rng.normal(0, np.sqrt(2 / fan_in(shape)), shape)


def pytorch_default(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Uniform on (-b, b), b = 1/sqrt(fan_in): PyTorch's default for dense and conv layers."""
    bound = np.sqrt(1 / fan_in(shape))
    return rng.uniform(-bound, bound, shape)


def orthogonal(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Orthonormal rows (or columns, where there are fewer), uniform in the Haar measure."""
    rows, columns = shape[0], fan_in(shape)
    q, r = np.linalg.qr(rng.normal(size=(max(rows, columns), min(rows, columns))))
    q = q * np.sign(np.diag(r))
    return (q if rows >= columns else q.T).reshape(shape)


LAWS: dict[str, Draw] = {
    "he_uniform": he_uniform,
    "he_normal": he_normal,
    "pytorch": pytorch_default,
    "orthogonal": orthogonal,
}


def initialise(
    net: Net, rng: np.random.Generator, law: str = "he_uniform", dtype: str = "float32"
) -> dict[str, np.ndarray]:
    """Weights for ``net`` by the named law, layer by layer in the net's order.

    Raises KeyError naming the known laws.
    """
    if law not in LAWS:
        raise KeyError(f"no initialisation is named {law!r}; known: {', '.join(LAWS)}")
    return {name: LAWS[law](rng, shape).astype(dtype) for name, shape in net.shapes.items()}
