"""What a container does: without words the app, "prepare" what goes before, and else ``python -m monitor`` with them.

Settings come from the environment; nothing is written outside the temporary folder. Streamlit takes every option from a
variable STREAMLIT_<GROUP>_<OPTION>. Only the sign-in it reads from a file; that is made here from the variables below,
in the temporary folder, readable by this user alone.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from compress import compress

ROOT = Path(__file__).resolve().parent.parent.parent
SIGN_IN = {
    "redirect_uri": "REGIOMONITOR_AUTH_REDIRECT_URI",
    "cookie_secret": "REGIOMONITOR_AUTH_COOKIE_SECRET",
    "client_id": "REGIOMONITOR_AUTH_CLIENT_ID",
    "client_secret": "REGIOMONITOR_AUTH_CLIENT_SECRET",
    "server_metadata_url": "REGIOMONITOR_AUTH_METADATA_URL",
}


def sign_in(environment: dict[str, str]) -> str:
    """The settings of the sign-in as TOML; empty when none is set.

    Raises:
        SystemExit: some are set and others are not.
    """
    given = {key: environment.get(name, "").strip() for key, name in SIGN_IN.items()}
    if not any(given.values()):
        return ""
    missing = [SIGN_IN[key] for key, value in given.items() if not value]
    if missing:
        raise SystemExit(f"Fout: de aanmelding is niet volledig; er ontbreekt: {', '.join(missing)}.")
    # A JSON text is a TOML text too.
    return "[auth]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in given.items())


def keep(text: str, folder: Path) -> Path:
    """Write the settings of the sign-in where only this user reads them."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / "secrets.toml"
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(text)
    return path


def main() -> None:
    """Become the app, or the command that was asked."""
    os.chdir(ROOT)
    words = sys.argv[1:]
    if words == ["prepare"]:
        os.execv(sys.executable, [sys.executable, str(ROOT / "deploy" / "container" / "prepare.py")])
    if words[:1] == ["publish"] and "--out" in words[:-1]:
        done = subprocess.run([sys.executable, "-m", "monitor", *words], check=False).returncode
        if done == 0:
            compress(Path(words[words.index("--out") + 1]))
        sys.exit(done)
    if words:
        os.execv(sys.executable, [sys.executable, "-m", "monitor", *words])
    command = [sys.executable, "-m", "streamlit", "run", "serve.py", "--server.headless", "true"]
    text = sign_in(dict(os.environ))
    if text:
        folder = Path(os.environ.get("TMPDIR", "/tmp")) / f"regiomonitor-{os.getpid()}"
        command += ["--secrets.files", str(keep(text, folder))]
        # The app itself needs them no longer, and neither does what it starts.
        for name in SIGN_IN.values():
            os.environ.pop(name, None)
    os.execv(sys.executable, command)


if __name__ == "__main__":
    main()
