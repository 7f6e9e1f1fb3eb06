"""The commands as a user meets them: output, exit codes, one-line errors."""

import json
import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from companion.errors import UsageError
from sim.__main__ import main as sim
from theory.__main__ import main as theory

ROOT = Path(__file__).parents[1]
OUTLIER = ["spectra.outlier", "N=320", "alpha=1.25", "m=0.22", "v=0.9"]
FIELDS = [
    "claim",
    "relation",
    "theory",
    "simulated",
    "stderr",
    "draws",
    "unit",
    "law",
    "p",
    "false_alarm",
    "verdict",
    "seconds",
    "seed",
    "scale",
    "twins",
]


def run(*words: str, **options) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", *words], cwd=ROOT, text=True, capture_output=True, **options
    )


def json_of(main, capsys, *words):
    code = main([*words, "--json"])
    return code, json.loads(capsys.readouterr().out, parse_constant=pytest.fail)


def test_evaluate(capsys):
    assert theory(OUTLIER) == 0
    assert capsys.readouterr().out == "17.1498388430\n"


def test_evaluate_exactly(capsys):
    assert theory([*OUTLIER, "--digits", "30"]) == 0
    assert capsys.readouterr().out == "17.1498388429752066115702479339\n"


def test_evaluate_as_json(capsys):
    code, answer = json_of(theory, capsys, *OUTLIER)
    assert code == 0
    assert list(answer) == ["claim", "params", "value"]
    assert answer["params"] == {"N": 320, "alpha": 1.25, "m": 0.22, "v": 0.9}
    assert abs(answer["value"] - 17.149838842975206) < 1e-14
    _, answer = json_of(theory, capsys, *OUTLIER, "--digits", "30")
    assert answer["value"] == "17.1498388429752066115702479339"


def test_evaluate_a_matrix(capsys):
    assert theory(["quadratic.max_rate", "R=[[2,1],[1,2]]", "--digits", "20"]) == 0
    assert capsys.readouterr().out == "0.66666666666666666667\n"


def test_list_as_json(capsys):
    code, records = json_of(theory, capsys)
    assert code == 0
    assert all(
        list(record)
        == ["claim", "relation", "status", "chapter", "statement", "parameters", "references"]
        for record in records
    )


def test_errata_as_json(capsys):
    code, records = json_of(theory, capsys, "errata")
    assert code == 0
    assert {record["erratum"] for record in records} >= {
        *(f"E{n}" for n in range(11, 18)),
        "E27",
        "E28",
        "E29",
        "E30",
        "E32",
        "E35",
    }
    for record in records:
        assert list(record) == [
            "erratum",
            "kind",
            "printed",
            "right",
            "counterexample",
            "printed_value",
            "right_value",
            "claims",
            "reference",
        ]
        if record["kind"] == "counterexample":
            assert record["printed_value"] != pytest.approx(record["right_value"], rel=1e-3)
        else:
            assert record["printed_value"] is None


@pytest.mark.parametrize("words", [["errata"], ["spectra.*"], ["spectra.outlier"], []])
def test_text_and_latex(capsys, words):
    assert theory(words) == 0
    assert capsys.readouterr().out
    if words != ["errata"]:
        assert theory([*words, "--latex"]) == 0
        assert "\\" in capsys.readouterr().out


def test_sim_as_json(capsys):
    code, rows = json_of(sim, capsys, "spectra.outlier", "quadratic.form", "--jobs", "1")
    assert code == 0
    assert [row["claim"] for row in rows] == ["quadratic.form", "spectra.outlier"]
    for row in rows:
        assert list(row) == FIELDS
        assert row["verdict"] == "agrees"
        assert all(twin["refuted"] for twin in row["twins"])


