"""Zip archives: ``.keras``, ``.npz``, PyTorch's."""

import io
import stat
import zipfile

from host.inspection.files import Door, File, leaves

#: an archive that grows more than this when it is unpacked; DEFLATE reaches 1032, of which zeros need most
RATIO, LEAST = 200, 100_000_000


def recognizes(file):
    return file.head.startswith((b"PK\x03\x04", b"PK\x05\x06")) or file.ends(".keras", ".npz", ".zip")


def look(file):
    """Doors of the archive, and its files."""
    with file.open() as f, zipfile.ZipFile(f) as archive:
        entries = archive.infolist()
        unpacked = sum(entry.file_size for entry in entries)
        packed = sum(entry.compress_size for entry in entries)
        if unpacked > file.limit or (unpacked > LEAST and unpacked > RATIO * packed):
            why = f"its {file.size:,} bytes become {unpacked:,}: unpacking may fill memory or disk"
            yield Door("zip bomb", file.name, why)
            return
        for entry in entries:
            where = f"{file.name}: {entry.filename}"
            if leaves(entry.filename):
                yield Door("path that leaves the archive", where, "what unpacks it may write outside of its folder")
            if stat.S_ISLNK(entry.external_attr >> 16):
                yield Door(
                    "link in an archive", where, f"it leads to {archive.read(entry)[:200].decode('utf-8', 'replace')}"
                )
            elif not entry.is_dir():
                content = archive.read(entry)
                yield File(where, len(content), lambda content=content: io.BytesIO(content), file.limit)
