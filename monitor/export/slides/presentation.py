"""The slides of a pack as .pptx: native charts and tables, maps as shapes, on the house template or a region's own."""

from __future__ import annotations

from monitor.export.pack import Materials, Pack
from monitor.export.slides import words as words
from monitor.export.slides.figure import add_exhibit
from monitor.export.slides.frame import Deck
from monitor.export.slides.template import read_template


def pptx_bytes(pack: Pack, materials: Materials) -> bytes:
    """Return the slides of a pack.

    Args:
        pack: what they say.
        materials: outlines for maps, and the region's own template.

    Raises:
        ExportError: the template does not fit; see ``template.read_template``.
    """
    deck = Deck(read_template(materials.template))
    words.add_cover(deck, pack)
    words.add_glance(deck, pack, materials)
    for exhibit in pack.exhibits:
        add_exhibit(deck, pack, materials, exhibit)
    words.add_voices(deck, pack)
    words.add_changes(deck, pack)
    words.add_questions(deck, pack)
    words.add_sources(deck, pack)
    return deck.save(pack.title, pack.made)
