"""The table of passages: its order, and what is said of an erratum."""

import pytest

from companion.passages import PASSAGES
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
    rows = {row.citation.place: row.verdict for row in passages.table(keys, recorded())}
    assert rows[place] == said
