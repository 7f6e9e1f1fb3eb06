"""The command ``python -m deepnet spectrum``: the Hessian's spectrum at one's own weights."""

import sys
import time
from collections.abc import Sequence

from companion.command import Exit, strict_json
from companion.progress import say
from deepnet import device
from deepnet.curvature import checkpointed, hessian
from deepnet.curvature.checkpoint import Checkpointed
from deepnet.curvature.operators import Symmetric
from deepnet.data.labels import begin_at_one, empty_classes
from deepnet.spectrum import density, ends
from deepnet.spectrum.conventions import conventions, heading
from deepnet.spectrum.options import parse
from deepnet.spectrum.subject import batches_of, identity_of, labels_of


def main(argv: Sequence[str]) -> int:
    """Parse ``argv``, read the files, analyse, print, return the exit code."""
    options = parse(argv)
    subject, probes = options.subject, options.probes
    device.tried(subject.device)
    with device.explained("give a --batch, or a smaller one, and --recompute"):
        batches = batches_of(subject)
        operator: Symmetric = hessian(batches)
        if options.checkpoint is not None:
            operator = checkpointed(operator, options.checkpoint, identity_of(subject))
        started = time.perf_counter()
        if probes:
            facts = density.facts(batches, probes, operator)
        else:
            facts = ends.facts(batches, options.ends, operator)
        seconds = time.perf_counter() - started
    labels, classes = labels_of(batches)
    if begin_at_one(labels, classes):
        say(
            "deepnet",
            f"no example has the label 0, and each of 1 to {classes - 1} has one; if labels begin "
            "at 1, subtract 1",
        )
    row = {
        "net": subject.net,
        **conventions(subject, batches.problem.net),
        "parameters": batches.parameters,
        "examples": batches.examples,
        "classes": classes,
        "empty_classes": empty_classes(labels, classes),
        **facts,
        "dtype": subject.dtype,
        "seconds": seconds,
    }
    if options.json:
        print(strict_json(row))
    else:
        print(heading(row))
        print(f"loss           {row['loss']:.12g}\ngradient norm  {row['grad_norm']:.12g}\n")
        (density if probes else ends).print_row(row)
    doubts = "" if probes else ends.doubts(row, options.ends)
    if doubts:
        print(doubts, file=sys.stderr)
    elif isinstance(operator, Checkpointed):
        operator.forget()
    return Exit.FAILED if doubts else Exit.OK
