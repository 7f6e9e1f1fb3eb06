"""Wrappers of a norm: what they keep of it, what they add, and that they compose."""

from dataclasses import fields, replace

import numpy as np
import pytest

from deepnet import ops
from deepnet.nets.modes import (
    Active,
    Noisy,
    NoNorm,
    Recording,
    RecordingStatistics,
    Wrapper,
    recording,
)
from deepnet.nets.noise import Noise
from deepnet.tape import Linearised
from tests.close import exact, rounded
from tests.deepnet.nets.norms import EPS, FROZEN, GIVEN, SCALE, SHIFT, X, each

NOISE = Noise(seed=3)


def seen_nothing(*_):
    pass


WRAPPERS = {
    "noisy": lambda norm: Noisy(norm, NOISE),
    "recording": lambda norm: Recording(norm, seen_nothing),
    "statistics": lambda norm: RecordingStatistics(norm, seen_nothing),
    "both": lambda norm: Recording(RecordingStatistics(norm, seen_nothing), seen_nothing),
    "noisy inside": lambda norm: Recording(Noisy(norm, NOISE), seen_nothing),
    "noisy outside": lambda norm: Noisy(Recording(norm, seen_nothing), NOISE),
}


def bare(norm):
    """What a wrapper wraps at last."""
    return bare(norm.norm) if isinstance(norm, Wrapper) else norm


@each
@pytest.mark.parametrize("wrap", WRAPPERS.values(), ids=list(WRAPPERS))
def test_a_wrapper_keeps_every_field_of_what_it_wraps(norm, wrap):
    wrapped = wrap(norm)
    for kept in (wrapped, wrapped.at(5), wrapped.beside(X)):
        assert type(kept) is type(wrapped)
        assert type(bare(kept)) is type(norm)
        for field in fields(norm):
            assert getattr(bare(kept), field.name) == getattr(norm, field.name)
    assert (wrapped.eps, wrapped.uses_batch) == (norm.eps, norm.uses_batch)
    assert wrapped.constants() is FROZEN.statistics if norm is FROZEN else not wrapped.constants()
    assert wrapped.frozen(GIVEN) == norm.frozen(GIVEN)
    assert (wrapped.moments(X) is None) == (norm.moments(X) is None)


@each
@pytest.mark.parametrize("name", ["recording", "statistics", "both"])
def test_being_seen_changes_no_bit(norm, name):
    wrapped = WRAPPERS[name](norm)
    assert exact(wrapped("a", X, SCALE, SHIFT), norm("a", X, SCALE, SHIFT))
    assert exact(wrapped.normalise("a", X), norm.normalise("a", X))


@each
@pytest.mark.parametrize("after", [True, False])
def test_noise_is_that_of_the_step_whatever_is_around(norm, after):
    noise, step = replace(NOISE, after_affine=after), 4
    s, m = noise.draw("a", X.shape, step)
    y = norm("a", X)
    expected = s * (SCALE * y + SHIFT) + m if after else SCALE * (s * y + m) + SHIFT
    noisy = Noisy(norm, noise)
    assert noisy.noisy and not noisy.fuses(X)
    for wrapped in (
        noisy,
        Recording(noisy, seen_nothing),
        RecordingStatistics(noisy, seen_nothing),
    ):
        assert wrapped.noisy
        assert rounded(wrapped.at(step)("a", X, SCALE, SHIFT), expected)


def test_noise_before_the_scale_and_a_recorder_inside_compose():
    sides = []
    noise = replace(NOISE, after_affine=False)
    norm = Noisy(Recording(Active(EPS), lambda *seen: sides.append(seen)), noise)
    assert exact(norm("a", X, SCALE, SHIFT), Noisy(Active(EPS), noise)("a", X, SCALE, SHIFT))
    ((layer, x, y),) = sides
    assert layer == "a"
    assert x is X
    assert exact(y, Active(EPS).normalise("a", X))


def test_a_recorder_sees_inputs_and_outputs_as_arrays_on_a_tape_too():
    sides = []
    norm = Recording(Active(EPS), lambda *seen: sides.append(seen))

    def run(leaves):
        y = norm("a", leaves["x"])
        return y, ops.mean_squared_error(y, X)

    Linearised(run, {"x": X})
    ((_, x, y),) = sides
    assert exact(x, X)
    assert exact(y, Active(EPS)("a", X))


@each
def test_statistics_are_seen_once_per_layer_and_not_where_there_are_none(norm):
    seen = []
    RecordingStatistics(norm, lambda *each: seen.append(each))("a", X, SCALE, SHIFT)
    assert [layer for layer, _ in seen] == ([] if norm == NoNorm() else ["a"])
    for _, moments in seen:
        assert exact(moments, norm.moments(X))


@each
def test_statistics_are_seen_where_operations_are_fused(norm):
    x = np.random.default_rng(1).normal(size=(6, 4, 4, 3))
    recorded, seen = recording(norm)
    y = recorded.activated("a", x, (SCALE, SHIFT), ops.Curve())
    assert exact(y, norm.activated("a", x, (SCALE, SHIFT), ops.Curve()))
    assert list(seen) == (["a"] if norm.uses_batch else [])


def test_two_recorders_share_the_moments():
    one, other = {}, {}
    norm = RecordingStatistics(Active(EPS), one.__setitem__)
    RecordingStatistics(norm, other.__setitem__)("a", X)
    assert one["a"] is other["a"]
