"""What can go wrong with saved work: each error carries its facts, and str() is one French sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ptce_store.model import Opened


class StoreError(Exception):
    """Whatever the store refuses or cannot do; str() is one French sentence for the reader."""


class NotFound(StoreError):
    """There is nothing there, or nothing that this reader may see: the two read the same."""

    def __init__(self) -> None:
        super().__init__("Cet élément n’existe pas, ou ce lien n’y donne pas accès.")


class NotAllowed(StoreError):
    """The reader sees the space, and may not do this in it. `needed`: the role that may."""

    def __init__(self, needed: str, words: str) -> None:
        self.needed = needed
        super().__init__(f"Vous pouvez lire cet espace, mais pas faire cela\u00a0: il faut y être {words}.")


class LastOwner(StoreError):
    """An organisation would be left without an owner."""

    def __init__(self) -> None:
        super().__init__("Cet espace doit garder un responsable\u00a0: nommez-en d’abord un autre.")


class Refused(StoreError):
    """A value is none that we keep. `field`, `expected`: which one, and what it should be."""

    def __init__(self, field: str, expected: str) -> None:
        self.field, self.expected = field, expected
        super().__init__(f"Enregistrement refusé\u00a0: {field}, attendu\u00a0: {expected}.")


class QuotaExceeded(StoreError):
    """A limit is reached: nothing was written. `limit`: item, items, space or total; `allowed`: its value."""

    def __init__(self, limit: str, allowed: int, sentence: str) -> None:
        self.limit, self.allowed = limit, allowed
        super().__init__(sentence)


class Conflict(StoreError):
    """Somebody saved in between: nothing was written.

    `theirs`: what is saved now (item, its revision, when, content); `expected`: the revision that the
    writer had opened. To take theirs: use `theirs.content`; to keep both: `Store.save_new` with
    `model.copy_name(theirs.item.name)`; to overwrite knowingly: `Store.save` with
    `expected_revision=theirs.revision`, which keeps theirs in the history.
    """

    def __init__(self, theirs: Opened, expected: int) -> None:
        self.theirs, self.expected = theirs, expected
        super().__init__(
            f"Une autre personne a enregistré la version {theirs.revision} pendant que vous travailliez "
            f"sur la version {expected}\u00a0: rien n’a été remplacé."
        )


class AccountsOff(StoreError):
    """An account was given, but the store has no key, or another than the one it started with."""

    def __init__(self, changed: bool = False) -> None:
        self.changed = changed
        why = "a changé\u00a0: remettez l’ancienne" if changed else "manque ou a moins de 32 caractères"
        super().__init__(f"Les comptes ne sont pas utilisables\u00a0: la clé PTCE_STORE_KEY {why}.")


class StoreUnavailable(StoreError):
    """The database does not answer now; nothing was written, trying again later may do."""

    sentence = (
        "L’enregistrement est momentanément indisponible\u00a0: gardez cette page ouverte et réessayez."
    )

    def __init__(self) -> None:
        super().__init__(self.sentence)


class StoreBusy(StoreUnavailable):
    """Others write for longer than we wait."""

    sentence = "L’enregistrement est occupé par d’autres\u00a0: réessayez dans quelques secondes."


class StoreReadOnly(StoreUnavailable):
    """The database takes no writing: a read-only file or folder, or a standby server."""

    sentence = "Le travail enregistré peut être lu, mais rien ne peut y être écrit pour le moment."


class StoreFull(StoreUnavailable):
    """The disk, or the room given to the database, is full."""

    sentence = "Il n’y a plus de place sur le serveur\u00a0: rien n’a été enregistré, exportez votre travail."


class StoreCorrupt(StoreUnavailable):
    """The database, or a content in it, is damaged."""

    sentence = "Le travail enregistré est endommagé\u00a0: prévenez la personne qui tient ce site."


class StoreNotReady(StoreUnavailable):
    """The database has no tables yet, or older or newer ones than this version of the atlas."""

    sentence = "La base du travail enregistré n’est pas à jour\u00a0: lancez «\u00a0python -m ptce_data db upgrade\u00a0»."


class BadUrl(StoreError):
    """An address of a database that we do not take; it is not repeated, as it may hold a password."""

    def __init__(self) -> None:
        super().__init__(
            "Adresse de base refusée\u00a0: attendu sqlite:///fichier.db ou postgresql+psycopg://hote/base."
        )


class BadArchive(StoreError):
    """A backup or an exported space is broken, or none of ours. `where`: the part of it."""

    def __init__(self, where: str, expected: str) -> None:
        self.where, self.expected = where, expected
        super().__init__(
            f"Fichier non repris\u00a0: {where}, attendu\u00a0: {expected}\u00a0; rien n’a été changé."
        )


class NotEmpty(StoreError):
    """The target of a restoration or of a move already holds saved work."""

    def __init__(self, spaces: int) -> None:
        self.spaces = spaces
        plural = "s" if spaces > 1 else ""
        super().__init__(
            f"La base d’arrivée contient déjà {spaces} espace{plural} de travail\u00a0: ajoutez --remplacer pour "
            "l’effacer."
        )
