/**
 * Whether the chair, who took the word, gave it back: the door is asked, from the taking until it is of no matter.
 *
 * The media's own signalling tells that a microphone was closed, and nothing of its being welcome again.
 */
import { DoorSilent } from "../door.js";

const ASK_EVERY_MS = 2000;
const ASK_LATER_MS = 8000;

export class Word {
    /** As it was told last. */
    #has = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} */ #timer;
    /** Counts the takings: an answer to a question of an older one is not heeded. */
    #taking = 0;

    /**
     * @param {object} given
     * @param {() => Promise<import("../door.js").Answer>} given.ask
     * @param {(has: boolean) => void} given.changed
     */
    constructor({ ask, changed }) {
        this.ask = ask;
        this.changed = changed;
    }

    taken() {
        this.settle();
        this.#has = false;
        this.#later(ASK_EVERY_MS);
    }

    /** The microphone is open, or the person heard that they may open it, or the call is over. */
    settle() {
        this.#taking += 1;
        clearTimeout(this.#timer);
    }

    /** @param {number} wait */
    #later(wait) {
        const mine = this.#taking;
        this.#timer = setTimeout(() => this.#turn(mine), wait);
    }

    /** @param {number} mine */
    async #turn(mine) {
        const answer = await this.ask().catch(silence);
        if (mine !== this.#taking) return;
        this.#later(answer?.state === "busy" ? ASK_LATER_MS : ASK_EVERY_MS);
        if (answer?.state !== "let" || typeof answer.has_word !== "boolean" || answer.has_word === this.#has) return;
        this.#has = answer.has_word;
        this.changed(this.#has);
    }
}

/** @param {unknown} error */
function silence(error) {
    if (!(error instanceof DoorSilent)) throw error;
    return null;
}
