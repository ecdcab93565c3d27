"""Check every address of the data, run by hand with a network; never imported by the application.

    python scripts/check_links.py --out liens.csv
    python scripts/check_links.py --out liens.csv --again injoignable,refuse
    python scripts/check_links.py --out liens.csv --json > liens.json

Addresses are those of data/sources.csv and of the columns of addresses of the other tables, each once.
HEAD first, GET (whose body is not read) where a server does not answer HEAD well. A host is asked one
address at a time, with a pause. Each answer is written at once: run the same command again to go on.
Exit code: 0 no address is gone, 1 some are, 2 the report cannot be written.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from ptce_data import schema  # noqa: E402
from ptce_data.schema.fields import ADDRESS_OR_DOCUMENT, URL  # noqa: E402
from scripts.link_transport import Network, RefusedError, Transport  # noqa: E402

DATA = ROOT / "data"
OK, MOVED, GONE, DENIED, UNREACHABLE = "ok", "redirige", "disparu", "refuse", "injoignable"
STATES: Final = {
    OK: "répondent", MOVED: "ont changé d’adresse", GONE: "ont disparu",
    DENIED: "existent mais refusent les robots", UNREACHABLE: "n’ont pas pu être joints",
}  # fmt: skip
#: A page that says so is gone; a server that says this exists and does not want us.
_GONE: Final = (404, 410)
_DENIED: Final = (401, 403, 405, 406, 429, 451, 999)
_PERMANENT: Final = (301, 308)
_REDIRECTS: Final = (301, 302, 303, 307, 308)
_HOPS: Final = 5


@dataclass(frozen=True)
class Link:
    """One address and what came of it: `state` is one of `STATES`, `status` the last HTTP status or empty,
    `target` where it leads now, `why` French words, `used` how many rows hold it, `where` one of them."""

    url: str
    state: str
    status: str
    target: str
    why: str
    used: str
    where: str


def addresses(data: Path) -> dict[str, list[str]]:
    """Each http(s) address of the data -> the places (`file:key`) that hold it, in the order of the files."""
    found: dict[str, list[str]] = defaultdict(list)
    for table in schema.TABLES:
        columns = [d.name for d in schema.describe(table) if d.pattern in (URL, ADDRESS_OR_DOCUMENT)]
        path = data / schema.PATHS[table]
        if not columns or not path.is_file():
            continue
        with path.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                for column in columns:
                    if (row.get(column) or "").startswith(("http://", "https://")):
                        found[row[column]].append(f"{schema.PATHS[table]}:{row.get('id', '')}:{column}")
    return dict(found)


def check(url: str, ask: Transport) -> tuple[str, str, str, str]:
    """Return (state, status, target, why) of an address: HEAD, then GET when HEAD does not say it is fine."""
    found = _follow(url, "HEAD", ask)
    return found if found[0] in (OK, MOVED) else _follow(url, "GET", ask)


def _follow(url: str, method: str, ask: Transport) -> tuple[str, str, str, str]:
    at, moved = url, False
    for _ in range(_HOPS + 1):
        try:
            answer = ask(method, at)
        except RefusedError as error:
            return UNREACHABLE, "", "" if at == url else at, str(error)
        except OSError as error:
            return UNREACHABLE, "", "" if at == url else at, f"pas de réponse ({type(error).__name__})"
        status, after = answer
        if status in _REDIRECTS and after:
            # A temporary detour leads to the same page: only a permanent one asks to change the address.
            moved = moved or status in _PERMANENT
            at = after
            continue
        target = at if moved and at != url else ""
        if 200 <= status < 300:
            return (MOVED if target else OK), str(status), target, ""
        if status in _GONE:
            return GONE, str(status), target, "la page n’existe plus"
        if status in _DENIED:
            return DENIED, str(status), target, "le serveur refuse de répondre à un robot"
        return UNREACHABLE, str(status), target, f"le serveur répond {status}"
    return UNREACHABLE, "", at, f"plus de {_HOPS} redirections"


def run(
    found: dict[str, list[str]],
    ask: Transport,
    keep: Callable[[Link], None],
    *,
    workers: int = 4,
    pause: Callable[[], None] = lambda: None,
) -> None:
    """Check all addresses; those of one host one after the other, `pause()` between two of them.

    `keep` is called with each link as soon as it is known, never twice at once.
    """
    hosts: dict[str, list[str]] = defaultdict(list)
    for url in found:
        hosts[_host(url)].append(url)
    lock = threading.Lock()

    def one_host(urls: Iterable[str]) -> None:
        for position, url in enumerate(urls):
            if position:
                pause()
            made = Link(url, *check(url, ask), str(len(found[url])), found[url][0])
            with lock:
                keep(made)

    with ThreadPoolExecutor(max_workers=workers) as pool:
        # Long queues first: the end is then not one host alone.
        for done in [pool.submit(one_host, urls) for urls in sorted(hosts.values(), key=len, reverse=True)]:
            done.result()


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:  # an address such as http://[…
        return ""


def known(path: Path, again: Iterable[str] = ()) -> dict[str, Link]:
    """The links of an earlier run, without the states to check again; a broken last line is left out."""
    if not path.is_file():
        return {}
    names = [f.name for f in fields(Link)]
    with path.open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if all(isinstance(row.get(n), str) for n in names)]
    made = {row["url"]: Link(**{n: row[n] for n in names}) for row in rows}
    return {url: link for url, link in made.items() if link.state in STATES and link.state not in set(again)}


def parser() -> argparse.ArgumentParser:
    """Command line of the script."""
    out = argparse.ArgumentParser(description="Vérifie les adresses des données.")
    out.add_argument("--out", type=Path, required=True, help="rapport CSV ; repris s’il est déjà là")
    out.add_argument("--json", action="store_true", help="écrit aussi tout le rapport en JSON sur la sortie")
    out.add_argument("--again", default="", metavar="ÉTATS", help=f"revoit ces états : {', '.join(STATES)}")
    out.add_argument("--limit", type=int, default=None, metavar="N", help="au plus N adresses nouvelles")
    out.add_argument("--delay", type=float, default=2.0, metavar="S", help="pause par hôte, en secondes")
    out.add_argument("--timeout", type=float, default=20.0, metavar="S", help="attente d’une réponse")
    out.add_argument("--workers", type=int, default=4, choices=range(1, 9), help="hôtes à la fois")
    out.add_argument("--data", type=Path, default=DATA, help="dossier de données")
    return out


def main(argv: Sequence[str] | None = None, ask: Transport | None = None) -> int:
    """Run the checker; `ask` takes the place of the network."""
    arguments = parser().parse_args(argv)
    network = Network(arguments.timeout, arguments.delay)
    again = [s.strip() for s in arguments.again.split(",") if s.strip()]
    if unknown := sorted(set(again) - set(STATES)):
        print(f"État inconnu : {', '.join(unknown)}. États : {', '.join(STATES)}.", file=sys.stderr)
        return 2
    found = addresses(arguments.data)
    done = {url: link for url, link in known(arguments.out, again).items() if url in found}
    todo = dict([(u, w) for u, w in found.items() if u not in done][: arguments.limit])
    try:
        _write(arguments.out, done.values())
        with arguments.out.open("a", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")

            def keep(link: Link) -> None:
                done[link.url] = link
                writer.writerow(asdict(link).values())
                stream.flush()
                if sys.stderr.isatty():
                    print(f"{len(done)}/{len(found)} {link.state} {link.url[:90]}", file=sys.stderr)

            run(todo, ask or network.ask, keep, workers=arguments.workers, pause=network.pause)
    except OSError as error:
        print(f"Le rapport ne peut être écrit : {error.strerror}.", file=sys.stderr)
        return 2
    links = [done[url] for url in found if url in done]
    if arguments.json:
        print(json.dumps([asdict(link) for link in links], ensure_ascii=False, indent=2))
    _tell(links, len(found))
    return 1 if any(link.state == GONE for link in links) else 0


def _write(path: Path, links: Iterable[Link]) -> None:
    """Write the report anew, beside and then moved: what was checked is never lost."""
    draft = path.with_name(f".{path.name}.tmp")
    with draft.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(f.name for f in fields(Link))
        writer.writerows(asdict(link).values() for link in links)
    draft.replace(path)


def _tell(links: Sequence[Link], total: int) -> None:
    print(f"{len(links)} adresses vérifiées sur {total}.", file=sys.stderr)
    for state, words in STATES.items():
        print(f"  {sum(link.state == state for link in links):>5} {words}", file=sys.stderr)
    if links and all(link.state == UNREACHABLE for link in links):
        print("Le réseau manque peut-être : relancez avec --again injoignable.", file=sys.stderr)


if __name__ == "__main__":
    raise SystemExit(main())
