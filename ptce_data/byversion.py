"""A data set as a key of a cache: two of the same version are one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ptce_data.load import Dataset


class ByVersion:
    """Hashable by the version of its data set, which it carries along."""

    def __init__(self, dataset: Dataset) -> None:
        self.dataset = dataset

    def __hash__(self) -> int:
        return hash(self.dataset.version)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ByVersion) and other.dataset.version == self.dataset.version
