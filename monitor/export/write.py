"""Write files into a folder, all of them or none: what was there before stays until everything is written."""

from __future__ import annotations

import errno
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from monitor.disk import why
from monitor.errors import ExportError


def write_all(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Write files into a folder, which is made when it is not there; other files in it are left alone.

    Args:
        folder: where they go.
        files: name (with subfolders by '/') -> content.

    Returns:
        The paths written, in the order given.

    Raises:
        ExportError: the folder cannot be made or written to; then nothing in it has changed.
    """
    made_here = False
    try:
        made_here = not folder.exists()
        folder.mkdir(parents=True, exist_ok=True)
        if any((folder / path).is_dir() for path in files):
            raise IsADirectoryError(errno.EISDIR, "")
        # In the same folder, so that putting a file in its place is one step.
        with tempfile.TemporaryDirectory(prefix=".bezig-", dir=folder) as name:
            partial = Path(name)
            for path, content in files.items():
                target = partial / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
            # What can still fail comes before the first file is put in its place.
            for path in files:
                (folder / path).parent.mkdir(parents=True, exist_ok=True)
            return [(partial / path).replace(folder / path) for path in files]
    except (OSError, ValueError) as error:
        if made_here:
            shutil.rmtree(folder, ignore_errors=True)
        reason, way_out = why(error)
        raise ExportError(
            f"In de map {folder} kan niet worden geschreven: {reason}. Er is niets opgeslagen.", way_out
        ) from None
