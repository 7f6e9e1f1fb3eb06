"""The table of passages: its order, and what is said of an erratum."""

import re

import pytest

from companion.passages import PASSAGES
from companion.passages.judgement import VERDICTS
from deepnet.experiments.experiment import experiments
from deepnet.experiments.record import recorded
from figures import passages
from figures.__main__ import main
from figures.gallery import plates
from tests.paths import ROOT
from theory import claims
from theory.errata import errata


def test_the_command_has_an_earlier_name(capsys, monkeypatch):
    monkeypatch.chdir(ROOT)
    printed = []
    for name in ("passages", "contents"):
        assert main([name]) == 0
        printed.append(capsys.readouterr().out)
    assert printed[0] == printed[1] == f"{passages.markdown(recorded())}\n"


def test_every_listed_passage_is_cited():
    citations = [citation for claim in claims().values() for citation in claim.references]
    citations += [citation for entry in errata().values() for citation in entry.references]
    citations += [plate.source for plate in plates().values()]
    citations += [experiment.source for experiment in experiments().values()]
    cited = {(citation.key, passage) for citation in citations for passage in citation.passages}
    listed = {(key, passage) for key, passages in PASSAGES.items() for passage in passages}
    assert not listed - cited


def test_a_row_stands_where_its_passage_stands_in_the_source():
    rows = passages.table(("whybatchnorm", "ghorbani2019"), recorded())
    listed = [row.passage for row in rows if row.key == "whybatchnorm" and row.passage]
    assert listed == list(PASSAGES["whybatchnorm"])
    of_paper = [row.passage for row in rows if row.key == "ghorbani2019"]
    assert of_paper == ["", *PASSAGES["ghorbani2019"]]  # an experiment cites the whole paper


@pytest.mark.parametrize(
    ("keys", "place", "said"),
    [
        (("oxford2021",), "eq. (1)", "printed wrong (E1)"),
        (("oxford2021",), "better Lipschitz constant", "printed wrong (E2)"),
        (("rethinking", "santurkar2018"), "theorem 4.1", "printed wrong (E1)"),
        (("rethinking", "santurkar2018"), "theorem 4.4", "printed wrong, as transcribed (E37)"),
        (("whybatchnorm", "ghorbani2019"), "lambda_N = N m^2 + v", "needs a condition (E11)"),
        (("whybatchnorm", "ghorbani2019"), "smoother in every direction", "printed wrong (E38)"),
    ],
)
def test_an_erratum_is_told_at_every_place_that_prints_it(keys, place, said):
    rows = {row.passage: row.checked for row in passages.table(keys, recorded())}
    assert said in rows[place]


def test_every_passage_is_judged_with_a_sentence_of_reason():
    for key, listed in PASSAGES.items():
        for passage, judged in listed.items():
            assert judged.verdict in VERDICTS, (key, passage)
            assert judged.reason.endswith(".") and len(judged.reason) <= 300, (key, passage)


def test_names_in_the_reasons_are_names_of_the_house():
    known = {*claims(), *experiments(), *errata(), *plates()}
    for key, listed in PASSAGES.items():
        for passage, judged in listed.items():
            named = set(re.findall(r"`([\w.]+)`", judged.reason))
            named |= set(re.findall(r"\bE\d+\b", judged.reason))
            assert named <= known, (key, passage, named - known)


def test_a_passage_that_is_printed_wrong_does_not_simply_hold():
    for keys in passages.BOOKS:
        for key in keys:
            wrong = {
                passage
                for entry in errata().values()
                if entry.kind in ("counterexample", "scope") and not entry.transcribed
                for citation in entry.references
                if citation.key == key
                for passage in citation.passages
            }
            assert not {each for each in wrong if PASSAGES[key][each].verdict == "holds"}, key
