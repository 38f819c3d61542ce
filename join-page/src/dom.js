/**
 * Elements out of data, so that no text ever is read as HTML.
 *
 * @typedef {string | [string, Record<string, string | number>]} Saying  a word's key, or it and what it is filled with
 */
import { fill } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";

/**
 * An element. `word`, `label` (sayings) and `text` (a text of its own) follow the language; `on` holds listeners; true sets an empty
 * attribute; false, null and undefined set none.
 * @param {string} tag
 * @param {Record<string, any>} [attributes]
 * @param {...(Node | string | null | undefined | false)} children
 * @returns {any}
 */
export function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    const { word, label, text, on, ...plain } = attributes;
    for (const [name, value] of Object.entries(plain)) {
        if (value === true) element.setAttribute(name, "");
        else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, String(value));
    }
    for (const [event, listener] of Object.entries(on ?? {})) element.addEventListener(event, listener);
    if (word !== undefined) saySo(element, word);
    if (label !== undefined) labelSo(element, label);
    if (text !== undefined) {
        element.dataset.text = JSON.stringify(text);
        fill(element);
    }
    element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
    return element;
}

/** @param {Element} element @param {Saying | null} saying */
export function saySo(element, saying) {
    remember(element, "word", saying);
}

/** @param {Element} element @param {Saying | null} saying */
export function labelSo(element, saying) {
    remember(element, "label", saying);
}

/** @param {any} element @param {"word" | "label"} kind @param {Saying | null} saying */
function remember(element, kind, saying) {
    if (saying === null) {
        delete element.dataset[kind];
        if (kind === "word") element.textContent = "";
        else element.removeAttribute("aria-label");
        return;
    }
    const [key, values] = typeof saying === "string" ? [saying, {}] : saying;
    element.dataset[kind] = key;
    element.dataset[`${kind}Values`] = JSON.stringify(values);
    fill(element);
}

/**
 * A drawing of 24 × 24, which only stands beside words.
 * @param {string[]} paths
 */
export function drawing(paths) {
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    svg.setAttribute("class", "icon");
    for (const path of paths) {
        const line = document.createElementNS(SVG, "path");
        line.setAttribute("d", path);
        svg.append(line);
    }
    return svg;
}

/** @param {string} id @returns {any} */
export function byId(id) {
    return document.getElementById(id);
}
