"""A refresh as a person wants to follow it: how far it is, what comes next, and how it ended. Every text is escaped."""

from __future__ import annotations

from datetime import datetime
from html import escape

from monitor.dates import told_moment
from monitor.notation import listing, number
from monitor.refresh.models import Phase, Step
from monitor.refresh.runner import COMMAND
from monitor.refresh.status import State, Status
from monitor.screens.edition_bar import newest

# In the order in which they come.
PHASES: dict[Phase, str] = {
    "vragen": "Vragen aan de bronnen wat er nieuw is",
    "ophalen": "Nieuwe tabellen ophalen",
    "controleren": "Cijfers controleren",
    "rekenen": "Optellen per regio",
    "schrijven": "De nieuwe editie wegschrijven",
    "klaar": "Klaar",
}
ABOUT = (
    "<p>De monitor vraagt bij CBS en de andere bronnen welke tabellen nieuw zijn, haalt die op en controleert ze. Klopt "
    "alles, dan komt er een nieuwe editie. Gaat er iets mis, dan blijven de cijfers zoals zij zijn. De editie van nu "
    "blijft altijd bewaard. U kunt intussen gewoon verder werken.</p>"
)
_NOT_HERE = "U kunt hier de cijfers niet zelf verversen."
_WHY = "Waarom, ziet op deze bladzijde wie de cijfers mag verversen."
_ENDED: dict[State, str] = {
    "bezig": "",
    "klaar": "De cijfers zijn ververst.",
    "ongewijzigd": "Er was niets nieuws: de cijfers zijn gelijk aan die van de bronnen.",
    "geweigerd": "De nieuwe cijfers zijn geweigerd. De editie van daarvoor blijft in gebruik.",
    "mislukt": "Het verversen is niet gelukt. De editie van daarvoor blijft in gebruik.",
    "afgebroken": "Het verversen is afgebroken. De editie van daarvoor blijft in gebruik.",
}


def share(step: Step) -> float:
    """How far a refresh is, from 0 to 1: fetching takes most of the time."""
    if step.phase == "ophalen":
        done = min(max(step.done / step.total, 0.0), 1.0) if step.total else 0.0
        return 0.05 + 0.75 * done
    return {"vragen": 0.02, "controleren": 0.82, "rekenen": 0.86, "schrijven": 0.95, "klaar": 1.0}[step.phase]


def bar_text(step: Step) -> str:
    """What stands with the bar."""
    told = PHASES[step.phase]
    if step.total:
        told += f": {number(step.done, 0)} van {number(step.total, 0)} tabellen"
    return told


def busy(now: Status, moment: datetime) -> str:
    """What a running refresh is doing; ``moment``: the present, with time zone."""
    step = now.step
    rows = [("Ontvangen", "1 rij" if step.rows == 1 else f"{number(step.rows, 0)} rijen")]
    if step.now:
        rows.append(("Nu bezig met", listing(list(step.now))))
    if step.coming:
        rows.append(("Daarna", step.coming))
    rows.append(("Begonnen", f"{told_moment(now.started)}, {lasted(now.started, moment)} geleden"))
    body = "".join(f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>" for name, text in rows)
    return f'<dl class="ed-busy">{body}</dl>'


def lasted(began: datetime, moment: datetime) -> str:
    """How long something takes so far: '42 seconden', '3 minuten'; a clock that was set back counts as the beginning."""
    seconds = max(int((moment - began).total_seconds()), 0)
    for size, one, more in ((3600, "1 uur", "uur"), (60, "1 minuut", "minuten"), (1, "1 seconde", "seconden")):
        if seconds >= size:
            count = seconds // size
            return one if count == 1 else f"{count} {more}"
    return "0 seconden"


def ended(now: Status, here: str, may: bool) -> str:
    """How the last refresh ended, with what changed.

    Args:
        now: the note of the last refresh.
        here: the page of editions.
        may: whether the reader may refresh; why it failed can hold addresses of machines, and is for them alone.
    """
    message = now.message if may or now.state != "mislukt" else _WHY
    told = f"<b>{escape(_ENDED[now.state])}</b> {escape(message)}".strip()
    way = ""
    if now.state == "klaar":
        ways = (newest(f"{here}#wijzigingen", "Wat er is veranderd"), newest("overzicht", "Naar de nieuwe cijfers"))
        way = f"</p><p>{' · '.join(ways)}"
    when = f'<p class="sm">Laatste verversing: begonnen op {escape(told_moment(now.started))}.</p>'
    return f'<div class="notice" role="status"><p>{told}{way}</p>{when}</div>'


def who_can(reason: str) -> str:
    """Who may refresh the figures and how, for who may not; ``reason``: why not, when there is more to say."""
    how = f"De beheerder doet het op de computer van de monitor met <code>{COMMAND}</code>."
    whom = (
        "Met een knop kan het door wie is aangemeld en voor alle regio’s mag schrijven, of door wie de monitor alleen "
        "op de eigen computer gebruikt."
    )
    return f"<p>{' '.join(s for s in (_NOT_HERE, escape(reason), escape(whom), how) if s)}</p>"


def refused(message: str, way_out: str = "") -> str:
    """That starting or stopping did not work."""
    return f'<p class="notice" role="status"><b>{escape(message)}</b> {escape(way_out)}</p>'
