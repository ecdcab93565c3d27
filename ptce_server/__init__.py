"""What an operator of the atlas needs beside the pages: health, readiness, measures, logs, an orderly stop.

No page and no drawing: ASGI only. See docs/exploitation.md.
"""

from ptce_server.operations import Operations
from ptce_server.readiness import AnyStore
from ptce_server.settings import Settings, from_environment

__all__ = ["AnyStore", "Operations", "Settings", "from_environment"]
