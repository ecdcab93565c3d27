"""Saved work from the pages: which space is open, what is saved there under which name, conflicts."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

import streamlit as st

from ptce_store import Conflict, Item, Reader, Role, Space, Store, StoreError, copy_name, open_store
from ptce_ui import accounts, pagestate, text

Made = TypeVar("Made")
#: Kind -> what a button names.
THIS: Final = {
    "study": "cette étude",
    "deck": "ce diaporama",
    "budget": "ce budget",
    "layer": "cette couche",
    "mapping": "cette correspondance",
}
#: Name of the parameter by which a link brings its key; taken out of the address at once.
KEY: Final = "cle"


@dataclass(frozen=True)
class Stored:
    """The saved item that a document of this session comes from, and the revision it was opened at."""

    item: str
    revision: int
    name: str
    space: str


@st.cache_resource(show_spinner=False)
def store() -> Store:
    """The store of this process: `PTCE_DATABASE_URL`, else `var/atlas.db`.

    What was deleted long ago goes when a process starts, whoever runs it.
    """
    made = open_store()
    with contextlib.suppress(StoreError):
        made.purge()
    return made


def reader() -> Reader:
    """Who is asking: the account that is signed in, if any, with the links opened in this session."""
    account = accounts.current()
    links = tuple(pagestate.shared("space_links") or ())
    return account.reader.with_links(*links) if account is not None else Reader.of_link(*links)


def add_link(key: str) -> None:
    """Open the space of a link in this session."""
    kept = tuple(pagestate.shared("space_links") or ())
    pagestate.share("space_links", (*(k for k in kept if k != key), key))


def safely(work: Callable[[], Made]) -> Made | None:
    """Do something with the store; what goes wrong is kept as one sentence (`said`) and gives None."""
    try:
        return work()
    except Conflict:
        raise
    except StoreError as error:
        pagestate.share("store_said", str(error))
        return None


def said() -> str:
    """What went wrong since it was last told, empty when nothing did."""
    found = str(pagestate.shared("store_said") or "")
    pagestate.share("store_said", "")
    return found


def spaces(least: Role = Role.READER) -> list[Space]:
    """The spaces that this reader may enter, with at least that role."""
    found = safely(lambda: store().spaces(reader())) or ()
    return [space for space in found if space.role >= least]


def create(name: str) -> None:
    """Make a space behind a link, and open it (callback)."""
    made = safely(lambda: store().create_link_space(name))
    if made is not None:
        space, links = made
        add_link(links.write)
        pagestate.share("space_key", {**(pagestate.shared("space_key") or {}), space.id: links})


def show_links(space: str) -> bool:
    """Show the links of a space that was just made, until its reader says that they are kept; tells whether it did."""
    links = (pagestate.shared("space_key") or {}).get(space)
    if links is None:
        return False
    st.warning(
        "Gardez ces liens maintenant : ils ne seront plus montrés. Qui a le premier peut tout faire dans cet espace ; "
        "qui a le second peut seulement lire.",
        icon=":material/key:",
    )
    parts = urlsplit(st.context.url or "")
    prefix = parts.path.rpartition("/")[0]
    for link in (links.write, links.read):
        address = f"{parts.scheme}://{parts.netloc}{prefix}/espace?{KEY}={link}"
        st.code(address, language=None, wrap_lines=True)
    st.button(
        "Je les ai gardés", on_click=_kept_links, args=(space,), icon=":material/check:", key=f"liens|{space}"
    )
    return True


def _kept_links(space: str) -> None:
    known = dict(pagestate.shared("space_key") or {})
    known.pop(space, None)
    pagestate.share("space_key", known)


def stored(kind: str) -> Stored | None:
    """Where the document of a kind on the desk comes from."""
    found: Stored | None = pagestate.shared(f"stored|{kind}")
    return found


def opened(kind: str, item: Item, revision: int) -> None:
    """Remember that the document on the desk is a saved one."""
    pagestate.share(f"stored|{kind}", Stored(item.id, revision, item.name, item.space))


def _kept(kind: str, item: Item | None) -> None:
    if item is not None:
        opened(kind, item, item.revision)
        pagestate.share("store_conflict", None)
        pagestate.share("store_done", f"Enregistré : « {item.name} », version {item.revision}.")


def _save(kind: str, make: Callable[[], bytes], space: str, name: str, again: bool) -> None:
    known = stored(kind)

    def work() -> Item:
        content = make()
        if again and known is not None:
            return store().save(reader(), known.item, content, known.revision)
        return store().save_new(reader(), space, kind, name, content)

    try:
        _kept(kind, safely(work))
    except Conflict as conflict:
        pagestate.share("store_conflict", (kind, conflict, make()))


def _resolve(kind: str, choice: str) -> None:
    _, conflict, mine = pagestate.shared("store_conflict")
    theirs = conflict.theirs
    if choice == "copy":
        name = copy_name(theirs.item.name)
        work: Callable[[], Item] = lambda: store().save_new(reader(), theirs.item.space, kind, name, mine)  # noqa: E731
    else:
        work = lambda: store().save(reader(), theirs.item.id, mine, theirs.revision)  # noqa: E731
    try:
        _kept(kind, safely(work))
    except Conflict as again:
        pagestate.share("store_conflict", (kind, again, mine))


@st.fragment
def saver(kind: str, name: str, make: Callable[[], bytes]) -> None:
    """Save the document on the desk into a space; `make` gives its file when it is asked for."""
    drawer = st.popover(
        "Enregistrer dans un espace", icon=":material/save:", key=f"espace|{kind}", on_change="rerun"
    )
    if pagestate.shared("store_done"):
        st.toast(text.escape_markdown(pagestate.shared("store_done")), icon=":material/check:")
        pagestate.share("store_done", "")
    if not drawer.open:
        return
    with drawer:
        if pagestate.shared("store_conflict") and pagestate.shared("store_conflict")[0] == kind:
            _conflict(kind)
            return
        writable = spaces(Role.EDITOR)
        wrong = said()
        if wrong:
            st.error(text.escape_markdown(wrong), icon=":material/error:")
        if not writable:
            _first_space(kind)
            return
        _form(kind, name, make, writable)


def _first_space(kind: str) -> None:
    st.markdown(
        f"Un **espace de travail** garde {THIS[kind]} sur le serveur, version après version. Sans compte, il n’est "
        "ouvert qu’à qui en a le lien : gardez ce lien, personne ne peut le retrouver pour vous."
    )
    name = st.text_input("Nom du nouvel espace", max_chars=200, key=f"espace|nouveau|{kind}")
    st.button(
        "Créer un espace", on_click=lambda: create(name or "Mon espace"), icon=":material/create_new_folder:",
        key=f"espace|creer|{kind}",
    )  # fmt: skip


def _form(kind: str, name: str, make: Callable[[], bytes], writable: list[Space]) -> None:
    known = stored(kind)
    ids = [space.id for space in writable]
    names = {space.id: space.name for space in writable}
    if known is not None and known.space in ids:
        st.markdown(
            f"Ouvert : **{text.escape_markdown(known.name)}**, version {known.revision}, de l’espace "
            f"« {text.escape_markdown(names[known.space])} »."
        )
        st.button(
            "Enregistrer une nouvelle version", type="primary", on_click=_save, key=f"espace|version|{kind}",
            args=(kind, make, known.space, known.name, True),
        )  # fmt: skip
    for one in ids:
        show_links(one)
    space: Any = st.selectbox("Espace", ids, format_func=names.__getitem__, key=f"espace|ou|{kind}")
    title = st.text_input("Sous le nom", value=name[:200], max_chars=200, key=f"espace|nom|{kind}|{name}")
    st.button(
        "Enregistrer à part" if known is not None else "Enregistrer", on_click=_save, key=f"espace|ecrire|{kind}",
        args=(kind, make, space, title, False),
    )  # fmt: skip
    st.page_link("pages/espace.py", label="Voir mes espaces et leurs liens", icon=":material/folder_shared:")


def _conflict(kind: str) -> None:
    _, conflict, _ = pagestate.shared("store_conflict")
    st.warning(text.escape_markdown(str(conflict)), icon=":material/call_split:")
    st.markdown(f"Enregistrée {text.moment(conflict.theirs.saved_at)}. Que faire de votre version ?")
    st.button(
        "Garder les deux : enregistrer la mienne à part", on_click=_resolve, args=(kind, "copy"), type="primary",
        key=f"espace|copie|{kind}",
    )  # fmt: skip
    st.button(
        "Remplacer par la mienne (l’autre reste dans l’historique)", on_click=_resolve, args=(kind, "mine"),
        key=f"espace|mienne|{kind}",
    )  # fmt: skip
    st.button(
        "Ne rien enregistrer",
        on_click=pagestate.share,
        args=("store_conflict", None),
        key=f"espace|rien|{kind}",
    )
    st.caption("Pour reprendre l’autre version, ouvrez-la depuis la page Espaces.")
