"""A file from the network, which is returned only if its checksum is right."""

import sys
from pathlib import Path
from typing import Any

from companion.errors import UsageError


class _Bar:
    """A progress bar for pooch, drawn by rich."""

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
    """The folder in which downloaded files are kept."""
    import pooch

    return Path(pooch.os_cache("batchnorm-companion"))


def download(url: str, known_hash: str, folder: Path, instead: str) -> Path:
    """The path of the file of ``url`` in ``folder``. It is downloaded if it is not there yet.

    ``known_hash`` is "md5:..." or "sha256:...". A file that differs from it is replaced, but only
    after the right file has arrived. ``instead`` says in an error what else the reader can do.

    Raises UsageError where the file cannot be downloaded or its checksum is wrong.
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
