"""Searches that are stopped anywhere go on from stored products and end with the same bits."""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse.linalg import aslinearoperator

from companion.errors import UsageError
from deepnet.curvature import checkpointed, hessian, lanczos
from deepnet.curvature.checkpoint import forget
from tests.close import exact
from tests.deepnet.curvature.searches import SEARCHES, Matrix, found
from tests.deepnet.tiny import perceptron


class StoppedError(Exception):
    """Stands for a kill."""


def matrix(name, seed=0, stops=()):
    """The matrix of the search ``name``; ``stops`` are numbers of products before each stop."""
    left = list(stops)

    def before():
        if left:
            left[0] -= 1
            if left[0] < 0:
                left.pop(0)
                raise StoppedError

    return Matrix(SEARCHES[name][0], seed, before)


def stored(operator, folder):
    return checkpointed(operator, folder, {"entries": operator.entries})


def products(folder):
    return sorted(Path(folder).rglob("*.npz"))


@pytest.mark.parametrize("name", SEARCHES)
@settings(max_examples=10)
@given(seed=st.integers(0, 10**6), stops=st.lists(st.integers(0, 40), max_size=6))
def test_stopped_in_any_products_it_ends_with_the_same_bits(name, seed, stops):
    whole = matrix(name, seed)
    expected = found(name, whole, seed)
    stopped = matrix(name, seed, stops)
    with TemporaryDirectory() as folder:
        while True:
            try:
                result = found(name, stored(stopped, folder), seed)
                break
            except StoppedError:
                assert len(products(folder)) == stopped.finished
        assert exact(result, expected)
        assert stopped.finished == whole.finished == len(products(folder))


@pytest.mark.parametrize("name", SEARCHES)
def test_a_finished_search_is_found_without_a_product(tmp_path, name, capsys):
    expected = found(name, stored(matrix(name), tmp_path))
    assert capsys.readouterr().err == ""
    again = matrix(name, stops=[0])
    assert exact(found(name, stored(again, tmp_path)), expected)
    assert again.finished == 0


@pytest.mark.parametrize(("seed", "of"), [(0, 1), (1, 0)])
def test_products_of_another_matrix_or_vector_are_not_taken(tmp_path, seed, of, capsys):
    """Another generator, or the same generator and another matrix."""
    found("restarts", stored(matrix("restarts"), tmp_path))
    other = matrix("restarts", of)
    alone = matrix("restarts", of)
    assert exact(
        found("restarts", stored(other, tmp_path), seed),
        found("restarts", alone, seed),
    )
    assert other.finished == alone.finished
    says = f"goes on from 0 of {matrix_products(0)} stored products"
    assert (says in capsys.readouterr().err) == (of == 0)


def matrix_products(seed):
    """The number of products of the search with restarts."""
    whole = matrix("restarts", seed)
    found("restarts", whole)
    return whole.finished


def test_a_search_for_more_goes_on_from_what_it_shares(tmp_path, capsys):
    def search(operator, products):
        return lanczos(operator, np.random.default_rng(0), 2, products=products, tolerance=1e-10)

    few = matrix("restarts")
    search(stored(few, tmp_path), 20)
    more = matrix("restarts")
    pairs = search(stored(more, tmp_path), 400)
    assert pairs.products == 20 + more.finished
    assert "goes on from 20 of 20 stored products" in capsys.readouterr().err
    assert exact(vars(pairs), vars(search(matrix("restarts"), 400)))


@pytest.mark.parametrize("spoil", [lambda text: text[:-1], lambda text: b"", lambda text: text * 2])
def test_a_spoiled_product_is_computed_again(tmp_path, spoil):
    expected = found("copies", stored(matrix("copies"), tmp_path))
    file = products(tmp_path)[5]
    file.write_bytes(spoil(file.read_bytes()))
    again = matrix("copies")
    assert exact(found("copies", stored(again, tmp_path)), expected)
    assert again.finished <= 1  # a file twice over may still be read


def test_products_are_forgotten_and_other_files_stay(tmp_path):
    one, other = (stored(matrix("copies", seed), tmp_path) for seed in (0, 1))
    for each in (one, other):
        found("copies", each)
    (one.folder / f".{products(one.folder)[0].stem}-a_b0.npz").write_bytes(b"half")
    (other.folder / "notes.npz").write_text("the user's")
    one.forget()
    assert not one.folder.exists()
    assert len(products(other.folder)) > 1
    forget(tmp_path)
    assert products(tmp_path) == [other.folder / "notes.npz"]
    (other.folder / "notes.npz").unlink()
    other.forget()
    assert not tmp_path.exists()
    forget(tmp_path)  # once more does no harm


def test_a_folder_that_is_a_file_is_refused(tmp_path):
    (tmp_path / "W.npz").write_text("the user's")
    with pytest.raises(UsageError, match=r"cannot write .*W.npz"):
        stored(matrix("copies"), tmp_path / "W.npz")
    assert (tmp_path / "W.npz").read_text() == "the user's"


@pytest.mark.parametrize("kind", ["float32", "columns", "strides"])
def test_precision_and_order_of_a_product_are_kept(tmp_path, kind):
    """What is read has the bits, the dtype and the order of what was computed."""
    values = np.arange(36.0).reshape(6, 6) / 7
    operator = aslinearoperator((values + values.T).astype("f4" if kind == "float32" else "f8"))
    if kind != "float32":
        product = operator.matmat
        turn = {"columns": np.asfortranarray, "strides": lambda x: np.repeat(x, 2, 1)[:, ::2]}[kind]
        operator.multiply = lambda columns: turn(product(columns))
    columns = np.eye(6)[:, :3].astype(operator.dtype)
    one, other = (checkpointed(operator, tmp_path, {}).multiply(columns) for _ in range(2))
    assert exact(other, one)
    assert exact(one, operator.matmat(columns))
    assert one.flags.c_contiguous == other.flags.c_contiguous


def test_the_hessian_of_a_net_goes_on(tmp_path):
    batches = perceptron()
    plain = lanczos(hessian(batches), np.random.default_rng(0), 2, 1)
    for _ in range(2):
        operator = checkpointed(hessian(batches), tmp_path, batches.weights)
        assert exact(vars(lanczos(operator, np.random.default_rng(0), 2, 1)), vars(plain))
    assert len(products(tmp_path)) == plain.products
