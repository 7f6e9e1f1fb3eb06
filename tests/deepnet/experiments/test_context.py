"""What a context holds, draws and shares: a measurement of several experiments is made once."""

import re
from zlib import crc32

import numpy as np
import pytest

from deepnet.data import textures
from deepnet.experiments.context import Context
from tests.paths import ROOT


def _context(out, seed=0, train=20, parts="a.parts"):
    return Context({}, textures(train, 10), seed, out / parts, out)


def test_nobody_changes_a_configuration(tmp_path):
    given = {"batch": 16, "rate": 0.1}
    context = Context(given, None, 0, tmp_path, tmp_path)
    given["batch"] = 32
    assert context.config["batch"] == 16
    with pytest.raises(TypeError):
        context.config["batch"] = 64
    assert dict(context.changed(batch=64).config) == {"batch": 64, "rate": 0.1}
    assert dict(context.config) == {"batch": 16, "rate": 0.1}


def test_a_configuration_alone_makes_no_other_measurement(tmp_path):
    context = _context(tmp_path)
    assert context.path_of("nets", "a", b=1) == context.changed(c=2).path_of("nets", "a", b=1)


def test_a_stream_depends_on_the_seed_the_name_and_the_numbers(tmp_path):
    def first(seed, *stream):
        return _context(tmp_path, seed).rng(*stream).random()

    streams = [(0, "weights"), (1, "weights"), (0, "probes"), (0, "weights", 1), (0, "weights", 2)]
    assert len({first(*stream) for stream in streams}) == len(streams)
    assert first(0, "weights") == first(0, "weights")
    assert first(0, "weights") == np.random.default_rng([0, crc32(b"weights")]).random()


def test_no_named_stream_is_that_of_an_epoch_or_a_step():
    """A training draws its batches from [seed, epoch], K-FAC from [seed, step]."""
    texts = [path.read_text("utf-8") for path in (ROOT / "deepnet/experiments").rglob("*.py")]
    names = {name for text in texts for name in re.findall(r"\.rng\(\"([^\"]+)\"", text)}
    assert {"weights", "lanczos", "probes"} <= names
    assert min(crc32(name.encode()) for name in names) > 10**6


def test_a_measurement_is_made_once_for_all_experiments(tmp_path):
    made = []

    def compute():
        made.append(len(made))
        return {"x": np.arange(3) + len(made)}

    first = _context(tmp_path).shared("kind", compute, net="a", start=0)
    other = _context(tmp_path, parts="b.parts").shared("kind", compute, start=0, net="a")
    assert made == [0]
    assert np.array_equal(first["x"], other["x"])
    (file,) = tmp_path.rglob("*.npz")
    assert file.parent == tmp_path / "measured"  # it outlasts the stages of the run that made it
    assert file.name.startswith("kind-")


@pytest.mark.parametrize(
    ("kind", "seed", "train", "what"),
    [
        ("other", 0, 20, {"net": "a", "start": 0}),
        ("kind", 1, 20, {"net": "a", "start": 0}),
        ("kind", 0, 21, {"net": "a", "start": 0}),
        ("kind", 0, 20, {"net": "b", "start": 0}),
        ("kind", 0, 20, {"net": "a", "start": 1}),
        ("kind", 0, 20, {"net": "a"}),
    ],
)
def test_whatever_a_measurement_depends_on_makes_it_another(tmp_path, kind, seed, train, what):
    usual = _context(tmp_path)
    usual.shared("kind", lambda: {"x": np.zeros(1)}, net="a", start=0)
    arrays = _context(tmp_path, seed, train).shared(kind, lambda: {"x": np.ones(1)}, **what)
    assert arrays["x"] == 1
    assert usual.shared("kind", lambda: {"x": np.ones(1)}, net="a", start=0)["x"] == 0


def test_a_spoiled_measurement_is_made_again(tmp_path):
    context, made = _context(tmp_path), []

    def compute():
        made.append(1)
        return {"x": np.ones(2)}

    for times in (1, 2):
        assert context.shared("kind", compute)["x"].sum() == 2
        assert len(made) == times
        (file,) = tmp_path.rglob("*.npz")
        file.write_bytes(file.read_bytes()[:-3])
