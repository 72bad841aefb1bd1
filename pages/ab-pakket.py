"""AB-pakket: from chosen figures to the papers of a meeting, in one zip."""

import streamlit as st

from monitor.screens import basket as content
from monitor.screens import basket_html as html
from ui import basket_make, basket_page, frame


def begin(d, basket):
    """For who has nothing in the basket yet."""
    frame.html(html.EMPTY)
    basket_page.choices(d, basket)
    basket_page.propose(d, basket)
    frame.html("<h2>Een bewaard pakket openen</h2>")
    basket_page.open_file(d)


def work(d, basket):
    """The basket, from what it is about to the zip."""
    pieces = basket_page.pieces(d, basket)
    frame.html("<h2>1. Waarover gaat het pakket?</h2>")
    basket_page.choices(d, basket)
    basket_page.title(d, basket)
    basket_page.elsewhere(d, basket)
    frame.html(f"<h2>2. De figuren</h2>{html.MORE}")
    basket_page.figures(pieces)
    with st.expander("Een ander voorstel, of opnieuw beginnen"):
        basket_page.propose(d, basket)
        basket_page.empty()
    frame.html("<h2>3. De vergadering</h2>")
    basket_page.meeting(basket)
    basket_page.since(d, basket)
    frame.html("<h2>4. De stukken</h2>")
    basket_make.documents(basket)
    basket_make.template()
    basket_make.make(d, basket, pieces)
    frame.html("<h2>Bewaren en delen</h2>")
    basket_page.share(d, basket)
    basket_page.open_file(d)


with frame.page(content.PAGE) as (d, state):
    frame.html(f"<h1>AB-pakket</h1>{html.LEAD}")
    basket_page.opened(d)
    basket_page.messages()
    basket = basket_page.basket_of(state)
    if basket.items:
        work(d, basket)
    else:
        begin(d, basket)
