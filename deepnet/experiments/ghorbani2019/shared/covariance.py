"""The covariance of stochastic gradients is set against a space of the weights."""

import numpy as np

from deepnet.experiments.store import Arrays


def covariance(gradients: np.ndarray, space: np.ndarray) -> Arrays:
    """Numbers of the gradients' covariance C = mean g g' - gbar gbar' and of a space.

    ``gradients`` is (n, b) and the orthonormal ``space`` is (n, K). P is the projection onto the
    space, and P_C the projection onto the K leading eigenvectors of C.

    ``eigenvalues`` (b,) of C and ``uncentred`` ones of mean g g', descending and exact.
    ``leading``: the sum of the K largest eigenvalues over tr C.
    ``within``: tr(P C)/tr C. ``overlap``: tr(P P_C)/K.
    """
    b, K = gradients.shape[1], space.shape[1]
    centred = gradients - gradients.mean(1, keepdims=True)
    values, mixed = np.linalg.eigh(centred.T @ centred / b)
    own = centred @ mixed[:, ::-1][:, :K]
    own, _ = np.linalg.qr(own)
    uncentred = np.linalg.eigvalsh(gradients.T @ gradients / b)
    total = values.sum()
    return {
        "eigenvalues": values[::-1],
        "uncentred": uncentred[::-1],
        "leading": np.array(values[::-1][:K].sum() / total),
        "within": np.array(np.sum((space.T @ centred) ** 2) / b / total),
        "overlap": np.array(np.sum((space.T @ own) ** 2) / K),
    }
