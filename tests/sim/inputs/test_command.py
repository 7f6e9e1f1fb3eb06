"""``python -m sim inputs FILE`` as a user meets it: output, exit codes, one line for bad input."""

import json
import pickle
import subprocess
import sys

import numpy as np
import pytest

from companion.errors import UsageError
from sim.__main__ import main as sim
from sim.inputs.report import FEEDS, by_feed
from tests.paths import ROOT

STAGE = ["outlier", "bulk", "condition", "condition_99", "rate", "steps", "constant_columns"]
STAGE += ["rounding", "eigenvalues"]
HEAD = ["result", "file", "examples", "features", "rank", "read"]


@pytest.fixture
def table():
    return np.random.default_rng(0).standard_normal((12, 3)) + 1


@pytest.fixture
def file(tmp_path, table):
    path = tmp_path / "table.npy"
    np.save(path, table)
    return str(path)


def run(*words):
    return subprocess.run(
        [sys.executable, "-m", "sim", "inputs", *words], cwd=ROOT, text=True, capture_output=True
    )


def json_of(capsys, *words):
    assert sim(["inputs", *words, "--json"]) == 0
    return json.loads(capsys.readouterr().out, parse_constant=pytest.fail)


def test_json(capsys, file, table):
    found = json_of(capsys, file)
    assert list(found) == [*HEAD, *FEEDS, "answer"]
    assert [found[key] for key in ("file", "examples", "features", "rank")] == [file, 12, 3, 3]
    for feed, report in by_feed(table).items():
        stage = found[feed]
        assert list(stage) == STAGE
        assert list(stage["outlier"]) == ["lower", "measured", "upper", "independent"]
        assert list(stage["rate"]) == ["largest", "best"]
        assert stage["outlier"] == report.outlier
        assert stage["eigenvalues"] == report.eigenvalues.tolist()
        assert stage["bulk"] == list(report.bulk)
        assert stage["steps"]["run"] == report.steps["run"]
        assert stage["steps"]["predicted"]["largest"]["steps"] == "inf"
        assert stage["constant_columns"] == []


def test_what_does_not_apply_is_null(capsys, tmp_path):
    np.save(tmp_path / "same.npy", np.ones((4, 2)))
    found = json_of(capsys, str(tmp_path / "same.npy"))
    assert found["rank"] == 1
    centred = found["centred"]
    assert centred["condition"] is centred["condition_99"] is None
    assert centred["steps"] == {"predicted": None, "run": None}
    assert centred["constant_columns"] == [0, 1]


def test_text(file):
    done = run(file)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert lines[0] == f"{file}: 12 examples of 3 features, rank 3; float64; no names"
    assert "planted" in lines[1]
    assert lines[3].split() == list(FEEDS)
    assert max(map(len, lines[1:])) <= 80
    answer = " ".join(done.stdout.partition("what dominates: ")[2].split())
    first, _, rest = answer.partition(" what to do: ")
    second, _, third = rest.partition(" what it buys: ")
    assert all(text.endswith(".") for text in (first, second, third))
    assert "to leave a millionth of what can be learnt" in third


def test_text_of_data_that_do_not_vary(capsys, tmp_path):
    np.save(tmp_path / "same.npy", np.ones((4, 12)))
    assert sim(["inputs", str(tmp_path / "same.npy")]) == 0
    text = capsys.readouterr().out
    numbers = ", ".join(f"column {n}" for n in range(1, 11))
    assert f"constant, left at zero where standardised: {numbers}, ..." in text
    assert "what dominates: No input varies between examples." in text
    assert "what it buys: So far only a constant can be learnt." in text


def test_text_of_labels_that_say_nothing(capsys, tmp_path, file):
    np.save(tmp_path / "labels.npy", np.zeros(12))
    assert sim(["inputs", file, "--labels", str(tmp_path / "labels.npy")]) == 0
    assert "what it buys: This target leaves nothing to learn." in capsys.readouterr().out


def test_text_of_what_rounding_hides(capsys, tmp_path, table):
    np.save(tmp_path / "twice.npy", np.hstack([table, table[:, :1]]))
    assert sim(["inputs", str(tmp_path / "twice.npy")]) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert (
        "rounding, raw, centred, standardised: 1 of 4 directions cannot be told from rounding and "
        "count as zero. what dominates: "
    ) in text
    assert (
        "Drop column 4 (it repeats column 1): at most 0.1 % of what can be learnt is lost." in text
    )


def test_columns_is_transposing(capsys, tmp_path, file, table):
    turned = str(tmp_path / "turned.npy")
    np.save(turned, table.T)
    rows, columns = json_of(capsys, file), json_of(capsys, turned, "--columns")
    assert rows.pop("file") != columns.pop("file")
    assert rows == columns


