"""What the pages share and Streamlit needs: frame, cached data, controls bound to the URL, downloads."""
