"""CUDA's streams, events, graphs and pools of memory for the stand-in of CuPy, without a GPU.

Work is submitted to the current stream. While that captures, nothing is computed: results hold
garbage, and the work is done, on the same memory, when the graph is launched. Else the null stream
works at once, and another one as late as it may, when somebody waits for it (``Stream.late``): what
is not ordered by events comes out wrong.

A pool's memory is used again as soon as no array holds it, whoever may still write there. While a
stream captures, memory from elsewhere is refused.
"""

import itertools
import math
import weakref
from collections import Counter, defaultdict, deque
from contextlib import contextmanager

import numpy as np

_numbers, _all = itertools.count(1), weakref.WeakSet()
#: How many graphs were captured and launched.
counts: Counter = Counter()


class CUDARuntimeError(RuntimeError):
    """As CuPy's own."""


class Event:
    """A place in the work of a stream."""

    def __init__(self, block=False, disable_timing=False, interprocess=False):
        self.stream, self.place = None, 0

    def record(self, stream=None):
        self.stream = stream or get_current_stream()
        self.place = self.stream.given


class Stream:
    """A queue of work."""

    #: Whether streams other than the null one work as late as they may.
    late = True

    def __init__(self, null=False, ptds=False, non_blocking=False, priority=None):
        self.ptr, self.non_blocking = 0 if null else next(_numbers), non_blocking
        self.late = self.late and not null
        self.given, self.done, self._waiting = 0, 0, deque()
        self._captured = None
        _all.add(self)

    def __enter__(self):
        _streams.append(self)
        return self

    def __exit__(self, *_):
        assert _streams.pop() is self

    def submit(self, work):
        if self._captured is not None:
            self._captured.append(work)
            return
        self._waiting.append(work)
        self.given += 1
        if not self.late:
            self.work(self.given)

    def work(self, place):
        """Do what was given up to this place."""
        while self.done < place:
            self.done += 1
            self._waiting.popleft()()

    def record(self, event=None):
        event = event or Event()
        event.record(self)
        return event

    def wait_event(self, event):
        assert self._captured is None, "no events are captured here"
        stream, place = event.stream, event.place
        self.submit(lambda: stream.work(place))

    def synchronize(self):
        if self._captured is not None:
            self._captured = [_invalid]
            raise CUDARuntimeError("cudaErrorStreamCaptureUnsupported")
        self.work(self.given)

    def is_capturing(self):
        return self._captured is not None

    def begin_capture(self, mode=None):
        assert self.ptr and self.non_blocking, "the null stream cannot capture, nor one that blocks"
        assert not self.is_capturing()
        self._captured = []

    def end_capture(self):
        work, self._captured = self._captured, None
        if work is None or _invalid in work:
            raise CUDARuntimeError("cudaErrorStreamCaptureInvalidated")
        counts["captures"] += 1
        return Graph(work)


def _invalid():
    """What an invalid capture has for work."""


class Graph:
    """What a stream captured."""

    def __init__(self, work):
        self.size, self._work = len(work), work

    def launch(self, stream=None):
        counts["launches"] += 1
        (stream or get_current_stream()).submit(lambda: [work() for work in self._work])


class OutOfMemoryError(MemoryError):
    """As CuPy's own."""


class Memory:
    """Memory of the device."""

    def __init__(self, size):
        if size > largest[-1]:
            raise OutOfMemoryError(f"Out of memory allocating {size} bytes")
        self.size, self.bytes = size, np.empty(size, np.uint8)


class MemoryPointer:
    """A place in it."""

    def __init__(self, mem, offset):
        self.mem = mem


class Block:
    """Memory of a pool, for as long as it is held."""

    def __init__(self, memory):
        self.memory = memory.bytes


class MemoryPool:
    """Memory that is given out again as soon as it is free: the last one freed is the next."""

    def __init__(self, allocator=None):
        self._new = allocator or (lambda size: MemoryPointer(Memory(size), 0))
        self._free, self._total = defaultdict(list), 0

    def malloc(self, size):
        size = -(-max(1, size) // 512) * 512
        free = self._free[size]
        if not free:
            try:
                free.append(self._new(size).mem)
            except OutOfMemoryError:
                self.free_all_blocks()
                free.append(self._new(size).mem)
            self._total += size
        memory = free.pop()
        block = Block(memory)
        weakref.finalize(block, free.append, memory).atexit = False
        return block

    def free_all_blocks(self):
        for free in self._free.values():
            self._total -= sum(memory.size for memory in free)
            free.clear()

    def total_bytes(self):
        return self._total


@contextmanager
def using_allocator(allocator=None):
    _allocators.append(allocator)
    try:
        yield
    finally:
        _allocators.pop()


#: The most bytes that are had at once; the last counts.
largest = [math.inf]
#: The current ones are the last.
_streams, _allocators = [Stream(null=True)], [None]


def get_current_stream(device_id=-1):
    return _streams[-1]


def submit(work):
    """Have the current stream do this."""
    get_current_stream().submit(work)


def synchronize():
    """Have all streams do all their work."""
    for stream in list(_all):
        stream.synchronize()


def crossing(what):
    """Before a copy between host and device that the host waits for."""
    stream = get_current_stream()
    if stream.is_capturing():
        raise RuntimeError(
            f"{what}: the current stream is capturing, so synchronous API calls are disallowed"
        )
    stream.synchronize()


def calling(library):
    """Before a call of a library of CUDA's."""
    if get_current_stream().is_capturing():
        raise NotImplementedError(
            f"calling {library} API during stream capture is currently unsupported"
        )


def at_once():
    """Whether work is done when it is given, in ordinary memory."""
    stream = get_current_stream()
    return not stream.late and not stream.is_capturing() and _allocators[-1] is None


def allocated(shape, dtype, strides=None):
    """New memory, full of garbage, and the block that it is in (None: ordinary memory).

    Axes lie in the memory in the order of ``strides``.
    """
    dtype, shape = np.dtype(dtype), tuple(shape)
    allocator = _allocators[-1]
    if allocator is None:
        assert not get_current_stream().is_capturing(), "captured memory that belongs to no pool"
        block, flat = None, np.empty(math.prod(shape), dtype)
    else:
        block = allocator(math.prod(shape) * dtype.itemsize)
        flat = block.memory[: math.prod(shape) * dtype.itemsize].view(dtype)
    flat.fill(np.nan if dtype.kind == "f" else 1)  # as an index, one that is there
    order = list(range(len(shape)))
    if strides is not None:
        order.sort(key=lambda axis: -abs(strides[axis]))
    return flat.reshape([shape[axis] for axis in order]).transpose(np.argsort(order)), block
