"""The command ``python -m figures``: draw the textbook's figures."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from companion.command import Exit, Parser, run, select, strict_json
from companion.errors import UsageError
from companion.files import make_folder
from companion.options import add_jobs, add_json, add_scale, add_seed, at_least
from companion.pictures import FORMATS
from companion.progress import track
from companion.side_by_side import side_by_side
from figures import gallery

EXAMPLES = """\
  python -m figures                          draw all into build/figures
  python -m figures spectra.outlier_against_mean --format png,svg
  python -m figures --list                   names and captions
  python -m figures --source lecun1991       those that redraw a source
  python -m figures spectra.images --data my_images.npz
  python -m sim inputs table.csv --json > mine.json
  python -m figures own.inputs --data mine.json
  python -m figures passages                 each source's passages: judged, and checked by what
"""


def main(argv: Sequence[str]) -> int:
    """Parse ``argv``, draw the figures, print their files and return the exit code."""
    if argv and argv[0] in ("passages", "contents"):  # contents: the earlier name
        return _passages(argv[1:])
    options = _parse(argv)
    known = gallery.plates()
    names = select(options.names, list(known), "figure")
    if options.source:
        names = _from_source(names, options.source)
    if options.list:
        return _list([known[name] for name in names], options.json)
    make_folder(options.out)
    if options.missing:
        names = [name for name in names if not _is_drawn(name, options)]
    names, waiting = _with_results(names, options)
    drawn: list[dict[str, Any]] = []
    code = Exit.OK
    try:
        for record in track(_draw_all(names, options), len(names), "drawing"):
            drawn.append(record)
            if not options.json:
                print("\n".join(record["files"]), flush=True)
    except KeyboardInterrupt:
        print(f"interrupted after {len(drawn)} of {len(names)} figures", file=sys.stderr)
        code = Exit.INTERRUPTED
    if options.json:
        print(strict_json(drawn + [_record(known[name], None, None, []) for name in waiting]))
    for line in _waits([known[name] for name in waiting]):
        print(line, file=sys.stderr)
    return code


def _parse(argv: Sequence[str]) -> Any:
    parser = Parser("python -m figures", (__doc__ or "").partition(":")[2].strip(), EXAMPLES)
    parser.add_argument("names", nargs="*", metavar="NAME|GLOB", help="figures; all without one")
    parser.add_argument("--list", action="store_true", help="names and captions, nothing drawn")
    parser.add_argument("--source", metavar="KEY", help="only figures of this source")
    add_scale(parser, laptop="of experiments: real images, as in python -m deepnet")
    parser.add_argument(
        "--data",
        metavar="textures|cifar10|PATH",
        help="the data set of experiments (textures, with --laptop cifar10); a PATH also serves "
        "figures of images and of results",
    )
    add_seed(parser, "experiments' first seed")
    parser.add_argument(
        "--seeds", type=int, default=1, help="of experiments: how many show how much they vary"
    )
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="another entry of the experiments' configuration, as in python -m deepnet",
    )
    add_jobs(parser)
    parser.add_argument("--results", default="results", help="folder of stored experiments")
    parser.add_argument("--out", default="build/figures", help="folder to draw into")
    parser.add_argument("--format", default="png", help="png, svg, pdf; several with commas")
    parser.add_argument(
        "--missing", action="store_true", help="draw only what the folder of --out has not"
    )
    add_json(parser)
    options = parser.parse_args(argv)
    options.format = options.format.split(",")
    for suffix in options.format:
        if suffix not in FORMATS:
            raise UsageError(f"--format {suffix!r} is unknown; give any of png,svg,pdf")
    at_least(options, jobs=1, seed=0, seeds=1)
    options.choice = gallery.Choice(
        options.scale,
        options.data,
        Path(options.results),
        tuple(options.set),
        options.seed,
        options.seeds,
    )
    return options


def _passages(argv: Sequence[str]) -> int:
    from deepnet.experiments.record import recorded
    from figures.passages import markdown

    parser = Parser("python -m figures passages", "Each source's passages, in Markdown.", "")
    parser.parse_args(argv)
    print(markdown(recorded()))
    return Exit.OK


def _from_source(names: Sequence[str], key: str) -> list[str]:
    known = gallery.plates()
    keys = sorted({plate.source.key for plate in known.values()})
    (key,) = select([key], keys, "source") or [key]
    return [name for name in names if known[name].source.key == key]


def _with_results(names: Sequence[str], options: Any) -> tuple[list[str], list[str]]:
    """Split ``names`` into figures that can be drawn and figures that wait for results.

    Nothing long is computed unless the reader names a figure.
    """
    if options.names:
        return list(names), []
    known = gallery.plates()
    ready = [name for name in names if gallery.has_result(known[name], options.choice)]
    return ready, [name for name in names if name not in ready]


def _is_drawn(name: str, options: Any) -> bool:
    """Whether the folder has a file of each format of the figure ``name``."""
    return all(Path(options.out, f"{name}.{suffix}").exists() for suffix in options.format)


def _waits(plates: Sequence[gallery.Plate]) -> Iterator[str]:
    """One line per source whose figures wait for results.

    The line says how to compute the results.
    """
    sources: dict[str, list[gallery.Plate]] = {}
    for plate in plates:
        sources.setdefault(plate.name.partition(".")[0], []).append(plate)
    for source, (first, *others) in sources.items():
        if others:
            yield (
                f"{1 + len(others)} figures of {source} wait for their results: "
                f"python -m deepnet --source {source}, or draw one by name, such as {first.name}"
            )
        else:
            yield (
                f"{first.name} waits for its results: python -m deepnet {first.experiment}, "
                "or draw it by name"
            )


def _record(
    plate: gallery.Plate, scale: str | None, data: str | None, files: Sequence[Path]
) -> dict[str, Any]:
    return {
        "figure": plate.name,
        "shows": [claim.name for claim in plate.shows],
        "scale": scale,
        "data": data,
        "files": [str(path) for path in files],
    }


def _list(plates: Sequence[gallery.Plate], as_json: bool) -> int:
    if as_json:
        print(strict_json([_record(plate, None, None, []) for plate in plates]))
    else:
        for plate in plates:
            print(f"{plate.name}   [{plate.source}]\n  {plate.caption}")
    return Exit.OK


def _draw_all(names: Sequence[str], options: Any) -> Iterator[dict[str, Any]]:
    for _ in side_by_side(gallery.compute, _missing(names, options.choice), options.jobs):
        pass
    arguments = [(name, options.choice, options.out, options.format) for name in names]
    yield from side_by_side(_draw, arguments, options.jobs)


def _missing(names: Sequence[str], choice: gallery.Choice) -> list[tuple[str, gallery.Choice, int]]:
    """The runs that figures of ``names`` draw and that are not stored.

    Each run is listed once, since two figures of one experiment would wait for each other.
    """
    known = gallery.plates()
    waiting = [known[name] for name in names if not gallery.has_result(known[name], choice)]
    seeds = range(choice.seed, choice.seed + choice.seeds)
    experiments = dict.fromkeys(plate.experiment for plate in waiting)
    return [(name, choice, seed) for name in experiments if name is not None for seed in seeds]


def _draw(name: str, choice: gallery.Choice, out: str, formats: Sequence[str]) -> dict[str, Any]:
    from deepnet.data.paths import usual

    plate = gallery.plates()[name]
    files = gallery.draw(plate, choice, Path(out), formats)
    default = usual(choice.scale) if plate.experiment else None
    used = (choice.source or default) if plate.takes_data else None
    return _record(plate, str(choice.scale), used, files)


if __name__ == "__main__":
    run(main, "python -m figures")
