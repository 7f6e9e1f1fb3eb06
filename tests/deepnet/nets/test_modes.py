"""Each mode of batch norm against its formula; the names of the modes; the door for others."""

from dataclasses import dataclass
from typing import get_args

import numpy as np
import pytest

from deepnet import ops
from deepnet.nets import modes
from deepnet.nets.layer import Layer
from deepnet.nets.mlp import mlp
from deepnet.nets.modes import (
    MODES,
    Active,
    Centring,
    Detached,
    DeviationDetached,
    Frozen,
    Ghost,
    MeanDetached,
    Mode,
    NoNorm,
    Norm,
    Power,
    Scaling,
    Wrapper,
    norm_named,
    recording,
)
from deepnet.problem import Problem
from deepnet.tape import Linearised
from tests.close import exact, rounded
from tests.deepnet.nets.norms import (
    EPS,
    FORMULAS,
    FROZEN,
    GIVEN,
    MEAN,
    NORMS,
    SCALE,
    SHIFT,
    SIGMA,
    USE_NO_BATCH,
    VARIANCE,
    X,
    each,
)


@pytest.mark.parametrize("norm", FORMULAS, ids=repr)
def test_a_mode_is_its_formula(norm):
    assert rounded(norm.normalise("a", X), FORMULAS[norm])


def test_frozen_is_its_formula():
    mean, variance = GIVEN["a"]
    assert rounded(FROZEN.normalise("a", X), (X - mean) / np.sqrt(variance + EPS))


# ----- Derivatives: what a mode takes as a constant -----

G = np.random.default_rng(3).normal(size=X.shape)
Y, CENTRED = (X - MEAN) / SIGMA, G - G.mean(0)


def pulled(norm):
    """The gradient in x of the sum of G times the outputs."""

    def run(leaves):
        y = norm.normalise("a", leaves["x"])
        return y, ops.mean_squared_error(y, X)

    return Linearised(run, {"x": X}).vjp(G)["x"]


GRADIENTS = {
    NoNorm(): G,
    Active(EPS): (CENTRED - Y * (Y * G).mean(0)) / SIGMA,
    Detached(EPS): G / SIGMA,
    Centring(EPS): CENTRED,
    Scaling(EPS): (G - Y * (X / SIGMA * G).mean(0)) / SIGMA,
    MeanDetached(EPS): (G - Y * (Y * G).mean(0)) / SIGMA,
    DeviationDetached(EPS): CENTRED / SIGMA,
    Power(2.0, eps=EPS): (CENTRED - Y * (Y * G).mean(0)) / SIGMA,
}


@pytest.mark.parametrize("norm", GRADIENTS, ids=repr)
def test_a_mode_differentiates_what_its_name_says(norm):
    assert rounded(pulled(norm), GRADIENTS[norm])


def test_frozen_statistics_are_constants():
    assert rounded(pulled(FROZEN), G / np.sqrt(GIVEN["a"][1] + EPS))


# ----- What every norm answers -----


@each
def test_scale_and_shift_come_after(norm):
    assert rounded(norm("a", X, SCALE, SHIFT), SCALE * norm.normalise("a", X) + SHIFT)


@each
def test_known_moments_change_no_bit(norm):
    assert exact(norm("a", X, SCALE, SHIFT, norm.moments(X)), norm("a", X, SCALE, SHIFT))


@each
def test_only_modes_of_the_batch_use_the_batch(norm):
    assert norm.uses_batch == (norm not in USE_NO_BATCH)
    others = X.copy()
    others[1] += 1
    assert norm.uses_batch == bool(np.any(norm("a", others)[0] != norm("a", X)[0]))


@pytest.mark.parametrize("norm", [norm for norm in NORMS if norm.uses_batch], ids=repr)
def test_frozen_at_the_moments_of_a_batch_the_values_are_the_same(norm):
    fixed = norm.frozen({"a": norm.moments(X)})
    assert isinstance(fixed, Frozen)
    assert fixed.eps == norm.eps
    if isinstance(norm, Ghost) and norm.group:
        return  # its groups have moments of their own
    assert rounded(fixed("a", X), norm("a", X))


