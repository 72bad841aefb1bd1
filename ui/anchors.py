"""Links that lead to a place on a page: Streamlit draws a page after the browser has looked for that place."""

from __future__ import annotations

import streamlit as st

_SCRIPT = """
{
  const name = decodeURIComponent(location.hash.slice(1));
  let left = name ? 40 : 0;
  const go = () => {
    const place = document.getElementById(name);
    if (place) {
      for (let box = place.closest('details'); box; box = box.parentElement.closest('details')) box.open = true;
      place.scrollIntoView();
    } else if (left-- > 0) setTimeout(go, 100);
  };
  if (left) go();
}
"""


def follow() -> None:
    """Go to the place that the link names, once it is there; at the end of a page."""
    st.html(f"<script>{_SCRIPT}</script>", unsafe_allow_javascript=True)
