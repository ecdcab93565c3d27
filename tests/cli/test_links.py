"""The link checker, without a network: what each answer means, politeness, resuming, private addresses."""

from __future__ import annotations

import csv
import io
import json
import urllib.error
import urllib.request
from collections.abc import Callable
from email.message import Message
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts import check_links
from scripts.link_transport import AGENT, Network, RefusedError, allowed
from tests import mini

Answers = dict[tuple[str, str], tuple[int, str] | Exception]


class Server:
    """Answers written beforehand; an address that is not listed is fine."""

    def __init__(self, answers: Answers) -> None:
        self.answers = answers
        self.asked: list[tuple[str, str]] = []

    def __call__(self, method: str, url: str) -> tuple[int, str]:
        self.asked.append((method, url))
        found = self.answers.get((method, url), self.answers.get(("*", url), (200, "")))
        if isinstance(found, Exception):
            raise found
        return found


A, B, C = "https://a.example.org/x", "https://a.example.org/y", "https://b.example.org/"
CASES: list[tuple[Answers, tuple[str, str, str], list[str]]] = [
    ({}, ("ok", "200", ""), ["HEAD"]),
    ({("*", A): (404, "")}, ("disparu", "404", ""), ["HEAD", "GET"]),
    ({("*", A): (410, "")}, ("disparu", "410", ""), ["HEAD", "GET"]),
    # A server that does not know HEAD is asked again before its page is said to be gone.
    ({("HEAD", A): (404, "")}, ("ok", "200", ""), ["HEAD", "GET"]),
    ({("HEAD", A): (405, "")}, ("ok", "200", ""), ["HEAD", "GET"]),
    ({("*", A): (403, "")}, ("refuse", "403", ""), ["HEAD", "GET"]),
    ({("*", A): (500, "")}, ("injoignable", "500", ""), ["HEAD", "GET"]),
    ({("*", A): (301, C)}, ("redirige", "200", C), ["HEAD", "HEAD"]),
    ({("*", A): (302, C)}, ("ok", "200", ""), ["HEAD", "HEAD"]),
    ({("*", A): (301, C), ("*", C): (404, "")}, ("disparu", "404", C), ["HEAD", "HEAD", "GET", "GET"]),
    ({("*", A): (308, A)}, ("injoignable", "", A), ["HEAD"] * 6 + ["GET"] * 6),
    ({("*", A): TimeoutError()}, ("injoignable", "", ""), ["HEAD", "GET"]),
    ({("*", A): (302, C), ("*", C): RefusedError("adresse d’un réseau privé")}, ("injoignable", "", C), ["HEAD", "HEAD", "GET", "GET"]),
]  # fmt: skip


@pytest.mark.parametrize(("answers", "expected", "methods"), CASES)
def test_what_an_answer_means(answers: Answers, expected: tuple[str, str, str], methods: list[str]) -> None:
    server = Server(answers)
    assert check_links.check(A, server)[:3] == expected
    assert [method for method, _ in server.asked] == methods


@pytest.fixture
def run(folder: Path, tmp_path: Path) -> Callable[..., int]:
    def call(server: Server, *more: str) -> int:
        arguments = ["--out", str(tmp_path / "l.csv"), "--data", str(folder), "--delay", "0", *more]
        return check_links.main(arguments, server)

    return call


def test_every_address_of_the_data_is_asked_once(
    run: Callable[..., int], folder: Path, tmp_path: Path
) -> None:
    held = [r[c] for t in ("sources", "poles", "tiers_lieux") for r in mini.tables()[t] for c in ("url", "website") if r.get(c, "").startswith("http")]  # fmt: skip
    server = Server({})
    assert run(server) == 0
    assert sorted(url for _, url in server.asked) == sorted(set(held)) and held
    rows = list(csv.DictReader((tmp_path / "l.csv").open(encoding="utf-8")))
    assert {row["url"] for row in rows} == set(held) and {row["state"] for row in rows} == {"ok"}
    assert {r["url"]: r["where"] for r in rows}["https://example.org/a"] == "sources.csv:source-a:url"


