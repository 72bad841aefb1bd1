"""Make docs/licenties.md: the licence of every package that the monitor uses, as the installed packages say it.

Run after a change of requirements: .venv/bin/python docs/licences.py
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "licenties.md"
_PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[a-z]+\])?==(\S+)", re.M)
_NEEDS = re.compile(r"^([A-Za-z0-9._-]+)")
# What packages write for one and the same licence, where they do not use the short names of SPDX.
_SAME = {
    "apache software license": "Apache-2.0", "apache 2.0": "Apache-2.0", "apache license 2.0": "Apache-2.0",
    "apache license, version 2.0": "Apache-2.0", "apache-2.0 license": "Apache-2.0", "apache 2.0 license": "Apache-2.0",
    "apache": "Apache-2.0", "apache license": "Apache-2.0", "mit license": "MIT", "the mit license (mit)": "MIT",
    "mit": "MIT", "bsd": "BSD", "bsd license": "BSD", "bsd-3-clause": "BSD-3-Clause", "3-clause bsd": "BSD-3-Clause",
    "new bsd": "BSD-3-Clause", "bsd 3-clause license": "BSD-3-Clause", "bsd-2-clause": "BSD-2-Clause",
    "isc license (iscl)": "ISC", "python software foundation license": "PSF-2.0", "psfl": "PSF-2.0",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0", "gnu general public license v2 (gplv2)": "GPL-2.0",
    "gnu lesser general public license v3 (lgplv3)": "LGPL-3.0", "3-clause bsd license": "BSD-3-Clause",
}  # fmt: skip

HEAD = """# Licenties

De monitor zelf valt onder EUPL-1.2. Hieronder staat waar zij op rust, met de licentie die elk pakket zelf opgeeft.
Gemaakt door `.venv/bin/python docs/licences.py`; een test houdt deze lijst gelijk aan de pakketten die vastliggen in
`requirements.txt` en `requirements-dev.txt`. Waarvoor elk pakket is: [afhankelijkheden](afhankelijkheden.md).

Bij een licentie die delen van wijzigingen vraagt (LGPL, MPL) gebruiken wij het pakket ongewijzigd, als bibliotheek.
"""
OTHER = """
## Letters, tekens en gegevens

| wat | licentie | waar |
|---|---|---|
| Source Sans 3 en Source Serif 4 | SIL Open Font License 1.1 | `static/fonts/OFL.txt` |
| Beeldmerk en tekens bij oordelen | eigen werk, EUPL-1.2 | `static/merk.svg`, `monitor/figures/svg.py` |
| Cijfers van CBS, met GGD’en, RIVM en politie | CC BY 4.0 | `data/snapshot/manifest.json` |
| Cijfers van Eurostat | hergebruik met bronvermelding | `data/snapshot/manifest.json` |
| Gemeentegrenzen van CBS en Kadaster | CC BY 4.0, hier vereenvoudigd | `data/snapshot/manifest.json` |
| Grenzen van Belgische en Duitse gebieden (Eurostat GISCO) | © EuroGeographics; commercieel gebruik vraagt toestemming | `data/snapshot/manifest.json` |
"""  # noqa: E501


def pinned(name: str) -> dict[str, str]:
    """Package -> version, as a file of requirements pins them."""
    return dict(_PIN.findall((ROOT / name).read_text(encoding="utf-8")))


def licence_of(package: str) -> str:
    """The licence that an installed package names, by the short name of SPDX where we know it."""
    about = metadata.metadata(package)
    said = str(about.get("License-Expression") or "").strip()
    if not said:
        classes = [
            c.rpartition("::")[2].strip() for c in about.get_all("Classifier") or [] if c.startswith("License ::")
        ]
        classes = [c for c in classes if c != "OSI Approved"]
        first = str(about.get("License") or "").strip().splitlines()[:1]
        said = " AND ".join(dict.fromkeys(_short(c) for c in classes)) or (first[0] if first else "")
    return _short(said) or "niet opgegeven door het pakket"


def _short(said: str) -> str:
    return _SAME.get(said.lower(), said)[:60]


def plain(name: str) -> str:
    """A name of a package in one spelling."""
    return re.sub(r"[-_.]+", "-", name).lower()


def below(packages: Mapping[str, str]) -> list[str]:
    """What these packages need themselves, by name, as far as it is installed."""
    done: set[str] = set()
    waiting = [plain(p) for p in packages]
    while waiting:
        name = waiting.pop()
        if name in done:
            continue
        try:
            needs = metadata.requires(name) or []
        except metadata.PackageNotFoundError:
            continue
        done.add(name)
        waiting += [plain(found[1]) for n in needs if "extra ==" not in n and (found := _NEEDS.match(n))]
    return sorted(done - {plain(p) for p in packages})


def table(packages: Mapping[str, str]) -> Iterator[str]:
    """Rows of Markdown: package, version and licence."""
    yield "| pakket | versie | licentie |"
    yield "|---|---|---|"
    for name in sorted(packages, key=str.lower):
        yield f"| {name} | {packages[name]} | {licence_of(name)} |"


def text() -> str:
    """The whole document."""
    app, dev = pinned("requirements.txt"), pinned("requirements-dev.txt")
    lines = [HEAD, "## De app", "", *table(app), "", "## Waar deze pakketten zelf op rusten", ""]
    lines += ["| pakket | licentie |", "|---|---|", *(f"| {name} | {licence_of(name)} |" for name in below(app))]
    lines += ["", "## Alleen voor de controles", "", "Deze draaien niet mee op een server.", "", *table(dev)]
    return "\n".join(lines) + "\n" + OTHER


if __name__ == "__main__":
    TARGET.write_text(text(), encoding="utf-8")
