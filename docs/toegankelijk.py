"""Look at every page in every state with axe-core and write the result into docs/toegankelijkheid.md."""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
TARGET = ROOT / "docs" / "toegankelijkheid.md"
BEGIN, END = "<!-- begin: gemaakt door docs/toegankelijk.py -->", "<!-- einde -->"


def main() -> None:
    """Start the app, look, stop it, write; with names of pages only their rows are looked at and replaced."""
    from playwright.sync_api import Error

    from tests.accessible import AXE, audit, bring, full_server, views
    from tests.conftest import CHROMIUM_ARGUMENTS, PAINTS_NOTHING, chromium

    wanted = sys.argv[1:]
    rows: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as folder, full_server(Path(folder)) as server, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium(), args=CHROMIUM_ARGUMENTS)
        context = browser.new_context(locale="nl-NL", base_url=server.url, reduced_motion="reduce")
        context.add_init_script(PAINTS_NOTHING)
        page = context.new_page()
        for view in (v for v in views() if not wanted or v.page in wanted):
            context.clear_cookies()
            try:
                bring(page, view)
            except Error:  # a busy machine
                bring(page, view)
            found = audit(page)
            told = ", ".join(f"{r} {len(p)}" for r, p in found.incomplete.items()) or "-"
            rows[view.name] = f"| {view.name} | {len(found.violations)} | {told} | {found.passes} |"
            say(rows[view.name])
            for kind in (found.violations, found.incomplete):
                for rule, places in kind.items():
                    say(
                        "\n        ".join(
                            [f"    {'FOUT' if kind is found.violations else 'onzeker'} {rule}", *places[:3]]
                        )
                    )
        browser.close()
    write(rows, [v.name for v in views()], AXE.partition("axe v")[2].split()[0])


def say(line: str) -> None:
    """Tell how far it is."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def write(rows: dict[str, str], names: list[str], version: str) -> None:
    """Put the rows in the table between its marks, beside those that were not looked at now."""
    before, _, rest = TARGET.read_text(encoding="utf-8").partition(BEGIN)
    kept, _, after = rest.partition(END)
    held = {line.split(" | ")[0].removeprefix("| "): line for line in kept.splitlines() if line.startswith("| ")}
    made = [(held | rows)[n] for n in names if n in held | rows]
    failed = sum(int(row.split(" | ")[1]) for row in made)
    unsure: Counter[str] = Counter()
    for row in made:
        for part in row.split(" | ")[2].split(", "):
            rule, _, count = part.partition(" ")
            unsure[rule] += int(count or 0)
    head = (
        f"axe-core {version}: {len(made)} toestanden, {failed} overtredingen. Onzeker volgens axe, met het aantal "
        f"plekken: {', '.join(f'{r} {n}' for r, n in unsure.most_common() if n) or 'niets'}.\n\n"
        "| pagina en toestand | overtredingen | onzeker (regel en plekken) | regels voldaan |\n|---|---|---|---|\n"
    )
    TARGET.write_text(f"{before}{BEGIN}\n{head}" + "\n".join(made) + f"\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
