"""The site at its smallest size: links lead somewhere, no request leaves it, words are found, nothing is too wide."""

import os
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = (
    "index",
    "start",
    "tutorial",
    "formats",
    "errors",
    "theory",
    "theory/01-rays",
    "theory/05-spectrum-of-a-sample",
    "ledger/index",
    "ledger/B3",
    "gallery/index",
    "commands",
)
WIDTHS = (400, 1400)
# Resolves when the formulas are typeset and the pictures loaded, those below the window included.
DRAWN = """async () => {
    await (window.MathJax && MathJax.startup && MathJax.startup.promise);
    document.querySelectorAll("img").forEach(image => image.loading = "eager");
    await Promise.allSettled([...document.images].map(image => image.decode()));
}"""
# The page itself, and words in a sentence that the edge of the window cuts off without making the page wider.
TOO_WIDE = """() => {
    const right = document.documentElement.clientWidth;
    const beyond = document.documentElement.scrollWidth - right;
    const cut = [...document.querySelectorAll("article :not(pre) > code")]
        .filter(code => !code.closest("table, dt, pre") && code.getBoundingClientRect().right > right + 1);
    return [...(beyond > 0 ? [`${beyond} px wider`] : []), ...cut.map(code => code.textContent)];
}"""
# Pictures that are not there and formulas that could not be typeset.
NOT_SHOWN = """() => [
    ...[...document.images].filter(image => image.naturalWidth === 0).map(image => `no picture ${image.src}`),
    ...[...document.querySelectorAll("mjx-merror, .merror")].map(error => `formula ${error.textContent}`),
]"""
WORDS = 20  # of the glossary, which the search must find


class Page(HTMLParser):
    """What a page links to, what it loads, and which places in it can be linked to."""

    def __init__(self, path):
        super().__init__()
        self.links, self.loads, self.anchors = [], [], set()
        self.feed(path.read_text("utf-8"))

    def handle_starttag(self, tag, attrs):
        """Collect references and anchors."""
        given = dict(attrs)
        self.anchors |= {given[key] for key in ("id", "name") if given.get(key)}
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        if tag in ("script", "img", "iframe", "source", "video") and given.get("src"):
            self.loads.append(given["src"])
        if tag == "link" and given.get("rel") in ("stylesheet", "preload", "icon", "shortcut icon"):
            self.loads.append(given["href"])


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The folder of the built pages: of a site that is there (`SPIKEPROOF_SITE`), or of one that is built here."""
    given = os.environ.get("SPIKEPROOF_SITE")
    folder = Path(given) if given else built_site(tmp_path_factory)
    (found,) = [path.parent for path in folder.glob("*/objects.inv")]
    return found


def html_of(site):
    """All pages of a site."""
    return [path for path in site.rglob("*.html") if "_static" not in path.relative_to(site).parts]


def built_site(tmp_path_factory):
    """Build the smallest site; return its folder."""
    pytest.importorskip("sphinx")
    base = tmp_path_factory.mktemp("site")
    made = subprocess.run(
        [
            sys.executable,
            str(ROOT / "docs/build.py"),
            "--small",
            "--work",
            str(base / "work"),
            "-o",
            str(base / "site"),
        ],
        cwd=base,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert made.returncode == 0, made.stderr[-4000:]
    return base / "site"


@pytest.mark.slow
def test_every_link_and_every_file_that_a_page_loads_is_there(site):
    pages = {path: Page(path) for path in html_of(site)}
    assert len(pages) > 300
    lost = []
    for path, page in pages.items():
        lost += [f"{path.name} loads {load}" for load in page.loads if re.match(r"(https?:)?//", load)]
        for link in [*page.links, *page.loads]:
            if re.match(r"[a-z]+:", link):
                continue
            aim, _, anchor = link.partition("#")
            place = (path.parent / unquote(aim.partition("?")[0])).resolve() if aim else path
            known = place.is_file() and (
                not anchor or place not in pages or unquote(anchor) in pages[place].anchors
            )
            lost += [] if known else [f"{path.relative_to(site)} -> {link}"]
    assert lost == []


def opened(site):
    """Names of the pages to open: some of each kind, or with `SPIKEPROOF_EVERY_PAGE` all."""
    if not os.environ.get("SPIKEPROOF_EVERY_PAGE"):
        return PAGES
    return sorted(str(path.relative_to(site).with_suffix("")) for path in html_of(site))


@pytest.fixture(scope="module")
def browser():
    """Chromium without a network."""
    play = pytest.importorskip("playwright.sync_api").sync_playwright().start()
    found = play.chromium.launch(
        executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
    )
    yield found
    found.close()
    play.stop()


@pytest.mark.browser
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_page_is_wider_than_the_window_or_asks_for_what_is_not_there(site, browser, theme):
    context = browser.new_context(offline=True, color_scheme=theme)
    page = context.new_page()
    wrong, asked = [], []
    page.on("request", lambda request: asked.append(request.url))
    for name in opened(site):
        page.goto((site / f"{name}.html").as_uri())
        page.evaluate(DRAWN)
        assert page.evaluate("document.documentElement.dataset.theme") == theme
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            wrong += [f"{name} at {width} px: {what}" for what in page.evaluate(TOO_WIDE)]
        wrong += [f"{name}: {what}" for what in page.evaluate(NOT_SHOWN)]
    context.close()
    assert wrong == []
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []


@pytest.mark.browser
def test_another_version_can_be_chosen(site, browser):
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    listed = f'window.spikeproofVersions = ["{site.name}", "0.1.0"];'
    page.route("**/versions.js*", lambda route: route.fulfill(body=listed, content_type="text/javascript"))
    page.route("**/0.1.0/index.html", lambda route: route.fulfill(body="the older one"))
    page.goto((site / "ledger/B3.html").as_uri())
    page.locator(".navbar-header-items__end .site-versions select").select_option("0.1.0")
    page.wait_for_url(re.compile(r"0\.1\.0/index\.html$"))
    assert page.url == f"{site.parent.as_uri()}/0.1.0/index.html"
    page.close()


@pytest.mark.browser
def test_the_search_finds_twenty_words_of_the_glossary(site, browser):
    # a search leaves out words such as "at", of which one term begins
    terms = re.findall(r"^## ([\w-]{3,})", (ROOT / "docs/glossary.md").read_text("utf-8"), flags=re.M)[:WORDS]
    page = browser.new_page()
    missed = []
    for term in terms:
        page.goto(f"{(site / 'search.html').as_uri()}?q={term}")
        page.wait_for_function(
            "document.querySelector('#search-results .search-summary, #search-results p')?.innerText.match(/found|did not/)"
        )
        page.wait_for_function("document.querySelectorAll('#search-results li').length > 0", timeout=300_000)
        found = page.evaluate(
            "[...document.querySelectorAll('#search-results li a')].map(a => a.getAttribute('href'))"
        )
        missed += [] if any("glossary" in href for href in found) else [term]
    page.close()
    assert missed == []
