"""What every page says of its edition: banners at the top, the line at the bottom, and links that keep it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape, unescape

from monitor.figures.html import link
from monitor.notation import listing
from monitor.screens.edition_age import Age
from monitor.state import pinned

_LINK = re.compile(r'(<a\b[^>]*?\shref=")([^"]*)(")')
_AWAY = re.compile(r"[a-z][a-z0-9+.-]*:|//|#|app/|$", re.IGNORECASE)
# So many figures that an edition lacks are named.
_NAMED = 6
# A link with this leads to the edition in force, whatever the page keeps.
NEWEST = 'data-editie="nieuwste"'


def keep(html: str, edition: str) -> str:
    """HTML in which every link inside the app keeps an edition; unchanged without one."""
    if not edition:
        return html

    def along(found: re.Match[str]) -> str:
        address = unescape(found[2])
        if _AWAY.match(address) or NEWEST in found[1]:
            return found[0]
        return f"{found[1]}{escape(pinned(address, edition), quote=True)}{found[3]}"

    return _LINK.sub(along, html)


def newest(address: str, text: str) -> str:
    """A link that lets go of a pinned edition."""
    return f'<a {NEWEST} href="{escape(address, quote=True)}" target="_self">{escape(text)}</a>'


def pinned_bar(
    name: str, age: Age, in_force: str, address: str, other: Sequence[str] = (), lacking: Sequence[str] = ()
) -> str:
    """That the link pins an edition.

    Args:
        name: of the pinned edition.
        age: of that edition.
        in_force: name of the edition in force; empty when that cannot be read.
        address: of this page without the pin.
        other: regions that this edition adds up from other municipalities than today, as spoken.
        lacking: names of figures of today that this edition does not have.
    """
    if name == in_force:
        told = f"Deze link houdt editie {escape(name)} vast. Dat is nu ook de nieuwste."
        return _bar(f"{told} {newest(address, 'Laat de editie los')}")
    way = newest(address, "Naar de nieuwste") if in_force >= name else newest(address, "Naar de editie in gebruik")
    what = f"niet naar de {'nieuwste' if in_force >= name else 'editie in gebruik'}"
    what += f" ({escape(in_force)})" if in_force else ""
    told = f"<b>U kijkt naar de bewaarde editie {escape(name)}, {what}.</b> {way if in_force else ''}"
    more = f"Zij is {escape(age.told)}. " if age.told.startswith(("gemaakt", "van")) else ""
    more += "Alleen de cijfers komen uit deze editie; uitleg, bevindingen en logboek zijn die van nu."
    if lacking:
        named = [*lacking[:_NAMED], *([f"nog {len(lacking) - _NAMED}"] if len(lacking) > _NAMED else [])]
        more += f" Onbekend in deze editie: {escape(listing(named))}."
    if other:
        verb = "bestond" if len(other) == 1 else "bestonden"
        more += f" Uit andere gemeenten dan nu {verb} toen {escape(listing(list(other)))}."
    return _bar(told, more)


def missing_bar(asked: str, shown: str) -> str:
    """That a link asks for an edition that is not there."""
    short = asked if len(asked) <= 40 else f"{asked[:40]} …"
    told = f"Editie ‘{escape(' '.join(short.split()))}’ uit de link bestaat hier niet (meer) of is beschadigd."
    return _bar(f"{told} U ziet editie {escape(shown)}. {link('edities', 'Alle edities')}")


def damaged_bar(message: str, way_out: str, shown: str) -> str:
    """That the edition in force is damaged, which one is shown instead, and how to mend it."""
    told = f"<b>De nieuwste cijfers zijn beschadigd. U ziet de bewaarde editie {escape(shown)}.</b>"
    mend = f"Wat er mis is: {escape(message)} Voor de beheerder: {escape(way_out)}"
    return _bar(told, mend)


def _bar(told: str, more: str = "") -> str:
    below = f'<p class="sm">{more}</p>' if more else ""
    return f'<div class="notice ed-bar" role="status"><p>{told}</p>{below}</div>'


def footer_line(name: str, age: Age, pinned_now: bool) -> str:
    """The edition of a page with its age; of old figures where to look for newer ones."""
    told = f"Editie {escape(name)}, {escape(age.told)}. {link('edities', 'Alle edities')}"
    if age.old and not pinned_now:
        told += f". Deze cijfers zijn meer dan een jaar oud: kijk op {link('edities', 'Edities')} of er nieuwere zijn"
    return f"<p>{told}.</p>"
