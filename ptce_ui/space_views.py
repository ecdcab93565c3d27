"""The Espaces page: spaces one may enter, what they hold, versions, links, what can be taken back."""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING, Final

import streamlit as st

from ptce_store import KIND_WORDS, Item, Role, Space, StoreError
from ptce_ui import accounts, frame, incoming, pagestate, space_people, storedesk, text, undo
from ptce_ui.pagestate import PageState

if TYPE_CHECKING:
    from ptce_data.load import Dataset

_ICONS: Final = {
    "study": ":material/edit_document:",
    "deck": ":material/slideshow:",
    "budget": ":material/payments:",
    "layer": ":material/layers:",
    "mapping": ":material/rule:",
}
_DAYS: Final = 30


def enter() -> None:
    """Take the key of a link out of the address: it must not be copied with a view, nor stay in the history."""
    key = st.query_params.get(storedesk.KEY)
    if key:
        storedesk.add_link(key)
        del st.query_params[storedesk.KEY]
    space_people.accept()


def draw(dataset: Dataset, state: PageState) -> None:
    """The spaces of this reader, and the one chosen."""
    found = storedesk.spaces()
    wrong = storedesk.said()
    if wrong:
        st.error(text.escape_markdown(wrong), icon=":material/error:")
    _open_or_make(bool(found))
    if not found:
        return
    ids = [space.id for space in found]
    if state.get("espace") not in ids:
        state.set("espace", ids[0])
    names = {space.id: f"{space.name} ({space.role.words})" for space in found}
    if len(ids) > 1:
        st.selectbox("Espace", ids, key=state.key("espace"), format_func=names.__getitem__)
    space = next(s for s in found if s.id == state.get("espace"))
    st.subheader(text.escape_markdown(space.name))
    _about(space)
    items = storedesk.safely(lambda: storedesk.store().items(storedesk.reader(), space.id)) or ()
    if not items:
        st.info(
            "Cet espace est vide. Le bouton « Enregistrer dans un espace » est sur les pages Étude, Conférence, "
            "Financements (Mon budget) et Données (Ajouter ma couche).",
            icon=":material/inbox:",
        )
    for item in items:
        _item(dataset, space, item)
    _deleted(space)
    if space.role >= Role.EDITOR or items:
        _files(space)
    if space.role == Role.OWNER:
        _erase(space)


def _open_or_make(has_some: bool) -> None:
    if not has_some:
        st.markdown(
            "Un **espace de travail** garde vos études, diaporamas, budgets et couches sur le serveur, version après "
            "version. Sans compte, il n’est ouvert qu’à qui en a le **lien** : personne ne peut le retrouver pour vous."
        )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        with st.popover("Créer un espace", icon=":material/create_new_folder:"):
            name = st.text_input("Nom de l’espace", max_chars=200, key="espaces|nom")
            st.button("Créer", type="primary", on_click=lambda: storedesk.create(name or "Mon espace"))
            if accounts.current() is not None:
                space_people.make_personal()
        with st.popover("Ouvrir avec un lien", icon=":material/link:"):
            key = st.text_input("Lien ou clé de l’espace", max_chars=2_000, key="espaces|cle")
            st.button("Ouvrir", on_click=lambda: storedesk.add_link(_key_of(key)), disabled=not key)


def _key_of(given: str) -> str:
    """The key inside a pasted link, or the text itself."""
    mark = f"{storedesk.KEY}="
    return given.rpartition(mark)[2].partition("&")[0].strip() if mark in given else given.strip()


def _about(space: Space) -> None:
    st.caption(
        f"Vous y êtes {space.role.words}. Créé {text.moment(space.created_at)}, cet espace garde {text.weight(space.stored)}."
    )
    if space.kind != "link":
        space_people.draw(space)
        return
    if not storedesk.show_links(space.id) and space.role == Role.OWNER:
        # In two steps: nothing brings the former links back.
        with st.popover("Remplacer les liens", icon=":material/autorenew:"):
            st.markdown("Deux nouveaux liens sont faits. **Les anciens n’ouvrent plus rien**, pour personne.")
            st.button("Les remplacer", on_click=_renew, args=(space.id,), icon=":material/autorenew:")


def _renew(space: str) -> None:
    links = storedesk.safely(lambda: storedesk.store().renew_links(storedesk.reader(), space))
    if links is not None:
        storedesk.add_link(links.write)
        pagestate.share("space_key", {**(pagestate.shared("space_key") or {}), space: links})


def _item(dataset: Dataset, space: Space, item: Item) -> None:
    with st.container(border=True):
        st.markdown(
            f"{_ICONS[item.kind]} **{text.escape_markdown(item.name)}** – {KIND_WORDS[item.kind]}, version {item.revision}, "
            f"{text.moment(item.saved_at)}"
        )
        with st.container(horizontal=True):
            if st.button("Ouvrir", key=f"ouvrir|{item.id}", icon=":material/open_in_new:", type="primary"):
                _open(dataset, item, None)
            with st.popover(
                "Versions", icon=":material/history:", key=f"versions|{item.id}", on_change="rerun"
            ) as box:
                if box.open:
                    _versions(dataset, space, item)
            if space.role >= Role.EDITOR:
                with st.popover("Renommer", icon=":material/edit:"):
                    name = st.text_input(
                        "Nouveau nom", value=item.name, max_chars=200, key=f"nom|{item.id}|{item.name}"
                    )
                    st.button("Renommer", key=f"renommer|{item.id}", on_click=_rename, args=(item.id, name))
                st.button(
                    "Dupliquer", key=f"dupliquer|{item.id}", on_click=_duplicate, args=(item.id,),
                    icon=":material/content_copy:",
                )  # fmt: skip
                st.button(
                    "Supprimer",
                    key=f"supprimer|{item.id}",
                    on_click=_delete,
                    args=(space, item),
                    icon=":material/delete:",
                )


