"""Choosing a file, in Dutch; what is chosen is given once, and the chooser is empty again."""

from __future__ import annotations

import streamlit as st

# Megabytes; also in .streamlit/config.toml.
MOST = 10
# What Streamlit's uploader says by itself is English, to the eye and to who hears the page.
_DUTCH = """
{
  const names = [
    ['[data-testid=stFileUploaderDropzoneInput]', 'Kies een bestand'],
    ['[aria-label="Add files"]', 'Kies een ander bestand'],
    ['[aria-label^="Remove "]', 'Haal dit bestand weg'],
  ];
  const fault = 'Dit bestand is groter dan MOST MB, of het kwam niet over. Kies met + een ander bestand.';
  const texts = [[/^Drag and drop/, 'Laat het bestand hier los'], [/per file/, '']];
  const dutch = () => document.querySelectorAll('[data-testid=stFileUploader]').forEach(box => {
    names.forEach(([where, name]) => box.querySelectorAll(where).forEach(e => e.setAttribute('aria-label', name)));
    box.querySelectorAll('[role=alert]').forEach(said =>
      said.childNodes.forEach((part, k) => { part.nodeValue = k ? '' : fault; }));
    const walk = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
      const found = texts.find(([said]) => said.test(walk.currentNode.nodeValue));
      if (found) walk.currentNode.nodeValue = found[1];
    }
  });
  dutch();
  if (!window.ownUploader) {
    window.ownUploader = new MutationObserver(dutch);
    window.ownUploader.observe(document.body, {subtree: true, childList: true});
  }
}
"""


def choose(label: str, name: str) -> tuple[str, bytes] | None:
    """A field to choose one file with.

    Args:
        label: what to choose, with the kinds and ``MOST``.
        name: makes it unique on the page.

    Returns:
        Name and content of a file that was chosen just now, else None. Who gets one keeps it and runs the page
        again, so that Streamlit's own list of files is not shown.
    """
    turn = st.session_state.setdefault(f"kiezer-beurt-{name}", 0)
    with st.container(key=f"kiezer-{name}"):
        st.html(f"<script>{_DUTCH.replace('MOST', str(MOST))}</script>", unsafe_allow_javascript=True)
        file = st.file_uploader(label, key=f"kiezer-{name}-{turn}", max_upload_size=MOST)
    if file is None:
        return None
    st.session_state[f"kiezer-beurt-{name}"] = turn + 1
    return file.name, file.getvalue()
