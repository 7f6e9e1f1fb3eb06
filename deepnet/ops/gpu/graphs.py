"""CUDA graphs: all launches of a function of arrays, repeated as a single launch.

A product with the curvature of a kept pass is some hundred launches. They repeat each time on
unchanged memory, except for the direction. A step of training repeats as well, except for the
batch, the weights and the rate. A captured graph repeats them by a single launch. The environment's
DEEPNET_GRAPHS=1 asks for graphs. Every result that was computed with graphs reports it.

A captured function runs again without Python. Therefore the function must not

- read from the host or write to it: a number that Python read would keep its first value;
- call cuBLAS, which CuPy refuses (``deepnet.ops.gpu.bilinear`` stands in);
- concatenate more than eight arrays at once: CuPy brings their addresses from the host
  (``deepnet.backend.joined`` does not).
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any
from weakref import WeakValueDictionary

from companion.errors import UsageError
from companion.progress import say
from deepnet.backend import array_module, tree_map

Array = Any
#: See ``tree_map``.
Tree = Any
VARIABLE = "DEEPNET_GRAPHS"
#: Why graphs could not be captured, by the kind of error.
_refused: dict[str, str] = {}


def asked() -> bool:
    """Whether the environment asks for graphs. Raises UsageError for a value other than 0 and 1."""
    said = os.environ.get(VARIABLE) or "0"
    if said not in ("0", "1"):
        raise UsageError(f"{VARIABLE}={said!r} is neither 0 nor 1")
    return said == "1"


def facts() -> dict[str, bool]:
    """The entry that a result has where graphs were asked for: whether all could be captured."""
    return {"graphs": not _refused} if asked() else {}


class GraphStream:
    """The stream of a device's graphs, and the memory of their temporaries.

    All graphs run on this one stream, so that one graph ends before the next begins. The next may
    overwrite the temporaries of the last in their common memory. The stream lives as long as a
    graph.
    """

    def __init__(self, cuda: Any) -> None:
        self.cuda = cuda
        self.stream, self.pool = cuda.Stream(non_blocking=True), _pool(cuda)

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Make the stream and the memory current, without making the host wait.

        Work in the stream runs after all work that the caller's stream had before. Later work of
        the caller's stream runs after it.
        """
        caller = self.cuda.get_current_stream()
        self.stream.wait_event(caller.record(self._event()))
        try:
            with self.stream, self.cuda.using_allocator(self.pool.malloc):
                yield
        finally:
            caller.wait_event(self.stream.record(self._event()))

    def _event(self) -> Any:
        return self.cuda.Event(disable_timing=True)


def _pool(cuda: Any) -> Any:
    """A pool that keeps its memory for as long as the pool exists.

    Where memory is short, CuPy's own pool frees memory that no array holds. Graphs would still
    write there.
    """
    held = []

    def allocated(size: int) -> Any:
        held.append(cuda.Memory(size))
        return cuda.MemoryPointer(held[-1], 0)

    return cuda.MemoryPool(allocated)


_graph_streams: WeakValueDictionary[int, GraphStream] = WeakValueDictionary()


def graph_stream(xp: Any) -> GraphStream:
    """The stream of the graphs of the current device."""
    device = xp.cuda.Device().id
    shared = _graph_streams.get(device)
    if shared is None:
        _graph_streams[device] = shared = GraphStream(xp.cuda)
    return shared


def capturing(xp: Any) -> bool:
    """Whether a capture, or the trial before it, is running: the graphs' stream is current."""
    shared = _graph_streams.get(xp.cuda.Device().id) if _graph_streams else None
    return shared is not None and xp.cuda.get_current_stream() == shared.stream


class Captured:
    """The function ``f`` of trees of a device's arrays, as a graph from the second call on.

    Every call takes arrays of the first call's shapes and types, and returns new arrays. Everything
    else that ``f`` reads must keep its value and its address.

    The first call runs ``f`` normally. Values that ``f`` caches are then allocated in ordinary
    memory. In graph memory, another graph would overwrite them. With ``at_once`` the first call
    also launches the graph, so that all calls use equal kernels and give equal bits. Where ``f``
    cannot be captured, no call is captured, and one line on stderr says why.
    """

    def __init__(self, f: Callable[..., Tree], at_once: bool = False) -> None:
        self.f, self.at_once = f, at_once
        self._fails = False
        #: What the graph reads and writes, in ordinary memory.
        self._given: Tree = None
        self._result: Tree = None
        self._shared: GraphStream | None = None
        self._graph: Any = None

    def __call__(self, *given: Tree) -> Tree:
        if self._fails:
            return self.f(*given)
        if self._result is None:
            result = self.f(*given)
            self._given, self._result = tree_map(_empty, (given, result))
            if not self.at_once:
                return result
            del result
        if tree_map(_kind, given) != tree_map(_kind, self._given):
            raise ValueError("an array is not like the first one in its place")
        tree_map(_write, self._given, given)
        if self._graph is None:
            self._capture()
        return self.f(*given) if self._fails else self._launched()

    def _launched(self) -> Tree:
        assert self._shared is not None
        with self._shared.entered():
            self._graph.launch()
        return tree_map(lambda x: x.copy(), self._result)  # the next launch overwrites it

    def _capture(self) -> None:
        try:
            arrays: list[Array] = []
            tree_map(arrays.append, self._given)
            shared = graph_stream(array_module(arrays[0]))
            with shared.entered():
                # compiles, plans, and takes the memory that the graph will use
                self.f(*self._given)
                shared.stream.begin_capture()
                try:
                    tree_map(_write, self._result, self.f(*self._given))
                except BaseException:
                    with suppress(Exception):  # it may say again that the capture has failed
                        shared.stream.end_capture()
                    raise
                self._graph = shared.stream.end_capture()
            self._shared = shared
        except Exception as error:  # CuPy's, CUDA's, cuDNN's; an error of f itself comes again
            self._fails, self._given, self._result = True, None, None
            _say(error)


def _empty(x: Array) -> Array:
    return array_module(x).empty(x.shape, x.dtype)


def _kind(x: Array) -> tuple[Any, ...]:
    return x.shape, x.dtype


def _write(to: Array, x: Array) -> None:
    to[...] = x


def _say(error: Exception) -> None:
    kind = type(error).__name__
    if kind not in _refused:
        _refused[kind] = why = " ".join(str(error).split())[:160] or kind
        say("deepnet", f"no CUDA graph ({why}): work is launched one kernel at a time")