def _open(dataset: Dataset, item: Item, revision: int | None) -> None:
    """Set an item on its page's desk, and go there."""
    found = storedesk.safely(lambda: storedesk.store().get(storedesk.reader(), item.id, revision))
    if found is None:
        st.error(text.escape_markdown(storedesk.said()))
        return
    try:
        incoming.put(dataset, item.kind, found.content)
    except incoming.REFUSALS as error:
        st.error(
            f"« {text.escape_markdown(item.name)} » n’a pas pu être ouvert, et reste enregistré. {text.escape_markdown(str(error))} "
            "Une version passée peut se rouvrir (« Versions »)."
        )
        return
    # A former version is saved over the present one only knowingly: as what is newer than both.
    storedesk.opened(item.kind, item, item.revision)
    page, query = incoming.PAGES[item.kind]
    st.switch_page(page, query_params=query)


def _versions(dataset: Dataset, space: Space, item: Item) -> None:
    for one in storedesk.safely(lambda: storedesk.store().history(storedesk.reader(), item.id)) or ():
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{one.number}** – {text.moment(one.saved_at)}, {text.weight(one.size)}")
            if st.button("Ouvrir", key=f"ouvrir|{item.id}|{one.number}"):
                _open(dataset, item, one.number)
            if space.role >= Role.EDITOR and one.number != item.revision:
                st.button(
                    "Reprendre comme version actuelle", key=f"reprendre|{item.id}|{one.number}", on_click=_restore,
                    args=(item.id, one.number, item.revision),
                )  # fmt: skip


def _rename(item: str, name: str) -> None:
    storedesk.safely(lambda: storedesk.store().rename(storedesk.reader(), item, name))


def _duplicate(item: str) -> None:
    storedesk.safely(lambda: storedesk.store().duplicate(storedesk.reader(), item))


def _delete(space: Space, item: Item) -> None:
    if storedesk.safely(lambda: storedesk.store().delete(storedesk.reader(), item.id)) is not None:
        undo.remember(f"espace|{space.id}", f"« {item.name} » supprimé de l’espace.", item.id)


def _undelete(item: str) -> None:
    storedesk.safely(lambda: storedesk.store().undelete(storedesk.reader(), item))


def _restore(item: str, revision: int, expected: int) -> None:
    try:
        storedesk.safely(
            lambda: storedesk.store().restore_revision(storedesk.reader(), item, revision, expected)
        )
    except StoreError as error:
        pagestate.share("store_said", str(error))


def _deleted(space: Space) -> None:
    if space.role < Role.EDITOR:
        return
    gone = storedesk.safely(
        lambda: storedesk.store().items(storedesk.reader(), space.id, deleted=True)
    ) or ()  # fmt: skip
    undo.settle(f"espace|{space.id}", lambda item: item not in {one.id for one in gone})
    undo.offer(f"espace|{space.id}", _undelete)
    if not gone:
        return
    with st.expander(f"Supprimés depuis moins de {_DAYS} jours ({len(gone)})", icon=":material/delete:"):
        for item in gone:
            with st.container(horizontal=True, vertical_alignment="center"):
                end = (item.deleted_at or dt.datetime.now(dt.UTC)) + dt.timedelta(days=_DAYS)
                st.markdown(f"{text.escape_markdown(item.name)} – effacé pour toujours {text.moment(end)}")
                st.button(
                    "Reprendre", key=f"reprendre|{item.id}", icon=":material/undo:",
                    on_click=_undelete, args=(item.id,),
                )  # fmt: skip


def _files(space: Space) -> None:
    """The whole space as a file, and back."""
    with st.expander("Emporter ou reprendre tout l’espace", icon=":material/folder_zip:"):
        name = f"espace-{text.slug(space.name)}"
        frame.downloads(
            f"espace|{space.id}",
            {
                "Tout l’espace (ZIP)": (f"{name}.zip", "application/zip", lambda: _zip(space, False)),
                "Avec toutes les versions (ZIP)": (
                    f"{name}-versions.zip", "application/zip", lambda: _zip(space, True),
                ),
            },
        )  # fmt: skip
        if space.role < Role.EDITOR:
            return
        given = st.file_uploader(
            "Reprendre un espace emporté (ZIP)", type=["zip"], key=f"espace|zip|{space.id}"
        )
        if given is not None and pagestate.shared("space_zip") != given.file_id:
            pagestate.share("space_zip", given.file_id)
            made = storedesk.safely(
                lambda: storedesk.store().import_space(
                    storedesk.reader(), space.id, io.BytesIO(given.getvalue())
                )
            )
            if made is None:
                st.error(text.escape_markdown(storedesk.said()))
            else:
                st.rerun()


def _zip(space: Space, history: bool) -> bytes:
    out = io.BytesIO()
    storedesk.store().export_space(storedesk.reader(), space.id, out, history=history)
    return out.getvalue()


def _erase(space: Space) -> None:
    """For ever: the name is typed first."""
    with st.expander("Effacer cet espace", icon=":material/delete_forever:"):
        st.markdown(
            "Tout ce qu’il contient est effacé **pour toujours**, versions comprises. Emportez-le d’abord."
        )
        typed = st.text_input("Pour confirmer, écrivez son nom", key=f"effacer|nom|{space.id}", max_chars=200)
        st.button(
            "Effacer l’espace", disabled=typed.strip() != space.name, key=f"effacer|{space.id}",
            on_click=lambda: storedesk.safely(lambda: storedesk.store().erase_space(storedesk.reader(), space.id)),
        )  # fmt: skip
