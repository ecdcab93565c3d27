"""Sign-in with OpenID Connect: what the operator sets (docs/connexion.md), and what its answers lack.

The protocol is Streamlit's own (`st.login`, Authlib). Nothing here, and nobody without these settings, knows
anything of accounts.
"""

from __future__ import annotations

import json
import os
import re
import secrets as chance
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

#: Name of the provider in Streamlit's settings; it may hold no underscore.
PROVIDER: Final = "atlas"
#: Parameter of the address that says how signing in ended, and its value when it failed.
OUTCOME: Final = "connexion"
FAILED: Final = "refusee"
#: `openid` alone asks the provider for no name and no e-mail.
DEFAULT_SCOPE: Final = "openid"
DEFAULT_HOURS: Final = 12
MAX_HOURS: Final = 24 * 30
MIN_SECRET: Final = 32
#: Characters of `state` and `nonce`: 256 bits.
TOKEN_LENGTH: Final = 43

_NEEDED: Final = {
    "PTCE_OIDC_CLIENT_ID": "l’identifiant que le fournisseur a donné à l’atlas",
    "PTCE_OIDC_CLIENT_SECRET": "le secret que le fournisseur a donné à l’atlas",
    "PTCE_PUBLIC_URL": "l’adresse publique de l’atlas",
    "STREAMLIT_SERVER_COOKIE_SECRET": f"un secret de {MIN_SECRET} caractères au moins, le même sur chaque machine",
}
_ISSUER: Final = re.compile(r"^https?://[^\s?#]+$")
#: Scope -> what it lets us show of a reader's name, to that reader.
_SHOWN: Final = {"profile": ("name",), "given_name": ("given_name",), "usual_name": ("usual_name",)}
_LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")
_COOKIES: Final = (b"_streamlit_user=", b"_streamlit_user_")
_MAX_AGE: Final = re.compile(rb"max-age=\d+", re.IGNORECASE)


@dataclass(frozen=True)
class SignIn:
    """One provider. `claim`: the claim of the token that names the reader's organisation, or empty.

    `hours`: how long a session lasts after signing in. Printing it tells no secret.
    """

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    cookie_secret: str = field(repr=False)
    public_url: str
    scope: str = DEFAULT_SCOPE
    claim: str = ""
    acr_values: str = ""
    prompt: str = ""
    hours: int = DEFAULT_HOURS
    label: str = "Se connecter"

    def secrets(self) -> dict[str, Any]:
        """What `st.App(secrets=…)` takes, instead of a file of secrets."""
        asked: dict[str, str] = {}
        wanted = [name for scope, names in _SHOWN.items() if scope in self.scope.split() for name in names]
        wanted += [self.claim] if self.claim else []
        if wanted:
            # Without this a provider tells them by another request, which Streamlit does not make.
            asked["claims"] = json.dumps({"id_token": dict.fromkeys(wanted)}, separators=(",", ":"))
        if self.acr_values:
            asked["acr_values"] = self.acr_values
        return {
            "auth": {
                "redirect_uri": f"{self.public_url}/oauth2callback",
                "cookie_secret": self.cookie_secret,
                PROVIDER: {
                    "client_id": self.client_id,
                    "client_secret": self.client_secret,
                    "server_metadata_url": f"{self.issuer.rstrip('/')}/.well-known/openid-configuration",
                    # Streamlit would ask for select_account, which ProConnect and others refuse; empty counts as
                    # not asked (RFC 6749, 3.1).
                    "client_kwargs": {"scope": self.scope, "prompt": self.prompt},
                    "authorize_params": asked,
                },
            }
        }


