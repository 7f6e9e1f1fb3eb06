"""A stand-in for CuPy without a GPU: NumPy inside, CuPy's manners outside.

Its arrays refuse what CuPy's refuse, so that code which runs on them does not mix host and device:

- they do not become NumPy arrays by themselves (``get`` does that), nor enter an operation or an
  assignment together with one; only numbers do, and indices;
- a reduction gives an array of no dimensions, not a number;
- functions, methods and keywords are those of ``FUNCTIONS`` and ``METHODS`` alone, which the real
  CuPy has too (``test_device`` looks); new memory holds nan until it is written.

Every crossing between host and device is counted in ``crossings``. ``RawModule`` compiles the CUDA
source as C++ and runs its threads one after the other (``emulated``).
"""

import operator
import sys
import tracemalloc
from collections import Counter
from contextlib import contextmanager
from types import ModuleType, SimpleNamespace

import numpy as np
from emulated import RawModule

#: "to host": get, float, int, bool; "to device": asarray of a NumPy array.
crossings: Counter = Counter()
#: The device's memory in bytes; what is in use of it is known while tracemalloc is tracing.
memory = {"total": 1 << 40, "limit": 0}

FUNCTIONS = (
    "abs", "all", "any", "arange", "argmax", "argmin", "ascontiguousarray", "bincount",
    "broadcast_to", "concatenate", "cos", "diag", "empty_like", "exp", "eye", "finfo", "full",
    "hypot", "isfinite", "isnan", "log", "log1p", "matmul", "maximum", "mean", "minimum",
    "moveaxis", "multiply", "nonzero", "ones", "ones_like", "outer", "pad", "result_type",
    "sign", "sin", "sqrt", "square", "stack", "std", "sum", "take_along_axis", "tanh",
    "tensordot", "tile", "transpose", "vdot", "where", "zeros", "zeros_like",
)  # fmt: skip
LINEAR_ALGEBRA = ("eigh", "norm", "qr", "svd")
METHODS = (
    "all", "any", "argmax", "argmin", "astype", "copy", "cumsum", "max", "mean", "min",
    "nonzero", "ravel", "reshape", "std", "sum", "swapaxes", "transpose", "var", "view",
)  # fmt: skip
BINARY = (
    "add", "and", "eq", "floordiv", "ge", "gt", "le", "lt", "matmul", "mod", "mul", "ne", "or",
    "pow", "sub", "truediv", "xor",
)  # fmt: skip


class ndarray:  # noqa: N801 (CuPy's name)
    """See the module."""

    __array_priority__ = 100
    __hash__ = None

    def __init__(self, host):
        self._host = host

    shape = property(lambda self: self._host.shape)
    dtype = property(lambda self: self._host.dtype)
    ndim = property(lambda self: self._host.ndim)
    size = property(lambda self: self._host.size)
    nbytes = property(lambda self: self._host.nbytes)
    strides = property(lambda self: self._host.strides)
    itemsize = property(lambda self: self._host.itemsize)
    data = property(lambda self: SimpleNamespace(ptr=self._host.ctypes.data))
    T = property(lambda self: ndarray(self._host.T))
    flags = property(lambda self: SimpleNamespace(c_contiguous=self._host.flags.c_contiguous))

    def get(self):
        crossings["to host"] += 1
        return np.array(self._host)

    def __float__(self):
        return float(self.get())

    def __int__(self):
        return int(self.get())

    def __bool__(self):
        return bool(self.get())

    def tolist(self):
        return self.get().tolist()

    def item(self):
        return self.get().item()

    def __len__(self):
        return len(self._host)

    def __iter__(self):
        return (self[i] for i in range(len(self)))

    def __getitem__(self, index):
        return _wrapped(self._host[_index(index)])

    def __setitem__(self, index, value):
        self._host[_index(index)] = _unwrapped(value)

    def __neg__(self):
        return _wrapped(-self._host)

    def __abs__(self):
        return _wrapped(abs(self._host))

    def __invert__(self):
        return _wrapped(~self._host)

    def __array__(self, *_, **__):
        raise TypeError("Implicit conversion to a NumPy array is not allowed; use .get()")

    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        if method != "__call__" or ufunc.__name__ not in UFUNCS or set(options) - {"out"}:
            raise TypeError(f"CuPy takes no numpy.{ufunc.__name__}.{method} with {options}")
        if "out" in options:
            options["out"] = tuple(map(_unwrapped, options["out"]))
        return _wrapped(ufunc(*map(_unwrapped, inputs), **options))

    def __array_function__(self, function, types, args, options):
        if function.__name__ not in FUNCTIONS:
            raise TypeError(f"the engine's code uses numpy.{function.__name__} on a device's array")
        return getattr(cupy, function.__name__)(*args, **options)

    def __repr__(self):
        return f"strict_cupy.ndarray{self.shape}"


def _unwrapped(value):
    """What NumPy takes for ``value``; a host's array is refused, as CuPy does."""
    if isinstance(value, ndarray):
        return value._host
    if isinstance(value, np.ndarray):
        raise TypeError("Unsupported type <class 'numpy.ndarray'>")
    if isinstance(value, (list, tuple)):
        return type(value)(map(_unwrapped, value))
    return value


def _index(index):
    """Whole numbers of the host are brought to the device, as CuPy does unasked."""
    if isinstance(index, tuple):
        return tuple(map(_index, index))
    return _unwrapped(asarray(index) if isinstance(index, np.ndarray) else index)


