"""The written word: pages are what ``make docs`` writes, names resolve, README is short."""

import platform
import re
from pathlib import Path

import pytest

import theory
from deepnet.experiments.experiment import experiments
from deepnet.experiments.record import recorded
from figures import passages
from figures.gallery import FOLDERS, plates
from tests.paths import ROOT, modules, name_of
from tools import docs, index

ROOMS = ("companion", "theory", "sim", "deepnet", "figures", "book")
CLAIMS = theory.claims()
PAGES = docs.pages()
README = ROOT / "README.md"
#: Pages whose digits a training or a descent gives.
LONG = ("README.md", "inputs.md", "networks.md")


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_a_page_is_what_make_docs_writes(page: Path) -> None:
    if page.name in LONG and platform.machine() not in ("x86_64", "AMD64"):
        pytest.skip("training multiplies rounding errors: the digits are those of x86-64")
    found = docs.differences(page)
    assert not found, f"run make docs\n{found}"


def test_the_index_of_names_is_what_make_docs_writes() -> None:
    changed = set(index.text().splitlines()) ^ set(index.PATH.read_text("utf-8").splitlines())
    assert not changed, "run make docs, or python -m tools.index\n" + "\n".join(sorted(changed))
    assert index.text() == index.PATH.read_text("utf-8"), "run make docs"


def test_a_changed_block_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("<!--[[[cog docs.chapters() ]]]-->\nold\n<!--[[[end]]]-->\n", encoding="utf-8")
    assert "-old\n" in docs.differences(page)
    assert docs.cog(["-r", "--verbosity=0"], [page]) == 0
    assert "- **quadratic**" in page.read_text(encoding="utf-8")
    assert docs.differences(page) == ""
    page.write_text("<!--[[[cog docs.nothing() ]]]-->\n<!--[[[end]]]-->\n", encoding="utf-8")
    assert "has no attribute 'nothing'" in docs.differences(page)


def test_readme_is_one_page() -> None:
    text = README.read_bytes()
    lines = text.decode().splitlines()
    assert len(lines) <= 150
    assert max(map(len, lines)) <= 120
    assert len(text) <= 9000


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_names_resolve(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    known = set(CLAIMS) | set(plates())
    chapters = "|".join(FOLDERS)
    commands = {name_of(path) for path in modules(ROOMS)}
    for name in re.findall(rf"\b(?<!theory\.)(?<!sim\.)(?<!/)(?:{chapters})\.[a-z_0-9]+", text):
        assert name in known or name.endswith((".py", ".png")), name
    for command in re.findall(r"python -m ([a-z_.]+)", text):
        assert command.partition(".")[0] not in ROOMS or command in commands, command
    for path in re.findall(
        r"`((?:companion|theory|sim|deepnet|figures|tests|tools|examples|docs)/[\w/.]+)`", text
    ):
        assert (ROOT / path).exists(), path
    for target in re.findall(r"`make ([a-z-]+)`", text):
        assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.M), target
    for name in re.findall(r"^- `(\w+)`: ", text, re.M):
        assert name in experiments(), name


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_links_resolve(page: Path) -> None:
    for link in re.findall(r"\]\((?!https?:)([^)]+)\)", page.read_text(encoding="utf-8")):
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        assert target.exists(), link
        assert not anchor or anchor in headings(target), link


def headings(page: Path) -> list[str]:
    """The anchors of a page's headings."""
    found = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.M)
    return [re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in found]


def test_every_picture_is_shown() -> None:
    assert docs.shown() == sorted(path.stem for path in docs.PICTURES.glob("*.png"))
    assert set(docs.shown()) <= set(plates())


def test_the_verdicts_are_those_on_record() -> None:
    assert docs.VERDICTS.read_text(encoding="utf-8") == docs.verdicts()


def test_the_address_has_one_place() -> None:
    assert f'repository-code: "{docs.address()}"\n' in (ROOT / "CITATION.cff").read_text()


def test_every_experiment_and_every_claim_of_a_source_has_a_passage() -> None:
    on_record = recorded()
    found = [row for keys in passages.BOOKS for row in passages.table(keys, on_record)]
    checks = {name for row in found for name in row.checks}
    books = {key for keys in passages.BOOKS for key in keys}
    for claim in CLAIMS.values():
        if books & {citation.key for citation in claim.references}:
            assert claim.name in checks, claim.name
    for name in experiments():
        assert f"experiment {name}" in checks, name
    assert all(row.figures for row in found if row.checks)


def test_the_repository_speaks_of_the_project_alone() -> None:
    words = re.compile(r"/work/|shared/claims|claims_beyond|\.\./shared|seed 00\d|issue \d", re.I)
    for path in [*modules((*ROOMS, "tools")), *PAGES]:
        assert not words.search(path.read_text(encoding="utf-8")), path
