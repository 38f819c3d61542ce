/** What has to be known now, above the pictures; each kind stands once. */
import { make } from "../dom.js";
import { notice } from "../problems.js";

export class Notices {
    /** @type {Map<string, HTMLElement>} */ #shown = new Map();

    constructor() {
        this.element = make("div", { class: "notices" });
    }

    /** @param {string} kind @param {string} word @param {...Node} more */
    put(kind, word, ...more) {
        this.drop(kind);
        const element = notice(word, ...more);
        this.#shown.set(kind, element);
        this.element.append(element);
    }

    /** @param {string} kind */
    has(kind) {
        return this.#shown.has(kind);
    }

    /** @param {string} kind */
    drop(kind) {
        this.#shown.get(kind)?.remove();
        this.#shown.delete(kind);
    }
}
