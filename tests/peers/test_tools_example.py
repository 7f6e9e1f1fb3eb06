"""The example that hands a net to PyTorch's Hessian tools: all find the same."""

import importlib.util

import numpy as np
import pytest

from tests.close import discretised
from tests.paths import ROOT

torch = pytest.importorskip("torch")
PATH = ROOT / "examples" / "pytorch_hessian_tools.py"

pytestmark = [
    pytest.mark.peers,
    pytest.mark.filterwarnings("ignore:`torch.jit.script` is deprecated:DeprecationWarning"),
]


@pytest.fixture(scope="module")
def found():
    spec = importlib.util.spec_from_file_location("pytorch_hessian_tools", PATH)
    example = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(example)
    before = torch.get_default_dtype()
    torch.manual_seed(0)
    try:
        yield example.main()
    finally:
        torch.set_default_dtype(before)


#: PyHessian stops where an estimate moves by 1e-9 of itself: far less than it is off, if slow.
SLOW = 1e-4


@pytest.mark.parametrize("tool", ["curvlinops", "pyhessian"])
def test_a_tool_finds_what_the_engine_finds(tool, found):
    if tool not in found:
        pytest.skip(f"{tool} is not installed")
    ours, theirs = found["ours"], found[tool]
    assert theirs["product"] <= 1e-10
    assert discretised(theirs["top"], ours["top"], SLOW * np.abs(ours["top"]))
    # Both traces are means of as many draws of one law; 63 degrees of freedom: t beyond 6 is 1e-7.
    assert abs(theirs["trace"] - ours["trace"]) <= 6 * 2**0.5 * ours["stderr"]
