"""Make the pictures of README and docs/ from the running application: docs/images/*.png, small, light theme.

    python scripts/pictures.py [--only carte regions] [--out docs/images]

Starts its own server on a free port, with a database of its own that is thrown away, and a Chromium through
Playwright (see `find_chromium.py`). Run it after any change of the screens, and look at the result.
"""

from __future__ import annotations

import argparse
import io
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from PIL import Image  # noqa: E402  (the project's folder is known only now)

from scripts.find_chromium import installed  # noqa: E402

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

#: Bytes of a picture at most: a page of documentation opens on a phone.
MOST_BYTES: Final = 250_000
DESKTOP: Final = (1280, 900)
PHONE: Final = (360, 720)
#: The size that scenes are laid out for; the picture is then reduced to the width of the others.
PROJECTOR: Final = (1920, 1080)
_MAP: Final = "iframe[data-testid='stCustomComponentV1']"
_ARGUMENTS: Final = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync")


@dataclass(frozen=True)
class Picture:
    """One picture: its file, the address shown, the window in CSS pixels, and the buttons pressed before."""

    name: str
    address: str
    size: tuple[int, int] = DESKTOP
    has_map: bool = False
    presses: tuple[str, ...] = ()
    #: Words of a text that is brought to the top of the window.
    scroll_to: str = ""


PICTURES: Final = (
    Picture("accueil", ""),
    Picture("carte", "carte", has_map=True),
    Picture("carte-bretagne", "carte?region=53&niveau=epci&dans=53&aplat=objets", has_map=True),
    Picture("carte-telephone", "carte", PHONE, has_map=True),
    Picture("regions", "regions?region=53&region=52"),
    Picture("etude", "etude?depart=epci:243500741", has_map=True),
    Picture(
        "conference", "conference?modele=comparer&regions=53&regions=52", presses=("Prendre ce diaporama",)
    ),
    Picture(
        "presentation", "conference?modele=comparer&regions=53&regions=52&presenter=1&scene=2", PROJECTOR
    ),
)


def free_port() -> int:
    """A port of loopback that nothing uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving() -> Iterator[str]:
    """The application on loopback; its address. Raises TimeoutError when it does not answer in two minutes."""
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        environment = {**os.environ, "PTCE_DATABASE_URL": f"sqlite:///{folder}/atlas.db"}
        command = [sys.executable, "-m", "streamlit", "run", "server.py", "--server.port", str(port)]
        command += ["--server.address", "127.0.0.1", "--server.fileWatcherType", "none"]
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            address = f"http://127.0.0.1:{port}"
            _wait(f"{address}/healthz", 120)
            yield address
        finally:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait(address: str, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.5)
    raise TimeoutError(f"Aucune réponse de {address}.")


def settled(page: Page, has_map: bool) -> None:
    """Wait until the page has run and its map is drawn."""
    page.wait_for_selector("[data-test-script-state=notRunning]", timeout=60_000)
    if has_map:
        page.frame_locator(_MAP).locator("#map_div[data-drawn]").wait_for(timeout=60_000)
    # Charts grow into place, fonts arrive, skeletons fade: none of them says when it is done.
    page.wait_for_timeout(2_000)


def take(browser: Browser, site: str, picture: Picture) -> bytes:
    """One picture of the window, as PNG."""
    width, height = picture.size
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme="light", locale="fr-FR",
        reduced_motion="reduce", device_scale_factor=2 if picture.size == PHONE else 1,
    )  # fmt: skip
    try:
        page = context.new_page()
        page.goto(f"{site}/{picture.address}")
        settled(page, picture.has_map)
        for label in picture.presses:
            page.get_by_role("button", name=label).first.click()
            page.wait_for_timeout(1_000)
            settled(page, False)
        if picture.scroll_to:
            page.get_by_text(picture.scroll_to).first.evaluate(
                "node => node.scrollIntoView({block: 'start'})"
            )
            page.wait_for_timeout(500)
        return page.screenshot()
    finally:
        context.close()


def small(content: bytes, most: int = MOST_BYTES) -> bytes:
    """The same picture with a palette as large as `most` bytes allow. Raises ValueError when none does."""
    whole = Image.open(io.BytesIO(content)).convert("RGB")
    if whole.width > DESKTOP[0]:
        whole = whole.resize((DESKTOP[0], round(whole.height * DESKTOP[0] / whole.width)))
    for colours in (256, 128, 64, 32):
        buffer = io.BytesIO()
        # No dithering: text stays sharp, and flat areas compress.
        whole.quantize(colours, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(
            buffer, "PNG", optimize=True
        )
        if buffer.tell() <= most:
            return buffer.getvalue()
    raise ValueError(f"L’image reste plus lourde que {most} octets.")


def main() -> None:
    """Take the pictures asked for, and say what each weighs."""
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    names = [picture.name for picture in PICTURES]
    parser.add_argument("--only", nargs="+", choices=names, default=names, metavar="NOM")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "images")
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    with serving() as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed(), args=list(_ARGUMENTS))
        for picture in PICTURES:
            if picture.name in asked.only:
                content = small(take(browser, site, picture))
                (asked.out / f"{picture.name}.png").write_bytes(content)
                print(f"{picture.name}.png : {len(content) // 1000} ko", flush=True)
        browser.close()


if __name__ == "__main__":
    main()
