"""Who asks, how often, and by which address: nothing a client may write about itself is believed."""

from __future__ import annotations

import functools
import ipaddress
import math
import re
import time
from collections.abc import Mapping
from typing import Any, Final

from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from ptce_api.answers import Refused

_HOST: Final = re.compile(r"^(?:[A-Za-z0-9](?:[A-Za-z0-9.\-]{0,252})|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?$")
_IPV6_NETWORK: Final = 64


class RateLimit:
    """So many requests per client and period ("6000/minute"); `rate` None counts nothing.

    The client is the peer of the connection. The server (uvicorn) replaces it by `X-Forwarded-For` only for
    the proxies that `FORWARDED_ALLOW_IPS` names; the header itself is never read here.
    """

    def __init__(self, rate: str | None) -> None:
        self._rate = parse(rate) if rate else None
        self._limiter = FixedWindowRateLimiter(MemoryStorage())

    def check(self, scope: Mapping[str, Any]) -> None:
        """Count a request. Raises Refused (429) with `Retry-After` in seconds."""
        if self._rate is None:
            return
        who = network((scope.get("client") or ("",))[0])
        if self._limiter.hit(self._rate, who):
            return
        left = self._limiter.get_window_stats(self._rate, who).reset_time - time.time()
        if left > self._rate.get_expiry() + 1:
            # The clock went back: the window would last as long as it went.
            self._limiter.clear(self._rate, who)
            self._limiter.hit(self._rate, who)
            return
        wait = max(1, math.ceil(left))
        raise Refused(
            429,
            f"Trop de demandes en peu de temps. Réessayez dans {wait} s.",
            (("Retry-After", str(wait)),),
        )


@functools.lru_cache(maxsize=1024)
def network(address: str) -> str:
    """One name per client: an IPv6 customer has a whole /64 to send from."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address or "?"
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, _IPV6_NETWORK), strict=False))
    return str(found)


def base_url(scope: Mapping[str, Any], public_url: str | None, prefix: str) -> str:
    """The address of the API, without a slash at its end: the public one when set, else as it was asked.

    Raises Refused (400) for a `Host` that is no host: it comes back in every link.
    """
    if public_url is not None:
        return public_url + prefix
    host = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"host"), None)
    if host is None:
        server = scope.get("server") or ("localhost", None)
        host = f"{server[0]}:{server[1]}" if server[1] else str(server[0])
    if not _HOST.match(host):
        raise Refused(400, "L’en-tête Host n’est pas un nom d’hôte.")
    return f"{scope.get('scheme', 'http')}://{host}{scope.get('root_path', '')}"
