"""Ways in which a file can be spoilt, each told the file and the same file of another run."""

import functools
import gzip
import io
import os
import shutil
import socket
import zipfile

import numpy as np

from ca1ltd.experiment.store.files import UNPACKED


def flipped(at):
    def damaged(old):
        where = int(at * len(old))
        return old[:where] + bytes([old[where] ^ 1]) + old[where + 1 :]

    return damaged


def lines(change):
    return lambda old: b"\n".join(change(old.split(b"\n")))


@functools.cache
def bomb(_):
    """An archive of a few kB whose one array would fill twice what may be unpacked."""
    head = io.BytesIO()
    shape = {"descr": "<f8", "fortran_order": False, "shape": (UNPACKED // 4,)}
    np.lib.format.write_array_header_1_0(head, shape)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in ("times", "values"):
            with archive.open(f"0/soma_v/{part}.npy", "w", force_zip64=True) as member:
                member.write(head.getvalue())
                for _ in range(3):
                    member.write(b"\0" * 4_000_000)
    raw = bytearray(file.getvalue())
    at = -1
    while (at := raw.find(b"PK\x01\x02", at + 1)) >= 0:  # the sizes are those of the directory
        raw[at + 24 : at + 28] = UNPACKED.to_bytes(4, "little")
    return bytes(raw)


def arrays(**given):
    def archive(_):
        file = io.BytesIO()
        np.savez(file, **given)
        return file.getvalue()

    return archive


def numbers(values):
    unit, times = np.array("mV"), np.arange(3.0)
    return arrays(**{"0/v/unit": unit, "0/v/times": times, "0/v/values": np.array(values)})


CONTENTS = {
    "empty": lambda old: b"",
    "a quarter": lambda old: old[: len(old) // 4],
    "half": lambda old: old[: len(old) // 2],
    "all but a byte": lambda old: old[:-2],
    "all but the head": lambda old: old[len(old) // 3 :],
    "twice": lambda old: old + old,
    "a bit at the start": flipped(0.02),
    "a bit in the middle": flipped(0.5),
    "a bit near the end": flipped(0.97),
    "zeros": lambda old: bytes(len(old)),
    "a hole": lambda old: old[:100] + bytes(100) + old[200:],
    "noise": lambda old: np.random.default_rng(1).bytes(5000),
    "not UTF-8": lambda old: b"\xff\xfe" + old[:200] + b"\xe9\x80",
    "UTF-16": lambda old: old.decode("latin-1").encode("utf-16"),
    "control characters": lambda old: b"\x1b]0;owned\x07\x1b[31m" + old,
    "compressed": gzip.compress,
    "a picture": lambda old: b"\x89PNG\r\n\x1a\n" + old,
    "a page": lambda old: b"<!doctype html><title>Sign in</title>",
    "a pointer of Git LFS": lambda old: b"version https://git-lfs.github.com/spec/v1\noid sha256:0",
    "a word": lambda old: b"high",
    "a list": lambda old: b"[]",
    "an object": lambda old: b"{}",
    "nothing, in JSON": lambda old: b"null",
    "a number": lambda old: b"3",
    "infinite, in JSON": lambda old: b'{"files": {"a": 1e999}, "spec": Infinity, "runs": NaN}',
    "another shape": lambda old: (
        b'{"files": 3, "spec": {"seed": []}, "pathways": [1], "index": {}}'
    ),
    "a key twice": lambda old: b'{"spec": 1, "spec": 2, "files": {}, "files": {}}',
    "nested deeply": lambda old: b"[" * 100_000,
    "a number of many digits": lambda old: b'{"spec": ' + b"9" * 10_000 + b"}",
    "an extra column": lines(lambda rows: [row + b",1" for row in rows if row]),
    "a column less": lines(lambda rows: [row.rpartition(b",")[0] for row in rows if row]),
    "a row less": lines(lambda rows: rows[:2] + rows[3:]),
    "a row twice": lines(lambda rows: [*rows[:3], rows[2 % len(rows)], *rows[3:]]),
    "a ragged row": lines(
        lambda rows: [*rows[:2], b"1,2,3,4,5,6,7,8,9,10,11,12,13,14,15", *rows[2:]]
    ),
    "semicolons": lambda old: old.replace(b",", b";"),
    "decimal commas": lambda old: old.replace(b".", b","),
    "not a number": lambda old: old.replace(b"0.", b"NaN"),
    "infinite": lambda old: old.replace(b"0.", b"1e999"),
    "huge": lambda old: old.replace(b"0.", b"1e300"),
    "negative": lambda old: old.replace(b"1.", b"-1."),
    "other names": lambda old: old.replace(b"pathway", b"way").replace(b"m", b"n"),
    "another unit": lambda old: old.replace(b"_mV", b"_V").replace(b"uM", b"mM"),
    "a bomb": bomb,
    "an archive of nothing": arrays(),
    "an archive of words": numbers(["a", "b", "c"]),
    "an archive of other lengths": numbers([1.0]),
    "an archive of tables": numbers([[1.0], [2.0], [3.0]]),
    "an archive of NaN": numbers([np.nan] * 3),
    "an archive with no times": arrays(**{"0/v/unit": np.array("mV")}),
    "an archive of slice -1": arrays(**{"-1/v/unit": np.array("mV")}),
    "an archive of no slice": arrays(**{"soma/v/unit": np.array("mV")}),
}


def _instead(make):
    def put(path, _):
        path.unlink()
        make(path)

    return put


def _socket(path):
    with socket.socket(socket.AF_UNIX) as end:
        at = os.getcwd()
        os.chdir(path.parent)  # an address is short
        try:
            end.bind(path.name)
        finally:
            os.chdir(at)


KINDS = {
    "gone": lambda path, _: path.unlink(),
    "a folder": _instead(lambda path: path.mkdir()),
    "a pipe": _instead(os.mkfifo),
    "a socket": _instead(_socket),
    "a link to itself": _instead(lambda path: path.symlink_to(path.name)),
    "a link to nothing": _instead(lambda path: path.symlink_to("nowhere")),
    "a link without end": _instead(lambda path: path.symlink_to("/dev/zero")),
    "another run's": lambda path, other: shutil.copyfile(other, path),
    "a neighbour's": lambda path, _: shutil.copyfile(
        next(file for file in sorted(path.parent.iterdir()) if file.is_file() and file != path),
        path,
    ),
    **{
        name: lambda path, _, change=change: path.write_bytes(change(path.read_bytes()))
        for name, change in CONTENTS.items()
    },
}
