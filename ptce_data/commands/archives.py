"""ZIP files as folders of data, treated as hostile: names, numbers and sizes are checked before anything is written."""

from __future__ import annotations

import contextlib
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Final

MAX_MEMBERS: Final = 500
MAX_PART: Final = 64_000_000
MAX_WHOLE: Final = 256_000_000
_CHUNK: Final = 1 << 16
_SUFFIXES: Final = (".csv", ".parquet", ".toml", ".json", ".txt", ".md")
_TABLES: Final = ("sources.csv", "poles.csv", "tiers_lieux.csv", "clusters.csv")


class ArchiveError(ValueError):
    """An archive is refused; the message is one French sentence."""


@dataclass(frozen=True)
class Limits:
    """What an archive may hold: number of members, bytes unpacked of one, bytes unpacked of all."""

    members: int = MAX_MEMBERS
    part: int = MAX_PART
    whole: int = MAX_WHOLE


@contextlib.contextmanager
def opened(path: Path, limits: Limits | None = None) -> Iterator[Path]:
    """Give a folder as it is, and a ZIP file unpacked in a temporary folder that is gone afterwards.

    Where the files of the archive share one top folder, that folder is given. Files of other kinds than
    those of data are left out. Raises ArchiveError for what is neither, or is refused.
    """
    if path.is_dir():
        yield path
        return
    if not path.exists():
        raise ArchiveError(f"« {path.name} » est introuvable.")
    with tempfile.TemporaryDirectory(prefix="atlas-") as made:
        unpack(path, Path(made), limits or Limits())
        yield _root(Path(made))


def unpack(path: Path, folder: Path, limits: Limits) -> list[str]:
    """Write the files of data of a ZIP file under `folder`; returns their names. Raises ArchiveError.

    Sizes are those really read, not those that the archive declares.
    """
    names = []
    try:
        with zipfile.ZipFile(path) as archive:
            members = [m for m in archive.infolist() if not m.is_dir()]
            if len(members) > limits.members:
                raise ArchiveError(f"« {path.name} » a plus de {limits.members} fichiers.")
            left = limits.whole
            for member in members:
                name = _checked(member, path.name)
                if name.suffix.lower() not in _SUFFIXES:
                    continue
                target = folder / name
                if target.exists():
                    raise ArchiveError(f"« {path.name} » : le fichier « {name} » y est deux fois.")
                target.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(member) as packed, target.open("wb") as plain:
                    left -= _copied(packed, plain, min(limits.part, left), f"{path.name}/{name}")
                names.append(name.as_posix())
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise ArchiveError(f"« {path.name} » n’est pas un dossier, ni un ZIP lisible.") from error
    except RuntimeError as error:  # zipfile's way to say that a password is needed
        raise ArchiveError(f"« {path.name} » est protégé par un mot de passe.") from error
    except OSError as error:
        raise ArchiveError(
            f"« {path.name} » ne peut être déballé ({error.strerror or 'nom refusé'})."
        ) from error
    return names


def _checked(member: zipfile.ZipInfo, archive: str) -> PurePosixPath:
    """The path of a member inside the archive, or ArchiveError when it leads elsewhere."""
    raw = member.filename
    name = PurePosixPath(raw)
    link = (member.external_attr >> 16) & 0o170000 == 0o120000
    odd = "\\" in raw or "\x00" in raw or ":" in raw or not raw.isprintable()
    if odd or link or name.is_absolute() or ".." in name.parts or len(name.parts) > 6:
        raise ArchiveError(f"« {archive} » : un nom de fichier y mène hors du dossier, rien n’est lu.")
    return name


def _copied(packed: IO[bytes], plain: IO[bytes], most: int, name: str) -> int:
    done = 0
    while chunk := packed.read(_CHUNK):
        done += len(chunk)
        if done > most:
            raise ArchiveError(f"« {name} » est trop gros une fois déballé.")
        plain.write(chunk)
    return done


def _root(folder: Path) -> Path:
    """The folder itself, or the one folder that holds the tables."""
    while not any((folder / name).is_file() for name in _TABLES):
        inside = list(folder.iterdir())
        folders = [p for p in inside if p.is_dir()]
        if any((p / name).is_file() for p in folders for name in _TABLES):
            return next(p for p in folders if any((p / name).is_file() for name in _TABLES))
        if len(folders) != 1:
            return folder
        folder = folders[0]
    return folder
