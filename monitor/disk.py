"""Why a file could not be written, for a user."""

from __future__ import annotations

import errno

# Why writing fails, and what helps.
_REASONS = {
    errno.ENOSPC: ("de schijf is vol", "Maak ruimte, of kies een map op een andere schijf."),
    errno.EFBIG: ("een bestand wordt te groot voor deze schijf", "Kies een map op een andere schijf."),
    errno.EACCES: ("dat mag niet", "Vraag schrijfrechten voor deze map, of kies een andere."),
    errno.EPERM: ("dat mag niet", "Vraag schrijfrechten voor deze map, of kies een andere."),
    errno.EROFS: ("de schijf is alleen om te lezen", "Kies een map op een andere schijf."),
    errno.EEXIST: ("er staat al een bestand met die naam", "Kies een andere map."),
    errno.ENOTDIR: ("er staat al een bestand met die naam", "Kies een andere map."),
    errno.EISDIR: ("er staat al een map met de naam van een bestand", "Kies een andere map."),
    errno.EXDEV: ("dat is een andere schijf", "Kies een map op dezelfde schijf."),
    errno.ENOENT: ("die map is er niet", "Maak die map, of kies een andere."),
    errno.ENAMETOOLONG: ("de naam is te lang", "Kies een kortere naam."),
}
_OTHERWISE = ("schrijven lukt niet", "Kies een andere map.")


def why(error: BaseException) -> tuple[str, str]:
    """The reason, as part of a sentence, and the way out (Dutch); for an error that is not of the disk in general."""
    return _REASONS.get(getattr(error, "errno", None) or 0, _OTHERWISE)
