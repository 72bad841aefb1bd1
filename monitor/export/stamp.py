"""Give every file in a zip one and the same date, so that the same content is the same bytes."""

from __future__ import annotations

import io
import struct
import zipfile

# The first day that a zip knows: 1 January 1980, as date and time of MS-DOS.
_DAY, _TIME = 0x0021, 0x0000
_CENTRAL = b"PK\x01\x02"


def stamped(content: bytes) -> bytes:
    """Return a zip (and so a .pptx or .docx) with one fixed date in its headers; nothing is packed again."""
    made = bytearray(content)
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        for entry in packed.infolist():
            struct.pack_into("<HH", made, entry.header_offset + 10, _TIME, _DAY)
        at = packed.start_dir
    while made[at : at + 4] == _CENTRAL:
        struct.pack_into("<HH", made, at + 12, _TIME, _DAY)
        name, extra, comment = struct.unpack_from("<HHH", made, at + 28)
        at += 46 + name + extra + comment
    return bytes(made)
