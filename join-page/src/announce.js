/** What a screen reader says aloud, once: politely, or at once where something needs doing. */
import { byId } from "./dom.js";
import { say } from "./words.js";

const CLEARED_AFTER_MS = 5000;

/** @param {string} key @param {Record<string, string | number>} [values] */
export function announce(key, values) {
    put(byId("polite"), say(key, values));
}

/** @param {string} key @param {Record<string, string | number>} [values] */
export function alertAbout(key, values) {
    put(byId("urgent"), say(key, values));
}

/** A line of its own for each, so that the same words twice are heard twice. @param {HTMLElement} region @param {string} text */
function put(region, text) {
    const line = document.createElement("p");
    line.textContent = text;
    region.append(line);
    setTimeout(() => line.remove(), CLEARED_AFTER_MS);
}