def test_a_key_and_labels(capsys, tmp_path, table):
    path = str(tmp_path / "data.npz")
    labels = table @ [1.0, -2.0, 0.5] + 3
    np.savez(path, a=table, y=labels, x_train=table[:6])
    found = json_of(capsys, path, "--key", "a", "--labels", "y")
    assert found["examples"] == 12
    # centred inputs can learn all but the constant, which is taken away; raw ones cannot
    assert found["centred"]["steps"]["predicted"]["minimum"] == 0
    assert found["raw"]["steps"]["predicted"]["minimum"] > 0.01
    assert json_of(capsys, path)["examples"] == 6  # x_train is what is meant if nothing is said


def test_a_label_by_name_is_the_target(capsys, tmp_path, table):
    names, labels = "a,b,c", table @ [1.0, -2.0, 0.5] + 3
    path, apart = tmp_path / "t.csv", tmp_path / "x.csv"
    np.savetxt(
        path, np.column_stack([table, labels]), "%.17g", ",", header=names + ",y", comments=""
    )
    np.savetxt(apart, table, "%.17g", ",", header=names, comments="")
    np.save(tmp_path / "y.npy", labels)
    found = json_of(capsys, str(path), "--label", "y")
    assert found["read"]["left_out"] == [{"name": "y", "position": 4, "why": "the target"}]
    assert found["read"]["columns"] == ["a", "b", "c"]
    other = json_of(capsys, str(apart), "--labels", str(tmp_path / "y.npy"))
    assert {feed: found[feed] for feed in FEEDS} == {feed: other[feed] for feed in FEEDS}


def test_the_first_lines_say_what_was_read(capsys, tmp_path):
    path = tmp_path / "t.csv"
    path.write_text(",a,b,x,same\n0,1,2,p,7\n1,2,5,q,7\n5,4,4,p,7\n")
    assert sim(["inputs", str(path), "--drop", "x"]) == 0
    first, out, target, *_ = lines = capsys.readouterr().out.splitlines()
    assert first == f"{path}: 3 examples of 3 features, rank 3; float64; header a, b, same"
    assert out == "left out: column 1 (an index: whole numbers under no name), x (--drop)"
    assert target.startswith("target: outputs of a planted neuron")
    assert "constant, left at zero where standardised: same" in lines


def test_labels_of_dropped_examples_are_dropped(capsys, tmp_path):
    (tmp_path / "x.csv").write_text("a;b\n1;2,5\n;3\n4;7\n6;1\n")
    (tmp_path / "whole.csv").write_text("a,b\n1,2.5\n4,7\n6,1\n")
    np.save(tmp_path / "y.npy", np.array([1, 2, 3, 4]))
    np.save(tmp_path / "y3.npy", np.array([1, 3, 4]))
    holed = json_of(
        capsys, str(tmp_path / "x.csv"), "--missing", "drop", "--labels", str(tmp_path / "y.npy")
    )
    whole = json_of(capsys, str(tmp_path / "whole.csv"), "--labels", str(tmp_path / "y3.npy"))
    assert {feed: holed[feed] for feed in FEEDS} == {feed: whole[feed] for feed in FEEDS}


def test_seed(capsys, file):
    first, again, other = (json_of(capsys, file, "--seed", seed) for seed in "001")
    assert first == again != other


def test_interrupted(capsys, file, monkeypatch):
    first = by_feed(np.eye(3))["centred"]

    def reports(*arguments):
        yield "centred", first
        raise KeyboardInterrupt

    monkeypatch.setattr("sim.inputs.analysis.reports", reports)
    assert sim(["inputs", file, "--json"]) == 130
    captured = capsys.readouterr()
    found = json.loads(captured.out)
    assert list(found) == [*HEAD, *FEEDS, "answer"]
    assert found["answer"] is None
    assert found["raw"] is found["standardised"] is found["rank"] is None
    assert list(found["centred"]) == STAGE
    assert captured.err == "interrupted after 1 of 3\n"
    assert sim(["inputs", file]) == 130
    text = capsys.readouterr().out
    assert "  centred\n" in text and "what dominates" not in text


def test_help_says_what_the_numbers_are(capsys):
    with pytest.raises(SystemExit) as stopped:
        sim(["inputs", "--help"])
    assert stopped.value.code == 0
    text = capsys.readouterr().out
    for word in (
        *STAGE,
        "predicted",
        "run",
        "independent",
        "--key",
        "--columns",
        "--labels",
        "--drop",
    ):
        assert word.replace("outlier", "largest eigenvalue") in text


# --- bad input ---


def saved(name, array, **more):
    def make(folder):
        path = folder / name
        if name.endswith("npz"):
            np.savez(path, **(more or {"x": array}))
        else:
            np.save(path, array, allow_pickle=True)
        return [str(path)]

    return make


