/**
 * What the page says, in the language that is chosen. The words come with the page, from the service.
 *
 * Elements that were given a saying (`dom.js`) change by themselves when the language does.
 */

/** @typedef {"fi" | "sv" | "en"} Language */
/** @typedef {Record<Language, string>} Text */

export const LANGUAGES = /** @type {Language[]} */ (["fi", "sv", "en"]);
const KEPT = "eahtari.language";

/** @type {Record<string, Text>} */
let words = {};
/** @type {Language} */
let chosen = "fi";
/** @type {(() => void)[]} */
const listeners = [];

/** @param {Record<string, Text>} all @param {Language} first */
export function begin(all, first) {
    words = all;
    chosen = kept() ?? first;
    document.documentElement.lang = chosen;
}

export function language() {
    return chosen;
}

/** @param {Language} wanted */
export function choose(wanted) {
    chosen = wanted;
    try {
        sessionStorage.setItem(KEPT, wanted);
    } catch {
        // A browser that keeps nothing asks again the next time.
    }
    document.documentElement.lang = wanted;
    for (const element of document.querySelectorAll("[data-word], [data-label], [data-text]")) fill(element);
    listeners.forEach((listener) => listener());
}

/** @param {() => void} listener called after each change of language, as long as the page lives */
export function onLanguage(listener) {
    listeners.push(listener);
}

/** @param {string} key @param {Record<string, string | number>} [values] */
export function say(key, values = {}) {
    const text = words[key]?.[chosen] ?? key;
    return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** @param {Text | null | undefined} text */
export function of(text) {
    return text?.[chosen] ?? "";
}

/** @param {any} element */
export function fill(element) {
    const { word, wordValues, label, labelValues, text } = element.dataset;
    if (text) element.textContent = of(JSON.parse(text));
    if (word) element.textContent = say(word, JSON.parse(wordValues ?? "{}"));
    if (label) element.setAttribute("aria-label", say(label, JSON.parse(labelValues ?? "{}")));
}

/** @returns {Language | null} */
function kept() {
    try {
        const found = /** @type {Language} */ (sessionStorage.getItem(KEPT));
        return LANGUAGES.includes(found) ? found : null;
    } catch {
        return null;
    }
}
