"""Answers of the API before they are sent, and its errors: one French sentence each, never a traceback."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

_TITLES: Final = {
    400: "Demande incorrecte",
    404: "Introuvable",
    405: "Méthode refusée",
    414: "Adresse trop longue",
    429: "Trop de demandes",
    500: "Erreur du serveur",
    503: "Service occupé",
}
#: pygeoapi's words for what `parameters` does not check first.
_FRENCH: Final = {
    "Collection not found": "Cette collection n’existe pas.",
    "identifier not found": "Cet identifiant n’existe pas dans la collection.",
    "Bad CQL text": "Le filtre n’est pas une expression CQL correcte.",
    "Invalid filter language": "filter-lang attend « cql-text ».",
}
#: No script, no frame, nothing from elsewhere: the pages are text, a table and one style sheet.
CSP: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)


@dataclass(frozen=True)
class Answer:
    """A status, the headers that belong to the content, and the content."""

    status: int
    media_type: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()


class Refused(Exception):
    """A request that is not answered: a status and a French sentence."""

    def __init__(self, status: int, sentence: str, headers: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence
        self.headers = headers


def problem(error: Refused) -> Answer:
    """An error as RFC 9457 (`title`, `status`, `detail`) with the members of OGC (`code`, `description`)."""
    title = _TITLES.get(error.status, "Erreur")
    content = {
        "type": "about:blank",
        "title": title,
        "status": error.status,
        "detail": error.sentence,
        "code": str(error.status),
        "description": error.sentence,
    }
    body = json.dumps(content, ensure_ascii=False).encode()
    return Answer(error.status, "application/problem+json", body, error.headers)


def translated(status: int, body: str | bytes) -> Refused:
    """pygeoapi's own error in French; words that are ours already stay, others are replaced.

    `body` is JSON with a `description`, in HTML too (`templates/exception.html`).
    """
    try:
        said = str(json.loads(body)["description"])
    except (ValueError, KeyError, TypeError):
        said = ""
    if status >= 500:
        return Refused(500, "La réponse n’a pas pu être préparée.")
    if status == 404 or said in ("identifier not found", "Collection not found"):
        status = 404
    # Our sentences end with a full stop; pygeoapi's never do.
    default = "La demande n’a pas été comprise." if status != 404 else "Cette adresse n’existe pas."
    return Refused(status, _FRENCH.get(said, said if said.endswith(".") else default))
