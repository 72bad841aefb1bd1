"""What a browser still holds of a form when the process with its session is gone and another goes on."""

from __future__ import annotations

import re

from streamlit.runtime.scriptrunner import get_script_run_ctx


def key(pattern: re.Pattern[str]) -> str:
    """The part of a widget's key that ``pattern`` catches, among the widgets that the browser sent the state of.

    Streamlit keeps the state of a widget that it did not draw yet, and gives it once it is drawn under the same key.
    It offers no way to ask for the keys; where it keeps them otherwise, nothing is found and the form starts empty.
    """
    context = get_script_run_ctx()
    try:
        sent = list(context.session_state._state._new_widget_state)  # type: ignore[union-attr]
    except (AttributeError, TypeError):
        return ""
    found = (pattern.search(str(identity)) for identity in sent)
    return next((match[1] for match in found if match), "")
