"""A result becomes a picture: the room writes its JSON, and a process of ``figures`` draws it.

No room imports figures. The figure that draws a result has ``data(scale, result)``.
"""

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from companion.command import strict_json
from companion.errors import UsageError
from companion.files import atomic, make_folder, write_text

#: The kinds of picture, by the ending of the file.
FORMATS = ("png", "svg", "pdf")


def picture_file(name: str) -> Path:
    """The file ``name`` of --figure. Call it before long work.

    Raises UsageError where its ending is unknown, or where its folder cannot be written in.
    """
    path = Path(name)
    if path.suffix.lower().removeprefix(".") not in FORMATS:
        raise UsageError(f"--figure {name!r} is no picture; end it in .{', .'.join(FORMATS)}")
    make_folder(path.parent)
    return path


def draw_result(figure: str, result: dict[str, Any], picture: Path) -> Path:
    """Write ``result`` as JSON beside ``picture``, draw it by the ``figure`` of this name, and
    return the path of the JSON.

    ``python -m figures FIGURE --data JSON`` draws it again. Raises UsageError with the line of the
    process where it fails.
    """
    data, suffix = picture.with_suffix(".json"), picture.suffix.lower().removeprefix(".")
    write_text(data, strict_json(result) + "\n")
    with tempfile.TemporaryDirectory() as out:
        words = [figure, "--data", str(data), "--out", out, "--format", suffix]
        done = subprocess.run(
            [sys.executable, "-m", "figures", *words], text=True, capture_output=True
        )
        if done.returncode:
            why = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
            raise UsageError(f"{str(picture)!r} was not drawn: {why}")
        with atomic(picture) as temporary:
            temporary.write_bytes((Path(out) / f"{figure}.{suffix}").read_bytes())
    return data
