"""What oplegger and plan tell in the same way in Word: core figures, figures with what stands beside them, sources."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from monitor.dates import told_date
from monitor.dialogue.hold import SIGNS, WORDS, WORDS_ONE
from monitor.dialogue.matrix import Voiced
from monitor.export import questions
from monitor.export.pack import Exhibit, Line, Materials, Pack
from monitor.export.pdf import printed, typesetting
from monitor.export.pdf.report import sources_told
from monitor.export.pdf.typesetting import shortened
from monitor.export.word import table as word_table
from monitor.export.word.base import TEXT_WIDTH, TWIPS_PER_CM
from monitor.export.word.paper import WIDTH_CM, Paper
from monitor.export.word.xml import Bold, Link, Muted, Piece, Ref, Words, paragraph, run
from monitor.figures import style
from monitor.figures.border_spec import BorderFigure
from monitor.figures.spec import Figure, ListFigure, MapFigure, StripFigure, TrendFigure
from monitor.notation import listing
from monitor.screens.plan import told_first
from monitor.screens.striking import MOST, Stands, Striking
from monitor.state import State
from monitor.statistics.judge import Outcome

# The list of lists of ``Stands``, in the words of the page.
STANDS = (
    ("Minder goed", "worse"),
    ("Beter", "better"),
    ("Slechter geworden", "worsened"),
    ("Beter geworden", "improved"),
)
# So many rows make a table that is read; the workbook has all of them.
_ROWS = 24
_EMU_PER_CM = 360_000
_MAP_CM, _GAP = 6.5, 220
# The picture is made larger than it is shown: together over 300 pixels per inch.
_MAP_PPI = 230
# Of a figure, what figures confirm or contradict; what they do not measure stands in its notes.
_VOICES = 2
OWN_WORDS = "Wat er is gezegd of opgeschreven staat hier in onze eigen woorden, met de bron erbij."
_ORIGINS: dict[str, str] = {"reflectie": "verslag"}
_MIXED = "Een ander cijfer bevestigt dit wel."
_UNSEEN = "Wat dit cijfer niet laat zien:"
_TENSION = "Spanning met wat er gezegd is:"
_ONCE = "Een uitleg die al bij een eerdere figuur staat, staat er geen tweede keer."
# What stays with every figure, also when another figure says the same.
_STAYS = ("Een verschil doet ertoe", "dekking", "oorlopig", "ndicatief", "marge", "reuk in", "chatting")
# For who checks a computation; the workbook and the page about the method have it.
_FOR_EXPERTS = ("Mann en Kendall", "Theil en Sen", "gewogen lijn")


def lists(paper: Paper) -> None:
    """What figures and tables there are."""
    paper.text("Figuren en tabellen in dit document", "Kopvaninhoudsopgave")
    paper.list_of("Figuur")
    paper.list_of("Tabel")


def footer(pack: Pack) -> str:
    """What stands below every page."""
    return f"Regiomonitor Brede Welvaart · editie {pack.edition} · gemaakt op {told_date(pack.made)}"


def about(pack: Pack) -> str:
    """What a pack is about, as it stands in a sentence: 'voorzieningen die blijven in de Achterhoek'."""
    if pack.goal:
        name = pack.goal.name
        return f"{name[:1].lower()}{name[1:]} in {pack.region.spoken}"
    return f"brede welvaart in {pack.region.spoken}"


def method_link(pack: Pack, text: str, indicator: str) -> Link:
    """A name that leads to how a figure came about."""
    return Link(text, printed.address(pack.base, State("methode", indicator=indicator).link()))


def marked(outcome: Outcome, word: str) -> str:
    """The sign of a judgement with its word."""
    return f"{style.MARKS[outcome].sign} {word}"


def summary(paper: Paper, pack: Pack) -> None:
    """The core figures, a table per goal."""
    name = f"Kerncijfers van {pack.region.spoken}"
    _core(paper, pack, [(f"{name}{f'. {goal}' if goal else ''}", lines) for goal, lines in printed.by_goal(pack)])
    _signs(paper, f" {pack.summary_figure.source}.")


def furthest(paper: Paper, pack: Pack, count: int) -> None:
    """The core figures that are furthest from the benchmark, in one table."""
    title = f"Kerncijfers van {pack.region.spoken} die het meest verschillen van {pack.benchmark}"
    _core(paper, pack, [(title, questions.furthest(pack.summary)[:count])])
    _signs(paper)


def _core(paper: Paper, pack: Pack, tables: Sequence[tuple[str, Sequence[Line]]]) -> None:
    """Core figures as tables with these titles."""
    other = f"{pack.benchmark[:1].upper()}{pack.benchmark[1:]}"
    headers = ("Cijfer", "Jaar", pack.region.name, other, "Oordeel", "Door de jaren")
    for title, lines in tables:
        paper.caption("Tabel", title)
        paper.table(
            headers,
            [_line(pack, x) for x in lines],
            (False, False, True, True, False, False),
            title,
            (2.9, 1.0, 2.0, 1.85, 2.3, 2.2),
        )


def _signs(paper: Paper, source: str = "") -> None:
    """What the signs in a table of core figures mean, and where it comes from."""
    paper.text(f"{signs()}. ‘–’: onbekend, of over de jaren is niets te zeggen.{source}", "Bronregel")


def _line(pack: Pack, x: Line) -> tuple[Words, ...]:
    name: Words = (method_link(pack, x.indicator.full_name, x.indicator.id), Muted(f" ({x.per})" if x.per else ""))
    judged = marked(x.standing.judgement.outcome, x.judgement)
    return (name, x.year, x.value, x.benchmark, judged, x.change or "–")


def stands(paper: Paper, pack: Pack, found: Stands, most: Sequence[int] = (MOST,) * len(STANDS)) -> None:
    """What stands out, per list the clearest first, with the figures that show it.

    Args:
        paper: to write on.
        pack: for its figures.
        found: what stands out.
        most: how many of each list.
    """
    for (title, name), count in zip(STANDS, most, strict=True):
        shown: tuple[Striking, ...] = getattr(found, name)[:count]
        for s in shown:
            tension = Muted(f" {unseen(s.tension)}" if s.tension else "")
            where = _shown_in(pack, s.indicator.id)
            paper.signed(style.MARKS[s.outcome].sign, (Bold(f"{title}. "), s.sentence, *where, tension))


def _shown_in(pack: Pack, indicator: str) -> tuple[Piece, ...]:
    """Which figures of the pack show an indicator: ' Zie Figuur 1 en Figuur 6.'; nothing when none does."""
    numbers = [x.number for x in pack.exhibits if x.indicator and x.indicator.id == indicator]
    if not numbers:
        return ()
    made: list[Piece] = [" Zie "]
    for k, n in enumerate(numbers):
        made += [Ref("Figuur", n), "." if k == len(numbers) - 1 else " en " if k == len(numbers) - 2 else ", "]
    return tuple(made)


def unseen(text: str) -> str:
    """What a figure does not show, in words that say so."""
    return text.replace(_TENSION, _UNSEEN)


def ended(text: str) -> str:
    """A title as a sentence."""
    return text if text.endswith(("?", "!", ".")) else f"{text}."


def voice(paper: Paper, v: Voiced, reason: str = "", one: bool = False) -> None:
    """A finding with what figures say to it, and where it comes from.

    Args:
        paper: to write on.
        v: the finding.
        reason: why figures say so.
        one: whether it stands beside a single figure, which the verdict is then about.
    """
    word = (WORDS_ONE if one else WORDS)[v.stance]
    told = Muted(" ".join(["", *(t for t in (reason, _origin(v)) if t)]))
    paper.signed(SIGNS[v.stance], (Bold(f"{word}. "), ended(v.finding.title), told))


def reason(v: Voiced, most: int) -> str:
    """What the first figure says to a finding in at most so many characters, and whether another figure differs."""
    said = shortened(told_first(v).reason, most)
    return f"{said} {_MIXED}" if v.mixed else said


def _origin(v: Voiced) -> str:
    """Of what kind the source of a finding is, and its name, as a sentence."""
    kind = _ORIGINS.get(v.finding.origin, v.finding.origin)
    return f"Bron ({kind}): {ended(v.finding.source.title)}"


def exhibits(paper: Paper, pack: Pack, materials: Materials, level: int) -> None:
    """Every chosen figure with what stands beside it, in order; ``level``: of their headings."""
    lying = False
    told: set[str] = set()
    if pack.exhibits:
        paper.text(_ONCE, "Bronregel", "<w:keepNext/>")
    for x in pack.exhibits:
        wide = isinstance(x.figure, ListFigure) and not _fits(x.figure)
        if wide != lying:
            paper.turn()
            lying = wide
        paper.heading(name_of(x), level)
        _draw(paper, x, pack, materials)
        _beside(paper, x, told)
    if lying:
        paper.turn()


def _fits(figure: ListFigure) -> bool:
    """Whether all columns fit on paper that stands."""
    content = figure.content
    return word_table.fitting(content.headers, content.cells, TEXT_WIDTH) == len(content.headers)


def name_of(x: Exhibit) -> str:
    """A short name of a figure, as its heading: 'Afstand tot huisarts door de jaren'."""
    if x.indicator is None:
        return x.figure.title
    kinds = ((MapFigure, " op de kaart"), (TrendFigure, " door de jaren"), (StripFigure, " per gemeente"))
    return x.indicator.full_name + next((tail for kind, tail in kinds if isinstance(x.figure, kind)), "")


def _draw(paper: Paper, x: Exhibit, pack: Pack, materials: Materials) -> None:
    """The figure itself under its caption."""
    figure = x.figure
    paper.caption("Figuur", figure.title)
    if isinstance(figure, ListFigure):
        _list(paper, figure, pack.region.name)
    elif isinstance(figure, MapFigure | BorderFigure):
        _map(paper, figure, pack, materials)
    elif not _chart(paper, figure):
        paper.text("Voor deze figuur is er geen enkel cijfer.", "Beeld")


def _chart(paper: Paper, figure: Figure) -> bool:
    """A native chart; False when there is nothing to draw."""
    from monitor.export.charts.native import native_chart
    from monitor.export.charts.office import chart_parts

    chart = native_chart(figure)
    if chart is None or not chart.known:
        return False
    height = 2.4 + 0.46 * len(chart.categories) if chart.kind == "bar" else 7.2
    size = (round(WIDTH_CM * _EMU_PER_CM), round(height * _EMU_PER_CM))
    xml, workbook = chart_parts(chart, *size)
    paper.chart(xml, workbook, chart.alt, height)
    return True


def _map(paper: Paper, figure: MapFigure | BorderFigure, pack: Pack, materials: Materials) -> None:
    """A map with numbers, and beside it what these stand for."""
    from monitor.export.pdf import drawn

    if isinstance(figure, MapFigure):
        picture = drawn.country(figure, materials.outlines, pack.region.id)
        found = drawn.regions_table(figure, pack.region.id)
        headers = ("Regio", "Waarde", "Oordeel")
        rows = [(r["number"], r["name"], r["value"], _judged(r["judged"]), r["own"]) for r in found]
    else:
        picture = drawn.border(figure, materials.places)
        found = drawn.border_table(figure)
        headers = ("Gebied", "Waarde", "Land")
        rows = [(r["number"], r["name"], r["value"], r["about"], r["own"]) for r in found]
    key = "; ".join(c["text"] for c in picture["classes"])
    alt = f"{figure.alt} De kleuren, van licht naar donker: {key}."
    left = paper.drawing(typesetting.png("kaart", {"map": picture}, _MAP_PPI), alt, _MAP_CM)
    width = round(_MAP_CM * TWIPS_PER_CM) + _GAP
    listed = _legend(paper, headers, rows, TEXT_WIDTH - width - _GAP)
    cells = [[paragraph(left, "Beeld"), listed]]
    paper.raw(word_table.form(cells, (width, TEXT_WIDTH - width), "Kaart, en wat de nummers zijn"))


def _judged(judged: Mapping[str, Any]) -> str:
    return marked(judged["outcome"], judged["word"])


def _legend(paper: Paper, headers: Sequence[str], rows: Sequence[tuple[Any, ...]], room: int) -> str:
    """What the numbers on a map stand for, as a table in the cell beside it."""
    texts = [(f"{number}. {name}" if number else name, value, said) for number, name, value, said, _ in rows]
    made = word_table.table(
        [run(h) for h in headers],
        [[paper.runs(Bold(t) if row[-1] else t) for t in cells] for cells, row in zip(texts, rows, strict=True)],
        (False, True, False),
        word_table.fitted(headers, texts, room),
        "Wat de nummers op de kaart zijn",
    )
    # Word wants a paragraph at the end of a cell.
    return made + paragraph("", "Bronregel")


def _list(paper: Paper, figure: ListFigure, own: str) -> None:
    """The first rows of a table, those of the own region before others, and the columns for which there is room."""
    content = figure.content
    rows = sorted(content.cells, key=lambda row: own not in row)[:_ROWS]
    shown = word_table.fitting(content.headers, rows, paper.width)
    paper.table(content.headers[:shown], [row[:shown] for row in rows], content.numeric[:shown], figure.title)
    away = (len(content.cells) - len(rows), "andere rij", "andere rijen"), (
        len(content.headers) - shown, "andere kolom", "andere kolommen",
    )  # fmt: skip
    told = listing([f"{n} {one if n == 1 else many}" for n, one, many in away if n])
    if told:
        paper.text(f"Niet getoond: {told}. De hele tabel staat in het werkboek (Excel) en in de monitor.", "Bronregel")


def _beside(paper: Paper, x: Exhibit, before: set[str]) -> None:
    """Reading sentence, what was said, the question, the maker's note, how it came about and where it comes from.

    ``before``: explanations that stand beside earlier figures; those of this figure are added.
    """
    figure = x.figure
    paper.text(figure.sentence)
    for v in [v for v in x.voices if v.stance != "meten niet"][:_VOICES]:
        voice(paper, v, one=True)
    if x.question:
        paper.text((Bold("Vraag. "), x.question), "Kader")
    if x.note.strip():
        paper.text((Bold("Opmerking van de maker. "), x.note.strip()), "Kader")
    told = explained(x, before)
    before.update(told)
    if told:
        paper.text(" ".join(unseen(t) for t in told), "Bronregel", "<w:keepNext/>")
    source = f"{figure.source} ({figure.licence}). Editie {figure.edition}."
    # A path alone leads nowhere from paper.
    there: Words = (f"{source} ", Link("Bekijk in de monitor", x.address)) if "://" in x.address else source
    paper.text(there, "Bronregel")


def explained(x: Exhibit, before: Collection[str] = ()) -> list[str]:
    """How a figure came about and its notes, without what stands elsewhere or is only for who checks a computation.

    Args:
        x: the figure with what stands beside it.
        before: explanations that stand beside earlier figures.
    """
    weighed = "gewogen naar" in x.method

    def wanted(text: str) -> bool:
        if not text or any(t in text for t in _FOR_EXPERTS):
            return False
        if any(t in text for t in _STAYS):
            return True
        # The method says so already; the question asks about it.
        again = weighed and text.startswith("Grote gemeenten tellen zwaarder mee") and text.count(".") < 2
        asked = text.startswith(_TENSION) and text.removeprefix(_TENSION).strip() in x.question
        return text not in before and not again and not asked

    return [t for t in dict.fromkeys([x.method, *x.figure.notes]) if wanted(t)]


def sources(paper: Paper, pack: Pack, materials: Materials) -> None:
    """Where the figures come from, and under which terms."""
    paper.bullets(list(sources_told(pack, materials.definitions)))
    paper.text(pack.attribution, "Bronregel")


def signs() -> str:
    """What the signs of judgements mean, in one line."""
    return " · ".join(marked(outcome, words) for outcome, words in typesetting.LEGEND)


def label(text: str) -> str:
    """The label of a form, as a finished paragraph."""
    return paragraph(run(text), "Formulierlabel")
