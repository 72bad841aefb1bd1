"""The shipped letter inside a Word document, so that it looks the same where nobody has installed it.

Word keeps a letter in a document in obfuscated form: the first 32 bytes are mixed with a key that stands in the font
table (ISO/IEC 29500-1, 17.8.1). The Open Font License allows embedding; the letter itself is left as it is.
"""

from __future__ import annotations

import struct
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from monitor.export.word.xml import SIGNS
from monitor.figures import fonts, style

FALLBACK = "Arial"
# Fixed, so that the same document has the same bytes.
_SPACE = uuid.UUID("6f0f3c6e-4f0f-5d0e-8b1c-6b8a1c0d3e57")
_MIXED = 32


@dataclass(frozen=True)
class Embedded:
    """A letter as it goes into the document: ``role`` is 'embedRegular' or 'embedBold'."""

    role: str
    file: str
    key: str
    content: bytes


def embedded() -> tuple[Embedded, ...]:
    """The weights of the sans letter, obfuscated.

    Raises:
        ExportError: a letter that ships is missing or damaged.
    """
    made: list[Embedded] = []
    for role, weight in (("embedRegular", 400), ("embedBold", 600)):
        face = next(f for f in fonts.FACES if (f.family, f.weight) == (style.SANS, weight))
        key = uuid.uuid5(_SPACE, face.name)
        made.append(Embedded(role, f"font{len(made) + 1}.odttf", f"{{{str(key).upper()}}}", obfuscated(face, key)))
    return tuple(made)


def obfuscated(face: fonts.Face, key: uuid.UUID) -> bytes:
    """The file of a face with its first bytes mixed with the key, read from the end."""
    content = fonts.file(face).read_bytes()
    mask = key.bytes[::-1] * (_MIXED // 16)
    return bytes(a ^ b for a, b in zip(content[:_MIXED], mask, strict=True)) + content[_MIXED:]


def table(letters: Sequence[Embedded]) -> str:
    """Entries of the font table: the house letter, what replaces it, and the letter of the signs."""
    face = next(f for f in fonts.FACES if f.family == style.SANS)
    inside = "".join(f'<w:{x.role} r:id="rId{k}" w:fontKey="{x.key}"/>' for k, x in enumerate(letters, 1))
    plain = '<w:charset w:val="00"/><w:family w:val="swiss"/><w:pitch w:val="variable"/>'
    return (
        f'<w:font w:name="{style.SANS}"><w:altName w:val="{FALLBACK}"/>{_about(face)}{inside}</w:font>'
        f'<w:font w:name="{FALLBACK}"><w:panose1 w:val="020B0604020202020204"/>{plain}</w:font>'
        f'<w:font w:name="{SIGNS}"><w:altName w:val="DejaVu Sans"/>'
        f'<w:panose1 w:val="020B0502040204020203"/>{plain}</w:font>'
    )


def _about(face: fonts.Face) -> str:
    """What Word wants to know of a letter without opening it: its kind and the scripts that it holds."""
    about = _os2(fonts.file(face).read_bytes())
    panose = about[32:42].hex().upper()
    ranges = struct.unpack(">4I", about[42:58])
    pages = struct.unpack(">2I", about[78:86])
    usb = "".join(f' w:usb{k}="{x:08X}"' for k, x in enumerate(ranges))
    csb = "".join(f' w:csb{k}="{x:08X}"' for k, x in enumerate(pages))
    return (
        f'<w:panose1 w:val="{panose}"/><w:charset w:val="00"/><w:family w:val="swiss"/>'
        f'<w:pitch w:val="variable"/><w:sig{usb}{csb}/>'
    )


def _os2(font: bytes) -> bytes:
    """The table 'OS/2' of a TrueType file; reading it needs no library."""
    (count,) = struct.unpack(">H", font[4:6])
    for k in range(count):
        tag, _, start, length = struct.unpack(">4s3I", font[12 + 16 * k : 28 + 16 * k])
        if tag == b"OS/2":
            return font[start : start + length]
    raise ValueError("a TrueType file has a table 'OS/2'")