@pytest.mark.slow
def test_sim_gives_the_same_rows_in_any_number_of_processes(capsys):
    words = ["quadratic.form", "quadratic.decay", "spectra.outlier"]
    _, one = json_of(sim, capsys, *words, "--jobs", "1")
    _, two = json_of(sim, capsys, *words, "--jobs", "2")
    for row in [*one, *two]:
        del row["seconds"]
    assert one == two


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["spectra.outlyer"], "the nearest is 'spectra.outlier'"),
        (["outlier"], "the nearest is 'spectra.outlier'"),
        (["zzzzz"], "no claim is named 'zzzzz'"),
        (OUTLIER[:-1], "parameter v is missing"),
        ([*OUTLIER, "w=1"], "no parameter 'w'"),
        ([*OUTLIER[:-1], "v=-1"], "v = -1: v is a number > 0"),
        ([*OUTLIER[:-1], "v=big"], "v = 'big' cannot be read"),
        ([*OUTLIER[:-1], "v=nan"], "cannot be read"),
        ([*OUTLIER, "--digits", "0"], "--digits 0 is out of range"),
        (["spectra.*", "N=3"], "values go with one claim"),
        (["N=3"], "name a claim before 'N=3'"),
        (["--digits", "3"], "--digits needs values"),
        (["--nonsense"], "unrecognized arguments: --nonsense"),
        (["quadratic.max_rate", "R=[[2,1],[1]]"], "rows of one length"),
    ],
)
def test_theory_refuses_in_one_line(words, complaint):
    with pytest.raises(UsageError) as refused:
        theory(words)
    assert complaint in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["spectra.outlyer"], "the nearest is 'spectra.outlier'"),
        (["--seed", "-1"], "--seed -1 is negative"),
        (["--seed", "x"], "invalid int value: 'x'"),
        (["--jobs", "0"], "--jobs 0 is too few"),
        (["--quick", "--full"], "not allowed with"),
    ],
)
def test_sim_refuses_in_one_line(words, complaint):
    with pytest.raises(UsageError) as refused:
        sim(words)
    assert complaint in str(refused.value)


@pytest.mark.parametrize("room", ["theory", "sim", "figures"])
def test_exit_codes_of_the_process(room):
    wrong = run(room, "no.such.name")
    assert wrong.returncode == 2
    assert wrong.stdout == ""
    assert len(wrong.stderr.splitlines()) == 1
    right = run(room, "--help")
    assert right.returncode == 0
    assert "examples:" in right.stdout


def test_a_failing_check_exits_with_1(monkeypatch, capsys):
    import sim.__main__ as command
    from sim.check import check
    from theory import quadratic

    def tampered(name, seed, scale, tests):
        twin = next(iter(quadratic.form.twins.values()))
        return check(quadratic.form, seed=seed, scale=scale, tests=tests, closed_form=twin)

    monkeypatch.setattr(command, "_check", tampered)
    assert sim(["quadratic.form"]) == 1
    assert "refuted" in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ctrl_c_prints_the_finished_rows(jobs):
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "sim", "--full", "--jobs", jobs],
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        # a shell starts its background jobs, and so what they start, deaf to Ctrl-C
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
    )
    assert process.stdout is not None
    header, first = process.stdout.readline(), process.stdout.readline()
    os.killpg(process.pid, signal.SIGINT)
    started = time.monotonic()
    rest, errors = process.communicate(timeout=60)
    assert time.monotonic() - started < 30
    assert process.returncode == 130
    assert header.startswith("claim")
    assert "quadratic.form" in first
    assert "claims agree" in rest
    assert "interrupted after" in errors
    assert "Traceback" not in errors


def test_a_closed_pipe_is_no_error():
    command = f"{sys.executable} -m theory | head -n 1"
    done = subprocess.run(command, shell=True, cwd=ROOT, text=True, capture_output=True)
    assert done.stderr == ""


@pytest.mark.slow
def test_importing_and_evaluating_are_fast_enough_to_feel():
    """No heavy import slips into the formula command: NumPy and SciPy stay out of it."""
    code = (
        "import sys; from theory.__main__ import main; main(sys.argv[1:]);"
        "print(*sorted(m for m in ('numpy', 'scipy', 'matplotlib') if m in sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *OUTLIER], cwd=ROOT, text=True, capture_output=True
    )
    assert done.stdout.splitlines() == ["17.1498388430", ""]
