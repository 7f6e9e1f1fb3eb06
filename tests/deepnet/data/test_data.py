"""Data sets: the facts stated of the textures, and that broken files are refused in one line."""

import gc
import hashlib
import io
import tarfile
import threading
from dataclasses import replace
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.linalg import cho_factor, cho_solve

from companion.errors import UsageError
from deepnet.data import Dataset, load, textures
from deepnet.data import cifar10 as cifar
from deepnet.data.paths import doubts, read
from tests.close import rounded

RECORDS = 7


def images(n, seed=0, side=4):
    return np.random.default_rng(seed).integers(0, 256, (n, side, side, 3), dtype=np.uint8)


def labels(n, classes=10):
    return np.arange(n) % classes


@pytest.fixture(scope="module")
def sample():
    return textures(5000, 1000)


# ----- Textures -----


@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(train=st.integers(1, 1100), test=st.integers(1, 500))
def test_a_smaller_set_of_textures_is_the_beginning_of_a_larger_one(sample, train, test):
    small = textures(train, test)
    assert np.array_equal(small.x_train, sample.x_train[:train])
    assert np.array_equal(small.y_test, sample.y_test[:test])


def test_the_seed_makes_the_textures():
    first, again, other = (textures(10, 5, seed) for seed in (1, 1, 2))
    assert first.checksum == again.checksum
    assert not np.array_equal(first.x_train, other.x_train)
    assert not np.array_equal(first.x_train[:5], first.x_test)


def test_textures_are_balanced_and_no_image_occurs_twice(sample):
    assert sample.x_train.shape == (5000, 32, 32, 3)
    assert (np.bincount(sample.y_train) == 500).all()
    assert (np.bincount(sample.y_test) == 100).all()
    everything = np.concatenate([sample.x_train, sample.x_test]).reshape(6000, -1)
    assert len(np.unique(everything, axis=0)) == 6000


def test_a_linear_model_of_textures_stays_below_half(sample):
    """Ridge regression on the pixels, the best of four penalties on the test images themselves."""
    x, t = (
        sample.normalised(part).reshape(len(part), -1) for part in (sample.x_train, sample.x_test)
    )
    gram, against = x.T @ x, x.T @ (np.eye(10, dtype=np.float32)[sample.y_train] - 0.1)
    accuracies = []
    for penalty in (1e4, 1e5, 1e6, 1e7):
        weights = cho_solve(cho_factor(gram + penalty * np.eye(3072, dtype=np.float32)), against)
        accuracies.append(((t @ weights).argmax(1) == sample.y_test).mean())
    assert 0.3 < max(accuracies) < 0.5  # the tints, and no more


def _power(x):
    """Power of the grey image at each frequency, and the frequencies' radius and angle."""
    grey = x.mean(-1)
    frequency = np.fft.fftfreq(32, 1 / 32)
    vertical, horizontal = np.meshgrid(frequency, frequency, indexing="ij")
    power = np.abs(np.fft.fft2(grey - grey.mean((1, 2), keepdims=True))) ** 2
    return power, np.hypot(vertical, horizontal), np.arctan2(vertical, horizontal)


def test_textures_have_the_power_spectrum_of_natural_images(sample):
    power, radius, _ = _power(sample.x_test)
    rings = np.arange(2, 16)
    mean = [power[:, np.abs(radius - ring) < 0.5].mean() for ring in rings]
    slope = np.polyfit(np.log(rings), np.log(mean), 1)[0]
    assert -2.2 < slope < -1.8


def test_a_mirror_image_keeps_its_class(sample):
    """A class's mean of sin 2 angle vanishes, by 5.5 standard errors (1e-6 for all ten classes)."""
    x, y = sample.x_train[:2500], sample.y_train[:2500]
    power, _, angle = _power(x)
    share = power / power.sum((1, 2), keepdims=True)
    sine, cosine = ((share * f(2 * angle)).sum((1, 2)).reshape(-1) for f in (np.sin, np.cos))
    along = []
    for k in range(10):
        own = sine[y == k]
        assert abs(own.mean()) < 5.5 * own.std(ddof=1) / len(own) ** 0.5
        along.append(cosine[y == k].mean())
    assert (np.diff(along[:5]) < 0).all()
    assert (np.diff(along[5:]) < 0).all()
    assert np.abs(sine[y == 2]).mean() > 0.3  # each image by itself is oriented


