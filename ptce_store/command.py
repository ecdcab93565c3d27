"""`python -m ptce_data db …`: make, back up, restore, move, check and purge the base of saved work."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, Final, TypeVar

import click
from sqlalchemy.engine import URL

from ptce_store.backup import Copied, backup, move, opened, restore
from ptce_store.contents import megabytes
from ptce_store.database import Database, address
from ptce_store.errors import BadUrl, StoreError
from ptce_store.store import open_store
from ptce_store.upgrading import upgrade

_HELP: Final = {"help_option_names": ["-h", "--help"]}
#: An address that must not be seen in the list of processes is named, not written: `env:NAME`.
_NAMED: Final = "env:"
_CODES: Final = """\b
Code de sortie : 0 c’est fait ; 1 la vérification trouve un défaut ; 2 rien n’a été fait."""
_EXAMPLES: Final = f"""\b
Exemples :
  python -m ptce_data db upgrade
  python -m ptce_data db backup --out sauvegarde.zip
  CIBLE=postgresql+psycopg://atlas:secret@hote/atlas python -m ptce_data db move --from sqlite:///var/atlas.db --to env:CIBLE

\b
Sans --url, la base est celle de PTCE_DATABASE_URL, sinon le fichier var/atlas.db. Une adresse s’écrit
sqlite:///fichier.db, postgresql+psycopg://hote/base, ou env:NOM pour la lire dans la variable NOM.

{_CODES}"""
Made = TypeVar("Made")


class _Sentence(click.ClickException):
    """What is wrong, in one French sentence, without click's English around it."""

    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        """Write the sentence on the standard error."""
        click.echo(self.message, file=file, err=file is None)


class Address(click.ParamType[URL]):
    """The address of a base; what is wrong with one is told without repeating it."""

    name = "adresse"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> URL:
        """Return the address, read from the environment for `env:NAME`."""
        if isinstance(value, URL):
            return value
        text = str(value)
        if text.startswith(_NAMED):
            text = os.environ.get(text.removeprefix(_NAMED), "")
            if not text:
                raise _Sentence(
                    "La variable d’environnement qui devait donner l’adresse est vide ou absente."
                )
        try:
            return address(text)
        except BadUrl as error:
            raise _Sentence(str(error)) from None


def _url() -> Callable[[Callable[..., None]], Callable[..., None]]:
    return click.option(
        "--url", type=Address(), metavar="ADRESSE", help="Base de données ; par défaut, celle de l’atlas."
    )


@click.group(context_settings=_HELP, epilog=_EXAMPLES)
def db() -> None:
    """Base du travail enregistré : mise à jour, sauvegarde, restauration, déménagement, vérification."""


@db.command("upgrade", context_settings=_HELP, epilog=_CODES)
@_url()
@click.pass_context
def upgrade_command(context: click.Context, url: URL | None) -> None:
    """Crée les tables de la base, ou les met à jour."""
    with opened(url if url is not None else _guarded(context, lambda: address(None))) as database:
        before, after = _guarded(context, lambda: upgrade(database))
        _guarded(context, lambda: _index(database))
        done = f"déjà à jour (version {after})" if before == after else f"mise à jour (version {after})"
        click.echo(f"{_name(database)} : {done}.")


@db.command("backup", context_settings=_HELP, epilog=_CODES)
@click.option(
    "--out",
    required=True,
    metavar="ZIP",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Fichier à écrire.",
)
@_url()
@click.pass_context
def backup_command(context: click.Context, out: Path, url: URL | None) -> None:
    """Écrit une sauvegarde, que SQLite et PostgreSQL reprennent ; l’atlas peut rester ouvert."""
    if not out.parent.is_dir():
        _stop(context, f"{out.name} ne peut être écrit : son dossier n’existe pas.")
    with opened(_address(context, url)) as database:
        try:
            copied = _guarded(context, lambda: backup(database, out))
        except FileExistsError:
            _stop(context, f"{out.name} existe déjà : donnez un autre nom.")
    click.echo(f"{out.name} : {_told(copied)}.")


