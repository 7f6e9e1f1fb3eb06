"""Run the experiments on networks, and compare what they measure with the bands stated before."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from companion.command import Exit, Parser, select, strict_json
from companion.files import make_folder
from companion.options import add_jobs, add_json, add_scale, add_seed, at_least, cores
from companion.progress import track
from companion.scale import Scale
from companion.side_by_side import side_by_side
from deepnet import device
from deepnet.experiments.changes import changes
from deepnet.experiments.experiment import Experiment, experiments
from deepnet.experiments.published import line, published_rows
from deepnet.experiments.rows import Row, empty_rows, rows
from deepnet.experiments.runner import Result, run

EXAMPLES = """\
  python -m deepnet                            run all (quick); what is stored is not run again
  python -m deepnet --list                     names and captions
  python -m deepnet leading_eigenvalues --seeds 3 --json
  python -m deepnet --source page2019 --data cifar10 --full
  python -m deepnet leading_eigenvalues --data my_images.npz
  python -m deepnet leading_eigenvalues --set width=1/4 --set examples=1024
  python -m deepnet --source oxford2021 --set width=1/4 --set loss_surfaces.points=21
  python -m deepnet --source page2019 --published      beside the source's own numbers
  python -m deepnet --source page2019 --full --device gpu
  python -m deepnet spectrum --help            the spectrum of your own weights

An interrupted run goes on where it stopped. Data are textures (generated), cifar10 (downloaded, or
at the path in the variable CIFAR10), or a path: a folder of CIFAR-10's binary batches, their
archive, or an npz file with x_train, y_train, x_test, y_test (uint8 images, channels last).
"""


def experiments_main(argv: Sequence[str]) -> int:
    """Parse ``argv``, run, print one row per observation, return the exit code."""
    options = _parse(argv)
    known = experiments()
    names = select(options.names, list(known), "experiment")
    if options.source:
        keys = sorted({each.source.key for each in known.values()})
        (source,) = select([options.source], keys, "source")
        names = [name for name in names if known[name].source.key == source]
    if options.list:
        return _list([known[name] for name in names], options.json)
    changed = changes(options.set, [known[name] for name in names], options.scale)
    make_folder(options.out)
    done: list[Row] = []
    beside: list[Row] = []
    code = Exit.OK
    try:
        for name, results in _run_all(names, options, changed):
            done += (judged := rows(known[name], options.scale, results))
            if not options.json:
                print("\n".join(map(_line, judged)), flush=True)
            if options.published:
                beside += (printed := published_rows(known[name], results))
                if printed and not options.json:
                    print("\n".join(map(line, printed)), flush=True)
    except KeyboardInterrupt:
        print("interrupted; the same command goes on from here", file=sys.stderr)
        code = Exit.INTERRUPTED
    if options.json:
        print(strict_json(beside if options.published else done))
    if code == Exit.OK and any(row["verdict"] not in ("agrees", None) for row in done):
        code = Exit.FAILED
    return code


def _parse(argv: Sequence[str]) -> Any:
    parser = Parser("python -m deepnet", __doc__ or "", EXAMPLES)
    parser.add_argument("names", nargs="*", metavar="EXPERIMENT|GLOB", help="all without one")
    parser.add_argument("--list", action="store_true", help="names and captions, nothing run")
    parser.add_argument("--source", metavar="KEY", help="only experiments of this source")
    parser.add_argument(
        "--data", default="textures", metavar="NAME", help="textures (default), cifar10 or a path"
    )
    parser.add_argument(
        "--device",
        choices=device.NAMES,
        default="auto",
        help="gpu needs CuPy (the extras cuda12, cuda13); auto (default) is cpu",
    )
    add_scale(parser, "minutes (default)", "the source's own size")
    add_seed(parser, "the first seed")
    parser.add_argument("--seeds", type=int, default=1, help="how many (default 1)")
    add_jobs(
        parser,
        "processes (default: one per core; with --full, on a GPU and for a single run 1, "
        "which uses all cores)",
    )
    parser.set_defaults(jobs=None)  # chosen below: it depends on the scale and the device
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="another entry of the configuration of all chosen experiments that have it, or as "
        "EXPERIMENT.NAME=VALUE of one; as often as you like",
    )
    parser.add_argument(
        "--published",
        action="store_true",
        help="also the source's own numbers beside ours; with --json these alone",
    )
    parser.add_argument("--out", type=Path, default=Path("results"), help="folder of results")
    add_json(parser)
    options = parser.parse_args(argv)
    if options.jobs is None:
        alone = options.scale == Scale.FULL or options.device == "gpu"
        options.jobs = 1 if alone else cores()
    at_least(options, seed=0, seeds=1, jobs=1)
    if not options.list:
        device.tried(options.device)
    return options


def _list(chosen: Sequence[Experiment], as_json: bool) -> int:
    if as_json:
        print(strict_json([row for experiment in chosen for row in empty_rows(experiment)]))
    else:
        for experiment in chosen:
            print(f"{experiment.name}   [{experiment.source}]\n  {experiment.caption}")
    return Exit.OK


def _run_all(
    names: Sequence[str], options: Any, changed: Mapping[str, Mapping[str, Any]]
) -> Iterator[tuple[str, list[Result]]]:
    """The results of each experiment as soon as all its seeds are done."""
    seeds = range(options.seed, options.seed + options.seeds)
    tasks = [(name, seed) for name in names for seed in seeds]
    results = _results(tasks, options, changed)
    if len(tasks) > 1 and options.jobs > 1:
        results = track(results, len(tasks), "experiments")
    for name in names:
        yield name, [next(results) for _ in seeds]


def _results(
    tasks: Sequence[tuple[str, int]], options: Any, changed: Mapping[str, Mapping[str, Any]]
) -> Iterator[Result]:
    fixed = (str(options.scale), options.data, options.out, options.device)
    works = [(name, seed, *fixed, changed[name]) for name, seed in tasks]
    return side_by_side(_run, works, options.jobs)


def _run(
    name: str,
    seed: int,
    scale: str,
    data: str,
    out: Path,
    device: str,
    changed: Mapping[str, Any],
) -> Result:
    return run(experiments()[name], Scale(scale), data, seed, out, changed, device)


def _line(row: Row) -> str:
    measured = "nothing to compare" if row["measured"] is None else f"{row['measured']:.4g}"
    error = "" if row["stderr"] is None else f" +- {row['stderr']:.2g}"
    band = "" if row["band"] is None else " in [{:g}, {:g}]".format(*row["band"])
    return (
        f"{row['claim']:<40}  {row['verdict'] or '-':<10} {measured}{error}{band}  "
        f"{row['seconds']:.0f} s  {row['file']}"
    )
