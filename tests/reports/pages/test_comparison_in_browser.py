"""The page in a real browser: answers first, the view, the table and the look-up by pointer and keyboard, narrow and in print."""

import importlib.util
import shutil
import time
from pathlib import Path

import numpy as np
import pytest

from experiments.real.comparison import compare
from reports.pages.comparison import page_of, write_comparison

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


MANIFEST = {"twins": 40, "blocks": "spikes", "seed": 0, "rank": "given"}


@pytest.fixture(scope="module")
def by_hand(made, tmp_path_factory):
    """A page of a matrix of 60 spikes with everything that a page can show, and the rows that it holds."""
    drawn = made.points(rows=900, spikes=60, rank=60, of=2000)
    analysis = made.analysis(
        points=drawn,
        questions=[made.question, made.question],
        rank_choice=made.choice,
        checks=made.checks,
        twin=made.twins(40, norm_cv=9),
    )
    path = tmp_path_factory.mktemp("by-hand") / "compare.html"
    path.write_text(page_of([analysis], MANIFEST), "utf-8")
    return path, drawn


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
def test_opens_without_errors_or_requests_and_fits(browser, page_file, by_hand, width):
    for path in (page_file, by_hand[0]):
        page = opened(browser, path, width)
        assert page.said == []
        assert [url for url in page.asked if not url.startswith(("data:", "file:"))] == []
        assert page.title() == "What the spikes mean · spikeproof"
        page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.locator(".scatter").first.is_visible()
        assert not page.locator(".still").first.is_visible()
        page.close()


def test_a_first_look_says_what_is_not_known_and_prints_its_view(browser, made, tmp_path):
    first = made.analysis(
        nulls=(), stage="first", passing=None, truncation={}, agreement=[], trust=None, questions=[]
    )
    path = tmp_path / "compare.html"
    path.write_text(page_of([first], MANIFEST), "utf-8")
    page = opened(browser, path, 1400)
    assert page.locator(".answers strong").all_inner_texts() == ["Not known yet."] * 3
    assert inside(page, ".answers") and inside(page, "canvas")
    page.emulate_media(media="print")
    assert page.locator("canvas").is_visible() and page.said == []
    page.close()


def inside(page, selector):
    """Whether the first element of a kind lies wholly in the window as it opens."""
    box = page.locator(selector).first.bounding_box()
    return box["y"] >= 0 and box["y"] + box["height"] <= 900


def test_the_answers_and_the_picture_are_seen_without_scrolling(browser, by_hand):
    page = opened(browser, by_hand[0], 1400)
    assert inside(page, ".answers") and inside(page, "canvas")
    page.close()
    narrow = opened(browser, by_hand[0], 400)
    tops = [narrow.locator(part).first.bounding_box()["y"] for part in (".answers", "canvas", ".spikes")]
    assert tops == sorted(tops) and tops[0] < 200
    narrow.close()


def lit(page):
    return page.locator(".scatter").first.get_attribute("data-lit")


def of_one_colour(page):
    """Of the pixels of the picture that are not grey, the share of the commonest colour; axes blend with a few of them."""
    return page.evaluate(
        """async () => {
          const canvas = document.querySelector("canvas");
          await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
          const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height), seen = new Map();
          for (let at = 0; at < data.length; at += 4) {
            const [r, g, b] = data.slice(at, at + 3);
            const colour = 65536 * r + 256 * g + b, grey = Math.max(r, g, b) - Math.min(r, g, b) <= 40;
            if (data[at + 3] === 255 && !grey) seen.set(colour, 1 + (seen.get(colour) ?? 0));
          }
          return Math.max(...seen.values()) / [...seen.values()].reduce((a, b) => a + b);
        }"""
    )


def test_choosing_a_row_lights_its_spike_and_greys_the_rest_until_escape(browser, by_hand):
    page = opened(browser, by_hand[0], 1400)
    assert of_one_colour(page) < 0.2
    page.locator(".spikes tbody tr").nth(2).click()
    number = page.locator(".spikes tr.chosen button").inner_text()
    assert lit(page) == str(int(number) - 1)
    assert of_one_colour(page) > 0.8
    page.keyboard.press("Escape")
    assert lit(page) == "-1" and of_one_colour(page) < 0.2
    # the same by the keyboard alone, and the button
    page.locator(".spikes tbody button").nth(1).focus()
    page.keyboard.press("Enter")
    assert of_one_colour(page) > 0.8
    assert page.evaluate("document.activeElement.getAttribute('aria-pressed')") == "true"
    page.get_by_role("button", name="show all spikes again").click()
    assert of_one_colour(page) < 0.2 and not page.locator(".spikes tr.chosen").count()
    assert page.said == []
    page.close()


def column(page, number):
    return page.locator(f".spikes tbody td:nth-child({number})").all_inner_texts()


def test_the_table_is_sorted_searched_and_paged_by_keyboard(browser, by_hand):
    page = opened(browser, by_hand[0], 1400)
    head = page.locator(".spikes th")
    assert head.nth(1).get_attribute("aria-sort") == "descending"
    assert page.locator(".count").inner_text() == "1 to 10 of 60 spikes"
    head.nth(0).locator("button").focus()
    page.keyboard.press("Enter")
    assert (
        head.nth(0).get_attribute("aria-sort") == "ascending"
        and head.nth(1).get_attribute("aria-sort") == "none"
    )
    assert column(page, 1) == [str(k) for k in range(1, 11)]
    page.keyboard.press("Enter")
    assert column(page, 1) == [str(k) for k in range(60, 50, -1)]
    page.get_by_role("button", name="next").click()
    assert column(page, 1) == [str(k) for k in range(50, 40, -1)]
    # a spike without trust is last whichever way it is sorted
    trust = page.get_by_role("button", name="trust")
    for _ in range(2):
        trust.click()
        page.locator(".spikes input").fill("")
        for _ in range(5):
            page.get_by_role("button", name="next").click()
        assert column(page, 1)[-1] == "2" and column(page, 7)[-1] == ""
    # any item of a spike finds it, not only those in its row
    page.locator(".spikes input").fill("item 427")
    assert column(page, 1) == [str(427 % 60 + 1)]
    assert page.locator(".count").inner_text() == "1 spike, found among 60"
    page.locator(".spikes input").fill("nothing of this name")
    assert page.locator(".count").inner_text() == "no spike found"
    assert page.said == []
    page.close()


