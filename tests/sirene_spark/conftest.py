"""The same small data folder and stock as the other engine's tests."""

from __future__ import annotations

from tests.sirene.conftest import few_communes, synthetic

__all__ = ["few_communes", "synthetic"]
