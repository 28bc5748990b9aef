"""Compressed files and archives as streams of bytes: nothing is unpacked to disk, and no bomb goes off."""

import bz2
import gzip
import io
import lzma
import re
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import IO, Any

from contactline.intake.found import RejectError

DOCUMENT_LIMIT = 20_000_000  # bytes of one document, page, line or record
UNPACKED_LIMIT = 20_000_000_000  # bytes that one compressed file may hold
GRACE = 100_000_000  # bytes that any compressed file may grow to
RATIO = 300  # times that it may grow beyond them
BUFFER = 1 << 18  # bytes; lines are read from it
MEMBERS = 1_000_000  # members of one archive


def unpacked(stream: IO[bytes], packed: int) -> io.BufferedReader:
    """Return a decompressed stream that stops with a reject where a bomb would go off.

    Args:
        stream: gives the unpacked bytes.
        packed: how many bytes they came from.
    """
    return io.BufferedReader(_Guarded(stream, min(UNPACKED_LIMIT, max(GRACE, packed * RATIO))), BUFFER)


class _Guarded(io.RawIOBase):
    def __init__(self, stream: IO[bytes], limit: int) -> None:
        self.stream, self.limit = stream, limit

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._within(self.stream.seek(offset, whence))

    def tell(self) -> int:
        return self.stream.tell()

    def readinto(self, buffer: Any) -> int:
        data = self.stream.read(len(buffer))
        buffer[: len(data)] = data
        self._within(self.stream.tell())
        return len(data)

    def _within(self, offset: int) -> int:
        if offset > self.limit:
            raise RejectError("unsafe", f"it unpacks to more than {self.limit:,} bytes")
        return offset


def size_of(stream: IO[bytes]) -> int:
    """Return how many bytes a stream holds, and go back to its start."""
    end = stream.seek(0, 2)
    stream.seek(0)
    return end


def whole(stream: IO[bytes], limit: int = DOCUMENT_LIMIT) -> bytes:
    """Return all bytes of a stream.

    Raises:
        RejectError: `too_large` over the limit, `empty` where there are only blanks.
    """
    data = stream.read(limit + 1)
    if len(data) > limit:
        raise RejectError("too_large", f"over {limit:,} bytes")
    if not data.strip(b" \t\r\n\x00"):
        raise RejectError("empty", "nothing but blanks")
    return data


Opened = tuple[str, int, Callable[[], IO[bytes]] | RejectError]


def zip_members(stream: IO[bytes]) -> Iterator[Opened]:
    """Yield the files of a zip archive; a member that must not be opened comes with the reason."""
    with zipfile.ZipFile(stream) as archive:
        infos = archive.infolist()
        size = sum(info.file_size for info in infos)
        if size > UNPACKED_LIMIT:
            raise RejectError("unsafe", f"it unpacks to {size:,} bytes")
        for info in infos:
            if info.is_dir():
                continue
            if _outside(info.filename):
                yield info.filename, 0, RejectError("unsafe", "the member's name points outside the archive")
            elif info.flag_bits & 1:
                yield info.filename, 0, RejectError("bad_record", "the member is encrypted")
            elif info.file_size > max(GRACE, info.compress_size * RATIO):
                yield info.filename, 0, RejectError("unsafe", f"it unpacks to {info.file_size:,} bytes")
            else:
                yield info.filename, info.compress_size, lambda info=info: archive.open(info)  # type: ignore[misc]


def tar_members(stream: IO[bytes]) -> Iterator[Opened]:
    """Yield the files of a tar archive; a member that must not be opened comes with the reason."""
    with tarfile.open(fileobj=stream, mode="r:") as archive:
        for member in archive:
            if member.isdir():
                continue
            if _outside(member.name):
                yield member.name, 0, RejectError("unsafe", "the member's name points outside the archive")
            elif not member.isfile():
                yield member.name, 0, RejectError("unsafe", "the member is a link or a device, not a file")
            else:
                yield member.name, member.size, lambda member=member: archive.extractfile(member)  # type: ignore[misc]


def _outside(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or re.match(r"[A-Za-z]:", name) is not None or "\x00" in name


COMPRESSED: dict[str, Callable[[IO[bytes]], Any]] = {
    ".gz": lambda stream: gzip.GzipFile(fileobj=stream),
    ".bz2": bz2.BZ2File,
    ".xz": lzma.LZMAFile,
}
TARBALLS = {".tgz": (".tar", ".gz"), ".tbz2": (".tar", ".bz2"), ".txz": (".tar", ".xz")}
ARCHIVES: dict[str, Callable[[IO[bytes]], Iterator[Opened]]] = {".zip": zip_members, ".tar": tar_members}
