"""The cover note for the board ('oplegger') in Word, in the form that the papers of a board use.

What is known is filled in; the rest is a marked field. It proposes to take note and to talk, not what to decide.
"""

from __future__ import annotations

from monitor.dialogue.hold import Verdict
from monitor.dialogue.matrix import ORDER, Voiced
from monitor.export import questions
from monitor.export.basket import NAMES
from monitor.export.pack import Materials, Pack
from monitor.export.pdf import printed
from monitor.export.pdf.report import JUDGING
from monitor.export.word import parts as word_parts
from monitor.export.word import table as word_table
from monitor.export.word.base import TEXT_WIDTH
from monitor.export.word.paper import Paper
from monitor.export.word.xml import Blank, Link, Piece, Words, paragraph, run
from monitor.state import State

# So many of a list stand in the note itself, which is read in five minutes; the monitor has the rest.
_STANDS = (3, 2, 2, 2)
_VOICES: dict[Verdict, int] = {"spreken tegen": 3, "bevestigen": 3, "meten niet": 2}
_TENSIONS = 4
# Characters of why figures contradict a finding.
_REASON = 400
_LABELS = 2700
_METHOD = (
    "Een oordeel staat er alleen als een verschil zeker en groot genoeg is om ertoe te doen. Hoe dat werkt, hoe de "
    "vragen zijn gekozen en waar elk cijfer vandaan komt, staat in de bijlage."
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
    paper.text(Blank("procedure", "procedure, zoals eerdere behandeling"))
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
    paper.text(pack.lead)
    if pack.exhibits:
        count = len(pack.exhibits)
        told = "De gekozen figuur staat" if count == 1 else f"De {count} gekozen figuren staan"
        paper.text(f"{told} in de bijlage achter deze oplegger, elk met bron en uitleg.")
    if pack.summary:
        paper.heading("De kerncijfers", 3)
        word_parts.summary(paper, pack)
    _standing_out(paper, pack)
    _number_and_voice(paper, pack)
    if pack.questions:
        paper.heading("Vragen voor het gesprek", 3)
        paper.numbered([(q.text, q.ground) for q in pack.questions])
    if pack.changes:
        paper.heading(f"Wat is er veranderd sinds {pack.changes.since}", 3)
        paper.text(pack.changes.paragraph)
    _unseen(paper, pack)
    paper.heading("Hoe dit is gemaakt", 3)
    paper.text(f"{_METHOD} {pack.attribution}")


def _standing_out(paper: Paper, pack: Pack) -> None:
    found = pack.stands
    paper.heading("Wat opvalt", 3)
    if not any((found.worse, found.better, found.worsened, found.improved)):
        paper.text("Geen cijfer wijkt duidelijk af, en er veranderde er geen duidelijk.")
    word_parts.stands(paper, pack, found, _STANDS)


def _number_and_voice(paper: Paper, pack: Pack) -> None:
    """Where figures and what was said clash or agree, and what no figure measures."""
    if not pack.voices:
        return
    paper.heading("Cijfers naast wat er is gezegd", 3)
    for verdict in ORDER:
        found = printed.telling(pack.voices, verdict)
        shown = found[: _VOICES[verdict]]
        for v in shown:
            word_parts.voice(paper, v, _reason(v))
        if len(found) > len(shown) and verdict == ORDER[-1]:
            paper.text(_more(pack), "Lijstvoortzetting")


def _reason(v: Voiced) -> str:
    """Why the figures contradict a finding, or in one sentence why they confirm it."""
    if v.stance == "meten niet":
        return ""
    reason = str(printed.voice(v, 0, _REASON)["reason"])
    return reason if v.stance == "spreken tegen" else printed.first_sentence(reason)


def _more(pack: Pack) -> Words:
    state = State("regiodialoog", (pack.region.id,), goal=pack.goal.id if pack.goal else None)
    page: Piece = Link("Regiodialoog", printed.address(pack.base, state.link()))
    return (f"Alle {len(pack.voices)} bevindingen staan in de monitor, op de pagina ", page, ".")


def _unseen(paper: Paper, pack: Pack) -> None:
    if not pack.tensions:
        return
    paper.heading("Wat deze cijfers niet laten zien", 3)
    paper.bullets(
        [f"{f.title}." if not f.title.endswith(("?", "!", ".")) else f.title for f in pack.tensions[:_TENSIONS]]
    )
    more = len(pack.tensions) - _TENSIONS
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
    paper.raw(paragraph(run(""), "Formulierklein"))
    widths = word_table.shared((1, 1.1, 1, 1), TEXT_WIDTH)
    paper.raw(word_table.form([columns], widths, "Vervolg, bijlagen en gevolgen", lined=True))


def _enclosed(pack: Pack) -> list[Words]:
    """What goes along: the figures behind the note, and the other documents that are made with it."""
    others = [name for name in pack.documents if name != NAMES["oplegger"]]
    return ["Bijlage: figuren", *others, Blank("andere-bijlagen", "andere bijlagen")]


def _annex(paper: Paper, pack: Pack, materials: Materials) -> None:
    paper.heading("Bijlage: figuren", 1, new_page=True)
    if pack.exhibits or pack.summary:
        word_parts.lists(paper)
    word_parts.exhibits(paper, pack, materials, 2)
    paper.heading("Werkwijze en bronnen", 2)
    paper.text(JUDGING)
    paper.text(questions.RULE)
    word_parts.sources(paper, pack, materials)
