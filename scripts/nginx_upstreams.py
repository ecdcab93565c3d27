"""Write the part of nginx's configuration that names the replicas, `upstreams.conf`.

    python scripts/nginx_upstreams.py r1=10.0.0.11:8501 r2=10.0.0.12:8501 > deploy/nginx/upstreams.conf

A replica started with `PTCE_REPLICA=r1` gives the browser a cookie of that name; nginx sends the browser back to it,
and to another one when it is down. That one then gives its own name: the browser stays there afterwards.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from typing import Final

_NAME: Final = re.compile(r"^[a-z0-9][a-z0-9-]{0,31}$")
_ADDRESS: Final = re.compile(r"^(?:[A-Za-z0-9][A-Za-z0-9.-]*|\[[0-9A-Fa-f:]+\]):\d{1,5}$")
#: What a map of nginx reads otherwise.
_WORDS: Final = frozenset({"default", "hostnames", "include", "volatile"})
#: A replica that refused a connection gets no new readers for so long.
_REST: Final = "max_fails=1 fail_timeout=5s"
#: The replica a reader belongs to is always asked first. nginx clears a failure when a request *ends*, and a page's
#: WebSocket does not: with a rest here, the second request of a reader would go to a replica without their session.
_ALWAYS: Final = "max_fails=0"


def upstreams(replicas: Mapping[str, str]) -> str:
    """Return the configuration for replicas, name -> host:port. Raises ValueError with a French sentence."""
    if not replicas:
        raise ValueError("Nommez au moins une réplique, de la forme nom=hôte:port.")
    for name, address in replicas.items():
        if not _NAME.match(name) or name in _WORDS or not _ADDRESS.match(address):
            raise ValueError(f"« {name}={address} » n’est pas de la forme nom=hôte:port.")
    rows = "\n".join(f"    server {address} {_REST};" for address in replicas.values())
    blocks = [f"upstream atlas {{\n    zone atlas 64k;\n    least_conn;\n{rows}\n    keepalive 32;\n}}"]
    for name, address in replicas.items():
        others = "\n".join(
            f"    server {other} {_REST} backup;" for also, other in replicas.items() if also != name
        )
        blocks.append(
            f"upstream atlas_{name} {{\n    zone atlas_{name} 64k;\n    server {address} {_ALWAYS};\n{others}\n    keepalive 32;\n}}"
        )
    names = "\n".join(f"    {name} atlas_{name};" for name in replicas)
    blocks.append(f"map $cookie_ptce_replique $ptce_backend {{\n    default atlas;\n{names}\n}}")
    return "\n\n".join(blocks) + "\n"


def main() -> None:
    """Print the configuration of the replicas named on the command line."""
    pairs = [argument.partition("=") for argument in sys.argv[1:]]
    try:
        print(upstreams({name: address for name, _, address in pairs}), end="")
    except ValueError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
