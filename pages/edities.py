"""Edities: which sets of figures there are, how old, what changed between them; and the button that makes a new one."""

from html import escape

from monitor.screens import editions_html as html
from monitor.screens.editions import PAGE, sources_of
from ui import anchors, editions_page, frame, refresh_box
from ui.edition import age

with frame.page(PAGE) as (d, state):
    name = d.snapshot.edition
    found = editions_page.shelf()
    frame.html(f"<h1>Edities van de cijfers</h1>{html.LEAD}")
    frame.html(f"<p>U kijkt nu naar <b>editie {escape(name)}</b>, {escape(age(d).told)}.</p>")
    frame.html(html.shelf(found, name))

    frame.html('<h2 id="verversen">Cijfers verversen</h2>')
    refresh_box.box(d)

    frame.html(f'<h2 id="wijzigingen">Wat er veranderde in editie {escape(name)}</h2>')
    editions_page.log(d)

    frame.html('<h2 id="vergelijken">Twee edities vergelijken</h2>')
    editions_page.compare(d, state, found)

    sources = sources_of(d.snapshot.manifest)
    frame.html(f'<h2 id="bronnen">Hoe oud is elke tabel?</h2><p>{escape(html.sources_told(sources))}</p>')
    frame.html(html.sources(sources))
    anchors.follow()
