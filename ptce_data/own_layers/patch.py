"""A layer as a proposal to the maintainers: a ZIP in the layout of `data/`, to be read before it is added.

`<table>.csv`, `sources.csv` and `duplicates.csv` hold rows to append, under exactly the header of the
file of `data/`; `a-decider.csv`, `complements.csv` and `LISEZMOI.txt` are for people. Cells are written
as they are: this is data for a program, so no apostrophe is put before what a spreadsheet would run as
a formula; LISEZMOI says how many there are and how to open the files. The same layer, decisions and day
give the same bytes.
"""

from __future__ import annotations

import csv
import datetime
import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from ptce_data import schema
from ptce_data.duplicates import LINK
from ptce_data.own_layers.attach import AttachError, source_id
from ptce_data.own_layers.compared import KIND_OF
from ptce_data.own_layers.decisions import Decisions
from ptce_data.own_layers.model import OwnLayer
from ptce_data.own_layers.readme import readme
from ptce_data.text import FORMULA_STARTS, fold

if TYPE_CHECKING:
    from ptce_data.load import Dataset

UNDECIDED_FILE: Final = "a-decider.csv"
MORE_FILE: Final = "complements.csv"
README_FILE: Final = "LISEZMOI.txt"

_MOMENT: Final = (1980, 1, 1, 0, 0, 0)
_SLUG_MOST: Final = 60
_NOT_SLUG: Final = re.compile(r"[^a-z0-9]+")
#: Never a fact of the file: not compared with ours.
_OURS: Final = ("id", "source_id", "confidence", "source_dataset", "source_record_id")

Cells = list[str]


def patch(dataset: Dataset, layer: OwnLayer, decisions: Decisions | None, made_on: datetime.date) -> bytes:
    """Return the ZIP that proposes the rows of `layer`.

    Proposed are the rows decided distinct, those nothing looks like, and those that are one of ours under
    another kind (with the link). Undecided rows are in a-decider.csv; rows decided the same as ours are
    not proposed: what they say otherwise is in complements.csv. `made_on` dates the review and the source.
    Raises AttachError for the target "autre", which no table of `data/` can hold.
    """
    if layer.target not in KIND_OF:
        raise AttachError(layer.name, None, "seuls des tiers-lieux, pôles ou clusters peuvent être proposés")
    decided = decisions or Decisions()
    states = pd.Series(decided.states(layer.rows["line"].tolist()), index=layer.rows.index)
    kind = KIND_OF[layer.target]
    own = {f"{kind}:{key}": line for key, line in zip(layer.rows["id"], layer.rows["line"], strict=True)}
    across = layer.rows["line"].map(lambda line: decided.same.get(line, f"{kind}:").partition(":")[0] != kind)
    taken = states.isin(["distinct", "alone"]) | ((states == "same") & across.astype(bool))
    ids = _ids(dataset, layer, layer.rows[taken])
    rows = _texts(layer.target, layer.rows)
    rows["id"] = [ids.get(line, "") for line in layer.rows["line"]]
    header = [doc.name for doc in schema.describe(layer.target)]
    files: dict[str, bytes] = {schema.PATHS[layer.target]: _csv(header, rows[taken].values.tolist())}
    pairs = _pairs(dataset, layer, decided, ids, own, made_on)
    if pairs:
        files["duplicates.csv"] = _csv(_header("duplicates"), pairs)
    source = {"id": source_id(layer), "date_accessed": made_on.isoformat()}
    files["sources.csv"] = _csv(_header("sources"), [[source.get(c, "") for c in _header("sources")]])
    waiting = _undecided(dataset, layer, decided, rows, states == "undecided")
    if waiting:
        files[UNDECIDED_FILE] = _csv(["ligne", "ressemble_a", *header], waiting)
    more = _complements(dataset, layer, decided, rows, states == "same")
    if more:
        files[MORE_FILE] = _csv(["ligne", "uid", "champ", "valeur_atlas", "valeur_fichier"], more)
    files[README_FILE] = readme(
        layer,
        made_on,
        proposed=int(taken.sum()),
        undecided=int((states == "undecided").sum()),
        same=int(((states == "same") & ~taken).sum()),
        pairs=len(pairs),
        missing={**_missing(layer.target, rows[taken]), **_missing_source()},
        formulas=int(rows[taken].map(lambda cell: cell.startswith(FORMULA_STARTS)).to_numpy().sum()),
        files=tuple(files),
    )
    return _zip(files)


def _header(table: str) -> Cells:
    return [doc.name for doc in schema.describe(table)]


