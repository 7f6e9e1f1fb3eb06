"""What the pages take from a file of simulations, and what they leave."""

import json
from pathlib import Path
from typing import Any

import pytest

from book.materials import read
from companion.errors import UsageError
from sim.check import check
from theory import spectra


@pytest.fixture(scope="module")
def row() -> dict[str, Any]:
    return check(spectra.atom, scale="tiny").as_dict()


def test_a_row_of_the_present_claim_is_taken(tmp_path: Path, row: dict[str, Any]) -> None:
    path = tmp_path / "verdicts.json"
    path.write_text(json.dumps([row]))
    found = read(tmp_path, path)
    assert found.checks["spectra.atom"]["verdict"] == row["verdict"]
    assert found.outdated == ()


@pytest.mark.parametrize("digest", ["0", None])
def test_a_row_of_an_earlier_claim_is_none(
    tmp_path: Path, row: dict[str, Any], digest: str | None
) -> None:
    path = tmp_path / "verdicts.json"
    earlier = {name: value for name, value in row.items() if name != "digest"}
    path.write_text(json.dumps([earlier | ({"digest": digest} if digest else {})]))
    found = read(tmp_path, path)
    assert found.checks == {}
    assert found.outdated == ("spectra.atom",)


def test_a_file_that_holds_no_rows_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "verdicts.json"
    path.write_text('{"x": 1}')
    with pytest.raises(UsageError, match=r"verdicts\.json holds no verdicts of simulations"):
        read(tmp_path, path)
