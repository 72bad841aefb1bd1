"""The cover note for the board ('oplegger') in Word, in the form that the papers of a board use.

What is known is filled in; the rest is a marked field. It proposes to take note and to talk, not what to decide.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from monitor.dialogue.matrix import ORDER, Voiced
from monitor.export import questions
from monitor.export.basket import NAMES
from monitor.export.pack import Materials, Pack, Question
from monitor.export.pdf import printed
from monitor.export.pdf.report import JUDGING
from monitor.export.pdf.typesetting import shortened
from monitor.export.word import parts as word_parts
from monitor.export.word import table as word_table
from monitor.export.word.base import TEXT_WIDTH
from monitor.export.word.paper import Paper
from monitor.export.word.xml import Blank, Link, Piece, Words, paragraph, run
from monitor.notation import listing
from monitor.screens.plan import told_first
from monitor.screens.striking import Striking
from monitor.state import State

# So many of a list stand in the note itself, which is read in five minutes; the monitor has the rest.
_STANDS, _VOICES, _QUESTIONS, _TENSIONS = 3, 3, 5, 3
# Of a pack about all goals, so many core figures; all of them stand in the annex.
_CORE = 10
# Characters of why figures contradict a finding.
_REASON = 320
_GROUND = 220
_ANNEX = "Bijlage 1: figuren"
_PROGRAMME = "Het Nationaal Programma Vitale Regio’s"
_SIDE_BY_SIDE = (
    "Cijfers staan hier naast wat er is gezegd of opgeschreven: in de regiodialogen van 2024, in interviews en in "
    "beleidsstukken."
)
_REGISTER = "Het register is de lijst van trajecten (programma’s, projecten en afspraken) die de monitor laat zien."
_TOGETHER = "<w:keepNext/><w:keepLines/>"
_LABELS = 2700
_METHOD = (
    "Een oordeel staat er alleen als een verschil zeker en groot genoeg is om ertoe te doen. Hoe dat werkt, hoe de "
    "vragen zijn gekozen en waar elk cijfer vandaan komt, staat in bijlage 1."
)


def docx_bytes(pack: Pack, materials: Materials) -> bytes:
    """Make the cover note: the form, the explanation, and the figures behind it.

    Args:
        pack: what it tells.
        materials: for maps.

    Raises:
        ExportError: a map cannot be drawn, or a letter that ships is missing.
    """
    subject = pack.meeting.subject.strip() or pack.title
    paper = Paper(f"Oplegger: {subject}", pack.made, word_parts.footer(pack), pack.title)
    paper.heading(pack.meeting.body.strip().upper() or "ALGEMEEN BESTUUR", 1)
    _about_meeting(paper, pack, subject)
    _proposal(paper, pack)
    paper.heading("Toelichting:", 2)
    _explanation(paper, pack)
    paper.heading("Procedure:", 2)
    paper.text(Blank("procedure", "procedure, zoals eerdere behandeling"), properties=_TOGETHER)
    _end_of_form(paper, pack)
    _annex(paper, pack, materials)
    return paper.bytes()


def _about_meeting(paper: Paper, pack: Pack, subject: str) -> None:
    m = pack.meeting
    fields = (
        ("Vergadering d.d.", Blank("vergadering", "datum van de vergadering", m.day)),
        ("Agendapunt", Blank("agendapunt", "agendapunt", m.item)),
        ("Onderwerp", Blank("onderwerp", "onderwerp", subject)),
        ("Portefeuillehouder", Blank("portefeuillehouder", "portefeuillehouder", m.holder)),
    )
    rows = [(word_parts.label(name), paragraph(paper.runs((": ", blank)), "Formuliertekst")) for name, blank in fields]
    paper.raw(word_table.form(rows, (_LABELS, TEXT_WIDTH - _LABELS), "Over de vergadering"))


def _proposal(paper: Paper, pack: Pack) -> None:
    """To take note and to talk; what to decide is for the board's own staff."""
    paper.heading("Voorstel:", 2)
    items: list[tuple[Words, str]] = [
        (f"Kennis te nemen van de cijfers en bevindingen over {word_parts.about(pack)}.", "")
    ]
    if pack.questions:
        items.append(("Het gesprek te voeren over de vragen in deze oplegger.", ""))
    items.append((Blank("besluit", "gevraagd besluit, of haal dit punt weg"), ""))
    paper.numbered(items)


