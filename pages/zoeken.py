"""Zoeken: everything in the monitor that fits the words of a query, per kind."""

from monitor.screens import search_html as html
from ui import frame, own, search

with frame.page("zoeken") as (d, state):
    found = search.index(d, own.own(d).findings).search(state.search)
    frame.html(html.heading(found))
    search.box(state.search, "pagina")
    frame.html(html.told(found))
    frame.html(html.results(found))
