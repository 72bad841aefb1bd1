"""What oplegger and plan tell in the same way in Word: core figures, figures with what stands beside them, sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from monitor.dates import told_date
from monitor.dialogue.hold import SIGNS, WORDS
from monitor.dialogue.matrix import Voiced
from monitor.export.pack import Exhibit, Line, Materials, Pack
from monitor.export.pdf import printed, typesetting
from monitor.export.pdf.report import sources_told
from monitor.export.word import table as word_table
from monitor.export.word.base import TEXT_WIDTH, TWIPS_PER_CM
from monitor.export.word.paper import WIDTH_CM, Paper
from monitor.export.word.xml import Bold, Link, Muted, Piece, Ref, Words, paragraph, run
from monitor.figures import style
from monitor.figures.border_spec import BorderFigure
from monitor.figures.spec import Figure, ListFigure, MapFigure, StripFigure, TrendFigure
from monitor.notation import listing
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
    other = f"{pack.benchmark[:1].upper()}{pack.benchmark[1:]}"
    headers = ("Cijfer", "Jaar", pack.region.name, other, "Oordeel", "Door de jaren")
    for goal, lines in printed.by_goal(pack):
        title = f"Kerncijfers van {pack.region.spoken}{f'. {goal}' if goal else ''}"
        paper.caption("Tabel", title)
        paper.table(
            headers,
            [_line(pack, x) for x in lines],
            (False, False, True, True, False, False),
            title,
            (2.9, 1.0, 2.0, 1.85, 2.3, 2.2),
        )
    paper.text(
        f"{signs()}. ‘–’: onbekend, of over de jaren is niets te zeggen. {pack.summary_figure.source}.", "Bronregel"
    )


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
            tension = Muted(f" {s.tension}" if s.tension else "")
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


def voice(paper: Paper, v: Voiced, reason: str = "") -> None:
    """A finding with what the figures say to it; ``reason``: why."""
    told = Muted(f" {reason}" if reason else "")
    paper.signed(SIGNS[v.stance], (Bold(f"{WORDS[v.stance]}. "), f"‘{v.finding.title}’.", told))


def exhibits(paper: Paper, pack: Pack, materials: Materials, level: int) -> None:
    """Every chosen figure with what stands beside it, in order; ``level``: of their headings."""
    lying = False
    for x in pack.exhibits:
        wide = isinstance(x.figure, ListFigure) and not _fits(x.figure)
        if wide != lying:
            paper.turn()
            lying = wide
        paper.heading(name_of(x), level)
        _draw(paper, x, pack, materials)
        _beside(paper, x)
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


def _beside(paper: Paper, x: Exhibit) -> None:
    """Reading sentence, what was said, the question, the maker's note, how it came about and where it comes from."""
    figure = x.figure
    paper.text(figure.sentence)
    for v in [v for v in x.voices if v.stance != "meten niet"][:_VOICES]:
        voice(paper, v)
    if x.question:
        paper.text((Bold("Vraag. "), x.question), "Kader")
    if x.note.strip():
        paper.text((Bold("Opmerking van de maker. "), x.note.strip()), "Kader")
    told = [x.method, *figure.notes]
    paper.text(" ".join(dict.fromkeys(t for t in told if t)), "Bronregel")
    source = f"{figure.source} ({figure.licence}). Editie {figure.edition}."
    # A path alone leads nowhere from paper.
    there: Words = (f"{source} ", Link("Bekijk in de monitor", x.address)) if "://" in x.address else source
    paper.text(there, "Bronregel")


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
