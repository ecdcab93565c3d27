"""How `check_links.py` asks a server: one request, no redirect followed, public addresses only."""

from __future__ import annotations

import http.client
import ipaddress
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Final
from urllib.parse import quote, urljoin, urlsplit

#: (method, address) -> (HTTP status, address it leads to or ""). Raises OSError or RefusedError.
Transport = Callable[[str, str], tuple[int, str]]
Resolve = Callable[[str], list[str]]
AGENT: Final = "atlas-cooperation-verification-de-liens/1.0 (à la main, une fois ; une requête par page)"
_PORTS: Final = (None, 80, 443, 8080, 8443)


class RefusedError(ValueError):
    """We do not ask this address; the message says why, in French."""


def resolve(host: str) -> list[str]:
    """The IP addresses of a host. Raises OSError."""
    return [str(info[4][0]) for info in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)]


def resolve_behind_proxy(host: str) -> list[str]:
    """The same where a proxy asks for us: a name that only the proxy can look up is left to it."""
    try:
        return resolve(host)
    except OSError:
        return []


def allowed(url: str, look_up: Resolve) -> str:
    """The address as it may be sent (ASCII). Raises RefusedError unless http(s) to a public address."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise RefusedError("l’adresse est mal formée") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise RefusedError("ni http ni https")
    if parts.username is not None or port not in _PORTS:
        raise RefusedError("adresse avec un identifiant ou un port inhabituel")
    try:
        ips = [str(ipaddress.ip_address(parts.hostname))]
    except ValueError:
        ips = look_up(parts.hostname)
    for ip in ips:
        address = ipaddress.ip_address(ip.partition("%")[0])
        if not address.is_global or address.is_multicast:
            raise RefusedError("adresse d’un réseau privé")
    host = parts.hostname.encode("idna").decode("ascii")
    netloc = f"[{host}]" if ":" in host else host
    netloc += f":{port}" if port else ""
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~-._?")
    return f"{parts.scheme}://{netloc}{path}" + (f"?{query}" if query else "")


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Redirects are followed by the caller, who checks each step."""

    def redirect_request(self, *_: object, **__: object) -> None:
        return None


class Network:
    """Requests through the standard library; `timeout` and `delay` in seconds.

    `look_up` and `opener` can be replaced; a proxy of the environment is used as usual.
    """

    def __init__(
        self,
        timeout: float = 20.0,
        delay: float = 2.0,
        look_up: Resolve | None = None,
        opener: urllib.request.OpenerDirector | None = None,
    ) -> None:
        self.timeout = timeout
        self.delay = delay
        self.look_up = look_up or (resolve_behind_proxy if urllib.request.getproxies() else resolve)
        self.opener = opener or urllib.request.build_opener(_NoRedirect)

    def pause(self) -> None:
        """Wait before the next address of the same host."""
        time.sleep(self.delay)

    def ask(self, method: str, url: str) -> tuple[int, str]:
        """One request; the body is not read. Raises OSError, RefusedError."""
        try:
            sent = allowed(url, self.look_up)
            request = urllib.request.Request(sent, method=method, headers={"User-Agent": AGENT.encode("latin-1", "replace").decode("latin-1"), "Accept": "*/*"})  # fmt: skip
            with self.opener.open(request, timeout=self.timeout) as answer:
                return int(answer.status), ""
        except urllib.error.HTTPError as error:
            with error:
                target = error.headers.get("Location") or ""
                return int(error.code), urljoin(url, target) if target else ""
        except (http.client.HTTPException, UnicodeError) as error:
            raise ConnectionError(str(error)) from error
