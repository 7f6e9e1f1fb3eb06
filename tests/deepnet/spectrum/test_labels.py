"""Labels: columns, classes without an example, labels that begin at 1."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deepnet.spectrum.command import main
from tests.close import rounded
from tests.deepnet.spectrum.asking import asked, found, refused, saved


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(labels=st.lists(st.integers(0, 2), min_size=1, max_size=5), column=st.booleans())
def test_empty_classes_are_counted(capsys, tmp_path, labels, column):
    rng = np.random.default_rng(0)
    y = np.array(labels)[:, None] if column else np.array(labels)
    x = rng.normal(size=(len(y), 2))
    weights = rng.normal(size=(3, 2))
    path = saved(tmp_path, "F.npz", w__dense1=weights, x=x, y=y)
    options = ["--net", "mlp", "--norm", "none", "--top", "1", "--bottom", "0"]
    row = found(capsys, (path, path), *options)
    assert (row["classes"], row["empty_classes"]) == (3, 3 - len(set(labels)))
    z = x @ weights.T
    assert rounded(row["loss"], np.mean(np.log(np.exp(z).sum(1)) - z[np.arange(len(y)), labels]))


@pytest.mark.parametrize("lowest, says", [(1, True), (0, False)])
def test_labels_from_one_are_said(capsys, tmp_path, lowest, says):
    rng = np.random.default_rng(0)
    y = np.repeat(np.arange(lowest, 4), 2)
    path = saved(
        tmp_path, "F.npz", w__dense1=rng.normal(size=(4, 2)), x=rng.normal(size=(len(y), 2)), y=y
    )
    options = ["--net", "mlp", "--norm", "none", "--top", "1", "--bottom", "0"]
    assert main(asked((path, path), *options)) == 0
    printed = capsys.readouterr()
    line = (
        "deepnet: no example has the label 0, and each of 1 to 3 has one; if labels begin at 1, "
        "subtract 1\n"
    )
    assert printed.err == (line if says else "")
    assert ("classes        4, 1 of them without an example\n" in printed.out) == says


def test_labels_beyond_the_classes_say_how_to_mend(tmp_path, linear_files):
    with np.load(linear_files[1]) as file:
        arrays = {name: file[name] for name in file.files}
    mend = "; if yours begin at 1, subtract 1"
    for shift in (1, 2):
        y = arrays["y"] + shift
        files = linear_files[0], saved(tmp_path, f"{shift}.npz", x=arrays["x"], y=y)
        says = refused(files, "--net", "mlp", "--norm", "none")
        assert f"has the label {y[y > 2][0]}; labels are 0 to 2" in says
        assert says.endswith(mend) == (shift == 1)