def from_environment(environment: Mapping[str, str] | None = None) -> SignIn | None:
    """The provider that `PTCE_OIDC_ISSUER` names, None without it.

    Also read: PTCE_OIDC_CLIENT_ID, PTCE_OIDC_CLIENT_SECRET, PTCE_PUBLIC_URL, STREAMLIT_SERVER_COOKIE_SECRET
    (all needed); PTCE_OIDC_SCOPE, PTCE_OIDC_ORGANISATION_CLAIM, PTCE_OIDC_ACR, PTCE_OIDC_PROMPT,
    PTCE_OIDC_HOURS, PTCE_OIDC_LABEL. Raises ValueError with a French sentence that names the variable and
    never its value.
    """
    given = os.environ if environment is None else environment
    told = {
        name: value.strip()
        for name, value in given.items()
        if name.startswith("PTCE_OIDC_") and value.strip()
    }
    issuer = told.get("PTCE_OIDC_ISSUER", "")
    if not issuer:
        if told:
            raise ValueError(
                f"{min(told)} est réglé, mais PTCE_OIDC_ISSUER ne l’est pas : réglez les deux ou aucun."
            )
        return None
    values = {name: given.get(name, "").strip() for name in _NEEDED}
    for name, words in _NEEDED.items():
        if not values[name]:
            raise ValueError(f"La connexion par OpenID Connect demande {name} : {words}.")
    _check_address("PTCE_OIDC_ISSUER", issuer)
    _check_address("PTCE_PUBLIC_URL", values["PTCE_PUBLIC_URL"])
    if len(values["STREAMLIT_SERVER_COOKIE_SECRET"]) < MIN_SECRET:
        raise ValueError(f"STREAMLIT_SERVER_COOKIE_SECRET doit avoir {MIN_SECRET} caractères au moins.")
    scope = " ".join(told.get("PTCE_OIDC_SCOPE", DEFAULT_SCOPE).split())
    if "openid" not in scope.split():
        raise ValueError("PTCE_OIDC_SCOPE doit contenir « openid ».")
    claim = told.get("PTCE_OIDC_ORGANISATION_CLAIM", "")
    if not re.fullmatch(r"[A-Za-z0-9_:./\-]{0,100}", claim):
        raise ValueError("PTCE_OIDC_ORGANISATION_CLAIM doit être le nom d’une seule donnée du jeton.")
    hours = told.get("PTCE_OIDC_HOURS", str(DEFAULT_HOURS))
    if not hours.isdecimal() or not 1 <= int(hours) <= MAX_HOURS:
        raise ValueError(f"PTCE_OIDC_HOURS doit être un nombre d’heures entre 1 et {MAX_HOURS}.")
    return SignIn(
        issuer=issuer,
        client_id=values["PTCE_OIDC_CLIENT_ID"],
        client_secret=values["PTCE_OIDC_CLIENT_SECRET"],
        cookie_secret=values["STREAMLIT_SERVER_COOKIE_SECRET"],
        public_url=values["PTCE_PUBLIC_URL"].rstrip("/"),
        scope=scope,
        claim=claim,
        acr_values=told.get("PTCE_OIDC_ACR", ""),
        prompt=told.get("PTCE_OIDC_PROMPT", ""),
        hours=int(hours),
        label=told.get("PTCE_OIDC_LABEL", "Se connecter")[:60],
    )


def _check_address(name: str, value: str) -> None:
    if not _ISSUER.match(value):
        raise ValueError(f"{name} doit être une adresse https:// sans paramètre.")
    at = urlsplit(value)
    if at.scheme != "https" and at.hostname not in _LOOPBACK:
        raise ValueError(
            f"{name} doit commencer par https:// (http:// n’est admis que sur le poste lui-même)."
        )


def longer_secrets() -> None:
    """Make Authlib draw `state` and `nonce` of 43 characters: its own have 30 and 20, ProConnect asks for 32.

    Authlib offers no setting for it, and Streamlit hands it none. Twice does no harm.
    """
    from authlib.common.security import generate_token
    from authlib.integrations.base_client import sync_app
    from authlib.oauth2 import client

    def drawn(length: int = TOKEN_LENGTH) -> str:
        return str(generate_token(max(length, TOKEN_LENGTH)))

    sync_app.generate_token = drawn
    client.generate_token = drawn


class SignInAnswers:
    """ASGI middleware around Streamlit's sign-in: says when it failed, and shortens what the browser keeps.

    Streamlit leads back to the home page without a word when the provider refuses, keeps its cookies for 30
    days, and signs out without the `state` that ProConnect asks for.
    """

    def __init__(self, app: App, settings: SignIn | None = None, base_path: str = "") -> None:
        self._app = app
        self._settings = settings
        prefix = f"/{base_path.strip('/')}" if base_path.strip("/") else ""
        self._callback = f"{prefix}/oauth2callback"
        self._logout = f"{prefix}/auth/logout"
        if settings is not None:
            longer_secrets()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does but for the two addresses of the sign-in."""
        settings = self._settings
        if settings is None or scope["type"] != "http" or scope["path"] not in (self._callback, self._logout):
            await self._app(scope, receive, send)
            return
        asked = parse_qs(scope.get("query_string", b"").decode("latin-1"))

        async def mended(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message.get("headers", ()))
                is_in = any(
                    n.lower() == b"set-cookie" and _is_kept(v) and v.startswith(_COOKIES[0])
                    for n, v in headers
                )
                headers = [
                    (n, _shorter(v, settings.hours) if n.lower() == b"set-cookie" else v) for n, v in headers
                ]
                extra = b""
                if scope["path"] == self._logout:
                    extra = f"state={chance.token_urlsafe(32)}".encode()
                elif ("code" in asked or "error" in asked) and not is_in:
                    extra = f"{OUTCOME}={FAILED}".encode()
                headers = [(n, _with(v, extra, scope["path"] == self._logout) if n.lower() == b"location" else v)
                           for n, v in headers]  # fmt: skip
                message = {**message, "headers": headers}
            await send(message)

        await self._app(scope, receive, mended)


def _is_kept(cookie: bytes) -> bool:
    """Whether a cookie is set rather than taken away."""
    return b"max-age=0" not in cookie.lower()


def _shorter(cookie: bytes, hours: int) -> bytes:
    """A cookie of the sign-in that ends with the session; one that deletes stays as it is."""
    if not cookie.startswith(_COOKIES) or not _is_kept(cookie):
        return cookie
    return _MAX_AGE.sub(b"Max-Age=%d" % (hours * 3600), cookie)


def _with(location: bytes, extra: bytes, is_outside_only: bool) -> bytes:
    """An address with one more parameter; `is_outside_only`: our own addresses stay as they are."""
    if not extra or (is_outside_only and not location.startswith(b"http")):
        return location
    return location + (b"&" if b"?" in location else b"?") + extra
