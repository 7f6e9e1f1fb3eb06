"""A stand-in for cudnn-frontend: graphs of one convolution, run by NumPy on the memory they name.

It reads and writes through the pointers, dimensions and strides that a graph was given, so that it
computes the right thing only where these say the right thing. It cannot show what the real library
accepts (``test_cudnn`` asks that of the real one, where it is installed) nor how a GPU computes.
"""

import ctypes
from types import SimpleNamespace

import numpy as np

from deepnet.ops.convolution import _correlate, pull_input, pull_weight
from tests.deepnet.stand_in import fake_streams

data_type = SimpleNamespace(FLOAT="float32", DOUBLE="float64", BFLOAT16="uint16")
heur_mode = SimpleNamespace(A="A", FALLBACK="FALLBACK")
NOTES = "TENSOR_CORE DOWN_CONVERT_INPUTS REDUCED_PRECISION_REDUCTION FFT NONDETERMINISTIC WINOGRAD"
numerical_note = SimpleNamespace(**{name: name for name in NOTES.split()})
graphs: list = []


def backend_version():
    return 1


def create_handle():
    return "handle"


def set_stream(handle, stream):
    assert handle == "handle"


class Tensor:
    def __init__(self, dim=None, stride=None, data_type=None, made=None):
        self.dim, self.stride, self.type, self.made, self.output = dim, stride, data_type, made, 0

    def set_output(self, output):
        self.output = output
        return self

    def set_data_type(self, kind):
        self.type = kind
        return self

    def set_dim(self, dim):
        self.dim = dim
        return self

    def set_stride(self, stride):
        self.stride = stride
        return self

    def memory(self, pointer):
        """The array at ``pointer`` as its graph has it, its axes put in the order n, h, w, c."""
        kind = np.dtype(self.type)
        size = 1 + sum((d - 1) * s for d, s in zip(self.dim, self.stride, strict=True))
        flat = np.frombuffer((ctypes.c_char * (size * kind.itemsize)).from_address(pointer), kind)
        strides = [s * kind.itemsize for s in self.stride]
        whole = np.lib.stride_tricks.as_strided(flat, self.dim, strides)
        return whole.transpose(0, 2, 3, 1)

    def values(self, pointer):
        found = self.memory(pointer)
        if self.type != data_type.BFLOAT16:
            return found
        return (found.astype(np.uint32) << 16).view(np.float32)


class pygraph:  # noqa: N801 (cudnn's name)
    def __init__(self, *, io_data_type, intermediate_data_type, compute_data_type, handle=None):
        self.types = io_data_type, intermediate_data_type, compute_data_type
        self.deselected, self.workspace, self.calls = [], None, []
        graphs.append(self)

    def tensor(self, *, name, dim, stride, data_type):
        return Tensor(dim, stride, data_type)

    def conv_fprop(self, *, image, weight, padding, stride, dilation, compute_data_type):
        return Tensor(made=("fprop", image, weight, stride[0], padding[0]))

    def conv_dgrad(self, *, loss, filter, padding, stride, dilation, compute_data_type):  # noqa: A002
        return Tensor(made=("dgrad", loss, filter, stride[0], padding[0]))

    def conv_wgrad(self, *, image, loss, padding, stride, dilation, compute_data_type):
        return Tensor(made=("wgrad", image, loss, stride[0], padding[0]))

    def identity(self, *, input, compute_data_type):  # noqa: A002
        return Tensor(made=input.made)

    def deselect_numeric_notes(self, notes):
        self.deselected += notes

    def deselect_workspace_greater_than(self, size):
        self.workspace = size

    def get_workspace_size(self):
        return 64

    def check_support(self):
        if self.types[0] == data_type.BFLOAT16 and refused:
            raise RuntimeError("no engine")

    def __getattr__(self, name):
        if name not in (
            "validate", "build_operation_graph", "create_execution_plans", "build_plans",
        ):  # fmt: skip
            raise AttributeError(name)
        return lambda *_: self.calls.append(name)

    def execute(self, pointers, workspace, handle):
        assert handle == "handle" and workspace
        (out,) = (tensor for tensor in pointers if tensor.output)
        target = out.memory(pointers[out])
        assert np.isnan(target).all(), "written once"
        fake_streams.submit(lambda: self._write(out.made, pointers, target))

    def _write(self, made, pointers, target):
        face, one, other, stride, pad = made
        a, b = one.values(pointers[one]), other.values(pointers[other])
        if face == "fprop":
            found = _correlate.plain(a, b, stride, (pad,) * 4)
        elif face == "dgrad":
            found = pull_input.plain(a, b, target.shape, stride, pad)
        else:
            found = pull_weight.plain(b, a, target.shape, stride, pad)
        assert found.shape == target.shape
        target[...] = found


#: Whether engines of bfloat16 are refused.
refused: list = []
