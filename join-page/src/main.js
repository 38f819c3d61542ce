/**
 * One person's way through the page: name, check, door, waiting room, conference, and what comes after.
 *
 * Each view is shown by itself (`views/`, `call/`); here stands only which follows which.
 */
import { alertAbout } from "./announce.js";
import { Door, DoorSilent } from "./door.js";
import { Kit } from "./kit.js";
import { beginShell } from "./shell.js";
import { playNotes } from "./sound.js";
import { MediaTokens } from "./tokens.js";
import { check } from "./views/check.js";
import { start } from "./views/start.js";
import { connecting, ended, inUse, trouble, turned, waiting } from "./views/waiting.js";
import { begin, language } from "./words.js";

const ASK_EVERY_MS = 2000;
const ASK_LATER_MS = 8000;

const boot = JSON.parse(document.getElementById("boot")?.textContent ?? "{}");
const door = new Door(location.pathname.replace(/\/$/, ""));
const kit = new Kit();
const fetchCall = () => import("./call/call.js");
let name = boot.name ?? "";
/** Counts the ways begun: an answer to an older one is not heeded. */
let way = 0;
/** @type {{finish: (how: "removed") => void} | null} */
let call = null;

const tokens = new MediaTokens({ ask: askForToken, onRefused: () => call?.finish("removed") });

begin(boot.words ?? {}, boot.language ?? "fi");
beginShell(boot.title);
addEventListener("pagehide", () => {
    if (call) door.leave();
});
addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
});
first();

function first() {
    start({ when: boot.when, waits: boot.waits, name }, (given) => {
        name = given;
        toCheck();
        fetchCall().catch(() => {}); // so that it is there once the door opens
    });
}

function toCheck() {
    kit.wanted = { camera: true, microphone: true };
    check(kit, () => enter(false));
}

/** @param {boolean} takeOver */
async function enter(takeOver) {
    const mine = ++way;
    connecting(leaveDoor);
    await follow(mine, () => door.enter({ name, language: language(), takeOver }));
}

/** Asks until somebody answers, and goes where the answer leads. @param {number} mine @param {() => Promise<import("./door.js").Answer>} ask */
async function follow(mine, ask) {
    for (;;) {
        const answer = await ask().catch(silence);
        if (mine !== way) return;
        trouble(answer === null);
        if (answer && answer.state !== "busy") return goBy(answer, mine);
        await pause(answer ? ASK_LATER_MS : ASK_EVERY_MS);
        if (mine !== way) return;
    }
}

/** @param {import("./door.js").Answer} answer @param {number} mine @returns {Promise<void>} */
async function goBy(answer, mine) {
    switch (answer.state) {
        case "let":
            return into(answer, mine);
        case "waiting":
            waiting(kit, leaveDoor);
            return wait(mine);
        case "in_use":
            return inUse({ accept: () => enter(true), refuse: leaveUnused });
        case "turned":
            kit.close();
            return turned(answer.reason, again);
        default:
            return first();
    }
}

/** @param {number} mine @returns {Promise<void>} */
async function wait(mine) {
    for (;;) {
        await pause(ASK_EVERY_MS);
        if (mine !== way) return;
        const answer = await door.status().catch(silence);
        if (mine !== way) return;
        trouble(answer === null);
        if (answer && answer.state !== "waiting" && answer.state !== "busy") return goBy(answer, mine);
        if (answer?.state === "busy") await pause(ASK_LATER_MS);
    }
}

/** @param {{media: import("./tokens.js").Grant, name: string}} entrance @param {number} mine */
async function into({ media, name: shown }, mine) {
    connecting(leaveDoor);
    alertAbout("let_in");
    if (document.hidden) playNotes(kit.chosen.speaker).catch(() => {});
    tokens.take(media);
    tokens.start();
    const { Call } = await fetchCall();
    if (mine !== way) return;
    const current = new Call({ tokens, kit, door, name: shown, onEnd: over });
    call = current;
    await current.run();
}

/** @param {"left" | "removed" | "ended" | "replaced" | "refused" | "lost"} how */
async function over(how) {
    const mine = ++way;
    call = null;
    tokens.stop();
    kit.close();
    if (how === "left") door.leave();
    if (how === "removed" || how === "refused") {
        const answer = await door.status().catch(silence);
        if (mine !== way) return;
        if (answer?.state === "turned") return turned(answer.reason, again);
        if (answer?.state === "in_use") return ended("replaced", again);
    }
    ended(how, how === "ended" || how === "removed" ? undefined : again);
}

function again() {
    way += 1;
    toCheck();
}

function leaveDoor() {
    way += 1;
    tokens.stop();
    kit.close();
    door.leave();
    ended("left", again);
}

function leaveUnused() {
    way += 1;
    kit.close();
    ended("left", again);
}

async function askForToken() {
    const answer = await door.token();
    if (answer.state === "let") return answer.media;
    if (answer.state === "busy") throw new DoorSilent("asked too often");
    return null;
}

/** @param {unknown} error */
function silence(error) {
    if (!(error instanceof DoorSilent)) throw error;
    return null;
}

/** @param {number} ms */
function pause(ms) {
    return new Promise((resolve) => setTimeout(resolve, ms));
}
