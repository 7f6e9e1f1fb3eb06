"""``python -m theory`` as a user meets it: output, JSON, one line for bad usage."""

import subprocess
import sys

import pytest

from companion.errors import UsageError
from tests.close import rounded
from tests.paths import ROOT
from tests.strict_json import json_of
from theory import claims
from theory.__main__ import main as theory

OUTLIER = ["spectra.outlier", "N=320", "alpha=1.25", "m=0.22", "v=0.9"]


def test_evaluate(capsys):
    assert theory(OUTLIER) == 0
    value, *under = capsys.readouterr().out.splitlines()
    assert value == "17.1498388430"
    assert under == [
        "definition: not evaluated at once; add --definition",
        "",
        "twins (wrong versions)",
        "  population value N m^2 + v: 16.3880000000",
        "  no threshold: 17.1498388430",
    ]


def test_an_exact_definition_stands_beside_the_closed_form(capsys):
    assert theory(["quadratic.directional_curvature", "R=[[2,1],[1,2]]", "u=[3/5,4/5]"]) == 0
    value, definition, *_ = capsys.readouterr().out.splitlines()
    word, found, how = definition.split()
    assert (word, how) == ("definition:", "(exact)")
    assert rounded(float(found), float(value), condition=1e5)  # ten digits are shown


def test_a_definition_that_is_drawn_is_evaluated_on_request(capsys):
    words = ["propagation.arc_cosine", "c=1/2"]
    code, answer = json_of(theory, capsys, *words, "--definition")
    found = answer["definition"]
    assert code == 0
    assert found["draws"] == 64
    assert found["stderr"] > 0
    assert theory([*words, "--definition"]) == 0
    assert "+-" in capsys.readouterr().out.splitlines()[1]


def test_a_definition_without_a_value_says_why(capsys):
    name = "stability.flat_directions"
    point = [f"{each}=3" for each in claims()[name].domain]
    assert theory([name, *point, "--definition"]) == 0
    assert "definition: no value (" in capsys.readouterr().out
    assert json_of(theory, capsys, name, *point, "--definition")[1]["definition"] is None


def test_evaluate_exactly(capsys):
    assert theory([*OUTLIER, "--digits", "30"]) == 0
    assert capsys.readouterr().out.splitlines()[0] == "17.1498388429752066115702479339"


def test_evaluate_as_json(capsys):
    code, answer = json_of(theory, capsys, *OUTLIER)
    assert code == 0
    assert list(answer) == ["claim", "params", "value"]
    assert answer["params"] == {"N": 320, "alpha": 1.25, "m": 0.22, "v": 0.9}
    assert rounded(answer["value"], 17.149838842975206)
    _, answer = json_of(theory, capsys, *OUTLIER, "--digits", "30")
    assert answer["value"] == "17.1498388429752066115702479339"


def test_evaluate_a_matrix(capsys):
    assert theory(["quadratic.max_rate", "R=[[2,1],[1,2]]", "--digits", "20"]) == 0
    assert capsys.readouterr().out.splitlines()[0] == "0.66666666666666666667"


def test_a_claim_without_parameters_evaluates(capsys):
    name = "propagation.max_of_four"
    assert theory([name]) == 0
    shown = capsys.readouterr().out
    assert "value\n  1.02937537300\n" in shown
    assert "references" in shown
    assert theory([name, "--digits", "30"]) == 0
    assert capsys.readouterr().out.splitlines()[0] == "1.02937537300396413205698664698"
    _, (listed,) = json_of(theory, capsys, name)
    assert (listed["claim"], listed["parameters"]) == (name, {})
    _, answer = json_of(theory, capsys, name, "--digits", "9")
    assert answer == {"claim": name, "params": {}, "value": "1.02937537"}


def test_a_claim_says_where_it_is_checked_measured_and_drawn(capsys):
    assert theory(["smoothness.gradient_norm"]) == 0
    blocks = capsys.readouterr().out.split("\n\n")[-4:]
    assert [block.splitlines()[0] for block in blocks] == [
        "checked by",
        "measured on nets by",
        "drawn in",
        "corrects",
    ]
    assert "\n  python -m sim smoothness.gradient_norm" in blocks[0]
    assert "\n  printed_bounds.bound_1_corrected_is_an_equality\n" in f"{blocks[1]}\n"
    assert "\n  oxford2021.printed_bounds\n" in f"{blocks[2]}\n"
    assert max(map(len, "\n".join(blocks).splitlines())) <= 80
    _, (record,) = json_of(theory, capsys, "smoothness.gradient_norm")
    assert record["checked_by"] == ["smoothness.gradient_norm"]
    assert "printed_bounds.bound_1_corrected_is_an_equality" in record["measured_by"]
    assert "oxford2021.printed_bounds" in record["drawn_in"]
    assert record["corrects"] == ["E1", "E2"]


