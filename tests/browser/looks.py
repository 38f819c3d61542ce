"""What a page must keep to so that everybody can use it: names, contrast, visible focus, size, and room on a phone.

Checks of WCAG 2.2 at level AA that a machine can make, in functions of JavaScript that give what is wrong.
"""

from tests.browser.pages import Page

NAMELESS = """() => [...document.querySelectorAll("button, a, input, select, video, [role=meter], ul, dialog")]
    .filter((one) => one.checkVisibility())
    .filter((one) => {
        const labelled = one.getAttribute("aria-labelledby");
        const name = one.getAttribute("aria-label")
            || (labelled && document.getElementById(labelled)?.textContent)
            || [...(one.labels ?? [])].map((label) => label.textContent).join("")
            || (["BUTTON", "A"].includes(one.tagName) ? one.textContent : "");
        const shown = one.closest(".tile") && one.tagName === "VIDEO";  // its name stands beside it
        return !name.trim() && !shown;
    })
    .map((one) => one.outerHTML.slice(0, 120))"""
"""4.1.2: what can be used has a name."""

FAINT = """() => {
    const parts = (colour) => {
        const [red, green, blue, alpha = 1] = colour.match(/[\\d.]+/g).map(Number);
        return { rgb: [red, green, blue], alpha };
    };
    const over = (top, alpha, below) => top.map((value, index) => value * alpha + below[index] * (1 - alpha));
    const light = (rgb) => {
        const [red, green, blue] = rgb.map((value) => {
            const share = value / 255;
            return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const ratio = (one, other) => {
        const [high, low] = [light(one), light(other)].sort((a, b) => b - a);
        return (high + 0.05) / (low + 0.05);
    };
    const grounds = (element) => {
        const layers = [];
        for (let at = element; at; at = at.parentElement) {
            const { rgb, alpha } = parts(getComputedStyle(at).backgroundColor);
            if (alpha > 0) layers.push({ rgb, alpha });
            if (alpha === 1) break;
        }
        const behind = layers.at(-1)?.alpha === 1 ? [[255, 255, 255]] : [[255, 255, 255], [0, 0, 0]];
        const onPicture = element.closest(".tag, .tile > .state, .rest");
        const starts = onPicture ? [[255, 255, 255], [0, 0, 0]] : behind;
        const used = onPicture ? layers.slice(0, 1) : layers;
        return starts.map((start) => used.reduceRight((below, { rgb, alpha }) => over(rgb, alpha, below), start));
    };
    const wrong = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const element = node.parentElement;
        const hidden = element.closest(".unseen, .skip, script, noscript, option");
        if (!node.data.trim() || hidden || !element.checkVisibility()) continue;
        const style = getComputedStyle(element);
        const size = parseFloat(style.fontSize);
        const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
        const found = Math.min(...grounds(element).map((ground) => ratio(parts(style.color).rgb, ground)));
        if (found < (large ? 3 : 4.5)) wrong.push(`${node.data.trim()}: ${found.toFixed(2)}`);
    }
    return wrong;
}"""
"""1.4.3: text stands out by 4.5, large text by 3. On a picture the worst ground counts."""

SMALL = """() => [...document.querySelectorAll("button, input, select")]
    .filter((one) => one.checkVisibility())
    .filter((one) => {
        const { width, height } = one.getBoundingClientRect();
        return width < 44 || height < 44;
    })
    .map((one) => one.textContent || one.id)"""
"""2.5.5, although it is of level AAA: an old hand needs it."""

CUT = """() => [...document.querySelectorAll("button, h1, h2, .tag, label")]
    .filter((one) => one.checkVisibility() && one.scrollWidth > one.clientWidth + 1)
    .map((one) => one.textContent)"""
"""Words that don't fit where they stand."""

WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
"""1.4.10: nobody has to scroll sideways."""

FOCUSED = """() => {
    const one = document.activeElement;
    if (!one || one === document.body) return null;
    const { outlineStyle, outlineWidth } = getComputedStyle(one);
    const { top, left, bottom, right } = one.getBoundingClientRect();
    const seen = bottom > 0 && right > 0 && top < innerHeight && left < innerWidth;
    const middle = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    return {
        what: one.getAttribute("aria-label") || one.textContent.trim() || one.id,
        visible: outlineStyle !== "none" && parseFloat(outlineWidth) >= 3,
        seen: seen && Boolean(middle && (one.contains(middle) || middle.contains(one))),
    };
}"""

ONE_OF_EACH = """() => ({
    language: document.documentElement.lang,
    title: document.title.trim() !== "",
    headings: document.querySelectorAll("h1").length,
    mains: document.querySelectorAll("main").length,
    live: document.querySelectorAll("[aria-live=polite], [role=alert]").length >= 2,
})"""


_AT_THE_START = """() => {
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute("tabindex");
}"""


async def faults(page: Page) -> list[str]:
    """All that is wrong with what is shown now."""
    found = [f"{kind}: {each}" for kind, code in _CHECKS for each in await page.run(code)]
    if (over := await page.run(WIDE)) > 0:
        found.append(f"too wide: {over} px")
    frame = await page.run(ONE_OF_EACH)
    if not (frame["title"] and frame["live"] and frame["language"] and frame["headings"] == frame["mains"] == 1):
        found.append(f"frame: {frame}")
    return found


async def walked(page: Page, most: int = 40) -> list[dict[str, object]]:
    """Where the focus goes from the start of the page, once around."""
    await page.run(_AT_THE_START)
    steps: list[dict[str, object]] = []
    for _ in range(most):
        await page.key("Tab")
        at = await page.run(FOCUSED)
        if at is None or at in steps:
            break
        steps.append(at)
    return steps


_CHECKS = (("nameless", NAMELESS), ("faint", FAINT), ("small", SMALL), ("cut", CUT))
