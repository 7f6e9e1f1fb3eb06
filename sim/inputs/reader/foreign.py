"""Files of other programs: what they are, by their first bytes, and how to make a table of them."""

import zipfile

from companion.errors import UsageError
from sim.inputs.reader.source import Source

WORKBOOKS = (".xlsx", ".xlsm")
NUMPY = "numpy.save"
#: What a file is that begins with these bytes, and what would be right.
MAGIC: tuple[tuple[bytes, str], ...] = (
    (
        b"MATLAB ",
        f"is a file of MATLAB; in Python scipy.io.loadmat reads it, {NUMPY} saves an array",
    ),
    (b"\x89HDF", f"is a file of HDF5 or newer MATLAB; in Python h5py reads it, {NUMPY} saves it"),
    (
        b"\x80\x02\x8a\x0al\xfc\x9cF\xf9",
        f"is a file of torch.save; in PyTorch torch.load reads it, {NUMPY} saves tensor.numpy()",
    ),
    (b"\xd0\xcf\x11\xe0", "is an old workbook of Excel; save the sheet as xlsx or csv"),
    (b"SIMPLE  =", f"is a file of FITS; in Python astropy reads it, {NUMPY} saves an array"),
)
ZSTD = b"(\xb5/\xfd"
MATLAB_OLD = f"is a file of MATLAB; in Python scipy.io.loadmat reads it, {NUMPY} saves an array"


def refuse_foreign(source: Source) -> None:
    """Raise UsageError where the bytes of ``source`` are known, and are no table."""
    start = source.start(16)
    if start.startswith(ZSTD) and not source.packed:
        raise UsageError(f"{source.name!r} is packed by zstd; end its name in .zst")
    what = next((words for magic, words in MAGIC if start.startswith(magic)), None)
    if start[:1] == b"\x80" and start[1:2] in b"\x02\x03\x04\x05" and what is None:
        what = (
            "is a pickle of Python, which may run any program and is never loaded (CIFAR's python "
            f"archive has such files); save its array with {NUMPY}"
        )
    if len(start) > 9 and start[8:10] == b'{"' and int.from_bytes(start[:8], "little") < 10**8:
        what = f"is a file of safetensors; in Python safetensors.numpy reads it, {NUMPY} saves it"
    if start.startswith(b"PK\x03\x04"):
        what = _zip(source)
    if what is None and source.suffix == ".mat":
        what = MATLAB_OLD
    if what is not None:
        raise UsageError(f"{source.name!r} {what}")


def _zip(source: Source) -> str | None:
    """What an archive is that is no npz. A damaged one is left to NumPy's reader."""
    try:
        with source.open() as file, zipfile.ZipFile(file) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return None
    if any(name.endswith("/data.pkl") for name in names):
        return f"is a file of torch.save; in PyTorch torch.load reads it, {NUMPY} saves .numpy()"
    if "xl/workbook.xml" in names:
        named = source.suffix in WORKBOOKS
        return None if named else "is a workbook of Excel; end its name in .xlsx"
    if {"format.npy", "shape.npy", "data.npy"} <= set(names):
        return (
            "holds a sparse matrix of SciPy; scipy.sparse.load_npz reads it, "
            f"{NUMPY} saves matrix.toarray()"
        )
    if names and not any(name.endswith(".npy") for name in names):
        return "is a zip archive without arrays of NumPy; unpack it, and name a file of it"
    return None
