// Chromium for `pages.py`: takes commands as JSON lines on standard input, answers on standard output.
// One browser; each page has a profile of its own. The module is found in tests/node, where npm put it.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const { chromium } = createRequire(new URL("../node/package.json", import.meta.url))("playwright-core");

const pages = new Map();
let browser;
let numbers = 0;

async function open({ url, width, height, options, script, cookiesOf }) {
    const context = cookiesOf ? pages.get(cookiesOf).page.context() : await browser.newContext({ viewport: { width, height }, ...options });
    if (script) {
        await context.addInitScript(script);
    }
    const page = await context.newPage();
    const messages = [];
    const requests = [];
    page.on("console", (message) => ["error", "warning"].includes(message.type()) && messages.push(message.text()));
    page.on("pageerror", (error) => messages.push(`uncaught: ${error}`));
    page.on("request", (request) => requests.push(request.url()));
    page.on("websocket", (socket) => requests.push(socket.url()));
    await page.goto(url);
    const id = ++numbers;
    pages.set(id, { page, messages, requests });
    return id;
}

const commands = {
    launch: async ({ executable, flags }) => {
        browser = await chromium.launch({ executablePath: executable, headless: true, args: flags });
        return null;
    },
    open,
    run: ({ page, code, argument }) => pages.get(page).page.evaluate(`(${code})(${JSON.stringify(argument)})`),
    until: async ({ page, code, argument, timeout }) => {
        const call = `(${code})(${JSON.stringify(argument)})`; // not waitForFunction: the page's policy forbids eval
        for (const end = Date.now() + timeout; Date.now() < end; await pages.get(page).page.waitForTimeout(100)) {
            if (await pages.get(page).page.evaluate(call)) {
                return null;
            }
        }
        throw new Error(`never true: ${call}; to be read was: ${await pages.get(page).page.evaluate("document.body.innerText")}`);
    },
    click: ({ page, selector, timeout }) => pages.get(page).page.click(selector, { timeout }),
    fill: ({ page, selector, text }) => pages.get(page).page.fill(selector, text),
    press: ({ page, key }) => pages.get(page).page.keyboard.press(key),
    type: ({ page, text }) => pages.get(page).page.keyboard.type(text),
    resize: ({ page, width, height }) => pages.get(page).page.setViewportSize({ width, height }),
    screenshot: ({ page, path }) => pages.get(page).page.screenshot({ path }).then(() => null),
    goto: ({ page, url }) => pages.get(page).page.goto(url).then(() => null),
    seen: ({ page }) => ({ messages: pages.get(page).messages, requests: pages.get(page).requests }),
    offline: ({ page, offline }) => pages.get(page).page.context().setOffline(offline),
    close: ({ page, whole }) => (whole ? pages.get(page).page.context().close() : pages.get(page).page.close()),
};

async function answer(line) {
    const { id, do: command, ...order } = JSON.parse(line);
    try {
        const result = (await commands[command](order)) ?? null;
        process.stdout.write(`${JSON.stringify({ id, result })}\n`);
    } catch (error) {
        process.stdout.write(`${JSON.stringify({ id, error: `${command}: ${error.message ?? error}` })}\n`);
    }
}

createInterface({ input: process.stdin })
    .on("line", answer)
    .on("close", async () => {
        await browser?.close();
        process.exit(0);
    });
