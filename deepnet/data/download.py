"""A file from the network: verified against its known checksum, or nothing."""

import sys
from pathlib import Path
from typing import Any

from companion.errors import UsageError


class _Bar:
    """A progress bar as pooch wants it, drawn by rich."""

    def __init__(self, title: str) -> None:
        from rich.console import Console
        from rich.progress import Progress

        self.total = 0
        self._progress = Progress(console=Console(stderr=True), transient=True)
        self._task = self._progress.add_task(title, total=None)
        self._progress.start()

    def update(self, size: int) -> None:
        self._progress.update(self._task, advance=size, total=self.total or None)

    def reset(self) -> None:
        self._progress.reset(self._task)

    def close(self) -> None:
        self._progress.stop()


def cache() -> Path:
    """Where downloaded files are kept."""
    import pooch

    return Path(pooch.os_cache("batchnorm-companion"))


def download(url: str, known_hash: str, folder: Path, instead: str) -> Path:
    """The file of ``url`` in ``folder``, fetched where it is not there yet.

    ``known_hash`` is "md5:..." or "sha256:..."; a file there that differs from it is replaced, but
    only once the right one is had. ``instead`` says what else the reader can do.

    Raises UsageError where the file cannot be had or is not the one that is meant.
    """
    import pooch

    name = url.rpartition("/")[2]
    kind, _, expected = known_hash.partition(":")
    path = folder / name
    bar: Any = _Bar(name) if sys.stderr.isatty() else False
    pooch.get_logger().setLevel("WARNING")
    try:
        downloader = pooch.HTTPDownloader(progressbar=bar, chunk_size=1 << 16)
        pooch.retrieve(url, known_hash, name, folder, downloader=downloader)
    except ValueError as error:
        raise UsageError(
            f"{url} is not the file that was meant (its {kind} is not {expected}) and was not "
            f"kept; try again, or {instead}"
        ) from error
    except OSError as error:
        reason = " ".join(str(error).split())
        raise UsageError(f"cannot fetch {url} into {str(folder)!r}: {reason}; {instead}") from error
    finally:
        if bar:
            bar.close()
    return path
