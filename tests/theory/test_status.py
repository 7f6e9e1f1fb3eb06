"""The status of every claim is what its proof comes to, run here; and what has changed is said."""

import json

import pytest

import theory
from companion.command import strict_json
from tests.about import each_claim
from theory import prove, status
from theory.__main__ import main
from theory.claim import Claim
from theory.proof_in_text import in_full
from theory.status import Verdict

WORDS = ("derived", "derived from", "steps checked", "observed")


@each_claim
def test_the_recorded_status_is_what_the_proof_comes_to(claim: Claim) -> None:
    """The proof is run: a digest that is current is not enough."""
    proof = prove.prove(claim)
    assert proof.holds, in_full(proof, claim)
    assert proof.verdict == claim.verdict, "make docs records what the proofs come to"
    assert proof.status in WORDS
    assert (proof.status == "derived from") == bool(proof.rests_on)
    assert (proof.status in ("steps checked", "observed")) == bool(proof.why)


def test_nothing_has_changed_since_the_proofs_were_run() -> None:
    changed = [name for name in theory.claims() if not status.is_current(name)]
    assert not changed, "make docs runs the proofs again"
    assert set(status.record()) == set(theory.claims())


def test_a_changed_source_is_said_and_no_status_is_promised(capsys, monkeypatch):
    name = "smoothness.gradient_norm"
    assert theory.claims()[name].status == "derived"
    monkeypatch.setattr(status, "digest", lambda chapter: "another")
    assert theory.claims()[name].status == "steps checked"
    assert theory.claims()[name].verdict.why == status.CHANGED
    assert main(["smoothness.g*"]) == 0
    assert "have changed since their proofs were run" in capsys.readouterr().out


def test_the_digest_is_of_the_shared_files_the_chapter_and_what_it_imports(tmp_path, monkeypatch):
    files = {
        "claim.py": "",
        "one/letters.py": "",
        "one/section.py": "from theory.two import letters",
        "two/letters.py": "",
        "three/letters.py": "",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.setattr(status, "THEORY", tmp_path)
    monkeypatch.setattr(status, "SHARED", ("claim.py",))

    def digest(chapter: str) -> str:
        status.digest.cache_clear()
        status._shared.cache_clear()
        return status.digest(chapter)

    first = {chapter: digest(chapter) for chapter in ("one", "two", "three")}
    (tmp_path / "two/letters.py").write_text("x = 1\r\n")
    assert digest("one") != first["one"]
    assert digest("two") != first["two"]
    assert digest("three") == first["three"]
    second = digest("two")
    (tmp_path / "two/letters.py").write_text("x = 1\n")
    assert digest("two") == second, "line ends are not a change"
    (tmp_path / "claim.py").write_text("y = 2")
    assert digest("three") != first["three"]
    monkeypatch.undo()
    status.digest.cache_clear()
    status._shared.cache_clear()


def test_the_list_names_what_a_derivation_rests_on(capsys):
    assert main(["smoothness.*", "--json"]) == 0
    for record in json.loads(capsys.readouterr().out):
        assert record["status"] in WORDS
        assert (record["status"] == "derived from") == bool(record["rests_on"])


def test_one_claim_as_json_has_its_chain_and_its_steps_run(capsys):
    assert main(["smoothness.gradient_norm", "--json"]) == 0
    (record,) = json.loads(capsys.readouterr().out)
    assert record["definition"] != record["closed_form"]
    assert [link["how"] for link in record["chain"]] == ["rule: slopes", "step 2"]
    assert all(step["holds"] is True and step["left"] for step in record["steps"])
    assert strict_json(record)


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        (Verdict("derived"), "derived"),
        (Verdict("derived from", ("a [b]", "c [d]")), "derived from a [b], c [d]"),
    ],
)
def test_a_verdict_says_what_it_rests_on(verdict, said):
    assert str(verdict) == said