# ----- Data sets -----


@given(seed=st.integers(0, 2**32 - 1), n=st.integers(2, 9))
def test_normalised_training_images_have_mean_zero_and_variance_one(seed, n):
    data = Dataset("d", "q", images(n, seed), labels(n), images(3, seed + 1), labels(3))
    x = data.normalised(data.x_train, np.float64).reshape(-1, 3)
    assert rounded(x.mean(0), 0, 1)
    assert rounded(x.std(0), 1)
    mean, spread = data.channel_moments
    direct = (data.x_test / 255 - mean) / spread
    assert np.abs(data.normalised(data.x_test) - direct).max() < 8 * np.finfo("f4").eps * 255
    assert data.normalised(data.x_test).dtype == np.float32


def test_a_data_set_cannot_be_written_to_and_its_checksum_sees_every_array():
    arrays = [images(4), labels(4), images(3, 1), labels(3)]
    data = Dataset("d", "q", *arrays)
    with pytest.raises(ValueError, match="read-only"):
        data.x_train[0] = 0
    assert arrays[0].flags.writeable
    seen = {data.checksum}
    for i in range(4):
        changed = [array.copy() for array in arrays]
        changed[i].flat[0] ^= 1
        seen.add(Dataset("d", "q", *changed).checksum)
    assert len(seen) == 5
    same = Dataset("other", "q", arrays[0], arrays[1].astype(np.uint8), *arrays[2:])
    assert same.checksum == data.checksum


def _checksum(data, extra=b""):
    """The sha256 of the arrays as it has always been, and ``extra``."""
    digest = hashlib.sha256()
    for part in ("x_train", "y_train", "x_test", "y_test"):
        array = np.ascontiguousarray(getattr(data, part))
        digest.update(f"{part} {array.dtype.str} {array.shape}".encode() + array.tobytes())
    digest.update(extra)
    return digest.hexdigest()


@given(
    y=st.lists(st.integers(0, 6), min_size=2, max_size=9),
    more=st.integers(0, 3),
    train=st.integers(1, 9),
    test=st.integers(1, 3),
)
def test_classes_are_counted_before_a_choice_and_enter_the_checksum_only_where_they_must(
    y, more, train, test
):
    counted = 1 + max(y)
    arrays = images(len(y)), np.array(y), images(3, 1), np.zeros(3, int)
    plain = Dataset("d", "q", *arrays)
    assert plain.classes == counted
    told = Dataset("d", "q", *arrays, counted + more)
    assert told.classes == counted + more
    for data in (plain, told):
        derived = [
            data.sample(train, test),
            data.halved(),
            data.sample(train, test).halved(),
            data.placed(lambda x: x),
            replace(data, y_train=np.zeros(len(y), int)),
        ]
        for each in (data, *derived):
            assert each.classes == data.classes
            largest = max(each.y_train.max(), each.y_test.max())
            extra = b"" if each.classes == 1 + largest else b"classes %d" % each.classes
            assert each.checksum == _checksum(each, extra)


def test_too_few_classes_for_the_labels_are_refused():
    with pytest.raises(UsageError, match="d has the label 3; labels of 3 classes are 0 to 2"):
        Dataset("d", "q", images(4), labels(4), images(3), labels(3), 3)


def test_a_few_images_of_a_set_have_its_classes():
    y = np.arange(200) % 100
    data = Dataset("d", "q", images(200), y, images(200, 1), y)
    assert data.sample(50, 50).classes == 100
    assert textures(5, 3).classes == 10


def _sorted(x, y):
    """The images with their labels, in an order that does not depend on theirs."""
    return sorted((image.tobytes(), int(label)) for image, label in zip(x, y, strict=True))