def _texts(table: str, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the cells as `data/` writes them: empty = unknown, true/false, numbers with a point."""
    made = {}
    for doc in schema.describe(table):
        made[doc.name] = [_text(value) for value in rows[doc.name].tolist()]
    return pd.DataFrame(made, index=rows.index, dtype="str")


def _text(value: Any) -> str:
    if value is None or value is pd.NA or value != value:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        # 1e-05 is no number for `reading`.
        return f"{value:.8f}".rstrip("0").rstrip(".")
    # The writer quotes a line feed, not a lone carriage return: the row would break there.
    return str(value).replace("\r\n", "\n").replace("\r", "\n")


def _ids(dataset: Dataset, layer: OwnLayer, rows: pd.DataFrame) -> dict[int, str]:
    """Return a new id per line: the name, the commune of a tiers-lieu, a number where it is taken."""
    kind = KIND_OF[layer.target]
    # A merged row still has its line in data/: its id is not free.
    uids: Iterable[str] = (*getattr(dataset, layer.target)["uid"], *dataset.merged_uids)
    used = {uid.partition(":")[2] for uid in uids if uid.partition(":")[0] == kind}
    names = dict(zip(dataset.communes["commune_insee"], dataset.communes["name"], strict=True))
    ids: dict[int, str] = {}
    for line, name, commune in zip(rows["line"], rows["name"], rows["commune_insee"], strict=True):
        base = _slug(str(name)) or kind.replace("_", "-")
        town = _slug(str(names.get(commune, "")))
        longer = base if not town or base.endswith(f"-{town}") or base == town else f"{base}-{town}"
        tries = [longer] if kind == "tiers_lieu" else [base, longer]
        found = next((one for one in tries if one not in used), None)
        number = 2
        while found is None or found in used:
            found = f"{longer}-{number}"
            number += 1
        used.add(found)
        ids[int(line)] = found
    return ids


def _slug(text: str) -> str:
    words = _NOT_SLUG.sub("-", fold(text)).strip("-")
    return words if len(words) <= _SLUG_MOST else words[:_SLUG_MOST].rpartition("-")[0] or words[:_SLUG_MOST]


def _pairs(
    dataset: Dataset,
    layer: OwnLayer,
    decided: Decisions,
    ids: Mapping[int, str],
    own: Mapping[str, int],
    made_on: datetime.date,
) -> list[Cells]:
    """Return rows of duplicates.csv: links of proposed rows, and pairs that the user says are distinct."""
    kind, in_data = KIND_OF[layer.target], _in_data(dataset)
    found: dict[tuple[str, str], tuple[str, str]] = {}

    def said(uid: str) -> str | None:
        """The uid as it will be in data/, or None: a row that is not proposed, or of another import."""
        if uid in own:
            return f"{kind}:{ids[own[uid]]}" if own[uid] in ids else None
        return uid if uid in in_data else None

    for line, key in ids.items():
        uid = f"{kind}:{key}"
        others = [decided.same[line]] if line in decided.same else decided.proposed.get(line, ())
        word, reason = (
            (LINK, "Même objet selon la personne qui propose la ligne.")
            if line in decided.same
            else ("distinct", "Deux objets selon la personne qui propose la ligne.")
        )
        for other in map(said, others):
            if other is not None and other != uid:
                pair = (uid, other) if uid < other else (other, uid)
                found.setdefault(pair, (word, reason))
    return [[*pair, word, "", reason, made_on.isoformat()] for pair, (word, reason) in sorted(found.items())]


def _in_data(dataset: Dataset) -> frozenset[str]:
    """The uids of data/, merged rows included, imported ones left out."""
    places = dataset.places
    return frozenset(places.loc[~places["is_imported"], "uid"]) | frozenset(
        uid for uid in dataset.merged_uids if ":import-" not in uid
    )


def _undecided(
    dataset: Dataset, layer: OwnLayer, decided: Decisions, rows: pd.DataFrame, mask: pd.Series
) -> list[Cells]:
    lines = layer.rows.loc[mask, "line"].tolist()
    cells = rows[mask].values.tolist()
    return [
        [str(line), "|".join(decided.proposed.get(line, ())), *row]
        for line, row in zip(lines, cells, strict=True)
    ]


def _complements(
    dataset: Dataset, layer: OwnLayer, decided: Decisions, rows: pd.DataFrame, mask: pd.Series
) -> list[Cells]:
    """Return what rows decided the same as ours say that ours do not, or say otherwise."""
    kind = KIND_OF[layer.target]
    lines = [line for line in layer.rows.loc[mask, "line"] if decided.same[line].partition(":")[0] == kind]
    base = getattr(dataset, layer.target)
    stays = {line: dataset.merged_uids.get(decided.same[line], decided.same[line]) for line in lines}
    known = base[base["uid"].isin(set(stays.values()))]
    ours = dict(zip(known["uid"], _texts(layer.target, known).to_dict("records"), strict=True))
    theirs = dict(zip(layer.rows["line"], rows.to_dict("records"), strict=True))
    return [
        [str(line), stays[line], str(field), ours[stays[line]][field], str(value)]
        for line in lines
        if stays[line] in ours
        for field, value in theirs[line].items()
        if field not in _OURS and value and value != ours[stays[line]][field]
    ]


def _missing(table: str, rows: pd.DataFrame) -> dict[tuple[str, str], int]:
    """Return (file, field) -> number of proposed rows that lack a compulsory field."""
    empty = {doc.name: int((rows[doc.name] == "").sum()) for doc in schema.describe(table) if doc.required}
    return {(schema.PATHS[table], name): count for name, count in empty.items() if count}


def _missing_source() -> dict[tuple[str, str], int]:
    return {("sources.csv", name): 1 for name in ("publisher", "url")}


def _csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return buffer.getvalue().encode("utf-8")


def _zip(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _MOMENT)
            entry.compress_type, entry.create_system, entry.external_attr = (
                zipfile.ZIP_DEFLATED,
                3,
                0o644 << 16,
            )
            archive.writestr(entry, files[name])
    return buffer.getvalue()
