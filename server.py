"""What `make run` starts: the pages and, on the same port, the open-data API and what an operator needs.

`streamlit run server.py` finds `app` here. The pages stay those of `dashboard.py`, beside this file: their
folder, `static/` and `.streamlit/config.toml` are the same as with `streamlit run dashboard.py`.
"""

import os
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

import ptce_server
from ptce_api import headers, signin
from ptce_api.asgi import OpenData
from ptce_api.settings import from_environment
from ptce_data import shared
from ptce_server.firstpage import FirstPage
from ptce_ui.navigation import LANGUAGE_SCRIPT, TITLE


def _store() -> ptce_server.AnyStore:
    """The store of saved work, opened when readiness first asks."""
    from ptce_store import open_store

    return open_store()


here = Path(__file__).resolve().parent
style = (here / "static" / "style.css").read_text(encoding="utf-8")
base = str(st.get_option("server.baseUrlPath") or "")
api = OpenData(shared.dataset, shared.data_dir, from_environment())
operations = ptce_server.Operations(
    shared.dataset,
    here / "static" / "gen",
    ptce_server.from_environment(),
    # Without an address, saved work is a file of this machine: nothing to reach.
    _store if os.environ.get("PTCE_DATABASE_URL") else None,
    base,
)
# The inline scripts that may run are named by their hash: Streamlit's own, and the one that tells the language.
scripts = (*headers.inline_scripts(Path(st.__file__).parent / "static" / "index.html"), LANGUAGE_SCRIPT)
sign_in = signin.from_environment()
app = st.App(
    "dashboard.py",
    routes=[*operations.routes(), *api.routes(base)],
    middleware=[
        Middleware(headers.SecurityHeaders, policy=headers.from_environment(scripts, base)),
        Middleware(signin.SignInAnswers, settings=sign_in, base_path=base),
        *operations.middleware(),
        Middleware(FirstPage, title=TITLE, style=style, script=LANGUAGE_SCRIPT, base=base),
    ],
    lifespan=operations.lifespan,
    secrets=sign_in.secrets() if sign_in else None,
)
