"""What `make run` starts: the pages and, on the same port, the open-data API and what an operator needs.

`streamlit run server.py` finds `app` here. The pages stay those of `dashboard.py`, beside this file: their
folder, `static/` and `.streamlit/config.toml` are the same as with `streamlit run dashboard.py`.
"""

import os
from pathlib import Path

import streamlit as st

import ptce_server
from ptce_api.asgi import OpenData
from ptce_api.settings import from_environment
from ptce_data import shared


def _store() -> ptce_server.AnyStore:
    """The store of saved work, opened when readiness first asks."""
    from ptce_store import open_store

    return open_store()


base = str(st.get_option("server.baseUrlPath") or "")
api = OpenData(shared.dataset, shared.data_dir, from_environment())
operations = ptce_server.Operations(
    shared.dataset,
    Path(__file__).resolve().parent / "static" / "gen",
    ptce_server.from_environment(),
    # Without an address, saved work is a file of this machine: nothing to reach.
    _store if os.environ.get("PTCE_DATABASE_URL") else None,
    base,
)
app = st.App(
    "dashboard.py",
    routes=[*operations.routes(), *api.routes(base)],
    middleware=operations.middleware(),
    lifespan=operations.lifespan,
)
