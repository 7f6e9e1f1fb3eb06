"""What is shared between experiments is measured once."""

import numpy as np
import pytest

from deepnet.data import textures
from deepnet.experiments.context import Context


def _context(out, seed=0, train=20, parts="a.parts"):
    return Context(textures(train, 10), seed, out / parts, out)


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
