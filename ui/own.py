"""Own findings of regional offices: read once per change of the folder; upload, preview and save."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

from monitor import dates, paths
from monitor.access import Identity
from monitor.assessment import BenchmarkId
from monitor.definitions import Region
from monitor.dialogue import own_store as store
from monitor.dialogue.hold import Held, hold
from monitor.dialogue.own import OwnFinding, OwnFindings, own_findings, stamp
from monitor.dialogue.own_names import slug
from monitor.dialogue.own_rows import Busy, Checked, read_and_check
from monitor.dialogue.own_template import template, with_faults
from monitor.errors import MonitorError
from monitor.notation import listing
from monitor.screens import own_html
from ui import identity, uploader
from ui.data import Data
from ui.frame import html

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What a session holds: the chosen file, the version looked at, what was saved, the check.
_FILE, _SEEN, _KEPT = "eigen-bestand", "eigen-gezien", "eigen-bewaard"
_CHECKED, _SAVES = "eigen-nagekeken", "eigen-keren"


# As ``stamp`` gives it.
Mark = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class Upload:
    """A file that somebody chose, as it came."""

    name: str
    content: bytes

    @property
    def mark(self) -> str:
        """Tells two files apart, also two names of one content."""
        return hashlib.sha256(self.name.encode("utf-8", "replace") + b"\0" + self.content).hexdigest()


def own(d: Data) -> OwnFindings:
    """Return the own findings; a changed file is picked up at the next page view."""
    folder = paths.own_dir()
    return _own(d, d.key, str(folder), stamp(folder), dates.today())


@st.cache_resource(show_spinner=False, max_entries=4)
def _own(_d: Data, key: str, folder: str, mark: Mark, today: dt.date) -> OwnFindings:
    return own_findings(paths.own_dir(), _d.definitions)


@st.cache_resource(show_spinner=False, max_entries=44)
def _held(key: str, folder: str, mark: Mark, region: str, benchmark: BenchmarkId) -> dict[OwnFinding, tuple[Held, ...]]:
    """What the figures of a region say to the findings of the folder; filled as they are drawn."""
    return {}


def cards(d: Data, findings: Sequence[OwnFinding], region: Region | None, benchmark: BenchmarkId) -> str:
    """Own findings with what the figures of a region say to each; without a region, by themselves."""
    drawn = findings[: own_html.MOST_CARDS]
    if region is None:
        return own_html.cards([own_html.card(f, d.definitions) for f in drawn], len(findings))
    folder = paths.own_dir()
    known = _held(d.key, str(folder), stamp(folder), region.id, benchmark)
    for f in drawn:
        if f not in known:
            known[f] = hold(d.definitions, d.snapshot, f, region, benchmark)
    told = [own_html.voice(f, known[f], own_html.whose(f, region)) for f in drawn]
    return own_html.cards(told, len(findings))


def section(d: Data, region: Region, benchmark: BenchmarkId) -> None:
    """The own findings about a region under a heading of their own, apart from ours; nothing where there are none."""
    found = own(d).of_region(region.id)
    if found:
        html(f"<h2>Eigen bevindingen over {escape(region.spoken)}</h2>")
        html('<p class="sm">Toegevoegd door een bureau in de regio; zij tellen hierboven niet mee.</p>')
        html(cards(d, found, region, benchmark))


def add(d: Data, found: OwnFindings) -> None:
    """The box to add findings: template, upload, what is wrong, how it will look, and saving."""
    kept: store.Kept | None = st.session_state.pop(_KEPT, None)
    if kept:
        html(f'<p class="notice" role="status">{escape(_told(kept))}</p>')
    chosen: Upload | None = st.session_state.get(_FILE)
    # Under a new key after saving, so that it closes then and shows what was saved.
    box = f"eigen-toevoegen-{st.session_state.get(_SAVES, 0)}"
    with st.expander("Bevindingen toevoegen", expanded=bool(chosen) or not found.findings, key=box):
        html(own_html.STEPS)
        # Before the file: signing in begins the page anew, without it.
        who = identity.box(d.definitions)
        if identity.look().offer_sign_in:
            html('<p class="sm">Wilt u bewaren? Meld u dan aan vóór u uw bestand kiest.</p>')
        st.download_button(
            "Sjabloon (Excel)", lambda: template(d.definitions), "sjabloon-eigen-bevindingen.xlsx", XLSX,
            key="eigen-sjabloon", on_click="ignore",
        )  # fmt: skip
        _choose_file()
        if chosen:
            try:
                _preview(d, chosen, who)
            except MonitorError as error:
                said = f"<b>{escape(error.message)}</b> {escape(error.way_out)}"
                html(f'<p class="notice" role="alert">{said}</p>')
                if isinstance(error, Busy):
                    st.button("Kijk nu na", key="eigen-opnieuw")
            _drop()


def _told(kept: store.Kept) -> str:
    some = "1 bevinding is" if kept.count == 1 else f"{kept.count} bevindingen zijn"
    said = f"{some} bewaard in ‘{kept.file}’."
    return f"{said} De vorige versie staat in ‘eerder/{kept.earlier}’." if kept.earlier else said


def _choose_file() -> None:
    """The uploader; what is chosen is set aside at once, so that Streamlit's own list of files is not shown."""
    # No list of types: what Streamlit says of another type is English; we say it ourselves after a look inside.
    chosen = uploader.choose("Uw bestand (.xlsx of .csv, hoogstens 10 MB)", "eigen")
    if chosen:
        st.session_state[_FILE] = Upload(*chosen)
        st.rerun()