def test_a_run_goes_on_where_it_stopped(run: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    gone = "https://example.org/a"
    first = Server({("*", gone): (404, "")})
    assert run(first, "--limit", "1") == 0 and len(first.asked) == 1
    second = Server(first.answers)
    assert run(second) == 1
    assert set(first.asked).isdisjoint(second.asked)
    third = Server({})
    assert run(third) == 1 and not third.asked
    assert run(third, "--again", "disparu", "--json") == 0 and third.asked == [("HEAD", gone)]
    found = json.loads(capsys.readouterr().out)
    assert {one["state"] for one in found} == {"ok"} and len(found) == len({one["url"] for one in found})
    assert run(third, "--again", "perdu") == 2


def test_a_report_cut_short_is_taken_up(tmp_path: Path) -> None:
    path = tmp_path / "l.csv"
    path.write_text(
        "url,state,status,target,why,used,where\nhttps://x.org,ok,200,,,1,a\nhttps://y.org,o", "utf-8"
    )
    assert set(check_links.known(path)) == {"https://x.org"}


def test_one_address_of_a_host_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[str] = []
    links: list[check_links.Link] = []
    found = {A: ["1"], B: ["2"], "https://www.a.example.org/": ["3"], C: ["4"], "http://[x|y]]": ["5"]}
    check_links.run(found, Server({}), links.append, workers=2, pause=lambda: pauses.append("pause"))
    assert len(pauses) == 2 and {link.url for link in links} == set(found)


def look_up(host: str) -> list[str]:
    return {
        "public.org": ["93.184.216.34"],
        "prive.org": ["93.184.216.34", "10.0.0.8"],
        "v6.org": ["fe80::1%eth0"],
    }[host]


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1/", "http://10.1.2.3/x", "http://[::1]/", "http://169.254.169.254/latest", "http://prive.org/",
     "http://v6.org/", "ftp://public.org/", "file:///etc/passwd", "http://u:p@public.org/", "http://public.org:22/",
     "http://[x|y]]", "http://", "http://public.org:99999/", "http://0.0.0.0/", "http://224.0.0.1/"],
)  # fmt: skip
def test_only_public_web_addresses_are_asked(url: str) -> None:
    with pytest.raises(RefusedError):
        allowed(url, look_up)


def test_an_address_is_sent_in_ascii() -> None:
    sent = allowed("https://public.org/é?q=à b#x", look_up)
    assert sent == "https://public.org/%C3%A9?q=%C3%A0%20b"


@settings(max_examples=60)
@given(st.text(max_size=60).map(lambda t: f"http://public.org/{t}"))
def test_no_address_breaks_the_checker(url: str) -> None:
    try:
        sent = allowed(url, lambda _: ["93.184.216.34"])
    except (RefusedError, UnicodeError):
        return
    assert sent.isascii() and " " not in sent and "\n" not in sent


class Opener(urllib.request.OpenerDirector):
    """In the place of the network: keeps the request, answers what it was told."""

    def __init__(self, status: int, location: str = "") -> None:
        super().__init__()
        self.status, self.location = status, location
        self.sent: list[urllib.request.Request] = []

    def open(self, request, data=None, timeout=None):  # type: ignore[no-untyped-def]
        self.sent.append(request)
        headers = Message()
        if self.location:
            headers["Location"] = self.location
        raise urllib.error.HTTPError(request.full_url, self.status, "x", headers, io.BytesIO())


def test_the_network_does_not_follow_and_says_who_asks() -> None:
    opener = Opener(301, "/ailleurs")
    network = Network(look_up=look_up, opener=opener)
    assert network.ask("HEAD", "http://public.org/x") == (301, "http://public.org/ailleurs")
    (request,) = opener.sent
    assert request.get_method() == "HEAD" and request.get_header("User-agent", "").startswith("atlas-")
    with pytest.raises(RefusedError):
        network.ask("GET", "http://127.0.0.1/")
    assert len(opener.sent) == 1
    AGENT.encode("latin-1")