@db.command("restore", context_settings=_HELP, epilog=_CODES)
@click.argument("fichier", metavar="ZIP", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--remplacer", is_flag=True, help="Efface d’abord ce que la base contient.")
@_url()
@click.pass_context
def restore_command(context: click.Context, fichier: Path, remplacer: bool, url: URL | None) -> None:
    """Reprend une sauvegarde dans une base vide, en entier ou pas du tout."""
    with opened(_address(context, url)) as database:
        copied = _guarded(context, lambda: restore(database, fichier, replace=remplacer))
        _guarded(context, lambda: _index(database))
        click.echo(f"{_name(database)} : {_told(copied)} repris de {fichier.name}.")


@db.command("move", context_settings=_HELP, epilog=_CODES)
@click.option(
    "--from",
    "source",
    required=True,
    type=Address(),
    metavar="ADRESSE",
    help="Base de départ, qui reste telle quelle.",
)
@click.option(
    "--to", "target", required=True, type=Address(), metavar="ADRESSE", help="Base d’arrivée, vide."
)
@click.option("--remplacer", is_flag=True, help="Efface d’abord ce que la base d’arrivée contient.")
@click.pass_context
def move_command(context: click.Context, source: URL, target: URL, remplacer: bool) -> None:
    """Copie tout d’une base dans une autre, puis relit et compare ; fermez l’atlas pendant ce temps."""
    if source == target:
        _stop(context, "Les deux adresses désignent la même base.")
    if source.get_backend_name() == "sqlite" and not Path(source.database or "").exists():
        _stop(context, "La base de départ n’existe pas.")
    with opened(source) as left, opened(target) as right:
        copied = _guarded(context, lambda: move(left, right, replace=remplacer))
        _guarded(context, lambda: _index(right))
        click.echo(f"{_name(left)} → {_name(right)} : {_told(copied)}, relus et identiques.")


@db.command("check", context_settings=_HELP, epilog=_CODES)
@_url()
@click.pass_context
def check_command(context: click.Context, url: URL | None) -> None:
    """Vérifie la base, et chaque contenu contre son empreinte."""
    from ptce_store.checks import check

    with opened(_address(context, url)) as database:
        faults = _guarded(context, lambda: check(database))
        for fault in faults:
            click.echo(fault, err=True)
        if faults:
            context.exit(1)
        click.echo(f"{_name(database)} : aucun défaut.")


@db.command("purge", context_settings=_HELP, epilog=_CODES)
@_url()
@click.pass_context
def purge_command(context: click.Context, url: URL | None) -> None:
    """Efface ce qui est supprimé depuis plus de 30 jours, et ce que le temps a clos ; à lancer chaque jour."""

    def work() -> str:
        store = open_store(_text(url))
        try:
            done = store.purge()
        finally:
            store.close()
        counts = (
            _count(done.items, "élément"),
            _count(done.spaces, "espace vide", "espaces vides"),
            _count(done.invitations, "invitation"),
            _count(done.audit_entries, "ligne de journal", "lignes de journal"),
        )
        return f"Effacés : {', '.join(counts)}."

    click.echo(_guarded(context, work))


def _guarded(context: click.Context, work: Callable[[], Made]) -> Made:
    """Return what `work` returns; an error of ours ends the command with its sentence and code 2."""
    try:
        return work()
    except StoreError as error:
        _stop(context, str(error))
        raise AssertionError from None  # `_stop` does not return


def _stop(context: click.Context, sentence: str) -> None:
    click.echo(sentence, err=True)
    context.exit(2)


def _text(url: URL | None) -> str | None:
    return None if url is None else url.render_as_string(hide_password=False)


def _address(context: click.Context, url: URL | None) -> URL:
    found = url if url is not None else _guarded(context, lambda: address(None))
    if (
        found.get_backend_name() == "sqlite"
        and context.info_name != "restore"
        and not Path(found.database or "").exists()
    ):
        _stop(context, "Cette base n’existe pas : rien n’a encore été enregistré.")
    return found


def _index(database: Database) -> None:
    """Fill what PostGIS derives from the layers."""
    if not database.is_sqlite:
        open_store(_text(database.url)).index_layers()


def _name(database: Database) -> str:
    """Tell a base without the address of its server, its user or password."""
    engine = "SQLite" if database.is_sqlite else "PostgreSQL"
    return f"{engine} ({Path(database.url.database or '').name})"


def _told(copied: Copied) -> str:
    rows = copied.rows
    words = (
        _count(rows["spaces"], "espace"),
        _count(rows["items"], "élément"),
        _count(rows["revisions"], "version"),
    )
    return f"{', '.join(words)}, {megabytes(copied.stored) if copied.stored else 'aucun contenu'}"


def _count(number: int, one: str, many: str | None = None) -> str:
    return f"{number} {one if number < 2 else many or one + 's'}"
