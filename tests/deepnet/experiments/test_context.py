"""What a context holds, draws and shares: a measurement of several experiments is made once."""

import re
from functools import partial
from zlib import crc32

import numpy as np
import pytest
from scipy.sparse.linalg import LinearOperator

from deepnet.curvature import lanczos
from deepnet.data import textures
from deepnet.experiments.context import Context, forget_stages
from tests.close import exact
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


# --- products that an interrupted run does not compute again ---


class StoppedError(Exception):
    """Stands for a kill."""


class Curvature:
    """Two nets' leading curvatures, as a measurement computes them, stopped after some products."""

    def __init__(self, stop=-1):
        self.left, self.products, self.shift = stop, [], 0.0

    def matrix(self, turn):
        entries = np.diag(np.linspace(-1, turn, 30))

        def times(columns):
            if self.left == 0:
                raise StoppedError
            self.left -= 1
            self.products.append(turn)
            return entries @ columns

        return LinearOperator(entries.shape, matvec=times, matmat=times, dtype=float)

    def compute(self, context):
        """The second matrix has the first one's random vectors and weights."""
        operators = [
            context.checkpointed(self.matrix(turn), {"w": np.array(self.shift)}) for turn in (2, 3)
        ]
        pairs = [lanczos(each, context.rng("lanczos"), 2, products=20) for each in operators]
        return {"values": np.stack([each.values for each in pairs])}


def _through(way, context, curvature):
    if way == "stage":
        return context.stage("ends.0.5", partial(curvature.compute, context))
    return context.shared("ends", partial(curvature.compute, context), net="a")


@pytest.mark.parametrize("way", ["stage", "shared"])
@pytest.mark.parametrize("stop", [0, 1, 19, 20, 33])
def test_an_interrupted_measurement_goes_on_from_its_products(tmp_path, way, stop):
    whole, stopped = Curvature(), Curvature(stop)
    expected = _through(way, _context(tmp_path / "whole"), whole)
    with pytest.raises(StoppedError):
        _through(way, _context(tmp_path / "stopped"), stopped)
    assert len(list((tmp_path / "stopped").rglob("*.npz"))) == stop
    stopped.left = -1
    context = _context(tmp_path / "stopped").changed(other=1)
    assert exact(_through(way, context, stopped), expected)
    assert stopped.products == whole.products == [2] * 20 + [3] * 20
    assert len([path for path in (tmp_path / "stopped").rglob("*") if path.is_file()]) == 1


def test_other_weights_are_another_matrix(tmp_path):
    """A stage that trains a net before it measures may train another one after a kill."""
    stopped = Curvature(30)
    with pytest.raises(StoppedError):
        _through("stage", _context(tmp_path), stopped)
    stopped.left, stopped.shift, stopped.products = -1, 1e-16, []
    _through("stage", _context(tmp_path), stopped)
    assert len(stopped.products) == 40
    assert len(list(tmp_path.rglob("*.npz"))) == 1


def test_a_measurement_within_a_stage_has_its_own_products(tmp_path):
    def compute(context, outer, inner):
        first = outer.compute(context)["values"]
        second = _through("shared", context, inner)["values"]
        return {"x": np.stack([first, second, outer.compute(context)["values"]])}

    outer, inner = Curvature(), Curvature(30)
    context = _context(tmp_path)
    with pytest.raises(StoppedError):
        context.stage("both", partial(compute, context, outer, inner))
    assert context.computing == []
    inner.left = -1
    x = context.stage("both", partial(compute, context, outer, inner))["x"]
    assert exact(x[0], x[1])
    assert exact(x[0], x[2])
    assert len(outer.products) == 80
    assert len(inner.products) == 40


@pytest.mark.parametrize("way", ["stage", "shared"])
def test_products_of_a_stored_measurement_are_removed(tmp_path, way, monkeypatch):
    """A process that is killed between the two leaves them to whoever reads the measurement."""

    def killed(folder):
        raise StoppedError

    with monkeypatch.context() as patched, pytest.raises(StoppedError):
        patched.setattr("deepnet.experiments.context.forget", killed)
        _through(way, _context(tmp_path), Curvature())
    assert len(list(tmp_path.rglob("*.npz"))) == 41
    _through(way, _context(tmp_path), Curvature(0))
    assert len(list(tmp_path.rglob("*.npz"))) == 1


def test_forgotten_stages_take_their_products_along(tmp_path):
    with pytest.raises(StoppedError):
        _through("stage", _context(tmp_path), Curvature(5))
    forget_stages(tmp_path / "a.parts")
    assert list(tmp_path.iterdir()) == []


def test_outside_of_a_measurement_nothing_is_stored(tmp_path):
    Curvature().compute(_context(tmp_path))
    assert list(tmp_path.iterdir()) == []
