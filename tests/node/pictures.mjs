// Takes pictures of rooms in a web client: reads a plan as JSON from standard input (scripts/pictures.py writes it).
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";

const WAIT = 60_000;
const SETTLING = 4_000; // the client draws a room's messages from below upwards, without saying when it is done

const plan = JSON.parse(readFileSync(0, "utf8"));
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });

async function photograph({ name, account, room, width, height }) {
    const context = await browser.newContext({
        viewport: { width, height },
        locale: "fi-FI",
        timezoneId: "Europe/Helsinki",
        colorScheme: "light",
        serviceWorkers: "block",
    });
    const page = await context.newPage();
    const localpart = account.slice(1).split(":")[0];
    await page.goto(`${plan.client}/#/login/${encodeURIComponent(plan.homeserver)}/`);
    await page.fill("input[name=usernameInput]", localpart, { timeout: WAIT });
    await page.fill("input[name=passwordInput]", plan.passwords[localpart]);
    await page.click("button[type=submit]");
    await page.waitForSelector("input[name=passwordInput]", { state: "detached", timeout: WAIT });
    await page.waitForTimeout(SETTLING);
    await page.goto(`${plan.client}/#/home/${encodeURIComponent(room)}/`);
    await page.waitForSelector("[data-message-id]", { timeout: WAIT });
    await page.waitForFunction(() => !document.body.innerText.includes("Connecting..."), null, { timeout: WAIT });
    await page.waitForTimeout(SETTLING);
    await page.screenshot({ path: join(plan.folder, `${name}.png`) });
    await context.close();
}

for (const picture of plan.pictures) {
    await photograph(picture);
}
await browser.close();
