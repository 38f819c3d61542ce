// Chromium for `chromium.py`: takes commands as JSON lines on standard input, answers on standard output.
// The module is found in tests/node, where npm put it.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const { chromium } = createRequire(new URL("../../node/package.json", import.meta.url))("playwright-core");

const MESSAGES_KEPT = 400;

const machines = new Map();
const pages = new Map();
let numbers = 0;

async function launch({ flags, executable }) {
    const server = await chromium.launchServer({ executablePath: executable, headless: true, args: flags });
    const browser = await chromium.connect(server.wsEndpoint());
    const id = ++numbers;
    machines.set(id, { server, browser });
    return { id, pid: server.process().pid };
}

async function open({ browser, url, script, width, height }) {
    const context = await machines.get(browser).browser.newContext({ viewport: { width, height } });
    if (script) {
        await context.addInitScript(script);
    }
    const page = await context.newPage();
    const messages = [];
    const note = (text) => messages.push(text.slice(0, 500)) > MESSAGES_KEPT && messages.shift();
    page.on("console", (message) => note(`${message.type()}: ${message.text()}`));
    page.on("pageerror", (error) => note(`uncaught: ${error}`));
    await page.goto(url);
    const id = ++numbers;
    pages.set(id, { context, page, messages });
    return { id };
}

// `frame` is a part of the address of one of the page's frames; without it the page's own document is meant.
async function place({ page, frame, timeout }) {
    const own = pages.get(page).page;
    if (!frame) {
        return own.mainFrame();
    }
    for (const end = Date.now() + (timeout ?? 20_000); Date.now() < end; await own.waitForTimeout(50)) {
        const found = own.frames().find((candidate) => candidate.url().includes(frame));
        if (found) {
            return found;
        }
    }
    throw new Error(`no frame's address holds ${frame}`);
}

const commands = {
    launch,
    open,
    evaluate: async (order) => (await place(order)).evaluate(`(${order.function})(${JSON.stringify(order.argument)})`),
    click: async (order) => (await place(order)).click(order.selector, { timeout: order.timeout }),
    resize: ({ page, width, height }) => pages.get(page).page.setViewportSize({ width, height }),
    screenshot: ({ page, path }) => pages.get(page).page.screenshot({ path }),
    messages: async ({ page }) => pages.get(page).messages,
    close: async ({ page }) => {
        await pages.get(page).context.close();
        pages.delete(page);
    },
    kill: ({ browser }) => machines.get(browser).server.kill(), // SIGKILL: nothing is said to anybody
    quit: async ({ browser }) => {
        await machines.get(browser).server.close();
        machines.delete(browser);
    },
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

async function end() {
    await Promise.allSettled([...machines.values()].map(({ server }) => server.kill()));
    process.exit(0);
}

createInterface({ input: process.stdin }).on("line", answer).on("close", end);
process.stdout.write(`${JSON.stringify({ id: 0, result: null })}\n`);
