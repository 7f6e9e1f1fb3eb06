"""A stand-in for CuPy without a GPU: NumPy inside, CuPy's manners outside.

Its arrays refuse what CuPy's refuse, so that code which runs on them does not mix host and device:

- they do not become NumPy arrays by themselves (``get`` does that), nor enter an operation or an
  assignment together with one; only numbers do, and indices;
- a reduction gives an array of no dimensions, not a number;
- functions, methods and keywords are those of ``FUNCTIONS`` and ``METHODS`` alone, which the real
  CuPy has too (``test_device`` looks); new memory holds nan until it is written.

Every crossing between host and device is counted in ``crossings``. ``RawModule`` compiles the CUDA
source as C++ and runs its threads one after the other (``emulated``). Work is done by streams, or
captured by them (``fake_streams``); what CuPy does not capture is refused while they do.
"""

import operator
import sys
import tracemalloc
from collections import Counter
from contextlib import contextmanager
from types import ModuleType, SimpleNamespace

import numpy as np

from tests.deepnet.stand_in import fake_streams
from tests.deepnet.stand_in.emulated import RawModule
from tests.deepnet.stand_in.fake_streams import OutOfMemoryError

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
#: Of ``cupy.cuda``, and the methods that these have there.
STREAMS = (
    "Event", "Graph", "Memory", "MemoryPointer", "MemoryPool", "Stream", "get_current_stream",
    "using_allocator",
)  # fmt: skip
OF_STREAMS = {
    "begin_capture", "end_capture", "free_all_blocks", "is_capturing", "launch", "malloc", "record",
    "synchronize", "total_bytes", "wait_event",
}  # fmt: skip
LINEAR_ALGEBRA = ("eigh", "norm", "qr", "svd")
METHODS = (
    "all", "any", "argmax", "argmin", "astype", "copy", "cumsum", "max", "mean", "min",
    "nonzero", "ravel", "reshape", "std", "sum", "swapaxes", "transpose", "var", "view",
)  # fmt: skip
#: What calls a library that is not captured.
BY_LIBRARY = {
    **dict.fromkeys(("matmul", "outer", "tensordot", "vdot"), "cuBLAS"),
    **dict.fromkeys(("eigh", "qr", "svd"), "cuSOLVER"),
}
#: So many arrays are joined without their addresses, which come from the host.
MOST_JOINED = 8
BINARY = (
    "add", "and", "eq", "floordiv", "ge", "gt", "le", "lt", "matmul", "mod", "mul", "ne", "or",
    "pow", "sub", "truediv", "xor",
)  # fmt: skip


class ndarray:  # noqa: N801 (CuPy's name)
    """See the module."""

    __array_priority__ = 100
    __hash__ = None

    def __init__(self, host, block=None):
        self._host, self._block = host, block

    shape = property(lambda self: self._host.shape)
    dtype = property(lambda self: self._host.dtype)
    ndim = property(lambda self: self._host.ndim)
    size = property(lambda self: self._host.size)
    nbytes = property(lambda self: self._host.nbytes)
    strides = property(lambda self: self._host.strides)
    itemsize = property(lambda self: self._host.itemsize)
    data = property(lambda self: SimpleNamespace(ptr=self._host.ctypes.data))
    base = property(lambda self: None if self._host.base is None else ndarray(self._host.base))
    T = property(lambda self: ndarray(self._host.T, self._block))
    flags = property(lambda self: SimpleNamespace(c_contiguous=self._host.flags.c_contiguous))

    def get(self):
        fake_streams.crossing("get")
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
        return _computed(operator.getitem, self, _index(index))

    def __setitem__(self, index, value):
        host, index, value = self._host, _unwrapped(_index(index)), _unwrapped(value)
        fake_streams.submit(lambda: host.__setitem__(index, value))

    def __neg__(self):
        return _computed(operator.neg, self)

    def __abs__(self):
        return _computed(operator.abs, self)

    def __invert__(self):
        return _computed(operator.invert, self)

    def __array__(self, *_, **__):
        raise TypeError("Implicit conversion to a NumPy array is not allowed; use .get()")

    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        if method != "__call__" or ufunc.__name__ not in UFUNCS or set(options) - {"out"}:
            raise TypeError(f"CuPy takes no numpy.{ufunc.__name__}.{method} with {options}")
        if ufunc.__name__ in BY_LIBRARY:
            fake_streams.calling(BY_LIBRARY[ufunc.__name__])
        if "out" in options:
            (options["out"],) = options["out"]
            return _written(ufunc, *inputs, **options)
        return _computed(ufunc, *inputs)

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
    return asarray(index) if isinstance(index, np.ndarray) else index


