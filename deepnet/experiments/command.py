"""Run the experiments on networks, and compare each measurement with its band."""

import sys
from collections.abc import Sequence
from itertools import islice

from companion.command import Exit, strict_json
from companion.files import make_folder
from companion.progress import track
from companion.side_by_side import side_by_side
from deepnet.experiments import compared
from deepnet.experiments.options import parse
from deepnet.experiments.published import line, published_rows
from deepnet.experiments.record import record, recorded
from deepnet.experiments.rows import Row, rows
from deepnet.experiments.runner import Job
from deepnet.experiments.words import listed, where, words


def experiments_main(argv: Sequence[str]) -> int:
    """Parse ``argv``, run, print one row per observation, return the exit code."""
    options = parse(argv)
    if not options.list:
        make_folder(options.out)
    done: list[Row] = []
    beside: list[Row] = []
    code, known = Exit.OK, recorded()
    results = side_by_side(Job.result, [(job,) for job in options.jobs], options.processes)
    if len(options.jobs) > 1 and options.processes > 1:
        results = track(results, len(options.jobs), "experiments")
    try:
        for experiment in options.chosen:
            of_seeds = list(islice(results, options.seeds))
            done += (judged := rows(experiment, of_seeds, known))
            theirs = published_rows(experiment, of_seeds) if options.published else []
            again = []
            if options.compare:
                again = compared.compared_rows(experiment, of_seeds, known.get(experiment.name))
            beside += [*theirs, *again]
            if options.list and not options.json:
                print(listed(experiment, judged), end="\n\n")
            elif not options.json:
                told = [*map(words, judged), *map(line, theirs), *map(compared.line, again)]
                told.append(where(judged[0]))
                print("\n".join(told), end="\n\n", flush=True)
            if options.record:
                print(record(experiment, of_seeds), file=sys.stderr)
    except KeyboardInterrupt:
        print("interrupted; the same command goes on from here", file=sys.stderr)
        code = Exit.INTERRUPTED
    if options.json:
        print(strict_json(beside if options.published or options.compare else done))
    if code == Exit.OK and any(_failed(row, options.strict) for row in done):
        code = Exit.FAILED
    return code


def _failed(row: Row, strict: bool) -> bool:
    """Whether a check of our own tools failed, or with ``strict`` any observation did not agree."""
    if strict:
        return row["verdict"] not in ("agrees", "reported", None)
    return row["verdict"] == "refuted" and row["exact"]