def written(name, content, *words):
    def make(folder):
        path = folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return [str(path), *words]

    return make


def with_labels(labels):
    def make(folder):
        np.save(folder / "x.npy", np.arange(6.0).reshape(3, 2))
        np.save(folder / "y.npy", labels, allow_pickle=True)
        return [str(folder / "x.npy"), "--labels", str(folder / "y.npy")]

    return make


def holed(value):
    table = np.ones((5, 4))
    table[3, 2] = value
    return table


BAD = {
    "missing": (lambda folder: [str(folder / "none.npy")], "there is no file '.*none.npy'"),
    "a folder": (lambda folder: [str(folder)], "is a folder; name an .npy"),
    "no name": (lambda folder: [], "required: FILE"),
    "unknown extension": (written("x.odt", "1"), r"ends in '.odt'; name an .npy, .npz, .csv"),
    "no extension": (written("x", "1"), "ends in 'no extension'"),
    "empty npy": (written("x.npy", ""), "is empty; a table of numbers"),
    "empty csv": (written("x.csv", ""), "is empty; a table of numbers"),
    "blank csv": (written("x.csv", "\n\n"), "holds no examples; a line of numbers"),
    "header alone": (written("x.csv", "a,b\n"), "holds no examples; a line of numbers"),
    "ragged csv": (written("x.csv", "1,2\n3,4\n5\n"), "line 3 has 1 numbers, those before 2"),
    "text in a csv": (written("x.csv", "a,b\n1,2\n3,x\n"), "line 3, column 2 is 'x'; every cell"),
    "two headers": (written("x.csv", "a,b\nc,d\n1,2\n"), "line 2, column 1 is 'c'"),
    "no number in a cell": (written("x.csv", "1,2\n3,\n"), "line 2, column 2 is ''"),
    "bytes as csv": (written("x.csv", b"\xff\xfe\x00"), "is not text in UTF-8"),
    "nan in a csv": (written("x.csv", "1,2\nnan,4\n"), r"example 2, column 1 is nan"),
    "one line of csv": (written("x.csv", "1,2\n"), r"holds 1 example \(1 x 2\); two or more"),
    "text": (saved("x.npy", np.array([["a", "b"]])), "values of type <U1; real numbers"),
    "objects": (saved("x.npy", np.array([1, None])), "holds Python objects, which are never"),
    "objects in npz": (saved("x.npz", np.array([1, None])), "holds Python objects, which are"),
    "a pickle": (written("x.npy", pickle.dumps([1])), "is a pickle of Python, .* never loaded"),
    "complex": (saved("x.npy", np.ones((3, 2)) * 1j), "values of type complex128; real numbers"),
    "dates": (saved("x.npy", np.zeros((3, 2), "M8[s]")), "values of type datetime64"),
    "records": (saved("x.npy", np.zeros(3, "f8,i4")), "values of type .*f8.*; real numbers"),
    "truncated": (written("x.npy", b"\x93NUMPY\x01\x00"), "is damaged or of another kind"),
    "half a zip": (lambda folder: half_an_archive(folder), "is damaged or of another kind"),
    "a damaged zip": (lambda folder: damaged_archive(folder), "is damaged or of another kind"),
    "no array": (lambda folder: empty_archive(folder), "holds no array; choose one"),
    "nan": (saved("x.npy", holed(np.nan)), r"example 4, column 3 is nan; every entry"),
    "inf": (saved("x.npy", holed(-np.inf)), r"example 4, column 3 is -inf; every entry"),
    "huge": (saved("x.npy", holed(1e200)), r"example 4, column 3 is 1e\+200; .* below 1e\+70"),
    "tiny": (saved("x.npy", np.full((3, 2), 1e-90)), "larger than 1e-90, whose powers are lost"),
    "a tiny column": (
        saved("x.npy", np.outer([1.0, 2.0, 3.0], [1.0, 1e-90])),
        r"no entry of column 2 is larger than 3e-90",
    ),
    "no rows": (saved("x.npy", np.ones((0, 5))), r"holds no numbers \(0 x 5\)"),
    "no columns": (saved("x.npy", np.ones((5, 0))), r"holds no numbers \(5 x 0\)"),
    "one example": (saved("x.npy", np.ones((1, 5))), "or --columns if the examples lie the other"),
    "one number": (saved("x.npy", np.float64(3)), "holds a single number"),
    "ambiguous": (saved("x.npz", None, a=np.eye(2), b=np.eye(2)), "holds a, b; choose .* --key"),
    "key missing": (
        lambda folder: [*saved("x.npz", np.eye(2))(folder), "--key", "z"],
        "it holds x",
    ),
    "key without npz": (
        lambda folder: [*saved("x.npy", np.eye(2))(folder), "--key", "z"],
        "is none",
    ),
    "few labels": (with_labels(np.ones(2)), "holds 2 labels; one for each of 3 examples"),
    "wide labels": (with_labels(np.ones((3, 2))), "holds 3 x 2 labels; one for each of 3"),
    "nan labels": (with_labels(np.array([1, np.nan, 2])), r"label 2 is nan"),
    "text labels": (with_labels(np.array(["a", "b", "c"])), "values of type <U1; real numbers"),
    "no labels": (
        lambda folder: [*saved("x.npy", np.eye(2))(folder), "--labels", "none.csv"],
        "there is no file 'none.csv'",
    ),
    "seed": (
        lambda folder: [*saved("x.npy", np.eye(2))(folder), "--seed", "-1"],
        "--seed -1 is out of range",
    ),
    "a delimiter of two": (
        lambda folder: ["x.csv", "--delimiter", "::"],
        "--delimiter '::' cannot separate numbers; give one character",
    ),
    "two targets": (
        lambda folder: ["x.csv", "--label", "a", "--labels", "y.npy"],
        "--label 'a' and --labels 'y.npy': give one",
    ),
    "a label of columns": (
        lambda folder: ["x.csv", "--label", "a", "--columns"],
        "with --columns columns are examples",
    ),
    "an encoding": (
        lambda folder: ["x.csv", "--encoding", "utf-9"],
        "--encoding 'utf-9' is unknown; give utf-8, latin-1",
    ),
    "an encoding of bytes": (
        lambda folder: ["x.csv", "--encoding", "base64"],
        "--encoding 'base64' is unknown",
    ),
    "a negative skip": (
        lambda folder: ["x.csv", "--skip", "-1"],
        "--skip -1 is out of range; give a whole number >= 0",
    ),
    "one character for two": (
        lambda folder: ["x.csv", "--thousands", ",", "--decimal", ","],
        "--thousands , and --decimal , are one character",
    ),
    "unknown option": (lambda folder: ["x.npy", "--rows"], "unrecognized arguments: --rows"),
}


