"""Searches in processes of their own that are killed, and end with the bits of undisturbed ones."""

import os
import random
import signal
import subprocess
import sys
import time

import pytest

from deepnet.npz import read
from tests.close import exact
from tests.deepnet.curvature.searches import SEARCHES, Matrix, found
from tests.paths import ROOT

#: The search ``argv[1]`` stores its products in ``argv[2]`` and what it finds in ``argv[3]``. Each
#: product takes ``argv[4]`` seconds. The process kills itself where it is in the place ``argv[5]``
#: for the ``argv[6]``-th time: in a product, or when a file was written and has no name yet.
SEARCH = """
import os, signal, sys, time
from pathlib import Path
from deepnet.curvature import checkpointed
from deepnet.npz import write
from tests.deepnet.curvature.searches import SEARCHES, Matrix, found

name, folder, out, seconds, fatal, left = sys.argv[1:]
left = {"product": 0, "name": 0, fatal: int(left)}

def at(place):
    left[place] -= 1
    if left[place] == 0:
        os.kill(os.getpid(), signal.SIGKILL)

def before_product():
    print("product", flush=True)
    time.sleep(float(seconds))
    at("product")

replace = Path.replace
Path.replace = lambda path, target: (at("name"), replace(path, target))[1]
matrix = Matrix(SEARCHES[name][0], before=before_product)
write(Path(out), found(name, checkpointed(matrix, folder, {"entries": matrix.entries})))
"""


def process(folder, name, out, seconds=0.0, fatal="none", left=0):
    env = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}
    given = [name, folder / "products", folder / out, seconds, fatal, left]
    command = [sys.executable, "-c", SEARCH, *map(str, given)]
    return subprocess.Popen(command, env=env, text=True, stdout=subprocess.PIPE)


def made(process):
    """The number of products that the process began, and its exit code."""
    with process:
        begun = process.stdout.read().count("product")
    return begun, process.returncode


def stored(folder):
    return list((folder / "products").rglob("[!.]*.npz"))


def alone(name):
    """What the search finds that nobody disturbs, and the number of its products."""
    matrix = Matrix(SEARCHES[name][0])
    return found(name, matrix), matrix.finished


@pytest.mark.landing
@pytest.mark.parametrize("name", SEARCHES)
def test_killed_in_a_product_and_between_a_file_and_its_name(tmp_path, name):
    expected, products = alone(name)
    begun = []
    for fatal, left in (("product", 5), ("name", 3), ("none", 0)):
        more, code = made(process(tmp_path, name, "found.npz", 0.0, fatal, left))
        assert code == (0 if fatal == "none" else -signal.SIGKILL)
        begun.append(more)
    assert begun == [5, 3, products - 6]  # the product of each kill is begun again
    assert exact(read(tmp_path / "found.npz"), expected)
    assert len(stored(tmp_path)) == products


@pytest.mark.landing
def test_killed_at_random_moments_it_ends_with_the_same_bits(tmp_path):
    """SIGKILL after some products, until the search gets through."""
    moments, name, seconds = random.Random(0), "restarts", 0.02
    expected, products = alone(name)
    kills, code = 0, None
    while code != 0:
        with process(tmp_path, name, "found.npz", seconds) as search:
            if all(search.stdout.readline() for _ in range(moments.randint(1, products // 3))):
                time.sleep(moments.uniform(0, 2 * seconds))
                search.send_signal(signal.SIGKILL)
            search.stdout.read()
        code = search.returncode
        assert code in (0, -signal.SIGKILL)
        kills += code != 0
    assert kills >= 3
    assert exact(read(tmp_path / "found.npz"), expected)
    assert len(stored(tmp_path)) == products