def test_a_sample_is_a_choice_of_its_seed_that_mixes_sorted_classes():
    y = np.repeat(np.arange(10), 50)
    data = Dataset("d", "q", images(500), y, images(500, 1), y)
    small = data.sample(100, 500)
    assert len(set(small.y_train)) > 5
    assert _sorted(small.x_test, small.y_test) == _sorted(data.x_test, data.y_test)
    assert small.checksum == data.sample(100, 500).checksum != data.sample(100, 500, 1).checksum
    first = [data.sample(500, 1, seed).x_train[:50] for seed in (0, 1)]
    assert not np.array_equal(*first)  # the images of a Hessian are others
    for x, label in zip(small.x_train, small.y_train, strict=True):
        assert (data.x_train[y == label] == x).all((1, 2, 3)).any()


def test_halved_images_have_the_means_of_their_pixels():
    x, y = images(3), np.arange(3)
    half = Dataset("d", "q", x, y, x, y).halved()
    rows, columns = x.shape[1] // 2, x.shape[2] // 2
    for i, j in np.ndindex(rows, columns):
        mean = x[:, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2].reshape(3, 4, -1).mean(1)
        assert np.abs(half.x_train[:, i, j] - mean).max() <= 0.5
    odd = np.concatenate([x, x[:, :1]], 1)
    with pytest.raises(UsageError, match="must be even"):
        Dataset("d", "q", odd, y, odd, y).halved()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"x_train": np.zeros((4, 4, 4, 3))}, "x_train is float64"),
        ({"x_test": np.zeros((3, 4, 4), np.uint8)}, "shape \\(3, 4, 4\\)"),
        ({"y_train": np.zeros(3, int)}, "give 4 whole numbers"),
        ({"y_test": np.zeros(3)}, "y_test is float64"),
        ({"y_test": np.array([0, -1, 2])}, "labels from 0"),
        ({"x_test": np.zeros((3, 5, 4, 3), np.uint8)}, "must be equal"),
        (
            {"x_train": np.zeros((0, 4, 4, 3), np.uint8), "y_train": np.zeros(0, int)},
            "needs images",
        ),
    ],
)
def test_arrays_that_do_not_fit_are_refused(change, says):
    arrays = {"x_train": images(4), "y_train": labels(4), "x_test": images(3), "y_test": labels(3)}
    with pytest.raises(UsageError, match=says) as caught:
        Dataset("d", "q", **(arrays | change))
    assert "\n" not in str(caught.value)


def test_a_constant_channel_is_refused():
    x = images(4)
    x[..., 1] = 7
    with pytest.raises(UsageError, match="constant"):
        Dataset("d", "q", x, labels(4), images(3), labels(3)).normalised(x)


# ----- CIFAR-10 -----


@pytest.fixture
def few(monkeypatch):
    monkeypatch.setattr(cifar, "RECORDS", RECORDS)


def _records(part):
    x, y = images(RECORDS, part, 32), np.random.default_rng(part).integers(0, 10, RECORDS)
    rows = [
        bytes([label]) + image.transpose(2, 0, 1).tobytes()
        for image, label in zip(x, y, strict=True)
    ]
    return x, y, b"".join(rows)


@cache
def files():
    return {name: _records(i)[2] for i, name in enumerate([*cifar.TRAIN, cifar.TEST])}


def _archive(files):
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(f"{cifar.FOLDER}/{name}")
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return stream.getvalue()


@cache
def archive_of_all():
    return _archive(files())


def _is_the_original(data):
    parts = [_records(i) for i in range(5)]
    assert np.array_equal(data.x_train, np.concatenate([x for x, _, _ in parts]))
    assert np.array_equal(data.y_train, np.concatenate([y for _, y, _ in parts]))
    assert np.array_equal(data.x_test, _records(5)[0])
    assert np.array_equal(data.y_test, _records(5)[1])