def empty_archive(folder):
    np.savez(folder / "x.npz")
    return [str(folder / "x.npz")]


def half_an_archive(folder):
    np.savez(folder / "x.npz", np.eye(9))
    content = (folder / "x.npz").read_bytes()
    return written("x.npz", content[: len(content) // 2])(folder)


def damaged_archive(folder):
    np.savez_compressed(folder / "x.npz", np.arange(1000.0))
    content = bytearray((folder / "x.npz").read_bytes())
    content[400:420] = bytes(20)
    return written("x.npz", bytes(content))(folder)


@pytest.mark.parametrize(("make", "says"), BAD.values(), ids=BAD)
def test_bad_input_is_one_clear_line(capsys, tmp_path, make, says):
    words = make(tmp_path)
    before = sorted(tmp_path.iterdir())
    with pytest.raises(UsageError, match=says) as refused:
        sim(["inputs", *words])
    assert "\n" not in str(refused.value)
    assert capsys.readouterr().out == ""
    assert sorted(tmp_path.iterdir()) == before


def test_bad_input_exits_with_2(tmp_path):
    done = run(str(tmp_path / "none.npy"), "--json")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("python -m sim: there is no file")


def test_an_unreadable_file(tmp_path, file, monkeypatch):
    def refuse(*arguments, **options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(np.lib.format, "open_memmap", refuse)
    with pytest.raises(UsageError, match=r"cannot read '.*table.npy': Permission denied"):
        sim(["inputs", file])


def test_parquet_without_pyarrow(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    (tmp_path / "x.parquet").write_bytes(b"PAR1")
    with pytest.raises(UsageError, match=r"needs pyarrow: pip install -e '\.\[parquet\]'"):
        sim(["inputs", str(tmp_path / "x.parquet")])


def test_more_than_fits_is_refused_before_work(tmp_path, monkeypatch):
    monkeypatch.setattr("sim.inputs.examples.LARGEST_SIDE", 4)
    np.save(tmp_path / "x.npy", np.eye(5))
    with pytest.raises(UsageError, match="5 examples of 5 features need a 5 x 5 matrix; give at"):
        sim(["inputs", str(tmp_path / "x.npy")])


@pytest.mark.parametrize("kind", [bool, np.int8, np.uint16, np.float16, np.float32, ">f8"])
def test_every_real_type_is_read(capsys, tmp_path, kind):
    path = tmp_path / "x.npy"
    np.save(path, np.random.default_rng(0).integers(0, 2, (9, 2)).astype(kind))
    found = json_of(capsys, str(path))
    assert found["rank"] == 2
    assert found["standardised"]["outlier"]["lower"] == 1
