"""Citations: of listed sources, and of listed passages where a source has a list."""

import pytest

from companion.passages import PASSAGES
from companion.references import REFERENCES, cite


def test_a_list_of_passages_is_that_of_a_source_and_has_each_once():
    assert set(PASSAGES) <= set(REFERENCES)
    for key, passages in PASSAGES.items():
        assert len(set(passages)) == len(passages), key


def test_several_passages_are_one_place():
    citation = cite("rethinking", "their definition of ICS", "a network with just one layer")
    assert citation.passages == ("their definition of ICS", "a network with just one layer")
    assert str(citation) == "rethinking, their definition of ICS; a network with just one layer"
    assert str(cite("ghorbani2019")) == "ghorbani2019"


def test_a_mistyped_passage_is_an_error_that_names_the_nearest():
    with pytest.raises(KeyError, match=r"'eqs. \(14\), \(16\)'"):
        cite("oxford2021", "eqs. (14), (15)")
    with pytest.raises(KeyError, match=r"the nearest are \[\]"):
        cite("oxford2021", "eq. (1)", "zzz")
    with pytest.raises(KeyError, match="no reference has the key"):
        cite("oxford2012", "eq. (1)")


def test_a_source_without_a_list_has_any_passage():
    assert cite("lecun1991", "eq. (5)").place == "eq. (5)"