def test_without_statistics_of_a_batch_freezing_changes_what_was_given_alone():
    assert NoNorm().frozen(GIVEN) == NoNorm()
    other = {"a": (MEAN, VARIANCE)}
    assert FROZEN.frozen(other) == Frozen(other, EPS)
    assert FROZEN.constants() is GIVEN
    assert Active().constants() == {}


@each
@pytest.mark.parametrize("size", [1, 2])
def test_activated_is_the_composition(norm, size):
    x = np.random.default_rng(1).normal(size=(6, 4, 4, 3))
    y = np.maximum(norm("a", x, SCALE, SHIFT), 0)
    expected = y if size == 1 else y.reshape(6, 2, 2, 2, 2, 3).max((2, 4))
    curve = ops.Curve(size=size)
    assert rounded(norm.activated("a", x, (SCALE, SHIFT), curve), expected)
    assert norm.fuses(x) is False  # on the host


def test_what_is_missing_or_does_not_fit_is_said_in_one_line():
    cases = {
        "'b' has no statistics": lambda: FROZEN("b", X),
        "the mean of 'a' has shape": lambda: FROZEN("a", X[:, :2]),
        "ghost batches of 4 do not divide a batch of 6": lambda: Ghost(4)("a", X),
        "the power of a norm is 0.5": lambda: Power(0.5)("a", X),
        "batch norm over a single value": lambda: Active()("a", X[:1]),
    }
    for says, call in cases.items():
        with pytest.raises(ValueError, match=says) as error:
            call()
        assert "\n" not in str(error.value)


# ----- Names, and the door for other norms -----


def test_every_mode_has_a_name_and_every_name_a_mode():
    assert list(MODES) == list(get_args(Mode))
    public = [getattr(modes, name) for name in modes.__all__]
    made = {cls for cls in public if isinstance(cls, type) and issubclass(cls, Norm)}
    concrete = {cls for cls in made if not cls.__abstractmethods__ and not issubclass(cls, Wrapper)}
    assert set(MODES.values()) == concrete


def test_a_named_norm_takes_its_own_options_alone():
    options = {"eps": EPS, "group": 3, "power": 1.0, "raw": True, "statistics": GIVEN}
    made = {mode: norm_named(mode, **options) for mode in MODES}
    assert made["none"] == NoNorm()
    assert made["ghost"] == Ghost(3, EPS)
    assert made["power"] == Power(1.0, True, EPS)
    assert made["frozen"] == FROZEN
    assert norm_named("active") == Active()


@pytest.mark.parametrize(
    "call, says",
    [
        (lambda: norm_named("activ"), "no mode is named 'activ'; the nearest is 'active'"),
        (lambda: norm_named("active", epsilon=1), "no option of a mode is named 'epsilon'"),
        (lambda: norm_named("frozen"), "the mode frozen needs statistics"),
        (lambda: norm_named("power", raw=True), "the mode power needs power"),
    ],
)
def test_a_name_or_an_option_that_is_wrong_is_said_in_one_line(call, says):
    with pytest.raises(ValueError, match=says):
        call()


@dataclass(frozen=True)
class Doubled(Norm):
    """Twice the inputs: a norm that batch norm knows nothing of."""

    def normalise(self, layer, x, moments=None):
        return ops.scale(x, by=2.0)


def test_another_norm_is_one_class_with_one_verb():
    norm = Doubled()
    net = mlp((4, 3, 2), ops.relu)
    rng = np.random.default_rng(2)
    weights = {name: rng.normal(size=shape) for name, shape in net.shapes.items()}
    x = rng.normal(size=(5, 4))
    expected = np.maximum(2 * x @ weights["dense1"].T, 0) @ weights["dense2"].T
    for one in (norm, norm.frozen({}), norm.at(3), recording(norm)[0], norm.beside(x)):
        assert rounded(Problem(net, one).outputs(weights, x), expected)
    assert not norm.uses_batch
    assert norm.moments(x) is None


def test_a_layer_hands_its_own_scale_and_shift_to_any_norm():
    layer = Layer(name="a", shape=(3, 3), activation=ops.relu, norm="pre", affine=True)
    weights = {"a": np.eye(3), "a_scale": SCALE, "a_shift": SHIFT}
    for norm in NORMS:
        expected = np.maximum(norm("a", X, SCALE, SHIFT), 0)
        assert rounded(layer(weights, X, norm), expected)
