"""Shared spaces of people with accounts: members, roles, invitations, the log. Nothing shows without accounts."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

import pandas as pd
import streamlit as st

from ptce_store import Role, Space
from ptce_ui import accounts, frame, pagestate, storedesk, text

#: Name of the parameter that brings an invitation.
INVITATION: Final = "invitation"
_ROLES: Final = {role: role.words for role in Role}


def make_personal() -> None:
    """Spaces that only an account can have: one's own, and one shared with one's organisation."""
    st.button("Mon espace personnel", on_click=_personal, icon=":material/person:")
    account = accounts.current()
    name = st.text_input(
        "Espace partagé",
        value=(account.organisation or "") if account else "",
        max_chars=200,
        key="espaces|organisation",
    )
    label = st.text_input(
        "Comment les autres membres vous verront",
        max_chars=200,
        key="espaces|membre",
        placeholder="Service, fonction…",
    )
    st.button(
        "Créer l’espace partagé", on_click=_organisation, args=(name, label), disabled=not (name and label)
    )
    sure = st.checkbox(
        "Je veux effacer mon compte et mon espace personnel, pour toujours", key="espaces|effacer"
    )
    st.button(
        "Effacer mon compte", on_click=_erase_account, disabled=not sure, icon=":material/person_remove:"
    )


def accept() -> None:
    """Use the invitation of the address, if there is one and somebody is signed in."""
    secret = st.query_params.get(INVITATION)
    if not secret or accounts.current() is None:
        return
    del st.query_params[INVITATION]
    storedesk.safely(lambda: storedesk.store().accept(storedesk.reader(), secret))


def _erase_account() -> None:
    storedesk.safely(lambda: storedesk.store().erase_account(storedesk.reader()))


def _personal() -> None:
    storedesk.safely(lambda: storedesk.store().personal_space(storedesk.reader()))


def _organisation(name: str, label: str) -> None:
    storedesk.safely(lambda: storedesk.store().create_organisation(storedesk.reader(), name, label=label))


def draw(space: Space) -> None:
    """Members of a shared space, and for its owners roles, invitations and the log."""
    if space.kind != "organisation":
        return
    with st.expander("Membres", icon=":material/group:", key=f"membres|{space.id}", on_change="rerun") as box:
        if not box.open:
            return
        members = storedesk.safely(lambda: storedesk.store().members(storedesk.reader(), space.id)) or ()
        for one in members:
            with st.container(horizontal=True, vertical_alignment="bottom"):
                st.markdown(
                    f"**{text.escape_markdown(one.label)}** – {one.role.words}, depuis {text.moment(one.since)}"
                )
                if space.role < Role.OWNER:
                    continue
                role = st.selectbox(
                    "Rôle", list(_ROLES), index=list(_ROLES).index(one.role), format_func=_ROLES.__getitem__,
                    key=f"role|{space.id}|{one.account}", label_visibility="collapsed", width=160,
                )  # fmt: skip
                if role != one.role:
                    st.button(
                        "Changer",
                        key=f"changer|{one.account}",
                        on_click=_set_role,
                        args=(space.id, one.account, role),
                    )
                st.button(
                    "Retirer", key=f"retirer|{one.account}", on_click=_remove, args=(space.id, one.account)
                )
        if space.role == Role.OWNER:
            _invite(space)
            _log(space)


def _set_role(space: str, account: str, role: Role) -> None:
    storedesk.safely(lambda: storedesk.store().set_role(storedesk.reader(), space, account, role))


def _remove(space: str, account: str) -> None:
    storedesk.safely(lambda: storedesk.store().remove_member(storedesk.reader(), space, account))


def _invite(space: Space) -> None:
    st.markdown("**Inviter quelqu’un** : un lien, pour une personne, valable 7 jours.")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        label = st.text_input(
            "Comment les membres verront cette personne", max_chars=200, key=f"inviter|{space.id}"
        )
        role = st.selectbox(
            "Rôle", list(_ROLES), format_func=_ROLES.__getitem__, key=f"inviter|role|{space.id}"
        )
        st.button(
            "Faire le lien",
            on_click=_made,
            args=(space.id, role, label),
            disabled=not label,
            key=f"inviter|lien|{space.id}",
        )
    found = pagestate.shared("space_invitation")
    if found is not None:
        parts = urlsplit(st.context.url or "")
        st.code(
            f"{parts.scheme}://{parts.netloc}{parts.path}?{INVITATION}={found.secret}",
            language=None,
            wrap_lines=True,
        )
    for one in storedesk.safely(lambda: storedesk.store().invitations(storedesk.reader(), space.id)) or ():
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(
                f"Invitation de {text.escape_markdown(one.label)} ({one.role.words}), jusqu’au {text.moment(one.expires_at)[3:]}"
            )
            st.button("Annuler", key=f"annuler|{one.id}", on_click=_withdraw, args=(space.id, one.id))


def _made(space: str, role: Role, label: str) -> None:
    made = storedesk.safely(lambda: storedesk.store().invite(storedesk.reader(), space, role, label=label))
    pagestate.share("space_invitation", made)


def _withdraw(space: str, invitation: str) -> None:
    storedesk.safely(lambda: storedesk.store().withdraw(storedesk.reader(), space, invitation))


def _log(space: Space) -> None:
    entries = storedesk.safely(lambda: storedesk.store().audit_log(storedesk.reader(), space.id)) or ()
    st.markdown("**Journal** : qui a fait quoi, sans contenu.")
    frame.table(
        pd.DataFrame(
            {
                "Quand": [text.moment(one.at)[3:] for one in entries],
                "Quoi": [one.action for one in entries],
                "Élément": [one.item or "" for one in entries],
                "Compte (identifiant opaque)": [one.actor or "lien" for one in entries],
            }
        ),
        alt=f"Journal de l’espace : {len(entries)} lignes",
    )
