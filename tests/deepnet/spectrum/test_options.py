"""Options that are out of range, unknown or do not fit the weights are refused in one line."""

import re

import pytest

from tests.deepnet.spectrum.asking import refused


@pytest.mark.parametrize(
    "options, says",
    [
        ("--norm active", "w:prep of .* has 1 filters, .* has 64; give --width 1/64"),
        ("--width 1/64", "--norm"),
        ("--width 1/64 --norm ghost", "ghost"),
        ("--width 0 --norm none", "width '0' is no width"),
        ("--width 1/0 --norm none", "width '1/0' is no width"),
        ("--width wide --norm none", "width 'wide' is no width"),
        ("--width 1/64 --norm none --net resnet", "resnet"),
        ("--width 1/64 --norm none --activation reul", "nearest is 'relu'"),
        ("--width 1/64 --norm none --activation softplus", "give relu, softplus:10"),
        ("--width 1/64 --norm none --activation softplus:-1", "give relu, softplus:10"),
        ("--width 1/64 --norm none --activation softplus:a:b", "give relu, softplus:10"),
        ("--width 1/64 --norm none --activation softplus:10:nan", "give relu, softplus:10"),
        ("--width 1/64 --norm none --activation relu:2", "give relu, softplus:10"),
        ("--width 1/64 --norm none --activation linear", "linear is for --net mlp"),
        ("--width 1/64 --norm none --top -1", "--top -1 is out of range"),
        ("--width 1/64 --norm none --top 0 --bottom 0", "give 1 to 1241"),
        ("--width 1/64 --norm none --top 1240", "asks for 1245 of 1241"),
        ("--width 1/64 --norm none --products 15", "--products 15 are too few for 15"),
        ("--width 1/64 --norm none --smoothing nan", "--smoothing nan is out of range"),
        ("--width 1/64 --norm none --tolerance -1", "--tolerance -1.0 is out of range"),
        ("--width 1/64 --norm none --batch 0", "--batch 0 is out of range"),
        ("--width 1/64 --norm none --dtype float16", "float16"),
        ("--width 1/64 --norm none --convolution fft", "fft"),
        (
            "--width 1/64 --norm none --device gpu --convolution winograd2",
            "winograd2 is for the CPU",
        ),
        ("--norm none --net mlp", "has no w:dense1"),
    ],
)
def test_bad_options(page_files, options, says):
    assert re.search(says, refused(page_files, *options.split()))
