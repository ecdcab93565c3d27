"""What the operator of a replica may set, by environment variables (docs/exploitation.md)."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

#: A name of a replica ends up in a cookie and in nginx's configuration.
_NAME: Final = re.compile(r"^[a-z0-9][a-z0-9-]{0,31}$")
#: What `/readyz` looks at, in the order it tells.
CHECKS: Final = ("arret", "donnees", "disque", "espaces")
_MOST_SECONDS: Final = 3600.0
_SHORTEST_TOKEN: Final = 16


@dataclass(frozen=True)
class Settings:
    """`replica`: name of this process behind a balancer, empty for one alone. `metrics_token`: what a scraper
    must present, None to answer direct private clients. `stop_delay`, `stop_timeout`: seconds between SIGTERM
    and the wait for running work, and of that wait at most. `access_log`: "", "sans-ip" or "avec-ip".
    `json_logs`: one JSON object per line. `tolerated`: checks whose failure leaves `/readyz` at 200."""

    replica: str = ""
    metrics_token: str | None = None
    stop_delay: float = 0.0
    stop_timeout: float = 20.0
    access_log: str = ""
    json_logs: bool = False
    tolerated: frozenset[str] = frozenset()


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """Settings from `PTCE_REPLICA`, `PTCE_METRICS_TOKEN`, `PTCE_STOP_DELAY`, `PTCE_STOP_TIMEOUT`,
    `PTCE_ACCESS_LOG`, `PTCE_LOG_FORMAT` and `PTCE_READY_TOLERATES`.

    Raises ValueError with a French sentence, which repeats no secret, for a value that cannot be used.
    """
    given = os.environ if environment is None else environment

    def text(name: str) -> str:
        return given.get(name, "").strip()

    replica = text("PTCE_REPLICA")
    if replica and not _NAME.match(replica):
        raise ValueError("PTCE_REPLICA doit être fait de minuscules, de chiffres et de tirets (32 au plus).")
    token = text("PTCE_METRICS_TOKEN") or None
    if token is not None and len(token) < _SHORTEST_TOKEN:
        raise ValueError(f"PTCE_METRICS_TOKEN doit avoir au moins {_SHORTEST_TOKEN} caractères.")
    log = text("PTCE_ACCESS_LOG") or "0"
    kinds = {"0": "", "1": "sans-ip", "sans-ip": "sans-ip", "avec-ip": "avec-ip"}
    if log not in kinds:
        raise ValueError("PTCE_ACCESS_LOG doit être 0, 1 ou avec-ip.")
    form = text("PTCE_LOG_FORMAT") or "texte"
    if form not in ("texte", "json"):
        raise ValueError("PTCE_LOG_FORMAT doit être texte ou json.")
    tolerated = frozenset(part.strip() for part in text("PTCE_READY_TOLERATES").split(",") if part.strip())
    if not tolerated <= {"donnees", "disque", "espaces"}:
        raise ValueError("PTCE_READY_TOLERATES doit être une liste parmi donnees, disque, espaces.")
    return Settings(
        replica=replica,
        metrics_token=token,
        stop_delay=_seconds("PTCE_STOP_DELAY", text("PTCE_STOP_DELAY"), 0.0),
        stop_timeout=_seconds("PTCE_STOP_TIMEOUT", text("PTCE_STOP_TIMEOUT"), 20.0),
        access_log=kinds[log],
        json_logs=form == "json",
        tolerated=tolerated,
    )


def _seconds(name: str, value: str, default: float) -> float:
    if not value:
        return default
    try:
        found = float(value)
    except ValueError:
        found = -1.0
    if not 0 <= found <= _MOST_SECONDS:
        raise ValueError(f"{name} doit être un nombre de secondes entre 0 et {_MOST_SECONDS:g}.")
    return found
