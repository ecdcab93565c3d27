"""A word in a text: its meaning under the pointer, its definition in a new tab, the page left as it was."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import BrowserContext, expect

from tests.browser.helpers import ready

Opener = Callable[..., tuple[BrowserContext, list[str]]]


def test_a_word_opens_its_definition_beside_the_page(open_context: Opener, site: str) -> None:
    context, outside = open_context(360, 640)
    page = context.new_page()
    page.goto(f"{site}/dispositifs?section=frise")
    ready(page)
    link = page.locator('main a[href="/glossaire?mot=spl"]')
    expect(link).to_have_count(1)
    assert "Groupement de petites entreprises" in str(link.get_attribute("title"))
    style = link.evaluate("a => [getComputedStyle(a).textDecorationLine, getComputedStyle(a).color]")
    around = link.evaluate("a => getComputedStyle(a.parentElement).color")
    assert style == ["underline", around], "souligné, et aussi lisible que le texte"
    with context.expect_page() as opened:
        link.press("Enter")
    definition = opened.value
    ready(definition)
    assert page.url.endswith("/dispositifs?section=frise")
    expect(definition.locator(".st-key-mot-ouvert")).to_contain_text("bassin")
    definition.get_by_role("button", name="grappe d’entreprises").press("Enter")
    expect(definition.locator(".st-key-mot-ouvert")).to_contain_text("2010")
    assert definition.url.endswith("mot=grappe-d-entreprises")
    definition.go_back()
    expect(definition.locator(".st-key-mot-ouvert")).to_contain_text("bassin")
    assert definition.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    assert outside == []