def test_archive_and_folder_are_read_to_the_pixel(few, tmp_path, monkeypatch):
    archive = tmp_path / "cifar.tar.gz"
    archive.write_bytes(archive_of_all())
    _is_the_original(read(archive))
    folder = tmp_path / "batches"
    folder.mkdir()
    for name, data in files().items():
        (folder / name).write_bytes(data)
    _is_the_original(read(folder))
    for path in (folder, archive):
        monkeypatch.setenv("CIFAR10", str(path))
        whole, original = load("cifar10", 10**6, 10**6), read(path)
        for part in ("train", "test"):
            pairs = [
                _sorted(getattr(data, f"x_{part}"), getattr(data, f"y_{part}"))
                for data in (whole, original)
            ]
            assert pairs[0] == pairs[1]
        assert load("cifar10", 5, 3).x_train.shape == (5, 32, 32, 3)
    monkeypatch.setenv("CIFAR10", str(_npz(tmp_path / "mine.npz")))
    assert np.array_equal(np.sort(load("cifar10", 4, 3).x_train, 0), np.sort(images(4), 0))


WRONG = {
    "short": lambda whole: whole | {"data_batch_3.bin": whole["data_batch_3.bin"][:-1]},
    "label": lambda whole: whole | {"test_batch.bin": b"\x0a" + whole["test_batch.bin"][1:]},
    "missing": lambda whole: {k: v for k, v in whole.items() if k != "data_batch_2.bin"},
}
SAYS = {
    "short": "data_batch_3.bin has 21510 bytes; a whole batch has 7 records of 3073",
    "label": "test_batch.bin has the label 10",
    "missing": "data_batch_2.bin",
}


@pytest.mark.parametrize("fault", WRONG)
def test_wrong_batches_are_refused_in_one_line(few, tmp_path, fault):
    archive = tmp_path / "cifar.tar.gz"
    wrong = WRONG[fault](files())
    archive.write_bytes(_archive(wrong))
    for name, data in wrong.items():
        (tmp_path / name).write_bytes(data)
    for path in (archive, tmp_path):
        with pytest.raises(UsageError, match=SAYS[fault]) as caught:
            read(path)
        assert "\n" not in str(caught.value)


def _read_whole(folder, content):
    """What is read from an archive of this ``content``; the file is left as it was."""
    path = folder / "cifar.tar.gz"
    path.write_bytes(content)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cifar, "RECORDS", RECORDS)
        try:
            return read(path)
        finally:
            assert list(folder.iterdir()) == [path]
            assert path.read_bytes() == content


places = st.deferred(lambda: st.integers(0, len(archive_of_all()) - 1))


@given(at=places)
def test_a_truncated_archive_is_refused(tmp_path_factory, at):
    with pytest.raises(UsageError, match="cannot be read as CIFAR-10's archive") as caught:
        _read_whole(tmp_path_factory.mktemp("cut"), archive_of_all()[:at])
    assert "\n" not in str(caught.value)


@given(at=places, bit=st.integers(0, 7))
def test_a_tampered_archive_is_refused(tmp_path_factory, at, bit):
    """One bit: whole by gzip's checksum, unless it stands in gzip's header (a time, a system)."""
    changed = bytearray(archive_of_all())
    changed[at] ^= 1 << bit
    try:
        whole = _read_whole(tmp_path_factory.mktemp("bit"), bytes(changed))
    except UsageError as error:
        assert "\n" not in str(error)
    else:
        assert at < 10
        _is_the_original(whole)


class _Site(ThreadingHTTPServer):
    """Serves ``content`` at every address, or the error 404 where that is None.

    It says that there are ``missing`` bytes more than it sends.
    """

    content = None
    missing = 0
    requests = 0