def nearest_by_numpy(drawn, row, how):
    """The ten nearest rows among those that the page holds."""
    units = np.array(drawn["directions"], dtype=float).reshape(-1, drawn["rank"]) / 32767
    norms, spike = np.array(drawn["norms"]), np.array(drawn["spike"])
    scores = units @ units[row] * (1 if how == "cosine" else norms * norms[row])
    scores[row] = -np.inf
    if how == "within":
        scores[spike != spike[row]] = -np.inf
    best = np.argsort(-scores, kind="stable")[:10]
    return [drawn["names"][i] for i in best if np.isfinite(scores[i])]


def test_an_item_is_looked_up_by_keyboard_and_has_the_right_neighbours(browser, by_hand):
    path, drawn = by_hand
    page = opened(browser, path, 1400)
    field = page.get_by_role("combobox", name="Look up an item")
    field.focus()
    page.keyboard.type("ITEM 42")
    options = page.locator("[role=option]")
    assert options.all_inner_texts()[:3] == ["item 42", "item 420", "item 421"]
    assert field.get_attribute("aria-expanded") == "true"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.locator("[role=option][aria-selected=true]").inner_text() == "item 420"
    assert field.get_attribute("aria-activedescendant") == page.locator("[aria-selected=true]").get_attribute(
        "id"
    )
    page.keyboard.press("Enter")
    said = page.locator(".item").inner_text()
    assert f"spike {420 % 60 + 1}" in said and "in 421 contexts" in said
    assert "Trust: 57% of its 20 nearest are forecast to stay when the data grow by 20% (10 to 90%)." in said
    assert "among 900 of the 2,000 rows" in said
    for how in ("cosine", "dot", "within"):
        listed = page.locator(f".item ol[data-how={how}] button").all_inner_texts()
        assert listed == nearest_by_numpy(drawn, 420, how)
    assert page.locator(".scatter").first.get_attribute("data-marked") == "420"
    # a neighbour is looked up in turn
    page.locator(".item ol[data-how=dot] button").first.click()
    assert (
        page.locator(".item h4").inner_text() == nearest_by_numpy(drawn, 420, "dot")[0] == field.input_value()
    )
    # what no name matches is said, and no item that was found before stays
    page.keyboard.press("Escape")
    assert not page.locator(".item").is_visible()
    field.fill("item 42")
    page.keyboard.press("Enter")
    field.fill("zzzq")
    assert page.locator(".no-match").inner_text() == "No item matches among the 900 that this page holds."
    page.keyboard.press("Enter")
    assert not page.locator(".item").is_visible()
    field.fill("item 42")
    assert not page.locator(".no-match").is_visible()
    # numbers of dot products are whole where they are large
    numbers = "[131.4, 99.6, 12.34, -250.2, 0.871, 12345].map((value) => plainNumber(value, 2))"
    assert page.evaluate(numbers) == ["131", "100", "12", "-250", "0.87", "12,345"]
    assert page.said == []
    page.close()


def test_print_holds_every_column_the_still_picture_and_no_controls(browser, by_hand, tmp_path):
    """In print nothing scrolls: each table is as wide as its place, and the last cell of each row lies on the paper."""
    page = opened(browser, by_hand[0], 1400)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 700, "height": 900})  # A4 between its margins
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    wide = page.evaluate(
        """() => [...document.querySelectorAll("td:last-child, th:last-child")]
             .filter((cell) => cell.getClientRects().length)
             .map((cell) => cell.getBoundingClientRect().right)"""
    )
    assert len(wide) > 60 and max(wide) <= 700
    assert page.evaluate("document.documentElement.scrollWidth") <= 700
    assert page.locator(".still").first.is_visible() and not page.locator("canvas").first.is_visible()
    assert not [part for part in page.locator("input, select, button[data-go]").all() if part.is_visible()]
    assert len(column(page, 1)) == 50
    assert page.locator(".figures img").first.is_visible()  # what is folded is printed
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert len(column(page, 1)) == 10
    page.emulate_media(media="screen")
    pdf = page.pdf(path=str(tmp_path / "page.pdf"), format="A4")
    assert pdf[:4] == b"%PDF"
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
    page.locator(".look-up input").first.fill("script")
    page.keyboard.press("Enter")
    assert page.locator(".item h4").first.inner_text() == hostile.SCRIPT
    assert hostile.SCRIPT in page.locator(".spikes tbody").first.inner_text()
    assert page.title() == "What the spikes mean · spikeproof" and page.said == []
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
    wide, count = points["points"]["rank"], 20_000
    rows = rng.normal(0, 9000, (count, wide)).clip(-32767, 32767).astype("<i2")
    points["points"] |= {
        "directions": base64.b64encode(rows.tobytes()).decode(),
        "norms": rng.lognormal(0, 1, count).tolist(),
        "spike": rng.integers(0, 40, count).tolist(),
        "names": [f"item {k}" for k in range(count)],
    }
    large = tmp_path / "large.html"
    large.write_text(
        text[: found.start(2)] + json.dumps(points).replace("<", "\\u003c") + text[found.end(2) :],
        encoding="utf-8",
    )
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
