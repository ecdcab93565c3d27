"""What a file may hold at most: chosen so that reading takes less than 500 MB and a few seconds."""

from __future__ import annotations

from typing import Final

#: Bytes of a file as sent.
MAX_BYTES: Final = 50_000_000
#: Bytes of a text with separators: as text, one character may take four times its byte.
MAX_TEXT_BYTES: Final = 30_000_000
MAX_ROWS: Final = 200_000
#: Physical lines of a text: a cell may hold several.
MAX_LINES: Final = 500_000
MAX_CELLS: Final = 4_000_000
MAX_COLUMNS: Final = 300
MAX_TITLE: Final = 120
#: Rows that do not fit the header, beyond which the file itself is wrong.
MAX_BROKEN: Final = 20_000
#: Points of all shapes together.
MAX_VERTICES: Final = 3_000_000
#: Rows turned into columns at a time.
BATCH: Final = 5_000
#: A header is looked for in so many first rows.
HEADER_WITHIN: Final = 25
#: Of an archive: entries, bytes once unpacked, and how many times its size that may be.
MAX_ENTRIES: Final = 200
MAX_UNPACKED: Final = 200_000_000
MAX_RATIO: Final = 100
#: Of the process that opens workbooks: bytes of memory, characters given back, seconds.
BOOK_MEMORY: Final = 400_000_000
BOOK_CHARACTERS: Final = 60_000_000
BOOK_SECONDS: Final = 60
#: Open questions handed over at a time: a page cannot ask more.
MAX_QUESTIONS: Final = 50
