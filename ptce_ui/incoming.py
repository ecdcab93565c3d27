"""A saved document on its way to the page that works on it."""

from __future__ import annotations

import base64
import json
import zlib
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd

from ptce_data import budget as budgets
from ptce_data import deck as decks
from ptce_data import own_layers
from ptce_data import study as studies
from ptce_data.opendata.geojson import geojson_bytes
from ptce_data.own_layers import Decisions, LayerError, MappingFileError
from ptce_ui import deckdesk, ownlayers, pagestate

if TYPE_CHECKING:
    from ptce_data.load import Dataset

#: Kind -> the page that works on it, and the view of it.
PAGES: Final[dict[str, tuple[str, dict[str, str]]]] = {
    "study": ("pages/etude.py", {}),
    "deck": ("pages/conference.py", {}),
    "budget": ("pages/financements.py", {"section": "budget"}),
    "layer": ("pages/donnees.py", {"section": "couche"}),
    "mapping": ("pages/donnees.py", {"section": "couche"}),
}
_MOST_UNPACKED: Final = 60_000_000
#: What reading a document may raise: each is one French sentence.
REFUSALS: Final = (
    studies.StudyFileError, decks.DeckFileError, budgets.BudgetError, LayerError, MappingFileError,
)  # fmt: skip


def put(dataset: Dataset, kind: str, content: bytes) -> None:
    """Set a saved document where its page will find it. Raises one of REFUSALS for a damaged one."""
    # The saved item of what is on the desk now: undoing brings both back (`undo`).
    pagestate.share(f"incoming|former|{kind}", pagestate.shared(f"stored|{kind}"))
    if kind == "study":
        pagestate.share("incoming|study", studies.read(content))
    elif kind == "deck":
        deckdesk.put(decks.read(content))
    elif kind == "budget":
        pagestate.share("incoming|budget", budgets.from_json(content))
    elif kind == "layer":
        ownlayers.keep_draft(read_layer(dataset, content))
    else:
        known = list(pagestate.shared("mappings") or ())
        pagestate.share("mappings", [*known, own_layers.read_mapping(content)][-20:])


def take(kind: str) -> Any:
    """The document on its way to this page, once; None without any."""
    found = pagestate.shared(f"incoming|{kind}")
    if found is not None:
        pagestate.share(f"incoming|{kind}", None)
    return found


def former(kind: str) -> Any:
    """The saved item of what a document on its way takes the place of, once; None where it came from none."""
    found = pagestate.shared(f"incoming|former|{kind}")
    pagestate.share(f"incoming|former|{kind}", None)
    return found


def dump_layer(found: ownlayers.Draft) -> bytes:
    """A layer with all that was said of it, as GeoJSON that any GIS reads (EPSG:4326).

    Beside the features, the member `atlas` holds the file as it was given, mapping, answers and decisions.
    """
    about = {
        "filename": found.filename,
        "part": found.raw.part,
        "mapping": json.loads(own_layers.dump_mapping(found.mapping)),
        "answers": found.answers,
        "decisions": found.decisions.canonical() if found.decisions is not None else None,
        "file": base64.b64encode(zlib.compress(found.data)).decode("ascii"),
    }
    rows = (
        found.layer.rows if found.layer is not None else gpd.GeoDataFrame({"geometry": []}, crs="EPSG:4326")
    )
    made = json.loads(geojson_bytes(rows)) | {"name": found.mapping.name or found.filename, "atlas": about}
    return json.dumps(made, ensure_ascii=False, separators=(",", ":")).encode()


def read_layer(dataset: Dataset, content: bytes) -> ownlayers.Draft:
    """Read what `dump_layer` wrote, and check its rows anew against the data. Raises LayerError."""
    try:
        about = json.loads(content)["atlas"]
        unpacking = zlib.decompressobj()
        data = unpacking.decompress(base64.b64decode(about["file"], validate=True), _MOST_UNPACKED)
        if unpacking.unconsumed_tail or not unpacking.eof:
            raise ValueError
        mapping = own_layers.read_mapping(json.dumps(about["mapping"]).encode())
        filename, part = str(about["filename"]), about["part"]
        answers = {str(k): str(v) for k, v in dict(about["answers"]).items()}
        said = about["decisions"] or {}
        same = {int(k): str(v) for k, v in dict(said.get("same", {})).items()}
        distinct = frozenset(int(line) for line in said.get("distinct", ()))
    except (ValueError, KeyError, TypeError, RecursionError, zlib.error, MappingFileError) as error:
        raise LayerError(
            "couche enregistrée", "elle est endommagée", "importez de nouveau le fichier"
        ) from error
    raw = own_layers.read(filename, data, part)
    layer = own_layers.build(dataset, raw, mapping, answers)
    candidates = own_layers.candidates(dataset, layer)
    fresh = Decisions.of(candidates)
    decisions = Decisions(fresh.proposed, same, distinct)
    return ownlayers.Draft(filename, data, raw, mapping, answers, layer, candidates, decisions)
