"""The table of passages: what is recorded, and what is said of it."""

import json
from dataclasses import asdict
from types import SimpleNamespace

import pytest

from companion.errors import UsageError
from companion.passages import PASSAGES
from deepnet.experiments.experiment import experiments
from figures import passages
from figures.__main__ import main
from figures.gallery import plates
from figures.passages import VERDICTS, Verdicts, record, recorded, verdict
from tests.paths import ROOT
from theory import claims
from theory.errata import errata


@pytest.mark.parametrize(
    ("verdicts", "said"),
    [
        (Verdicts(1, {"a.b": "agrees"}), "agrees"),
        (Verdicts(1, {"a.b": "agrees", "a.c": None}), "agrees; 1 reported"),
        (Verdicts(3, {"a.b": None}), "1 reported; 3 seeds"),
        (Verdicts(1, {"a.b": "agrees", "a.c": "unresolved"}), "1 of 2 agree, `a.c` is unresolved"),
    ],
)
def test_a_verdict_in_words(verdicts, said):
    assert verdict(verdicts) == said


def test_what_is_not_recorded_is_one_line():
    with pytest.raises(UsageError, match=r"not recorded: python -m deepnet \w+ --seeds 3, then"):
        passages.markdown({})


def test_what_has_no_result_keeps_its_verdict(tmp_path):
    path = tmp_path / "verdicts.json"
    before = {name: Verdicts(2, {f"{name}.x": "agrees"}) for name in experiments()}
    told = {name: asdict(verdicts) for name, verdicts in before.items()}
    path.write_text(json.dumps(told | {"gone": {"seeds": 1, "observations": {}}}))
    assert record(tmp_path / "results", path) == before
    assert recorded(path) == before
    path.write_text("{}")
    with pytest.raises(UsageError, match="has no result in"):
        record(tmp_path / "results", path)
    path.write_text("{")
    with pytest.raises(UsageError, match="cannot be read"):
        recorded(path)


def test_verdicts_are_read_off_the_seeds_from_0_on_that_are_stored(tmp_path, monkeypatch):
    def planned(experiment, scale, source, seed, results):
        return SimpleNamespace(stored=lambda: f"run {seed}" if seed in (0, 1, 3) else None)

    (experiment, *_) = experiments().values()
    monkeypatch.setattr(passages, "Job", planned)
    assert passages._stored(experiment, tmp_path) == []
    (tmp_path / experiment.name).mkdir()
    assert passages._stored(experiment, tmp_path) == ["run 0", "run 1"]


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
    rows = passages.table(("whybatchnorm", "ghorbani2019"), recorded(ROOT / VERDICTS))
    places = [row.citation.place for row in rows]
    in_order = ["E(W)", "trace(R)", "smoother in every direction", "", "figure 6", "figure 12"]
    assert [place for place in dict.fromkeys(places) if place in in_order] == in_order


@pytest.mark.parametrize(
    ("keys", "place", "said"),
    [
        (("oxford2021",), "eq. (1)", "printed wrong (E1), printed wrong (E2)"),
        (("rethinking", "santurkar2018"), "theorem 4.1", "printed wrong (E1)"),
        (("rethinking", "santurkar2018"), "theorem 4.4", "printed wrong, as transcribed (E37)"),
        (("whybatchnorm", "ghorbani2019"), "lambda_N = N m^2 + v", "needs a condition (E11)"),
        (("whybatchnorm", "ghorbani2019"), "smoother in every direction", "printed wrong (E38)"),
    ],
)
def test_an_erratum_is_told_at_every_place_that_prints_it(keys, place, said):
    rows = {
        row.citation.place: row.verdict for row in passages.table(keys, recorded(ROOT / VERDICTS))
    }
    assert rows[place] == said
