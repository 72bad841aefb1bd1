"""Regiomonitor Brede Welvaart: page configuration and navigation."""

import streamlit as st

from ui import frame

# Group in the header -> its pages: title and path; the first is where the group leads.
GROUPS = {
    "Overzicht": [("Overzicht", "overzicht")],
    "Cijfers": [("Kaart", "kaart"), ("Trends", "trends"), ("Vergelijken", "vergelijken"), ("Balans", "balans")],
    "Gebieden": [
        ("Regio", "regio"),
        ("Gemeente", "gemeente"),
        ("Eigen regio", "eigen-regio"),
        ("Over de grens", "over-de-grens"),
    ],
    "Gesprek": [
        ("Regiodialoog", "regiodialoog"),
    ],
    "Methode": [("Methode", "methode")],
}

frame.setup()
groups = {
    name: [st.Page(f"pages/{path}.py", title=title, url_path=path) for title, path in pages]
    for name, pages in GROUPS.items()
}
every = [page for pages in groups.values() for page in pages]
# The default page has no path of its own in Streamlit; a link to /overzicht must work, so / leads there.
start = st.Page(lambda: st.switch_page(every[0]), title="Begin", url_path="begin", default=True)
current = st.navigation([start, *every], position="hidden")
frame.header(groups, current)
current.run()
