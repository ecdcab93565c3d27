"""Small synthetic files of subsidies, and how to write more of them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

FIXTURES: Final = Path(__file__).parent / "fixtures"
HEADER: Final = (
    "nomAttribuant", "idAttribuant", "dateConvention", "referenceDecision", "nomBeneficiaire", "idBeneficiaire",
    "objet", "montant", "nature", "conditionsVersement", "datesPeriodeVersement", "idRAE", "notificationUE",
    "pourcentageSubvention",
)  # fmt: skip
#: A row of version 1.1 that conforms to the standard. The numbers are made up; their keys hold.
ROW: Final = {
    "nomAttribuant": "Ville synthétique",
    "idAttribuant": "98765432400019",
    "dateConvention": "2019-06-27",
    "referenceDecision": "D-1",
    "nomBeneficiaire": "Association synthétique",
    "idBeneficiaire": "12345678200010",
    "objet": "Aide au fonctionnement",
    "montant": "1000.50",
    "nature": "aide en numéraire",
    "conditionsVersement": "unique",
    "datesPeriodeVersement": "2019-06-27",
    "idRAE": "",
    "notificationUE": "non",
    "pourcentageSubvention": "1",
}


def lines(*rows: dict[str, str], header: tuple[str, ...] = HEADER, separator: str = ";") -> bytes:
    """A CSV file of rows that need no quotes; each row is ROW with changes."""
    texts = [separator.join(header)]
    texts += [separator.join({**ROW, **row}.get(name, "") for name in header) for row in rows]
    return ("\n".join(texts) + "\n").encode("utf-8")


@pytest.fixture(params=sorted(p.name for p in FIXTURES.glob("*.csv")))
def layout(request: pytest.FixtureRequest) -> Path:
    """Each published layout in turn."""
    return FIXTURES / str(request.param)
