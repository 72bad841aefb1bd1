"""Entries of the log as HTML: cards with what was tried, learned and changes, and the history of each."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from monitor.dates import told_date, told_moment
from monitor.definitions import Definitions
from monitor.figures.html import link
from monitor.logbook.about import figure_name, finding_title, goal_name, region_name
from monitor.logbook.entry import DAY, FIELDS, LOOK_AGAIN, Entry, Version
from monitor.screens.voices_html import link_to
from monitor.state import State


def card(entry: Entry, d: Definitions, history: Sequence[Version] = ()) -> str:
    """One entry: region and date, what it is about, the four texts, who wrote it, and earlier versions.

    ``history``: all versions, oldest first; empty for an entry with only one.
    """
    v, draft = entry.current, entry.current.draft
    who = region_name(d, entry.region)
    mark = f'<p class="notice">Ingetrokken op {_when(v)}. Reden: {lines(v.reason)}</p>' if v.withdrawn else ""
    return (
        f'<article class="log" id="aantekening-{entry.id}"><h3>{escape(who)} · {escape(told_date(draft.day))}</h3>'
        f"{mark}{_about(entry, d)}{_texts(v)}{_written(entry)}{_history(history, d)}</article>"
    )


def _about(entry: Entry, d: Definitions) -> str:
    draft = entry.current.draft
    parts = []
    if draft.goal is not None:
        parts.append(f"Doel {escape(goal_name(d, draft.goal))}")
    if draft.indicator is not None:
        known = any(i.id == draft.indicator for i in d.indicators)
        address = State("trends", (entry.region,), draft.indicator).link() if known else ""
        parts.append(f"Cijfer: {link(address, figure_name(d, draft.indicator))}")
    if draft.finding is not None:
        found = next((f for f in d.findings if f.id == draft.finding), None)
        address = link_to(found, entry.region) if found else ""
        parts.append(f"Bevinding: {link(address, finding_title(d, draft.finding))}")
    return f'<ul class="logabout">{"".join(f"<li>{p}</li>" for p in parts)}</ul>' if parts else ""


def _texts(v: Version, before: Version | None = None) -> str:
    """The texts as a list of terms; a line break that somebody typed stays one.

    ``before``: leave out what was the same then.
    """
    made = []
    for name, label in FIELDS.items():
        text, was = _text(v, name), _text(before, name) if before else ""
        if before and text != was:
            made.append(f"<dt>{label}</dt><dd>{lines(text) or '(leeg gemaakt)'}</dd>")
        elif text and not before:
            made.append(f"<dt>{label}</dt><dd>{lines(text)}</dd>")
    return f"<dl>{''.join(made)}</dl>" if made else ""


def _text(v: Version, name: str) -> str:
    """A text of a version; the follow-up with its date."""
    text = str(getattr(v.draft, name))
    if name != "follow_up" or v.draft.look_again is None:
        return text
    again = f"{LOOK_AGAIN} {told_date(v.draft.look_again)}."
    return f"{text}\n{again}" if text else again


def lines(text: str) -> str:
    """A text of a person, escaped, on one line of HTML; its own line breaks stay."""
    return escape(text).replace("\n", "<br>")


def _when(v: Version) -> str:
    return f"{escape(told_moment(v.written))} door {escape(v.author)}"


def _written(entry: Entry) -> str:
    said = f"Geschreven door {escape(entry.founder)} op {escape(told_moment(entry.first))}."
    if entry.current.number > 1:
        said += f" Laatst gewijzigd op {_when(entry.current)}."
    return f'<p class="xs mut">{said}</p>'


def _moved(v: Version, before: Version | None, d: Definitions) -> str:
    """What a version says of date, goal, figure and finding, where that changed."""
    if before is None:
        return ""

    def told(x: Version) -> dict[str, str]:
        return {
            DAY: told_date(x.draft.day),
            "Doel": goal_name(d, x.draft.goal),
            "Cijfer": figure_name(d, x.draft.indicator),
            "Bevinding": finding_title(d, x.draft.finding),
        }

    now, then = told(v), told(before)
    changed = "; ".join(f"{label}: {now[label] or 'geen'}" for label in now if now[label] != then[label])
    return f'<p class="sm">{escape(changed)}.</p>' if changed else ""


def _history(history: Sequence[Version], d: Definitions) -> str:
    """All versions, newest first; of each what it changed."""
    if len(history) < 2:
        return ""
    items = []
    for k, v in enumerate(history):
        before = history[k - 1] if k else None
        if v.withdrawn:
            what = f"<p>Ingetrokken. Reden: {lines(v.reason)}</p>"
        elif before and before.withdrawn:
            what = "<p>Teruggezet.</p>"
        else:
            what = _texts(v, before) + _moved(v, before, d)
        items.append(f"<li><p><b>Versie {v.number}</b>, {_when(v)}</p>{what}</li>")
    return (
        f"<details><summary>Geschiedenis: {len(history)} versies</summary>"
        f'<ol class="loghistory">{"".join(reversed(items))}</ol></details>'
    )


def theirs(entry: Entry, d: Definitions) -> str:
    """What somebody else saved meanwhile, to lay beside one's own text."""
    if entry.current.withdrawn:
        body = f"<p>De aantekening is ingetrokken. Reden: {lines(entry.current.reason)}</p>"
    else:
        body = f'<p class="sm">{DAY}: {escape(told_date(entry.current.draft.day))}</p>{_about(entry, d)}{_texts(entry.current)}'
    return (
        f'<section class="log theirs" aria-label="Wat nu is opgeslagen"><h3>Wat nu is opgeslagen</h3>'
        f'<p class="sm">Versie {entry.current.number}, {_when(entry.current)}.</p>{body}</section>'
    )


def privacy() -> str:
    """What is stored of an entry and who sees it."""
    return (
        "<ul><li>Iedereen die deze monitor kan openen, leest de aantekeningen, met de naam van de schrijver, de tijd en "
        "eerdere versies.</li><li>Opgeslagen worden de tekst, uw naam en het kenmerk uit uw aanmelding. Uw "
        "e-mailadres wordt niet opgeslagen en niet getoond.</li><li>Schrijf geen namen of gegevens van inwoners op. "
        "Staat er iets in dat er niet hoort, trek de aantekening dan in: daarna zien alleen schrijvers van de regio de "
        "tekst nog.</li><li>Een aantekening wordt niet gewist. Elke versie blijft bewaard.</li></ul>"
    )
