"""Regiomonitor Brede Welvaart: page configuration and navigation."""

import streamlit as st

from ui import frame, identity

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
        ("Cijfer en verhaal", "cijfer-en-verhaal"),
        ("Regiodialoog", "regiodialoog"),
        ("Eigen bevindingen", "eigen-bevindingen"),
    ],
    "Aanpak": [
        ("Plan voor de regio", "plan"),
        ("Lopende trajecten", "trajecten"),
        ("Logboek", "logboek"),
        ("AB-pakket", "ab-pakket"),
    ],
    "Methode": [("Methode", "methode"), ("Edities", "edities")],
}

frame.setup()
groups = {
    name: [st.Page(f"pages/{path}.py", title=title, url_path=path) for title, path in pages]
    for name, pages in GROUPS.items()
}
every = [page for pages in groups.values() for page in pages]
# The default page has no path of its own in Streamlit; a link to /overzicht must work, so / leads there.
start = st.Page(lambda: identity.begin(every), title="Begin", url_path="begin", default=True)
# Reached through the search field and the footer, so they are in no group.
search = st.Page("pages/zoeken.py", title="Zoeken", url_path="zoeken")
statement = st.Page("pages/toegankelijkheid.py", title="Toegankelijkheid", url_path="toegankelijkheid")
current = st.navigation([start, *every, search, statement], position="hidden")
frame.header(groups, current)
current.run()
