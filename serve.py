"""The app as it is served: ``streamlit run serve.py``. It draws what app.py draws, and reads the figures at once."""

import streamlit as st

from ui import warm

app = st.App("app.py", lifespan=warm.lifespan)