def _wrapped(value):
    if isinstance(value, (np.ndarray, np.generic)):
        return ndarray(np.asarray(value))
    if isinstance(value, tuple):
        return tuple(map(_wrapped, value))
    return value


def _function(name, function):
    def called(*args, **options):
        if "out" in options:
            function(*map(_unwrapped, args), **{k: _unwrapped(v) for k, v in options.items()})
            return options["out"]
        found = function(*map(_unwrapped, args), **{k: _unwrapped(v) for k, v in options.items()})
        return _wrapped(found) if name not in ("result_type", "finfo") else found

    return called


def _method(name):
    def called(self, *args, **options):
        options = {k: _unwrapped(v) for k, v in options.items()}
        return _wrapped(getattr(self._host, name)(*map(_unwrapped, args), **options))

    return called


def _binary(name):
    def forth(self, other):
        if not _fits(other):
            return NotImplemented
        return _wrapped(getattr(operator, name)(self._host, _unwrapped(other)))

    def back(self, other):
        if not _fits(other):
            return NotImplemented
        return _wrapped(getattr(operator, name)(_unwrapped(other), self._host))

    def in_place(self, other):
        getattr(operator, f"i{name}")(self._host, _unwrapped(other))
        return self

    return forth, back, in_place


def _fits(other):
    if isinstance(other, np.ndarray):
        raise TypeError("Unsupported type <class 'numpy.ndarray'>")
    return isinstance(other, (ndarray, np.generic, bool, int, float))


for _name in METHODS:
    setattr(ndarray, _name, _method(_name))
for _name in BINARY:
    _plain = f"{_name}_" if _name in ("and", "or") else _name
    _forth, _back, _in_place = _binary(_plain)
    setattr(ndarray, f"__{_name}__", _forth)
    if _name not in ("eq", "ne", "ge", "gt", "le", "lt"):
        setattr(ndarray, f"__r{_name}__", _back)
        setattr(ndarray, f"__i{_name}__", _in_place)
ndarray.__module__ = "cupy"
#: Of NumPy's universal functions those that NumPy's own numbers call when they stand on the left.
UFUNCS = {
    *FUNCTIONS, "add", "subtract", "multiply", "divide", "true_divide", "power", "negative",
    "absolute", "greater", "greater_equal", "less", "less_equal", "equal", "not_equal", "matmul",
    "floor_divide", "remainder",
}  # fmt: skip


def asarray(a, dtype=None):
    if isinstance(a, ndarray):
        return a if dtype is None else ndarray(a._host.astype(dtype, copy=False))
    crossings["to device"] += 1
    crossings["bytes to device"] += np.asarray(a).nbytes
    return ndarray(np.array(a, dtype=dtype))


def empty(shape, dtype=float):
    found = np.empty(shape, dtype)
    found.fill(np.nan if found.dtype.kind == "f" else 111)
    return ndarray(found)


def as_strided(x, shape, strides):
    return ndarray(np.lib.stride_tricks.as_strided(x._host, shape, strides))


def used_bytes():
    return tracemalloc.get_traced_memory()[0]


class OutOfMemoryError(MemoryError):
    """As CuPy's own."""


def module() -> ModuleType:
    """The module to stand in ``sys.modules`` for cupy."""
    found = ModuleType("cupy")
    for name in FUNCTIONS:
        setattr(found, name, _function(name, getattr(np, name)))
    for name in ("float32", "float64", "uint8", "int32", "int64", "bool_", "nan", "inf", "pi"):
        setattr(found, name, getattr(np, name))
    vars(found).update(
        ndarray=ndarray,
        asarray=asarray,
        empty=empty,
        empty_like=lambda x: empty(x.shape, x.dtype),
        __version__="stand-in",
        RawModule=RawModule,
        get_default_memory_pool=lambda: SimpleNamespace(
            used_bytes=used_bytes, free_bytes=lambda: 0, get_limit=lambda: memory["limit"]
        ),
        lib=SimpleNamespace(stride_tricks=SimpleNamespace(as_strided=as_strided)),
        linalg=SimpleNamespace(
            **{name: _function(name, getattr(np.linalg, name)) for name in LINEAR_ALGEBRA}
        ),
        cuda=SimpleNamespace(
            is_available=lambda: True,
            Device=lambda: SimpleNamespace(
                synchronize=lambda: None,
                mem_info=(memory["total"] - used_bytes(), memory["total"]),
            ),
            get_current_stream=lambda: SimpleNamespace(ptr=0),
            memory=SimpleNamespace(OutOfMemoryError=OutOfMemoryError),
            runtime=SimpleNamespace(
                getDeviceCount=lambda: 1,
                getDeviceProperties=lambda _: {"name": b"stand-in"},
                runtimeGetVersion=lambda: 0,
                driverGetVersion=lambda: 0,
            ),
        ),
    )
    return found


cupy = module()


@contextmanager
def imported(name, module):
    """``import name`` gives ``module`` (None: fails), for as long as the context lasts.

    Other modules that are imported meanwhile stay; ``patch.dict`` would forget them.
    """
    before = sys.modules.get(name)
    sys.modules[name] = module
    try:
        yield
    finally:
        del sys.modules[name]
        if before is not None:
            sys.modules[name] = before


def standing_in():
    """The stand-in is cupy, for as long as the context lasts."""
    return imported("cupy", cupy)
