/** What has to be known now, above the pictures; each kind stands once. */
import { drawing, make } from "../dom.js";
import { notice } from "../problems.js";

export class Notices {
    /** @type {Map<string, HTMLElement>} */ #shown = new Map();

    constructor() {
        this.element = make("div", { class: "notices" });
    }

    /** @param {string} kind @param {string} word @param {...Node} more */
    put(kind, word, ...more) {
        this.#stand(kind, notice(word, ...more));
    }

    /** Nothing is wrong. @param {string} kind @param {string} word @param {string[]} paths @param {...Node} more */
    tell(kind, word, paths, ...more) {
        const told = make("div", {}, make("p", { word }), ...more);
        this.#stand(kind, make("div", { class: "notice calm" }, drawing(paths), told));
    }

    /** @param {string} kind @param {HTMLElement} element */
    #stand(kind, element) {
        this.drop(kind);
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
