"""Notes and progress, which a command writes on stderr while it works.

Progress has an estimate of the time. It is shown only where somebody watches. Processes that
another process started show none, because they would write over each other's lines.
"""

import multiprocessing
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")


def track(items: Iterable[T], total: int, what: str) -> Iterator[T]:
    """Yield ``items`` behind a progress bar named ``what``.

    It is silent unless stderr is a terminal.
    """
    if not _watched():
        yield from items
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeRemainingColumn as TimeLeft

    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeLeft())
    # Rows printed meanwhile go above the bar, but a redirected stdout must stay where it was sent.
    with Progress(
        *columns,
        console=Console(stderr=True),
        transient=True,
        redirect_stdout=sys.stdout.isatty(),
    ) as progress:
        task = progress.add_task(what, total=total)
        for item in items:
            yield item
            progress.advance(task)


def forecast(total: int, what: str, once: Callable[[], object]) -> None:
    """Say how long ``total`` calls like ``once`` will take, if stderr is a terminal.

    It calls ``once`` twice and times the second call, since the first may compile or fill a cache.
    """
    if not _watched():
        return
    once()
    start = time.perf_counter()
    once()
    seconds = total * (time.perf_counter() - start)
    print(f"{what}: {total} points, about {seconds:.2g} s", file=sys.stderr)


def say(who: str, line: str) -> None:
    """Print the note ``who: line`` on stderr, whether or not somebody watches.

    A note is about how a result is computed. It changes no result.
    """
    print(f"{who}: {line}", file=sys.stderr)


def _watched() -> bool:
    return sys.stderr.isatty() and multiprocessing.parent_process() is None
