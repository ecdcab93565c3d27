"""Where the lines of this process go, and in which form. No line of ours holds an address or a query."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Final

from ptce_server.settings import Settings

_OURS: Final = ("ptce_server", "ptce_api")


class JsonLines(logging.Formatter):
    """One JSON object per line: time (UTC), level, logger, message, and what an access line holds."""

    def __init__(self, replica: str = "") -> None:
        super().__init__()
        self._replica = replica

    def format(self, record: logging.LogRecord) -> str:
        """The line of one record; tracebacks are a field."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line: dict[str, object] = {"heure": at, "niveau": record.levelname, "source": record.name}
        if self._replica:
            line["replique"] = self._replica
        fields = getattr(record, "ptce", None)
        line |= fields if isinstance(fields, dict) else {"message": record.getMessage()}
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def configure(settings: Settings) -> None:
    """Send our lines to stderr; with `json_logs`, give every handler of the process the JSON form.

    Called once the server and Streamlit have made their own handlers. Twice does no harm.
    """
    form: logging.Formatter
    if settings.json_logs:
        form = JsonLines(settings.replica)
    else:
        form = logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s")
    for name in _OURS:
        ours = logging.getLogger(name)
        ours.setLevel(logging.INFO)
        if not ours.handlers:
            ours.addHandler(logging.StreamHandler(sys.stderr))
        ours.propagate = False
        for handler in ours.handlers:
            handler.setFormatter(form)
    if not settings.json_logs:
        return
    known = [logging.getLogger(name) for name in list(logging.root.manager.loggerDict)]
    for logger in [logging.root, *known]:
        for handler in logger.handlers:
            handler.setFormatter(form)
