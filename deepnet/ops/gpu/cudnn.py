"""cuDNN's convolutions by NVIDIA's cudnn-frontend. Only this file knows of cuDNN.

A convolution has three faces (``deepnet.ops.convolution``). Each face is a graph of one operation:

fprop    y of the image x and the filter w
dgrad    dx of the cotangent dy and w
wgrad    dw of x and dy

cuDNN names dimensions in the order n, c, h, w, whatever their order in memory. Strides say that
images and filters are channels last here. The plan of a graph is the first choice of cuDNN's
heuristic among some engines. These engines give equal bits every time, keep to ``WORKSPACE``, and
compute in the precision asked for.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from math import prod
from typing import Any, Literal

from companion.advice import install
from companion.progress import say

Array = Any
Face = Literal["fprop", "dgrad", "wgrad"]
Shape = tuple[int, ...]
#: The most bytes that an engine may take beside its operands.
WORKSPACE = 512 << 20
#: Notes of engines whose results differ from products and sums in float32.
INEXACT = (
    "DOWN_CONVERT_INPUTS", "FFT", "REDUCED_PRECISION_REDUCTION", "TENSOR_CORE", "WINOGRAD",
    "WINOGRAD_TILE_4x4", "WINOGRAD_TILE_6x6", "WINOGRAD_TILE_13x13",
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A face at given shapes (n, h, w, c), (k, r, s, c) and (n, o, q, k), all channels last.

    ``precision`` is fp32, tf32, bf16 or fp64.
    """

    face: Face
    x: Shape
    w: Shape
    y: Shape
    stride: int
    pad: int
    precision: str


@dataclass(frozen=True)
class Plan:
    """A built ``graph``, the tensors of its operands and its result, its workspace in bytes."""

    graph: Any
    operands: tuple[Any, Any]
    result: Any
    workspace: int


def graph(cudnn: Any, case: Case, handle: Any = None) -> Plan:
    """The graph of ``case``, valid but without a plan. Without ``handle`` it needs no GPU."""
    types = cudnn.data_type
    full = types.DOUBLE if case.precision == "fp64" else types.FLOAT
    given = types.BFLOAT16 if case.precision == "bf16" else full
    made = cudnn.pygraph(
        io_data_type=given,
        intermediate_data_type=full,
        compute_data_type=full,
        **({} if handle is None else {"handle": handle}),
    )

    def tensor(name: str, shape: Shape) -> Any:
        return made.tensor(name=name, dim=_dim(shape), stride=_stride(shape), data_type=given)

    options = {
        "padding": [case.pad] * 2,
        "stride": [case.stride] * 2,
        "dilation": [1, 1],
        "compute_data_type": full,
    }
    if case.face == "fprop":
        one, other, shape = tensor("x", case.x), tensor("w", case.w), case.y
        result = made.conv_fprop(image=one, weight=other, **options)
    elif case.face == "dgrad":
        one, other, shape = tensor("dy", case.y), tensor("w", case.w), case.x
        result = made.conv_dgrad(loss=one, filter=other, **options)
    else:
        one, other, shape = tensor("x", case.x), tensor("dy", case.y), case.w
        result = made.conv_wgrad(image=one, loss=other, **options)
    if given is not full:  # engines do not write float32 from bfloat16 by themselves
        result.set_dim(_dim(shape)).set_stride(_stride(shape)).set_data_type(full)
        result = made.identity(input=result, compute_data_type=full)
    result.set_output(True).set_data_type(full)
    result.set_dim(_dim(shape)).set_stride(_stride(shape))
    made.validate()
    return Plan(made, (one, other), result, 0)


def planned(cudnn: Any, plan: Plan, case: Case) -> Plan:
    """``plan`` with an engine chosen and built. Raises cuDNN's error where no engine can do it."""
    made = plan.graph
    made.build_operation_graph()
    made.create_execution_plans([cudnn.heur_mode.A, cudnn.heur_mode.FALLBACK])
    notes = ("NONDETERMINISTIC", *(INEXACT if case.precision == "fp32" else ()))
    known = cudnn.numerical_note
    made.deselect_numeric_notes([getattr(known, note) for note in notes if hasattr(known, note)])
    made.deselect_workspace_greater_than(WORKSPACE)
    made.check_support()
    made.build_plans()
    return replace(plan, workspace=made.get_workspace_size())


class Convolutions:
    """cuDNN on the current device: a handle, and one plan per case that has occurred."""

    def __init__(self, cudnn: Any) -> None:
        self.cudnn, self.handle = cudnn, cudnn.create_handle()
        self.name = f"cuDNN {cudnn.backend_version()}"
        self.plan: Callable[[Case], Plan | None] = cache(self._plan)

    def __call__(self, xp: Any, case: Case, one: Array, other: Array, out: Array) -> bool:
        """Write ``case`` of the two contiguous operands to ``out``.

        Return False where no engine can.
        """
        plan = self.plan(case)
        if plan is None:
            return False
        room = xp.empty((max(1, plan.workspace),), "uint8")
        self.cudnn.set_stream(handle=self.handle, stream=xp.cuda.get_current_stream().ptr)
        tensors = (*plan.operands, plan.result)
        pointers = {t: a.data.ptr for t, a in zip(tensors, (one, other, out), strict=True)}
        plan.graph.execute(pointers, room.data.ptr, handle=self.handle)
        return True

    def _plan(self, case: Case) -> Plan | None:
        try:
            return planned(self.cudnn, graph(self.cudnn, case, self.handle), case)
        except Exception as error:  # cuDNN's errors have no common class over its versions
            why = f"no engine for {case} ({error})"
            say("deepnet", f"{self.name} has {why}: computed by columns and cuBLAS")
            return None


@cache
def convolutions() -> Convolutions | None:
    """NVIDIA's cuDNN where it can be used. Otherwise None, and a line on stderr that says why."""
    try:
        return Convolutions(import_module("cudnn"))
    except Exception as error:  # absent, without its library, or of another CUDA
        why = " ".join(str(error).split())[:160]
        say(
            "deepnet",
            f"no cuDNN ({why}): convolutions are computed by columns and cuBLAS, slower; "
            f"{install('cuda12')} (or cuda13)",
        )
        return None


def _dim(shape: Shape) -> list[int]:
    """The dimensions in the order n, c, h, w."""
    n, h, w, c = shape
    return [n, c, h, w]


def _stride(shape: Shape) -> list[int]:
    """The strides of n, c, h, w in channels-last memory."""
    return [prod(shape[1:]), 1, prod(shape[2:]), shape[3]]
