"""``python -m deepnet spectrum``: the text for people, and the exit codes."""

import json

import pytest

from deepnet import __main__ as room
from deepnet.spectrum.command import main
from tests.deepnet.spectrum.asking import asked


def test_text_for_people(capsys, linear_files):
    assert main(asked(linear_files, "--net", "mlp", "--norm", "none", "--top", "2")) == 0
    printed = capsys.readouterr()
    assert "net mlp, 27 parameters, 20 examples, float64" in printed.out
    assert printed.out.count("top ") == 2
    assert printed.out.count("bottom ") == 5


def test_too_few_products_are_a_failure_that_says_so(capsys, page_files):
    options = ["--width", "1/64", "--norm", "active", "--top", "3", "--products", "10", "--json"]
    assert main(asked(page_files, *options)) == 1
    printed = capsys.readouterr()
    assert json.loads(printed.out)["products"] == 10
    assert "not settled after 10 products" in printed.err


def test_the_room_knows_the_command(capsys, linear_files):
    assert room.main(["spectrum", *asked(linear_files, "--net", "mlp", "--norm", "none")]) == 0
    assert "27 parameters" in capsys.readouterr().out
    with pytest.raises(SystemExit, match="0"):
        main(["--help"])
    assert "w:<layer>" in capsys.readouterr().out
