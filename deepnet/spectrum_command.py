"""The command ``python -m deepnet spectrum``: the Hessian's spectrum at one's own weights."""

import sys
import time
from collections.abc import Sequence
from typing import Any

from companion.command import Exit, strict_json
from companion.errors import UsageError
from companion.progress import track
from deepnet import device
from deepnet.spectrum_options import parse


def main(argv: Sequence[str]) -> int:
    """Parse ``argv``, read the files, analyse, print, return the exit code."""
    options = parse(argv)
    device.tried(options.device)
    with device.explained("give a --batch, or a smaller one, and --recompute"):
        return _main(options)


def _main(options: Any) -> int:
    from deepnet.spectrum import spectrum

    batches = _batches(options)
    if options.density:
        from deepnet.density_command import print_density

        return print_density(options, batches)
    parameters, wanted = batches.parameters, options.top + options.bottom
    if not 1 <= wanted <= parameters:
        raise UsageError(
            f"--top {options.top} --bottom {options.bottom} asks for {wanted} of {parameters} "
            f"eigenvalues; give 1 to {parameters}"
        )
    if options.products <= wanted and options.products < parameters:
        raise UsageError(f"--products {options.products} are too few for {wanted} eigenvalues")
    started = time.perf_counter()
    found = spectrum(
        batches,
        options.top,
        options.bottom,
        seed=options.seed,
        products=options.products,
        tolerance=options.tolerance,
        watch=lambda steps: track(steps, options.products, "products (at most)"),
    )
    return _report(options, batches, found, time.perf_counter() - started)


def _batches(options: Any) -> Any:
    from deepnet import ops
    from deepnet.curvature import Batches
    from deepnet.nets.norm_mode import Norm
    from deepnet.own_nets import NORMS, inputs_of, net_of
    from deepnet.own_weights import Archive, read_data, read_statistics, read_weights
    from deepnet.problem import Problem

    archive, mode = Archive(options.weights), NORMS[options.norm][1]
    net = net_of(options.net, archive, options.width, options.norm, options.activation)
    weights = read_weights(archive, net, options.dtype)
    statistics = read_statistics(archive, net, options.dtype) if mode == "frozen" else {}
    data_archive = Archive(options.data)
    inputs, classes = inputs_of(options.net, net, data_archive), list(net.shapes.values())[-1][0]
    x, y = read_data(data_archive, inputs, classes, options.dtype)
    x, y = map(device.place(options.device), (x, y))
    targets = ops.smoothed(y, classes, options.smoothing, x.dtype)
    size = options.batch or len(x)
    data = [(x[i : i + size], targets[i : i + size]) for i in range(0, len(x), size)]
    problem = Problem(net, Norm(mode, statistics))
    return Batches(problem, weights, data, keep=0 if options.recompute else None)


def _report(options: Any, batches: Any, found: Any, seconds: float) -> int:
    pairs = found.pairs
    listed = [
        {"value": float(value), "residual": float(residual)}
        for value, residual in zip(pairs.values, pairs.residuals, strict=True)
    ]
    row = {
        "net": options.net,
        "norm": options.norm,
        "parameters": batches.parameters,
        "examples": batches.examples,
        "loss": found.loss,
        "grad_norm": found.grad_norm,
        "top": listed[: options.top],
        "bottom": listed[options.top :],
        "products": pairs.products,
        "dtype": options.dtype,
        "seconds": seconds,
    }
    print(strict_json(row)) if options.json else _print(row)
    settled = pairs.products < options.products or pairs.products == batches.parameters
    if settled or (pairs.residuals <= options.tolerance * abs(pairs.values)).all():
        return Exit.OK
    print(
        f"not settled after {pairs.products} products: some residuals are above "
        f"{options.tolerance:g} |value|; give more --products",
        file=sys.stderr,
    )
    return Exit.FAILED


def _print(row: dict[str, Any]) -> None:
    print(
        f"net {row['net']}, norm {row['norm']}, {row['parameters']:,} parameters, "
        f"{row['examples']:,} examples, {row['dtype']}"
    )
    print(f"loss           {row['loss']:.12g}\ngradient norm  {row['grad_norm']:.12g}\n")
    print("               eigenvalue   residual")
    for end in ("top", "bottom"):
        for place, pair in enumerate(row[end], 1):
            print(f"{end:<6} {place:<3} {pair['value']:>15.10g}   {pair['residual']:.1e}")
    print(f"\n{row['products']} products in {row['seconds']:.3g} s")
