"""The start page: three stories on one map, the chapters and the sources."""

from dataclasses import dataclass
from typing import Any

from book import chapter, source
from book.materials import Materials
from book.prose import read
from book.publish import Content
from book.render import SOURCES, TITLES, render
from book.words import html, link
from theory import contents


@dataclass(frozen=True)
class Stop:
    """A stop of a story: what kind of place it is, and a link to it."""

    kind: str
    link: str


@dataclass(frozen=True)
class Story:
    """A story: its title, what it says, and its stops in reading order."""

    title: str
    says: str
    stops: tuple[Stop, ...]


def _chapter(name: str) -> Stop:
    return Stop("chapter", f'<a href="{name}.html">{TITLES[name]}</a>')


def _source(name: str) -> Stop:
    return Stop("source", f'<a href="{name}.html">{SOURCES[name]}</a>')


def _stop(kind: str, name: str) -> Stop:
    return Stop(kind, link(name))


def stories() -> tuple[Story, ...]:
    """The three stories of why batch norm works."""
    return (
        Story(
            "Covariate shift",
            "Layers learn from inputs that move, and batch norm keeps the inputs still.",
            (
                _chapter("kronecker"),
                _chapter("preconditioning"),
                _stop("claim", "smoothness.covariate_shift"),
                _stop("experiment", "internal_covariate_shift"),
                _source("grosse2021"),
            ),
        ),
        Story(
            "Smoothness",
            "Batch norm makes the loss smooth, and a gradient holds over longer steps.",
            (
                _chapter("smoothness"),
                _chapter("invariance"),
                _stop("claim", "smoothness.gradient_norm"),
                _stop("experiment", "loss_smoothness"),
                _source("santurkar2018"),
                _source("oxford2021"),
            ),
        ),
        Story(
            "Outliers",
            "A few steep directions hold the rate down, and batch norm removes them.",
            (
                _chapter("quadratic"),
                _chapter("spectra"),
                _chapter("propagation"),
                _chapter("stability"),
                _stop("claim", "spectra.outlier"),
                _stop("experiment", "overlaps"),
                _source("page2019"),
                _source("ghorbani2019"),
            ),
        ),
    )


def files(materials: Materials) -> dict[str, Content]:
    """The start page, and the page that says how to read the book."""
    start, how = read("start"), read("how_to_read")
    page = render(
        "index.html",
        "index.html",
        title=start.title,
        stories=stories(),
        meeting="The three meet in one object, the mean of what a layer receives: "
        f"{link('normalisation.centring_gradient')}.",
        lead=start.lead,
        chapters={name: _about(name, materials) for name in TITLES},
        sources_judged={name: source.judged(name) for name in SOURCES},
    )
    text = render("text.html", "how_to_read.html", title=how.title, lead=how.lead)
    return {"index.html": page, "how_to_read.html": text}


def _about(name: str, materials: Materials) -> dict[str, Any]:
    """What a chapter is about, and its counts."""
    about = html(contents.title(f"theory.{name}"))
    return {"about": about, "counts": chapter.counts(name, materials.checks)}
