"""The tape: a computation is recorded once and then differentiated any number of times.

``Linearised(f, weights)`` runs f once at fixed weights and keeps the primal pass. Its methods
``grad``, ``jvp``, ``vjp``, ``hvp`` and ``ggn`` are linear maps that never repeat the pass.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from deepnet.backend import beside
from deepnet.fit import require_known, require_shape
from deepnet.memory import keep_freed_memory

Array = Any
Weights = dict[str, Array]


class Operation:
    """An operation that can stand on a tape. ``deepnet.ops.families`` defines its four verbs."""

    name = "operation"

    def __call__(self, *args: Any, **attrs: Any) -> Any:
        tape = next((arg.tape for arg in args if isinstance(arg, Var)), None)
        values = [arg.value if isinstance(arg, Var) else arg for arg in args]
        y, saved = self.forward(*values, **attrs)
        return y if tape is None else tape.record(self, args, y, saved)

    def forward(self, *xs: Array, **attrs: Any) -> tuple[Array, Any]:
        raise NotImplementedError

    def push(self, saved: Any, *dxs: Array) -> Array:
        raise NotImplementedError

    def pull(self, saved: Any, g: Array, needs: Sequence[bool]) -> tuple:
        raise NotImplementedError

    def bend(
        self, saved: Any, dxs: tuple, dy: Array, g: Array, dg: Array, needs: Sequence[bool]
    ) -> tuple:
        raise NotImplementedError


@dataclass(frozen=True, eq=False)
class Var:
    """A value on a tape."""

    tape: "Tape"
    index: int
    value: Array

    @property
    def shape(self) -> tuple[int, ...]:
        return self.value.shape


@dataclass(frozen=True)
class Node:
    """One recorded operation, the places of its arguments on the tape, and its saved values.

    In ``inputs`` None stands for a constant argument. ``saved`` are the values of the forward
    pass that the derivatives need.
    """

    operation: Operation | None
    inputs: tuple[int | None, ...]
    saved: Any


class Tape:
    """Operations in the order in which they ran."""

    #: Whether operations are recorded one by one, so that no fused operation stands for several.
    unfused = False

    def __init__(self) -> None:
        keep_freed_memory()
        self.nodes: list[Node] = []

    def leaf(self, value: Array) -> Var:
        self.nodes.append(Node(None, (), None))
        return Var(self, len(self.nodes) - 1, value)

    def record(self, operation: Operation, args: Sequence[Any], value: Array, saved: Any) -> Var:
        inputs = tuple(arg.index if isinstance(arg, Var) else None for arg in args)
        self.nodes.append(Node(operation, inputs, saved))
        return Var(self, len(self.nodes) - 1, value)

    def push(self, tangents: dict[int, Array], stop: int, above: int = -1) -> dict[int, Array]:
        """The tangents of the nodes after ``above`` up to ``stop``, from the given ``tangents``."""
        pushed = dict(tangents)
        for index in range(above + 1, stop + 1):
            node = self.nodes[index]
            if node.operation is None:
                continue
            dxs = [None if i is None else pushed.get(i) for i in node.inputs]
            if any(dx is not None for dx in dxs):
                pushed[index] = node.operation.push(node.saved, *dxs)
        return pushed

    def pull(self, cotangents: dict[int, Array]) -> dict[int, Array]:
        """The cotangents of all nodes, from the given ``cotangents`` of some."""
        pulled = dict(cotangents)
        for index in range(max(pulled), -1, -1):
            node, g = self.nodes[index], pulled.get(index)
            if node.operation is None or g is None:
                continue
            needs = [i is not None for i in node.inputs]
            _accumulate(pulled, node, node.operation.pull(node.saved, g, needs))
        return pulled

    def bend(self, tangents: dict[int, Array], gs: dict[int, Array], stop: int) -> dict[int, Array]:
        """The derivative of ``pull`` along ``tangents``, at the cotangents ``gs``, for the leaves.

        A value that no operation below needs is forgotten at once, and so are the ``tangents``.
        """
        bent: dict[int, Array] = {}
        for index in range(stop, -1, -1):
            node, g = self.nodes[index], gs.get(index)
            if node.operation is None or g is None:
                continue
            dy, dg = tangents.pop(index, None), bent.pop(index, None)
            dxs = tuple(None if i is None else tangents.get(i) for i in node.inputs)
            needs = [i is not None for i in node.inputs]
            _accumulate(bent, node, node.operation.bend(node.saved, dxs, dy, g, dg, needs))
        return bent


def _accumulate(cotangents: dict[int, Array], node: Node, gs: tuple) -> None:
    for i, g in zip(node.inputs, gs, strict=True):
        if i is not None and g is not None:
            cotangents[i] = g if i not in cotangents else cotangents[i] + g


class Linearised:
    """A scalar loss of a net at fixed weights, with its primal pass kept.

    ``f`` maps the weights to the outputs and the loss. A direction ``v`` has an array per weight
    along which it goes. It is zero in all other weights.

    Raises ValueError where the loss is not a single number, and for a direction or a cotangent that
    does not have the shape of the weights or of the outputs.
    """

    def __init__(self, f: Callable[[dict[str, Var]], tuple[Var, Var]], weights: Weights) -> None:
        self.tape = Tape()
        self.weights = weights
        self._leaves = {name: self.tape.leaf(value) for name, value in weights.items()}
        outputs, loss = f(self._leaves)
        require_shape("the loss", loss.value, ())
        self.outputs, self.loss = outputs.value, loss.value
        self._outputs, self._loss = outputs.index, loss.index
        self.cotangents = self.tape.pull({loss.index: loss.value * 0 + 1})

    def grad(self) -> Weights:
        """The gradient of the loss."""
        return self._of_leaves(self.cotangents)

    def jvp(self, v: Weights) -> Array:
        """J v, the change of the outputs along ``v``."""
        du = self.tape.push(self._to_leaves(v), self._outputs).get(self._outputs)
        return self.outputs * 0 if du is None else du

    def vjp(self, u: Array) -> Weights:
        """J'u, for ``u`` of the outputs' shape."""
        require_shape("the cotangent of the outputs", u, self.outputs.shape)
        return self._of_leaves(self.tape.pull({self._outputs: beside(self.outputs, u)}))

    def hvp(self, v: Weights) -> Weights:
        """The Hessian of the loss times ``v``."""
        tangents = self.tape.push(self._to_leaves(v), self._loss)
        return self._of_leaves(self.tape.bend(tangents, self.cotangents, self._loss))

    def ggn(self, v: Weights) -> Weights:
        """The Gauss-Newton product J'H J v, where H is the Hessian of the loss in the outputs."""
        start = {self._outputs: self.jvp(v)}
        tangents = self.tape.push(start, self._loss, above=self._outputs)
        return self._of_leaves(self.tape.bend(tangents, self.cotangents, self._loss))

    def _to_leaves(self, v: Weights) -> dict[int, Array]:
        leaves = self._leaves
        require_known("a direction", v, {name: leaf.shape for name, leaf in leaves.items()})
        return {leaves[name].index: beside(leaves[name].value, d) for name, d in v.items()}

    def _of_leaves(self, cotangents: dict[int, Array]) -> Weights:
        return {
            name: cotangents[leaf.index] if leaf.index in cotangents else leaf.value * 0
            for name, leaf in self._leaves.items()
        }
