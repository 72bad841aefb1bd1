"""Whether the app in this container answers: exit code 0 or 1. The slim image has no curl."""

from __future__ import annotations

import os
import sys
import urllib.request

ADDRESS = f"http://127.0.0.1:{os.environ.get('STREAMLIT_SERVER_PORT', '8501')}/_stcore/health"


def main() -> int:
    """Ask the app."""
    try:
        # No proxy of the organisation in between.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(ADDRESS, timeout=3) as answer:
            return 0 if answer.status == 200 else 1
    except OSError:
        return 1


if __name__ == "__main__":
    sys.exit(main())
