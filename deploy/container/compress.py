"""Compress a published site beforehand: nginx then sends the file beside it and compresses nothing itself.

That makes the difference between hundreds and thousands of pages per second. What did not change is not done again.
"""

from __future__ import annotations

import gzip
import os
import sys
from pathlib import Path

KINDS = {".html", ".css", ".js", ".svg", ".json", ".jsonld", ".geojson", ".xml", ".txt", ".csv", ".ttl"}
# Below this it is not worth a second file.
SMALLEST = 512


def compress(site: Path) -> int:
    """Write a ``.gz`` beside every text file of a site; gives how many were written.

    The compressed file gets the time of the other, which is how nginx and the next run know that they belong together.
    """
    written = 0
    for path in sorted(p for p in site.rglob("*") if p.suffix in KINDS and p.is_file()):
        target, about = path.with_name(f"{path.name}.gz"), path.stat()
        if about.st_size < SMALLEST or (target.exists() and target.stat().st_mtime_ns == about.st_mtime_ns):
            continue
        partial = target.with_name(f".{target.name}.deel")
        partial.write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))
        os.utime(partial, ns=(about.st_atime_ns, about.st_mtime_ns))
        partial.chmod(0o644)
        partial.replace(target)
        written += 1
    for left in site.rglob("*.gz"):
        # Of a page that is gone.
        if left.with_suffix("").suffix in KINDS and not left.with_suffix("").exists():
            left.unlink()
    return written


if __name__ == "__main__":
    compress(Path(sys.argv[1]))