def _drop() -> None:
    def drop() -> None:
        for key in (_FILE, _SEEN, _CHECKED):
            st.session_state.pop(key, None)

    st.button("Dit bestand sluiten", key="eigen-sluiten", on_click=drop)


def _preview(d: Data, chosen: Upload, who: Identity | None) -> None:
    """What was read: faults, how the good rows will look, and what can be done with them."""
    html(f'<h2 class="h3 own-h">Gelezen: ‘{escape(chosen.name)}’</h2>')
    sheet_name = st.text_input(
        "Bewaren onder de naam", slug(store.file_name(chosen.name).removesuffix(".yaml")), max_chars=60,
        key=f"eigen-naam-{chosen.mark[:12]}", help="Kiest u een naam die al bestaat, dan vervangt u dat bestand.",
    )  # fmt: skip
    file = store.file_name(sheet_name or chosen.name)
    before = store.before(paths.own_dir(), file, own(d))
    checked = _checked(d, chosen, file, before)
    html(own_html.outcome(checked) + own_html.notes(checked.notes) + own_html.faults(checked.faults))
    if checked.faults:
        stem = file.removesuffix(".yaml")
        st.download_button(
            "Uw bestand met ‘wat er niet klopt’ (Excel)", lambda: with_faults(checked), f"{stem}-nagekeken.xlsx", XLSX,
            key="eigen-fouten", on_click="ignore",
        )  # fmt: skip
    if checked.findings:
        _looks(d, checked)
        _keep(d, chosen, checked, before, who)


def _checked(d: Data, chosen: Upload, file: str, before: store.Before) -> Checked:
    """The check of this file, made again when the edition, the day, the folder or a name changes."""
    mark = (chosen.mark, file, d.key, stamp(paths.own_dir()), dates.today())
    made: tuple[object, Checked] | None = st.session_state.get(_CHECKED)
    if made and made[0] == mark:
        return made[1]
    others = store.taken(own(d), file, d.definitions)
    known = {f.title: f.id for f in before.findings}
    checked = read_and_check(chosen.content, chosen.name, d.definitions, others, known)
    st.session_state[_CHECKED] = (mark, checked)
    return checked


def _looks(d: Data, checked: Checked) -> None:
    shown = checked.findings[: own_html.MOST_IN_VIEW]
    html('<h2 class="h3 own-h">Zo komen ze eruit te zien</h2>')
    made = []
    for f in shown:
        region = _region_of(d, f)
        held = hold(d.definitions, d.snapshot, f, region, "nederland")
        made.append(own_html.voice(f, held, own_html.whose(f, region), addressed=False))
    html(own_html.cards(made))
    if len(checked.findings) > len(shown):
        html(f'<p class="sm">Hier staan de eerste {len(shown)} van {len(checked.findings)} bevindingen.</p>')


def _region_of(d: Data, finding: OwnFinding) -> Region:
    """The region whose figures stand in the preview: the first that the finding names."""
    return d.definitions.region(finding.regions[0]) if "alle" not in finding.regions else d.definitions.regions[0]


def _keep(d: Data, chosen: Upload, checked: Checked, before: store.Before, who: Identity | None) -> None:
    """Save, for who may; for everybody the YAML to take along."""
    html(own_html.replaces(before, checked.findings))
    refused = store.not_allowed(who, (*checked.findings, *before.findings), d.definitions)
    some = "Bewaar 1 bevinding" if len(checked.findings) == 1 else f"Bewaar {len(checked.findings)} bevindingen"
    pressed = False
    if before.fault:
        html(f'<p class="notice" role="alert">{escape(before.fault)}</p>')
    elif who is None or refused:
        why = f" voor {listing(list(refused))}" if who and refused else ""
        told = f"U mag hier niet schrijven{why}. Download het nagekeken bestand en geef het aan de beheerder."
        html(f'<p class="notice">{escape(told)}</p>')
    else:
        if checked.faults:
            html('<p class="sm">De rijen waarin iets niet klopt, worden niet bewaard. Verbeter ze en kies het hele '
                 "bestand daarna opnieuw.</p>")  # fmt: skip
        pressed = st.button(some, key="eigen-bewaren", type="primary")
    st.download_button(
        "Nagekeken bestand (YAML)",
        lambda: store.as_yaml(checked.findings, chosen.name, dates.today()).encode("utf-8"),
        before.file, "application/yaml", key="eigen-yaml", on_click="ignore",
    )  # fmt: skip
    if pressed:
        _save(d, chosen, checked, before, who)
    # What the user now sees; saving later asks that it has not changed.
    st.session_state[_SEEN] = (before.file, before.mark)


def _save(d: Data, chosen: Upload, checked: Checked, before: store.Before, who: Identity | None) -> None:
    file, seen = st.session_state.get(_SEEN, (before.file, before.mark))
    try:
        kept = store.save(
            paths.own_dir(), before.file, checked.findings, chosen.name,
            seen if file == before.file else before.mark, who, d.definitions, dt.datetime.now(dates.HOME),
        )  # fmt: skip
    except store.NotKept as error:
        html(f'<p class="notice" role="alert">{escape(str(error))}</p>')
        return
    st.session_state[_KEPT] = kept
    st.session_state[_SAVES] = st.session_state.get(_SAVES, 0) + 1
    for key in (_FILE, _SEEN, _CHECKED):
        st.session_state.pop(key, None)
    st.rerun()
