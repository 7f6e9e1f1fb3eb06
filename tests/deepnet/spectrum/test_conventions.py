"""What a file of weights leaves open is said in the heading and in the JSON."""

from fractions import Fraction
from functools import partial

import numpy as np
import pytest

from deepnet import ops
from deepnet.nets.initialise import initialise
from deepnet.nets.mlp import mlp
from deepnet.nets.modes import NoNorm
from deepnet.nets.shortcut import SHORTCUTS
from deepnet.spectrum.conventions import conventions, heading
from deepnet.spectrum.families import FAMILIES, NETS, RESIDUAL, usual_activation
from deepnet.spectrum.nets import NORMS
from deepnet.spectrum.options import parse
from deepnet.spectrum.subject import Subject
from deepnet.training.averaging import Averaging
from tests.deepnet.spectrum.asking import OPEN


def built(net, **options):
    if net == "mlp":
        return mlp([5, 4, 3])
    return FAMILIES[net].build(width=1 / 32, **options)


def subject(net, norm, shortcut):
    unread = {"weights": "W.npz", "data": "D.npz", "smoothing": 0.0, "batch": None}
    how = {"recompute": False, "dtype": "float64", "device": "cpu"}
    given = {"eps": 1.23456e-05, "activation": usual_activation(net), "shortcut": shortcut}
    return Subject(net=net, width=Fraction(1, 32), norm=norm, **given, **unread, **how)


@pytest.mark.parametrize("norm", NORMS)
@pytest.mark.parametrize("net", NETS)
def test_the_heading_says_all_conventions_in_short_lines(net, norm):
    for kind in SHORTCUTS if net in RESIDUAL else (None,):
        options = {"shortcut": kind} if kind else {}
        row = conventions(subject(net, norm, kind), built(net, **options))
        assert list(row) == OPEN
        counts = {"parameters": 15_245_130, "examples": 1_000_000, "dtype": "float64"}
        first, *lines = heading(
            {"net": net, **row, **counts, "classes": 1000, "empty_classes": 999}
        ).splitlines()
        assert first.startswith(f"net {net}, ")
        assert max(map(len, (first, *lines))) <= 80
        said = {line[:15].strip(): line[15:] for line in lines}
        assert list(said) == [n for n in OPEN if row[n] is not None and n != "eps"] + ["classes"]
        assert said["norm"] == norm + ("" if norm == "none" else ", eps 1.23456e-05")
        assert said["classes"] == "1000, 999 of them without an example"
        assert all(said[n].startswith(str(row[n])) for n in said if n in OPEN)
        assert (row["statistics"] == "as the file gives them") == ("frozen" in norm)
        assert row["shortcut"] == kind


@pytest.mark.parametrize("net", FAMILIES)
def test_padding_and_pooling_are_what_the_net_computes(monkeypatch, net):
    options = {"shortcut": "option-a"} if net in RESIDUAL else {}
    here = built(net, activation=ops.tanh, **options)
    pads, pools = set(), set()

    def conv(x, w, stride, pad, plain=ops.conv):
        if w.shape[1] > 1:
            pads.add(pad)
        return plain(x, w, stride=stride, pad=pad)

    def pool(word, x, size, plain):
        pools.add(word)
        return plain(x, size=size)

    monkeypatch.setattr(ops, "conv", conv)
    monkeypatch.setattr(ops, "max_pool", partial(pool, "maximum", plain=ops.max_pool))
    monkeypatch.setattr(ops, "average_pool", partial(pool, "mean", plain=ops.average_pool))
    weights = initialise(here, np.random.default_rng(0))
    here.forward(weights, np.ones((1, 32, 32, 3), np.float32), NoNorm())
    row = conventions(subject(net, "none", None), here)
    assert pads == {row["padding"]}
    assert pools == {word for word in ("maximum", "mean") if word in row["pooling"]}


@pytest.mark.parametrize("net", NETS)
def test_the_activation_is_the_given_one_or_the_source_s(net):
    def said(*more):
        words = ["--net", net, "--weights", "W.npz", "--data", "D.npz", "--norm", "none", *more]
        return conventions(parse(words).subject, built(net))["activation"]

    assert said() == ("softplus:10" if net in ("page", "mlp") else "relu")
    assert said("--activation", "tanh") == "tanh"


def test_the_help_says_what_momentum_means_here(capsys):
    with pytest.raises(SystemExit):
        parse(["--help"])
    said = " ".join(capsys.readouterr().out.split())
    assert f"gives the new batch the weight {Averaging().momentum:g}," in said