class _Page(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.requests += 1
        self.send_response(404 if self.server.content is None else 200)
        self.send_header(
            "Content-Length", str(len(self.server.content or b"") + self.server.missing)
        )
        self.end_headers()
        self.wfile.write(self.server.content or b"")

    def log_message(self, *args):
        pass


@pytest.fixture
def site(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with _Site(("127.0.0.1", 0), _Page) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def _fetch(site, folder):
    known = "md5:" + hashlib.md5(archive_of_all(), usedforsecurity=False).hexdigest()
    url = f"http://127.0.0.1:{site.server_port}/cifar-10-binary.tar.gz"
    return cifar.cifar10(folder, url, known)


def test_the_archive_is_fetched_once_and_verified(few, tmp_path, site):
    site.content = archive_of_all()
    _is_the_original(_fetch(site, tmp_path))
    _is_the_original(_fetch(site, tmp_path))
    assert site.requests == 1
    stored = tmp_path / "cifar-10-binary.tar.gz"
    stored.write_bytes(archive_of_all()[:1000])  # spoiled later: fetched again
    _is_the_original(_fetch(site, tmp_path))
    assert site.requests == 2


TAMPERED = {
    "cut": lambda: archive_of_all()[:-9],
    "label": lambda: _archive(WRONG["label"](files())),
    "absent": lambda: None,
}


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("how", TAMPERED)
def test_a_tampered_download_is_refused_and_leaves_what_was_there(few, tmp_path, site, how):
    before = tmp_path / "cifar-10-binary.tar.gz"
    before.write_bytes(b"the user's")
    site.content = TAMPERED[how]()
    with pytest.raises(UsageError, match="set CIFAR10 to a folder") as caught:
        _fetch(site, tmp_path)
    assert "\n" not in str(caught.value)
    assert list(tmp_path.iterdir()) == [before]
    assert before.read_bytes() == b"the user's"
    del caught
    gc.collect()  # requests leaves the socket of an answer 404 to the collector, which complains


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_download_that_breaks_off_leaves_nothing(few, tmp_path, site):
    site.content, site.missing = archive_of_all()[:-9], 9
    with pytest.raises(UsageError, match="set CIFAR10 to a folder") as caught:
        _fetch(site, tmp_path)
    assert "\n" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []
    del caught
    gc.collect()


def test_without_a_network_the_message_says_what_to_do(tmp_path):
    with pytest.raises(UsageError, match="set CIFAR10") as caught:
        cifar.cifar10(tmp_path, "http://127.0.0.1:9/cifar-10-binary.tar.gz")
    assert "\n" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


# ----- The reader's own -----


def _npz(path: Path, **change):
    arrays = {"x_train": images(4), "y_train": labels(4), "x_test": images(3), "y_test": labels(3)}
    arrays |= change
    np.savez(path, **{name: array for name, array in arrays.items() if array is not None})
    return path


def test_an_npz_is_read_with_its_quality(tmp_path):
    plain = read(_npz(tmp_path / "mine.npz"))
    assert (plain.name, plain.quality, plain.classes) == ("mine.npz", "as given", 4)
    assert np.array_equal(plain.x_train, images(4))
    told = read(_npz(tmp_path / "jpeg.npz", quality="JPEG 75", y_train=labels(4)[:, None]))
    assert told.quality == "JPEG 75"
    assert np.array_equal(told.y_train, labels(4))


def test_only_an_own_npz_has_doubts_and_all_its_images_count(few, tmp_path, monkeypatch):
    y = labels(4) + 1
    own = str(_npz(tmp_path / "from_one.npz", y_train=y, y_test=y[:3]))
    assert doubts(own).startswith("no training image has the label 0; the nets get 5 outputs;")
    assert doubts(str(_npz(tmp_path / "mine.npz"))) == doubts("textures") == ""
    monkeypatch.setenv("CIFAR10", own)
    assert doubts("cifar10") == doubts(own)
    archive = tmp_path / "cifar.tar.gz"
    archive.write_bytes(archive_of_all())
    assert doubts(str(archive)) == doubts(str(tmp_path)) == ""
    monkeypatch.delenv("CIFAR10")
    assert doubts("cifar10") == ""


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"y_test": None}, "lacks y_test"),
        ({"x_train": np.array([{}], dtype=object)}, "cannot be read as an npz"),
        ({"x_train": np.zeros((4, 4, 4, 3))}, "give uint8 images"),
    ],
)
def test_an_npz_that_does_not_fit_is_refused(tmp_path, change, says):
    with pytest.raises(UsageError, match=says) as caught:
        read(_npz(tmp_path / "mine.npz", **change))
    assert "\n" not in str(caught.value)


def test_other_files_and_missing_ones_are_refused(tmp_path):
    with pytest.raises(UsageError, match="no data at"):
        load(str(tmp_path / "nothing"), 1, 1)
    (tmp_path / "text.npz").write_text("no zip")
    np.save(tmp_path / "single.npy", images(2))
    for name in ("text.npz", "single.npy"):
        with pytest.raises(UsageError, match="cannot be read as an npz"):
            read(tmp_path / name)