def _computed(f, *args, **options):
    """What ``f`` of the arguments gives, or will give when the stream comes to it."""
    hosts, named = _unwrapped(args), {name: _unwrapped(v) for name, v in options.items()}
    if fake_streams.at_once():
        return _wrapped(f(*hosts, **named))
    with np.errstate(all="ignore"):  # garbage, but for its shape
        found = f(*hosts, **named)
    single = not isinstance(found, tuple)
    results, new = [], []
    for each in map(np.asarray, (found,) if single else found):
        seen = [a for a in _arrays((args, *options.values())) if np.may_share_memory(each, a._host)]
        if seen:  # a view: nothing to compute
            results.append(ndarray(each, seen[0]._block))
            new.append(None)
        else:
            results.append(ndarray(*fake_streams.allocated(each.shape, each.dtype, each.strides)))
            new.append(results[-1]._host)

    def work():
        found = f(*hosts, **named)
        for host, each in zip(new, (found,) if single else found, strict=True):
            if host is not None:
                host[...] = each

    if any(host is not None for host in new):
        fake_streams.submit(work)
    return results[0] if single else tuple(results)


def _written(f, *args, out, **options):
    """``out``, in which ``f`` of the arguments is written."""
    hosts, named = _unwrapped(args), {name: _unwrapped(v) for name, v in options.items()}
    host = out._host
    fake_streams.submit(lambda: f(*hosts, out=host, **named))
    return out


def _arrays(values):
    """The device's arrays in ``values``."""
    for value in values:
        if isinstance(value, ndarray):
            yield value
        elif isinstance(value, (list, tuple)):
            yield from _arrays(value)


def _wrapped(value):
    if isinstance(value, (np.ndarray, np.generic)):
        return ndarray(np.asarray(value))
    if isinstance(value, tuple):
        return tuple(map(_wrapped, value))
    return value


def _function(name, function):
    def called(*args, **options):
        if name in BY_LIBRARY:
            fake_streams.calling(BY_LIBRARY[name])
        if name in ("concatenate", "stack") and len(args[0]) > MOST_JOINED:
            fake_streams.crossing(f"{name} of more than {MOST_JOINED} arrays")
        if name in ("result_type", "finfo"):
            return function(*map(_unwrapped, args), **options)
        return (_written if "out" in options else _computed)(function, *args, **options)

    return called


def _method(name):
    return lambda self, *args, **options: _computed(
        lambda host, *rest, **named: getattr(host, name)(*rest, **named), self, *args, **options
    )


def _binary(name):
    do, change = getattr(operator, name), getattr(operator, f"i{name}", None)

    def checked(other):
        if name in BY_LIBRARY:
            fake_streams.calling(BY_LIBRARY[name])
        return _fits(other)

    def forth(self, other):
        return _computed(do, self, other) if checked(other) else NotImplemented

    def back(self, other):
        return _computed(do, other, self) if checked(other) else NotImplemented

    def in_place(self, other):
        host, value = self._host, _unwrapped(other)
        fake_streams.submit(lambda: change(host, value))
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
        return a if dtype is None else a.astype(dtype, copy=False)
    fake_streams.crossing("asarray")
    crossings["to device"] += 1
    crossings["bytes to device"] += np.asarray(a).nbytes
    return ndarray(np.array(a, dtype=dtype))


def empty(shape, dtype=float):
    shape = shape if isinstance(shape, tuple) else (shape,)
    return ndarray(*fake_streams.allocated(shape, dtype))


def as_strided(x, shape, strides):
    return ndarray(np.lib.stride_tricks.as_strided(x._host, shape, strides), x._block)


def used_bytes():
    return tracemalloc.get_traced_memory()[0]


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
                id=0,
                synchronize=fake_streams.synchronize,
                mem_info=(memory["total"] - used_bytes(), memory["total"]),
            ),
            **{name: getattr(fake_streams, name) for name in STREAMS},
            memory=SimpleNamespace(OutOfMemoryError=OutOfMemoryError),
            runtime=SimpleNamespace(
                CUDARuntimeError=fake_streams.CUDARuntimeError,
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
