"""Official files laid over the table of inputs: all of them, or nothing."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ptce_data.territories.errors import TerritoryError
from ptce_data.territories.inputs import checked
from ptce_data.territories.loaders.common import Loaded


def assemble(base: pd.DataFrame, loaded: Sequence[Loaded], accept_unmapped: bool = False) -> pd.DataFrame:
    """A new table of inputs: `base` with the columns of each loaded file in place of its own.

    Columns that `base` lacks (dens_aav, qpv_population, is_frr) are added at the end. A commune that a
    file does not name takes the `absent` value of that file. Raises TerritoryError, listing the codes,
    when a file has codes that cannot be mapped, unless `accept_unmapped`; `base` is never changed.
    """
    refused = [m for part in loaded for m in part.messages() if len(part.unmapped)]
    if refused and not accept_unmapped:
        raise TerritoryError(" ".join(refused))
    out = checked(base)
    extra: dict[str, pd.Series] = {}
    for part in loaded:
        values = part.frame.set_index("commune_insee")
        named = out["commune_insee"].isin(values.index)
        for column in values.columns:
            laid = out["commune_insee"].map(values[column])
            absent = part.absent.get(column, pd.NA)
            if not pd.isna(absent):
                laid = laid.mask(~named, absent)
            if column in out:
                out[column] = laid
            else:
                extra[column] = laid
    return checked(out).assign(**extra)
