"""What a step of training computes: a function of arrays, which may be captured as a CUDA graph."""

from collections.abc import Callable
from functools import partial, reduce
from operator import and_
from typing import Any

from deepnet.backend import array_module, on_host, scalar
from deepnet.nets.modes import recording
from deepnet.ops.gpu.graphs import Captured, asked
from deepnet.problem import Problem
from deepnet.training.rule import Memory, Rule, Weights
from deepnet.training.sgd import SGD

Array = Any


def computed(
    problem: Problem,
    rule: Rule,
    weights: Weights,
    memory: Memory,
    x: Array,
    targets: Array,
    lr: Any,
    *,
    unbiased: bool = False,
) -> tuple[Any, ...]:
    """Loss, outputs and gradient at the ``weights``; weights and memory after the step; the batch
    statistics that batch norm used, if asked for with ``unbiased`` variances; whether the loss and
    the weights after are finite."""
    norm, seen = recording(problem.norm, unbiased)
    linearised = problem.with_norm(norm).linearise(weights, x, targets)
    gradient = linearised.grad()
    after, memory = rule.step(weights, memory, gradient, lr, linearised)
    finite = reduce(and_, map(_finite, (linearised.loss, *after.values())))
    return linearised.loss, linearised.outputs, gradient, after, memory, seen, finite


def _finite(w: Array) -> Any:
    return array_module(w).isfinite(w).all()


def graph(
    problem: Problem, rule: Rule, weights: Weights, unbiased: bool = False
) -> Callable[..., Any] | None:
    """``computed`` for all steps of a training, captured; None where it is not asked for, or where
    a step may be more than a function of arrays: noise, other problems, rules other than SGD."""
    lead = next(iter(weights.values()))
    if on_host(lead) or not asked():
        return None
    if type(problem) is not Problem or problem.norm.noisy or type(rule) is not SGD:
        return None
    # what a graph transfers would be what the host had at its capture
    there = problem.with_norm(problem.norm.beside(lead))
    captured = Captured(partial(computed, there, rule, unbiased=unbiased), at_once=True)

    def launched(weights: Weights, memory: Memory, x: Array, targets: Array, lr: float) -> Any:
        return captured(weights, memory, x, targets, scalar(x, lr))

    return launched
