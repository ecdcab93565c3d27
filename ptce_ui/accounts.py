"""Who is reading: nobody in particular, or somebody whom the organisation's OpenID Connect provider named.

Without `PTCE_OIDC_ISSUER` nothing here shows. Of a signed-in reader the atlas uses the issuer and the subject
of the token, and no e-mail; a name is shown in the reader's own pages only and is kept nowhere.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import streamlit as st

from ptce_api import signin
from ptce_store import Reader
from ptce_ui import text

#: Seconds by which the provider's clock may be ahead of ours.
_AHEAD: Final = 120
_LONGEST: Final = 200
_NAMES: Final = ("name", "given_name", "usual_name", "family_name")


@dataclass(frozen=True)
class Account:
    """A signed-in reader. `organisation`: value of the claim that the operator named, None without one.

    `shown` is for the reader's own screen, never to be kept. Printing an account tells no identity.
    """

    issuer: str = field(repr=False)
    subject: str = field(repr=False)
    organisation: str | None = field(default=None, repr=False)
    shown: str = field(default="", repr=False)

    @property
    def reader(self) -> Reader:
        """Who this is for `ptce_store`."""
        return Reader.of_account(self.issuer, self.subject)


@functools.cache
def settings() -> signin.SignIn | None:
    """The provider of this process, None without accounts."""
    return signin.from_environment()


def are_on() -> bool:
    """Whether the operator has set a provider."""
    return settings() is not None


def current() -> Account | None:
    """The signed-in reader, None for nobody, for a session that is over and for another provider's."""
    provider = settings()
    return None if provider is None else account(_claims(), provider, time.time())


def account(claims: Mapping[str, Any], provider: signin.SignIn, now: float) -> Account | None:
    """The account that the claims of a verified token name at `now` (seconds since 1970), else None.

    Streamlit checks neither the age of the token nor, after a change of provider, where it came from.
    """
    if not claims.get("is_logged_in"):
        return None
    subject, issued, audience = claims.get("sub"), claims.get("iat"), claims.get("aud")
    if claims.get("iss") != provider.issuer or not isinstance(subject, str) or not subject:
        return None
    if provider.client_id not in (audience if isinstance(audience, list) else [audience]):
        return None
    if isinstance(issued, bool) or not isinstance(issued, (int, float)):
        return None
    if not issued - _AHEAD <= now < issued + provider.hours * 3600:
        return None
    organisation = claims.get(provider.claim) if provider.claim else None
    shown = claims.get("name") or " ".join(
        str(claims[n]) for n in _NAMES[1:3] if isinstance(claims.get(n), str)
    )
    return Account(
        provider.issuer,
        subject,
        organisation[:_LONGEST] if isinstance(organisation, str) and organisation else None,
        shown[:_LONGEST] if isinstance(shown, str) else "",
    )


def is_over() -> bool:
    """Whether somebody was signed in and must sign in again."""
    return are_on() and bool(_claims().get("is_logged_in")) and current() is None


def _claims() -> Mapping[str, Any]:
    return dict(st.user)


def button() -> None:
    """The way in or out, and how the last attempt ended; nothing at all without a provider."""
    provider = settings()
    # A frame in another site cannot sign in: browsers keep our cookies from it.
    if provider is None or st.context.is_embedded:
        return
    # Before the page reads its address: this parameter is no filter.
    is_refused = st.query_params.get(signin.OUTCOME) == signin.FAILED
    if signin.OUTCOME in st.query_params:
        del st.query_params[signin.OUTCOME]
    found = current()
    with st.container(
        horizontal=True, vertical_alignment="center", horizontal_alignment="right", key="compte"
    ):
        if found is None:
            # A former session's cookie says nothing any more; signing in replaces it.
            st.button(
                provider.label, icon=":material/login:", type="tertiary", on_click=st.login,
                args=(signin.PROVIDER,), key="compte|entrer",
                help="Ouvre la page de connexion de votre organisation, puis l’accueil de l’atlas. "
                "Ce qui n’est pas enregistré ou téléchargé est perdu.",
            )  # fmt: skip
        else:
            who = f"Connecté : {text.escape_markdown(found.shown)}" if found.shown else "Connecté"
            st.caption(f":material/account_circle: {who}")
            st.button(
                "Se déconnecter", icon=":material/logout:", type="tertiary", on_click=st.logout, key="compte|sortir",
                help="Ferme aussi la session chez votre fournisseur d’identité, s’il le permet.",
            )  # fmt: skip
    if is_refused and found is None:
        st.warning(
            "La connexion n’a pas abouti : votre fournisseur d’identité l’a refusée, ou vous l’avez interrompue. "
            "La lecture de l’atlas reste ouverte.",
            icon=":material/no_accounts:",
        )
    elif is_over():
        st.info(
            "Votre session est terminée. Reconnectez-vous pour retrouver votre travail enregistré.",
            icon=":material/schedule:",
        )
