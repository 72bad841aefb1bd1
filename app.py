"""Regiomonitor Brede Welvaart: page configuration and navigation."""

import streamlit as st

from ui import frame

frame.setup()
kaart = st.Page("pages/kaart.py", title="Kaart", url_path="kaart")
trends = st.Page("pages/trends.py", title="Trends", url_path="trends")
regio = st.Page("pages/regio.py", title="Regio", url_path="regio")
# The default page has no path of its own in Streamlit; a link to /kaart must work, so / leads there.
start = st.Page(lambda: st.switch_page(kaart), title="Begin", url_path="begin", default=True)
current = st.navigation([start, kaart, trends, regio], position="hidden")
frame.header([kaart, trends, regio], current)
current.run()
