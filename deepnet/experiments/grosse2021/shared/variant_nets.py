"""The variants of batch norm, by what each changes in one net."""

from typing import Any

#: The changes of each variant to the ReLU net with batch norm before the activation.
VARIANTS: dict[str, dict[str, Any]] = {
    "active": {},
    "none": {"norm": "none"},
    "after": {"place": "post"},
    "detached": {"norm": "detached"},
    "mean_detached": {"norm": "mean_detached"},
    "deviation_detached": {"norm": "deviation_detached"},
    "centring": {"norm": "centring"},
    "scaling": {"norm": "scaling"},
    "affine": {"affine": True},
    "tanh": {"activation": "tanh"},
    "tanh, none": {"activation": "tanh", "norm": "none"},
    "logistic": {"activation": "logistic"},
    "logistic, none": {"activation": "logistic", "norm": "none"},
    "logistic, sharp": {"activation": "logistic", "affine": True, "gain": 4.0},
    "logistic, centred": {"activation": "centred logistic", "norm": "none"},
}
#: The variants that are trained from another seed too. Two such runs differ by the seed alone.
AGAIN = ("active", "detached", "tanh, none", "tanh", "logistic, none", "logistic")
