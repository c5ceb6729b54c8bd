"""The page in Debian's Chromium, on a real Kafka with the shipped model."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import orjson
import pytest
from chain import Chain
from live_page import Site, served

from pipeline.contract.events import ClaimV1

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Dialog, Page

WAIT_MS = 120_000
EXAMPLE = Path(__file__).parents[2] / "pipeline" / "contract" / "examples" / "claim.v1.json"
WATCH = """
    window.seen = {violations: [], long: []};
    document.addEventListener("securitypolicyviolation", (event) => seen.violations.push(event.violatedDirective));
    new PerformanceObserver((list) => window.seen.long.push(...list.getEntries().map((entry) => entry.duration)))
        .observe({type: "longtask", buffered: true});
"""
HOSTILE = (
    "<script>window.pwned = 1</script> Unemployment fell to 4 percent in 2015, Jane Smith said."
    '\n<img src=x onerror="window.pwned = 2"> Prices rose by 7 percent in 2016 \u202eyas yeht\u202c, she said.'
    "\n<svg onload=window.pwned=3><a href='javascript:window.pwned=4'>Wages grew by 3 percent in 2017.</a>"
)


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """A new profile, in which dialogs, requests elsewhere, errors and violations of the policy are failures."""
    context = chromium.new_context(viewport={"width": 1360, "height": 850}, reduced_motion="reduce")
    context.set_default_timeout(WAIT_MS)
    context.add_init_script(WATCH)
    wrong: list[str] = []
    hosts: set[str] = set()

    def dialog(found: Dialog) -> None:
        wrong.append(f"dialog: {found.message}")
        found.dismiss()

    context.on("dialog", dialog)
    context.on("request", lambda request: hosts.add(urlsplit(request.url).hostname or request.url))
    context.on("weberror", lambda error: wrong.append(f"error: {error.error}"))
    yield context
    for page in context.pages:
        wrong += page.evaluate("window.seen.violations")
    context.close()
    assert wrong == []
    assert hosts <= {"127.0.0.1"}


def article(name: str, text: str, **fields: str) -> bytes:
    return orjson.dumps({"id": name, "text": text, "source": f"Source of {name}", **fields})


def opened(context: BrowserContext, site: Site, path: str = "/") -> Page:
    page = context.new_page()
    page.goto(site.url + path)
    if path.startswith("/?") or path == "/":
        page.wait_for_selector('#feed[aria-busy="false"]', state="attached")
    return page


def test_claims_appear_while_the_page_is_open(
    context: BrowserContext, site: Site, record_property: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    page = opened(context, site)
    seconds = []
    for number in range(4):
        words = f"Unemployment fell to {number + 2} percent in 2015, the minister said"
        start = time.monotonic()
        site.chain.push([article(f"live-{number}", f"{words} on Monday.")])
        page.locator("#feed .claim", has_text=words).first.wait_for()
        seconds.append(time.monotonic() - start)
    seconds = seconds[1:]  # the first waits for the worker's start
    record_property("seconds_until_seen", seconds)
    with capsys.disabled():
        print(f"\nseen after {statistics.median(seconds):.2f} s (median)")  # noqa: T201  (measured, not asserted)


def test_filters_live_in_the_address_and_survive_a_reload(context: BrowserContext, site: Site) -> None:
    site.chain.push(
        [
            article("filter-1", "Exports grew by 12 percent in 2014, Ada Brown said."),
            article("filter-2", "Imports grew by 13 percent in 2013, Max Green said."),
        ]
    )
    page = opened(context, site)
    page.locator("#feed .claim", has_text="12 percent in 2014").wait_for()
    page.locator("#feed .claim", has_text="13 percent in 2013").wait_for()
    page.keyboard.press("/")
    page.keyboard.type("grew percent")
    page.fill("#speaker", "max gr")
    page.locator("#feed .claim", has_text="12 percent in 2014").wait_for(state="detached")
    assert page.locator("#feed .claim").count() == 1
    page.wait_for_url("**/?*speaker=*")
    assert parse_qs(urlsplit(page.url).query) == {"q": ["grew percent"], "speaker": ["max gr"]}
    page.reload()
    page.locator("#feed .claim", has_text="13 percent in 2013").wait_for()
    assert page.locator("#feed .claim").count() == 1
    page.click("#clear")
    page.locator("#feed .claim", has_text="12 percent in 2014").wait_for()
    assert urlsplit(page.url).query == ""


def test_when_an_article_was_published_is_not_taken_for_when_it_came(context: BrowserContext, site: Site) -> None:
    words = "Debt rose by 8 percent in 2008, Ida Black said."
    site.chain.push([article("published", words, published="2011-05-01T10:20:00+02:00")])
    page = opened(context, site)
    claim = page.locator("#feed .claim", has_text="8 percent in 2008")
    claim.wait_for()
    assert claim.locator("time").get_attribute("title") == "When the article came in"
    page.fill("#q", "8 percent in 2008")
    page.wait_for_url("**/?q=*")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    claim.locator(".published", has_text="Published 2011-05-01 10:20").wait_for()


def test_keys_move_open_and_close(context: BrowserContext, site: Site) -> None:
    site.chain.push([article("keys", "Crime fell by 9 percent in 2011, Eve White said. It rained.", title="On crime")])
    page = opened(context, site)
    page.locator("#feed .claim", has_text="9 percent in 2011").wait_for()
    page.fill("#q", "9 percent in 2011")
    page.wait_for_url("**/?q=*")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.locator("#feed .claim[aria-current] .reasons li").first.wait_for()
    page.keyboard.press("Enter")
    page.locator("#reader .s.claim.current", has_text="Crime fell by").wait_for()
    assert page.locator("#reader .e", has_text="Eve White").count() >= 1
    assert page.locator("#reader .claims .reasons li").count() >= 1
    assert "article=" in page.url
    page.keyboard.press("Escape")
    page.locator("#reader .hint").wait_for()
    page.keyboard.press("?")
    page.locator("#help[open]").wait_for()
    page.keyboard.press("Escape")
    page.locator("#help[open]").wait_for(state="detached")


def test_a_hostile_article_does_nothing(context: BrowserContext, site: Site) -> None:
    title = "<script>window.pwned=5</script>\u202eeltit"
    site.chain.push([article("hostile", HOSTILE, title=title, url="javascript:window.pwned=6")])
    page = opened(context, site)
    row = page.locator("#feed .claim", has_text="Wages grew by 3 percent in 2017").first
    row.locator(".text").click()
    page.locator("#reader .body", has_text="<script>window.pwned = 1</script>").wait_for()
    assert "⟦RLO⟧yas yeht⟦PDF⟧" in page.inner_text("#reader .body")
    assert page.locator("#reader script, #reader img, #reader svg, #reader a[href^=javascript]").count() == 0
    alone = opened(context, site, row.locator(".text").get_attribute("href") or "")
    alone.locator("h1", has_text="<script>window.pwned=5</script>⟦RLO⟧eltit").wait_for()
    for shown in (page, alone):
        assert shown.evaluate("typeof window.pwned") == "undefined"


def test_a_rejected_record_is_replayed_after_a_question(context: BrowserContext, site: Site) -> None:
    (partition, offset), *_ = site.chain.push([b'{"id": "replay me", <b>'])
    where = f"{site.chain.prefix}news.articles/{partition}/{offset}"
    page = context.new_page()
    deadline = time.monotonic() + WAIT_MS / 1000
    while True:
        page.goto(f"{site.url}/rejected?stage=split_sentences&reason=not-json")
        links = [link.get_attribute("href") for link in page.locator("table.records a").all()]
        for link in links:
            page.goto(f"{site.url}{link}")
            if where in page.inner_text("main"):
                break
        else:
            assert time.monotonic() < deadline
            continue
        break
    assert '{"id": "replay me", <b>' in page.inner_text(".bytes")
    page.get_by_text("Replay …").click()
    page.locator("#confirm .primary").click()
    page.locator("dd", has_text="replayed").wait_for()


def test_lag_is_drawn_for_each_stage(context: BrowserContext, site: Site) -> None:
    page = opened(context, site, "/lag")
    # A lag that stays is a flat line: Playwright takes what has no height for hidden.
    line = page.locator("tr[data-stage=classify_claims] svg polyline[points*=' ']")
    line.wait_for(state="attached")
    assert page.locator("table.lag svg").count() == 3


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_both_themes_and_a_phone(chromium: Browser, site: Site, theme: Any) -> None:
    site.chain.push([article(f"phone-{theme}", f"Rents rose by 8 percent in {theme} 2012, Kim Gray said.")])
    context = chromium.new_context(viewport={"width": 390, "height": 844}, color_scheme=theme)
    context.set_default_timeout(WAIT_MS)
    page = opened(context, site)
    page.locator("#feed .claim .text").first.click()
    page.locator("#reader article").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    ground = "getComputedStyle(document.body).backgroundColor"
    before = page.evaluate(ground)
    page.click("#theme")
    assert page.evaluate(ground) != before
    page.reload()
    assert page.evaluate(ground) != before
    context.close()


@pytest.mark.slow
def test_ten_thousand_claims_stay_in_bounds(
    context: BrowserContext, kafka: str, topic_prefix: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    example = orjson.loads(EXAMPLE.read_bytes())

    def claim(number: int) -> bytes:
        origin = {**example["origin"], "offset": number // 3, "timestamp": 1_900_000_000_000 + number}
        sentence = {**example["sentence"], "text": f"Claim {number} says that ferries cost 12 per cent more."}
        return orjson.dumps({**example, "id": f"claim-{number}", "origin": origin, "sentence": sentence})

    with Chain(kafka, topic_prefix, tmp_path) as chain:
        chain.push((claim(number) for number in range(10_000)), topic=chain.topic(ClaimV1))
        with served(chain.bootstrap, chain.prefix) as (address, _):
            page = opened(context, Site(address, chain))
            page.locator("#tally", has_text="10,000 claims").wait_for()
            for _ in range(15):
                page.mouse.move(300, 600)
                page.mouse.wheel(0, 3000)
                page.wait_for_timeout(50)
            assert page.evaluate("scrollY") > 3000
            chain.push((claim(number) for number in range(10_000, 10_500)), topic=chain.topic(ClaimV1))
            page.locator("#fresh", has_text="500 new").wait_for()
            page.fill("#q", "claim 9876")
            page.locator("#feed .claim", has_text="Claim 9876 says").wait_for()
            page.fill("#q", "")
            page.locator("#feed .claim", has_text="Claim 10499 says").wait_for()
            long = page.evaluate("window.seen.long")
            nodes = page.evaluate("document.querySelectorAll('*').length")
    with capsys.disabled():
        print(f"\n{nodes} elements; {len(long)} long tasks, the longest {max(long, default=0):.0f} ms")  # noqa: T201
    assert nodes < 6_000