def test_a_value_beyond_float64_is_printed_and_is_no_number_of_json(capsys):
    words = ["quadratic.decay", "lam=1/10", "eta=1/10", "k=100000"]
    assert theory(words) == 0
    assert capsys.readouterr().out.splitlines()[0] == "3.30719463675e-437"
    with pytest.raises(UsageError, match="beyond the range of float64"):
        theory([*words, "--json"])


def test_list_as_json(capsys):
    code, records = json_of(theory, capsys)
    assert code == 0
    assert all(
        list(record)
        == [
            "claim",
            "relation",
            "status",
            "rests_on",
            "chapter",
            "statement",
            "parameters",
            "references",
        ]
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
            assert not rounded(record["printed_value"], record["right_value"], 1)
        else:
            assert record["printed_value"] is None


@pytest.mark.parametrize("words", [["errata"], ["quadratic.m*"], ["spectra.outlier"]])
def test_text_and_latex(capsys, words):
    assert theory(words) == 0
    assert capsys.readouterr().out
    assert theory([*words, "--latex"]) == 0
    whole = capsys.readouterr().out
    assert theory([*words, "--latex", "--fragment"]) == 0
    part = capsys.readouterr().out
    assert whole.startswith(r"\documentclass")
    assert part.strip() in whole
    assert r"\subsection*{" in part
    assert "documentclass" not in part


@pytest.mark.parametrize(
    "name", ["normalisation.jacobian", "spectra.outlier", "smoothness.hessian"]
)
def test_no_line_is_wider_than_the_terminal(capsys, monkeypatch, name):
    widths = []
    for columns, limit in (("60", 80), ("80", 80), ("120", 100)):
        monkeypatch.setenv("COLUMNS", columns)
        for words in ([name], [name, "--prove"]):
            assert theory(words) == 0
            widths.append(max(map(len, capsys.readouterr().out.splitlines())))
            assert widths[-1] <= limit
    assert max(widths) > 80, "a wider terminal is used"


def test_one_claim_as_json_has_steps_twins_and_neighbours(capsys):
    _, (record,) = json_of(theory, capsys, "normalisation.jacobian")
    first = record["steps"][0]
    assert {"words", "left", "right", "latex", "how", "holds"} <= set(first)
    assert first["how"] == "by expansion of matrices"
    assert first["holds"] is True
    assert all(step["latex"] for step in record["steps"])
    assert {"name", "closed_form", "latex"} == set(record["twins"][0])
    assert "normalisation.jacobian_rank" in record["used_by"]
    assert record["rests_on_claims"] == []


def test_contents_as_json(capsys):
    _, chapters = json_of(theory, capsys, "contents")
    names = [
        claim["claim"]
        for chapter in chapters
        for section in chapter["sections"]
        for claim in section["claims"]
    ]
    assert sorted(names) == sorted(claims())


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
        ([*OUTLIER, "--latex"], "--latex prints a claim, not a value"),
        (["contents", "--latex"], "--latex takes claims or errata"),
        (["spectra.outlier", "--latex", "--json"], "give one of them"),
        (["spectra.outlier", "--latex", "--definition"], "--latex prints a claim"),
        (["spectra.outlier", "--fragment"], "--fragment goes with --latex"),
        (["--digits", "3"], "--digits needs one claim and the values"),
        (["spectra.outlier", "--definition"], "--definition needs one claim and the values"),
        (["--nonsense"], "unrecognized arguments: --nonsense"),
        (["quadratic.max_rate", "R=[[2,1],[1]]"], "rows of one length"),
        (["quadratic.decay", "lam=1e9999", "eta=1", "k=1"], "lam = '1e9999' cannot be read"),
        (["propagation.between_share", "depth=1000000"], "a whole number from 1 to 10000"),
    ],
)
def test_theory_refuses_in_one_line(words, complaint):
    with pytest.raises(UsageError) as refused:
        theory(words)
    assert complaint in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.landing
def test_importing_and_evaluating_are_fast_enough_to_feel():
    """No heavy import slips into the formula command: SciPy stays out of it."""
    code = (
        "import sys; from theory.__main__ import main; main(sys.argv[1:]);"
        "print(*sorted(m for m in ('scipy', 'matplotlib') if m in sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *OUTLIER], cwd=ROOT, text=True, capture_output=True
    )
    lines = done.stdout.splitlines()
    assert (lines[0], lines[-1]) == ("17.1498388430", "")
