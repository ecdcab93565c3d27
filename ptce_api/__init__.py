"""The read-only open-data API: OGC API – Features over the data set, the package of files, the catalogue.

`asgi.OpenData` is the whole API as one ASGI application; `server.py` mounts it beside the pages. Nothing
here knows the screen: no streamlit, no ptce_ui.
"""
