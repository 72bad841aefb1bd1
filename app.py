"""Regiomonitor Brede Welvaart: page configuration and navigation."""

import streamlit as st

from ui import frame

frame.setup()
overzicht = st.Page("pages/overzicht.py", title="Overzicht", url_path="overzicht")
kaart = st.Page("pages/kaart.py", title="Kaart", url_path="kaart")
trends = st.Page("pages/trends.py", title="Trends", url_path="trends")
vergelijken = st.Page("pages/vergelijken.py", title="Vergelijken", url_path="vergelijken")
regio = st.Page("pages/regio.py", title="Regio", url_path="regio")
eigen = st.Page("pages/eigen-regio.py", title="Eigen regio", url_path="eigen-regio")
grens = st.Page("pages/over-de-grens.py", title="Over de grens", url_path="over-de-grens")
gemeente = st.Page("pages/gemeente.py", title="Gemeente", url_path="gemeente")
balans = st.Page("pages/balans.py", title="Balans", url_path="balans")
dialoog = st.Page("pages/regiodialoog.py", title="Regiodialoog", url_path="regiodialoog")
methode = st.Page("pages/methode.py", title="Methode", url_path="methode")
# The default page has no path of its own in Streamlit; a link to /overzicht must work, so / leads there.
start = st.Page(lambda: st.switch_page(overzicht), title="Begin", url_path="begin", default=True)
pages = [overzicht, kaart, trends, vergelijken, regio, eigen, grens, gemeente, balans, dialoog, methode]
current = st.navigation([start, *pages], position="hidden")
frame.header(pages, current)
current.run()
