"""What to say of bytes that are no text, by the marks with which encodings begin."""

from sim.inputs.reader.options import Options
from sim.inputs.reader.source import Source

#: The first bytes of a text in another encoding than UTF-8. UTF-32 begins as UTF-16 does.
MARKS = {
    b"\xff\xfe\0\0": "utf-32",
    b"\0\0\xfe\xff": "utf-32",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}


def no_text(source: Source, options: Options) -> str:
    """What to say of bytes that are no text."""
    if options.encoding is not None:
        return f"{source.name!r} is not text in {options.encoding}; give another --encoding"
    start = b"" if source.packed else source.start(4)
    for mark, encoding in MARKS.items():
        if start.startswith(mark):
            return (
                f"{source.name!r} is not text in UTF-8 but in {encoding.upper()}: "
                f"--encoding {encoding}"
            )
    return (
        f"{source.name!r} is not text in UTF-8; give --encoding latin-1, in which older programs "
        "wrote, or save it as UTF-8"
    )
