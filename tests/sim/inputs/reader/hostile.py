"""A generator of hostile files: each is refused, or read, in bounded time and memory."""

import gzip
import io
import struct
import zipfile
import zlib
from collections.abc import Iterator

import numpy as np

#: How many zeros or digits a bomb unpacks to. Tests let less of it into memory.
BOMB = 2**22


def npy(header: str, content: bytes = b"", version: bytes = b"\x01\x00") -> bytes:
    """A file of NumPy with this header, whatever it says."""
    text = header.encode("latin1")
    size = struct.pack("<H" if version == b"\x01\x00" else "<I", len(text))
    return b"\x93NUMPY" + version + size + text + content


def described(shape: str, kind: str = "'<f8'") -> str:
    return f"{{'descr': {kind}, 'fortran_order': False, 'shape': {shape}}}\n"


def npz(**members: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name + ".npy", content)
    return file.getvalue()


def packed(lines: bytes) -> bytes:
    return gzip.compress(lines, 1)


def numbers() -> bytes:
    return "".join(f"{n},{n * n % 997}\n" for n in range(900)).encode()


def whole() -> bytes:
    file = io.BytesIO()
    np.savez_compressed(file, x=np.arange(60.0).reshape(20, 3))
    return file.getvalue()


def files() -> Iterator[tuple[str, bytes]]:
    """Name and content. No content is larger than a few hundred kilobytes."""
    for shape in ("(1099511627776, 1099511627776)", "(99999999999,)", "(-1, 3)", "(2, -3)"):
        yield f"claims {shape}.npy", npy(described(shape), bytes(48))
        yield f"claims {shape}.npz", npz(x=npy(described(shape), bytes(48)))
    for what, header in {
        "deep": "(" * 9000,
        "code": "__import__('os').system('touch ran')",
        "no dict": "[1, 2]",
        "wrong keys": "{'descr': '<f8'}",
        "kind of objects": described("(2, 2)", "'|O'"),
        "no kind": described("(2, 2)", "'zz'"),
        "shape of text": described("('a', 2)"),
        "long": described("(2, 2)") + " " * 60_000,
        "none": "",
    }.items():
        yield f"{what}.npy", npy(header, bytes(32))
        yield f"{what}.npz", npz(x=npy(header, bytes(32)))
    yield "version.npy", npy(described("(2, 2)"), bytes(32), b"\x09\x09")
    yield "bomb.npz", npz(x=npy(described(f"({BOMB // 8}, 1)"), bytes(BOMB)))
    for cut in (30, 60, 200):
        yield f"cut {cut}.npz", whole()[:cut]
        yield f"cut {cut}.csv.gz", packed(numbers())[:cut]
    yield "zeros.csv.gz", packed(bytes(BOMB))
    yield "lines.csv.gz", packed(b"1,7\n2,3\n" * (BOMB // 8))
    yield "one line.csv.gz", packed(b"1" * BOMB)
    yield "late.csv.gz", packed(b"1,2\n3,5\n" * 60 + b"1" * BOMB)
    yield "no gz.csv.gz", b"1,2\n3,4\n"
    yield "no bz2.csv.bz2", b"1,2\n3,4\n"
    yield "no xz.csv.xz", b"1,2\n3,4\n"
    yield "crc.csv.gz", packed(b"1,2\n3,4\n")[:-8] + bytes(8)
    yield "nul.csv", b"a,b\n1,2\n3,\x004\n"
    yield "nul late.csv", b"a,b\n" + b"1,2\n2,5\n" * 60 + b"3,4\x00\n"
    yield "utf-16.csv", "a,b\n1,2\n3,4\n".encode("utf-16")
    yield "mixed.csv", "é,b\n1,2\n".encode() + "é,4\n".encode("latin1")
    yield "mixed late.csv", b"a,b\n" + b"1,2\n2,5\n" * 9000 + b"\xe9,4\n"
    yield "open quote.csv", b'a,b\n1,2\n"3,4\n' + b"5,6\n" * 50_000
    yield "open header.csv", b'"a,b\n' + b"5,6\n" * 50_000
    yield "long cell.csv", b"a,b\n1,2\n" + b"x" * 140_000 + b",3\n"
    yield "long name.csv", b"a,b," + b"x" * 140_000 + b"\n1,2,3\n4,5,7\n"
    yield "many names.csv", b"x," * 70_000 + b"\n1,2,3\n"
    yield "big.csv", b"18446744073709551617,2\n9223372036854775808,1\n0,9" + b"9" * 400 + b"\n"
    yield "signs.csv", b"a,b\n1,2\n" + b"9" * 5000 + b",3\n"
    yield "no end.csv", b"1,2\n3,4\n" + b"5," * 100_000
    keys = {f"k{n}" * 20: b"" for n in range(900)}
    yield "many keys.npz", npz(**keys)
    yield "a header of names.csv", b"," * 300_000 + b"\n" + b"1,2\n" * 3
    yield "old.xls", b"\xd0\xcf\x11\xe0" + bytes(600)
    yield "quotes for a name.csv", b'"' + b'""' * 60_000 + b'",b\n1,2\n3,4\n'
    yield "names.csv", b"\x1b[2J\x07,b\nx,1\n2,3\n"
    yield "cells.csv", b"a,b\n1,2\n\x1b]0;owned\x07,3\n"
    yield "names.npz", npz(**{"\x1b[2Jx": whole(), "y": whole()})
    yield "hello.parquet", b"PAR1" + bytes(40) + b"PAR1"
    yield "a pickle.npy", b"\x80\x04cos\nsystem\n(S'touch ran'\ntR."
    yield "deflate.npz", whole()[:60] + zlib.compress(bytes(99))
