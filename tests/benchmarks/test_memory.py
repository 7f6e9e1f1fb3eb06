"""The table of measured peaks of memory beside their estimates."""

import pytest

from benchmarks.memory import furthest, memory, recorded, sizes, table
from companion.errors import UsageError

ROWS = [
    {"width": "1", "batch": 512, "vectors": 8, "kept": 5.4e9, "product": 2.3e9} | more
    for more in ({"estimate": 8.4e9, "peak": 8.0e9}, {"estimate": 7.2e9, "peak": 8.0e9})
]


def test_a_row_is_in_megabytes():
    head, rule, row, _ = table({"rows": ROWS})
    assert row == "| 1 | 512 | 8 | 5,400 | 2,300 | 8,400 | 8,000 |"
    assert {line.count("|") for line in (head, rule, row)} == {8}


def test_the_number_of_vectors_is_varied_at_the_smallest_batch():
    assert sizes([512, 128], [8, 1]) == [(512, 1), (128, 8), (128, 1)]


def test_an_estimate_is_off_whichever_way():
    assert furthest({"rows": ROWS}) == 1 - 7.2 / 8.0
    assert furthest({"rows": ROWS[:1]}) == 8.4 / 8.0 - 1


def test_the_record_has_the_widest_net_with_the_largest_batch_in_16_gb():
    rows = {(row["width"], row["batch"], row["vectors"]): row for row in recorded()["rows"]}
    assert {width for width, *_ in rows} == {"1/8", "1/4", "1/2", "1"}
    assert rows["1", 512, 1]["peak"] < 16e9
    assert furthest(recorded()) < 0.1


@pytest.mark.parametrize("words", ["--batch 1", "--vectors 0", "--threads 0"])
def test_what_cannot_be_measured_is_refused(words):
    with pytest.raises(UsageError, match=words):
        memory(words.split())
