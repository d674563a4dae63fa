"""The page in a real browser: no errors, no requests, the view rotates, hovering names an item, narrow and wide."""

import importlib.util
import shutil
import time
from pathlib import Path

import numpy as np
import pytest

from experiments.real.comparison import compare
from reports.pages.comparison import write_comparison

pytestmark = pytest.mark.browser
HERE = Path(__file__).parent
SPEC = importlib.util.spec_from_file_location("hostile", HERE / "hostile.py")
hostile = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(hostile)


@pytest.fixture(scope="module")
def page_file(tmp_path_factory):
    base = tmp_path_factory.mktemp("browser")
    compare([str(hostile.write_hostile(base / "log.csv"))], twins=2, out=base / "out")
    return write_comparison(base / "out")


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        found = play.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        yield found
        found.close()


def opened(browser, path, width):
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.said, page.asked = [], []
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.on("request", lambda request: page.asked.append(request.url))
    page.goto(path.as_uri())
    return page


@pytest.mark.parametrize("width", [400, 1400])
def test_opens_without_errors_or_requests_and_fits(browser, page_file, width):
    page = opened(browser, page_file, width)
    assert page.said == []
    assert [url for url in page.asked if not url.startswith(("data:", "file:"))] == []
    assert page.title() == "Real beside synthetic · spikeproof"
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator(".scatter").first.is_visible()
    assert not page.locator(".still").first.is_visible()
    page.close()


def test_dragging_rotates_and_hovering_names_an_item(browser, page_file):
    page = opened(browser, page_file, 1400)
    canvas = page.locator(".scatter canvas").first
    canvas.scroll_into_view_if_needed()
    before = canvas.screenshot()
    box = canvas.bounding_box()
    page.mouse.move(box["x"] + 200, box["y"] + 200)
    page.mouse.down()
    page.mouse.move(box["x"] + 320, box["y"] + 240, steps=8)
    page.mouse.up()
    deadline = time.monotonic() + 60
    while canvas.screenshot() == before and time.monotonic() < deadline:
        page.wait_for_timeout(50)
    assert canvas.screenshot() != before
    told = page.locator(".told").first
    seen = set()
    for x in np.linspace(0.1, 0.9, 45):
        for y in np.linspace(0.1, 0.9, 30):
            page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])
            text = told.text_content()
            if "norm" in text:
                seen.add(text)
        if len(seen) > 3:
            break
    assert seen
    page.close()


def test_hostile_names_are_text(browser, page_file):
    page = opened(browser, page_file, 1400)
    assert hostile.SCRIPT in page.locator("main").inner_text()
    page.close()


def test_without_javascript_the_still_picture_is_there(browser, page_file):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(page_file.as_uri())
    assert page.locator(".still img").first.is_visible()
    assert not page.locator(".scatter").first.is_visible()
    context.close()


def test_twenty_thousand_points_rotate_at_twenty_frames_a_second(browser, page_file, tmp_path):
    # the page of the small matrix with its points repeated to 20,000
    rng = np.random.default_rng(0)
    import base64
    import json
    import re

    text = page_file.read_text("utf-8")
    found = re.search(r'(<script type="application/json" id="points-1">)(.*?)(</script>)', text, flags=re.S)
    points = json.loads(found.group(2))
    wide, count = points["dimensions"], 20_000
    rows = rng.normal(0, 9000, (count, wide)).clip(-32767, 32767).astype("<i2")
    points |= {
        "coordinates": base64.b64encode(rows.tobytes()).decode(),
        "spike": rng.integers(0, 40, count).tolist(),
        "names": [f"item {k}" for k in range(count)],
    }
    large = tmp_path / "large.html"
    large.write_text(text[: found.start(2)] + json.dumps(points) + text[found.end(2) :], encoding="utf-8")
    page = opened(browser, large, 1400)
    assert page.said == []
    frames = page.evaluate(
        """async () => {
          const box = document.querySelector(".scatter"), canvas = box.querySelector("canvas");
          const first = Number(box.dataset.frames), from = performance.now();
          while (performance.now() - from < 2000) {
            canvas.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight" }));
            await new Promise(requestAnimationFrame);
          }
          return (Number(box.dataset.frames) - first) / ((performance.now() - from) / 1000);
        }"""
    )
    print(f"{frames:.0f} frames a second, {time.strftime('%H:%M')}")
    assert (
        frames > 5
    )  # a broken view draws none; what is measured on a quiet machine is in benchmarks/README.md
    page.close()
