"""Run several processes at once by joblib, and yield their results in order."""

import signal
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

T = TypeVar("T")


def side_by_side(
    work: Callable[..., T], arguments: Sequence[tuple[Any, ...]], jobs: int
) -> Iterator[T]:
    """Yield ``work(*each)`` for each of the ``arguments`` in order, from up to ``jobs`` processes.

    A result is yielded as soon as it and all results before it are there. A single job, or a single
    call, is done in this process. The cores are shared among several processes, which read
    OMP_NUM_THREADS.

    >>> list(side_by_side(pow, [(2, 3), (3, 2)], jobs=1))
    [8, 9]
    """
    jobs = min(jobs, len(arguments))
    if jobs <= 1:
        yield from (work(*each) for each in arguments)
        return
    from joblib import Parallel, delayed

    # A process whose memory has grown is replaced by a new one. No reader needs to know that.
    warnings.filterwarnings("ignore", "A worker stopped while some jobs", UserWarning)
    with children_deaf_to_ctrl_c():
        results = Parallel(n_jobs=jobs, return_as="generator")(delayed(work)(*a) for a in arguments)
    yield from results


@contextmanager
def children_deaf_to_ctrl_c() -> Iterator[None]:
    """Processes that start here do not hear Ctrl-C. The process that started them ends them.

    Otherwise a process that is still starting would print where it was interrupted. A process that
    replaces another one later does hear Ctrl-C. Windows has no such mask.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
