"""A process that saves until it is killed: one line per save that was acknowledged."""

import sys

from ptce_store import Reader, open_store

url, link, item = sys.argv[1:]
store = open_store(url)
reader = Reader.of_link(link)
revision = store.get(reader, item).revision
while True:
    content = f"{revision + 1}:".encode() + bytes(range(256)) * 200
    revision = store.save(reader, item, content, revision).revision
    sys.stdout.write(f"{revision}\n")
    sys.stdout.flush()
