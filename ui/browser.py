"""What tells one browser apart from another, without a cookie of our own."""

from __future__ import annotations

import streamlit as st


def mark() -> str:
    """A random mark that Streamlit gave this browser; empty without one, so also where cookies are refused.

    The mark is written differently each time: '2|mask|mark xor mask|time'.
    """
    parts = st.context.cookies.get("_streamlit_xsrf", "").split("|")
    try:
        mask, marked = (bytes.fromhex(part) for part in parts[1:3])
    except ValueError:
        return ""
    return bytes(b ^ mask[k % len(mask)] for k, b in enumerate(marked)).hex() if mask else ""
