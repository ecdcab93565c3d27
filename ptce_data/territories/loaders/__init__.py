"""Loaders of the official files as published, and their assembly into the table of inputs."""

from __future__ import annotations

from ptce_data.territories.loaders.assemble import assemble
from ptce_data.territories.loaders.common import Loaded
from ptce_data.territories.loaders.insee import load_aav, load_density, load_ze
from ptce_data.territories.loaders.state import load_dgcl, load_industry, load_qpv

__all__ = [
    "Loaded",
    "assemble",
    "load_aav",
    "load_density",
    "load_dgcl",
    "load_industry",
    "load_qpv",
    "load_ze",
]
