"""The words for the findings on record."""

import pytest

from companion.errors import UsageError
from deepnet.experiments.experiment import experiments
from deepnet.experiments.record import Recorded, recorded
from figures import passages
from figures.verdicts import words


@pytest.mark.parametrize(
    ("verdicts", "said"),
    [
        (["agrees"], "1 of 1 agree; quick, textures, 3 seeds"),
        (["agrees", "reported"], "1 of 1 agree; 1 reported; quick, textures, 3 seeds"),
        (["reported"], "1 reported; quick, textures, 3 seeds"),
        (
            ["agrees", "uninformative"],
            "1 of 2 agree, `1` is uninformative; quick, textures, 3 seeds",
        ),
    ],
)
def test_findings_in_words(verdicts, said):
    findings = {str(i): {"verdict": verdict} for i, verdict in enumerate(verdicts)}
    assert words(Recorded(1, 3, "quick", "textures (generated)", findings)) == said


def test_what_is_not_recorded_is_one_line():
    with pytest.raises(UsageError, match=r"not recorded: python -m deepnet \w+ --seeds 3 --record"):
        passages.markdown({})


def test_findings_of_an_earlier_version_are_said_to_be():
    name, experiment = next(iter(experiments().items()))
    key, passage = experiment.source.key, experiment.source.passages[0]
    for version, before in ((experiment.version, False), (experiment.version - 1, True)):
        found = Recorded(version, 1, "quick", "textures (generated)", {})
        record = recorded() | {name: found}
        (row,) = [each for each in passages.table((key,), record) if each.passage == passage]
        assert row.checked.endswith("; recorded before") == before