def _explanation(paper: Paper, pack: Pack) -> None:
    paper.text(_context(pack))
    paper.text(pack.lead)
    if pack.exhibits:
        count = len(pack.exhibits)
        told = "De gekozen figuur staat" if count == 1 else f"De {count} gekozen figuren staan"
        paper.text(f"{told} in bijlage 1, achter deze oplegger, met bron en uitleg.")
    _core_figures(paper, pack)
    counts = _counts(pack)
    _standing_out(paper, pack, counts)
    voices = _chosen(pack)
    _number_and_voice(paper, pack, voices)
    told_before = {s.sentence for name, n in counts.items() for s in _listed(pack, name)[:n]}
    _questions(paper, pack, told_before | {told_first(v).reason for v in voices})
    if pack.changes:
        paper.heading(f"Wat is er veranderd sinds {pack.changes.since}", 3)
        paper.text(pack.changes.paragraph)
    _unseen(paper, pack, counts)
    paper.heading("Hoe dit is gemaakt", 3)
    # So that the end of the form does not stand on a page by itself.
    paper.text(f"{_METHOD} {pack.attribution}", properties=_TOGETHER)


def _context(pack: Pack) -> str:
    """What the goal is, of which programme, and what stands side by side."""
    if pack.goal:
        own = f"‘{pack.goal.name}’. {pack.goal.description.strip()}"
        of = f"{_PROGRAMME} heeft drie doelen; dit is er één van: {own}"
    else:
        of = f"{_PROGRAMME} heeft drie doelen: {listing([f'‘{g.name}’' for g in pack.goals])}."
    return f"{of} {_SIDE_BY_SIDE}" if pack.voices else of


def _core_figures(paper: Paper, pack: Pack) -> None:
    if not pack.summary:
        return
    paper.heading("De kerncijfers", 3)
    if not _core_in_annex(pack):
        word_parts.summary(paper, pack)
        return
    word_parts.furthest(paper, pack, _CORE)
    paper.text(f"Alle {len(pack.summary)} kerncijfers staan met hun bronnen in bijlage 1.", "Bronregel")


def _core_in_annex(pack: Pack) -> bool:
    """Whether all core figures are too many for the note."""
    return pack.goal is None and len(pack.summary) > _CORE


def _listed(pack: Pack, name: str) -> tuple[Striking, ...]:
    found: tuple[Striking, ...] = getattr(pack.stands, name)
    return found


def _counts(pack: Pack) -> dict[str, int]:
    """How many of each list stand in the note: one of each in turn, what asks for attention first."""
    counts = {name: 0 for _, name in word_parts.STANDS}
    for turn in range(1, _STANDS + 1):
        for name in ("worse", "worsened", "better", "improved"):
            if sum(counts.values()) < _STANDS and len(_listed(pack, name)) >= turn:
                counts[name] = turn
    return counts


def _standing_out(paper: Paper, pack: Pack, counts: dict[str, int]) -> None:
    paper.heading("Wat opvalt", 3)
    if not any(counts.values()):
        paper.text("Geen cijfer wijkt duidelijk af, en er veranderde er geen duidelijk.")
    word_parts.stands(paper, pack, pack.stands, tuple(counts.values()))


def _chosen(pack: Pack) -> list[Voiced]:
    """The findings that are told in full: what figures contradict, then what they confirm."""
    return [v for verdict in ORDER[:2] for v in printed.telling(pack.voices, verdict)][:_VOICES]


def _number_and_voice(paper: Paper, pack: Pack, voices: Sequence[Voiced]) -> None:
    """Where figures and what was said clash or agree."""
    if not pack.voices:
        return
    paper.heading("Cijfers naast wat er is gezegd", 3)
    paper.text(word_parts.OWN_WORDS, properties="<w:keepNext/>")
    for v in voices:
        word_parts.voice(paper, v, word_parts.reason(v, _REASON))
    paper.text(_more(pack), "Lijstvoortzetting")


