"""What a file of one's own layer can be refused for, said in one French sentence."""

from __future__ import annotations

from ptce_data.study.jsonguard import shown
from ptce_data.study.savedfile import SavedFileError
from ptce_data.territories.french import NBSP, quoted


class LayerError(ValueError):
    """A whole file gives no layer; nothing of it is imported. str() is one French sentence.

    `file`: its name; `reason`: what is wrong; `advice`: what to do; `where`: the place in the file
    (sheet, line, feature, part), None for the whole file; `value`: what was read there, or None.
    """

    def __init__(
        self, file: str, reason: str, advice: str, where: str | None = None, value: str | None = None
    ) -> None:
        self.file, self.reason, self.advice, self.where, self.value = file, reason, advice, where, value
        place = "" if where is None else f", {where},"
        said = "" if value is None else f" ({quoted(shown(value))})"
        super().__init__(
            f"{quoted(shown(file))}{place} n’est pas lisible comme une couche{NBSP}: {reason}{said}{NBSP}; {advice}."
        )


class MappingFileError(SavedFileError):
    """A file is no mapping of columns that we take; str() is one French sentence."""

    refusal = "Correspondance non ouverte"