def _questions(paper: Paper, pack: Pack, told: Collection[str]) -> None:
    """The first questions; ``told``: what stands above, which is no ground a second time."""
    if not pack.questions:
        return
    paper.heading("Vragen voor het gesprek", 3)
    core = questions.furthest(pack.summary)[:_CORE] if _core_in_annex(pack) else pack.summary

    def ground(q: Question) -> str:
        above = any(q.text.startswith(f"{x.indicator.full_name}: ") and q.ground.startswith(x.value) for x in core)
        return "" if above or q.ground in told else shortened(q.ground, _GROUND)

    shown = pack.questions[:_QUESTIONS]
    paper.numbered([(q.text, ground(q)) for q in shown])
    if any("In het register" in q.text for q in shown):
        paper.text(_REGISTER, "Bronregel")


def _more(pack: Pack) -> Words:
    state = State("regiodialoog", (pack.region.id,), goal=pack.goal.id if pack.goal else None)
    page: Piece = Link("Regiodialoog", printed.address(pack.base, state.link()))
    return (f"Alle {len(pack.voices)} bevindingen staan in de monitor, op de pagina ", page, ".")


def _unseen(paper: Paper, pack: Pack, counts: dict[str, int]) -> None:
    """What no figure shows, but for what stands above already."""
    above = [q.text for q in pack.questions[:_QUESTIONS]]
    above += [s.tension for name, n in counts.items() for s in _listed(pack, name)[:n]]
    found = [f for f in pack.tensions if not any(f"‘{f.title}’" in t for t in above)]
    if not found:
        return
    paper.heading("Wat deze cijfers niet laten zien", 3)
    paper.bullets([word_parts.ended(f.title) for f in found[:_TENSIONS]])
    more = len(found) - _TENSIONS
    if more > 0:
        paper.text(f"En nog {more}; die staan bij de figuren en in de monitor.", "Lijstvoortzetting")


def _end_of_form(paper: Paper, pack: Pack) -> None:
    """The last block of the form: four columns, as in the papers."""

    def value(words: Words) -> str:
        return paragraph(paper.runs(words), "Formulierklein")

    def field(label: str, name: str, asked: str) -> str:
        return word_parts.label(label) + value(Blank(name, asked))

    columns = (
        field("Vervolgactie:", "vervolgactie", "vervolgactie")
        + field("communicatie:", "communicatie", "communicatie")
        + field("Mededeling beslissing aan:", "mededeling", "aan wie"),
        word_parts.label("Bijlagen:")
        + word_parts.label("Meegezonden:")
        + "".join(value(x) for x in _enclosed(pack))
        + field("Ter inzage:", "ter-inzage", "stukken ter inzage")
        + field("Plaats van inzage:", "plaats-van-inzage", "plaats van inzage"),
        word_parts.label("Consequenties:")
        + field("Financieel:", "financieel", "financiële gevolgen")
        + field("Personeel:", "personeel", "gevolgen voor personeel"),
        field("Nadere informatie bij:", "nadere-informatie", "wie meer weet")
        + field("Tel.nr.:", "telefoon", "telefoonnummer"),
    )
    paper.raw(paragraph(run(""), "Formulierklein", _TOGETHER))
    widths = word_table.shared((1, 1.1, 1, 1), TEXT_WIDTH)
    paper.raw(word_table.form([columns], widths, "Vervolg, bijlagen en gevolgen", lined=True))


def _enclosed(pack: Pack) -> list[Words]:
    """What goes along: the figures behind the note, and the other documents that are made with it."""
    others = [name for name in pack.documents if name != NAMES["oplegger"]]
    numbered = [f"Bijlage {k}: {name}" for k, name in enumerate(others, 2)]
    return [_ANNEX, *numbered, Blank("andere-bijlagen", "andere bijlagen")]


def _annex(paper: Paper, pack: Pack, materials: Materials) -> None:
    paper.heading(_ANNEX, 1, new_page=True)
    if pack.exhibits or pack.summary:
        word_parts.lists(paper)
    if _core_in_annex(pack):
        paper.heading("Alle kerncijfers", 2)
        word_parts.summary(paper, pack)
    word_parts.exhibits(paper, pack, materials, 2)
    if len(pack.questions) > _QUESTIONS:
        paper.heading("Meer vragen", 2)
        paper.numbered([(q.text, q.ground) for q in pack.questions[_QUESTIONS:]])
    paper.heading("Werkwijze en bronnen", 2)
    paper.text(JUDGING)
    paper.text(questions.RULE)
    word_parts.sources(paper, pack, materials)
