/**
 * The door: what the page asks of the service that it came from.
 *
 * @typedef {{url: string, token: string, lasts_s: number}} Grant
 * @typedef {{state: "waiting"} | {state: "let", media: Grant, name: string, has_word?: boolean | null}
 *     | {state: "in_use"}
 *     | {state: "turned", reason: import("./words.js").Text} | {state: "unknown"} | {state: "busy"}} Answer
 */

const PATIENCE_MS = 10_000;

/** The service could not be reached, or gave no answer that is understood. */
export class DoorSilent extends Error {}

export class Door {
    /** @param {string} address the link itself, without a slash at its end */
    constructor(address) {
        this.address = address;
    }

    /** @param {{name: string, language: string, takeOver: boolean}} who @returns {Promise<Answer>} */
    enter({ name, language, takeOver }) {
        return this.#ask("enter", { name, language, take_over: takeOver });
    }

    /** @returns {Promise<Answer>} */
    status() {
        return this.#ask("status", {});
    }

    /** @returns {Promise<Answer>} */
    token() {
        return this.#ask("token", {});
    }

    /** Tells that the person raised a hand: some of the others don't see this page's hands. */
    async hand() {
        await this.#tell("hand");
    }

    /** Tells that the person left. It outlives the page. */
    async leave() {
        await this.#tell("leave");
    }

    /** What needs no answer. @param {string} what */
    async #tell(what) {
        try {
            await this.#ask(what, {});
        } catch (error) {
            if (!(error instanceof DoorSilent)) throw error;
        }
    }

    /** @param {string} what @param {object} body @returns {Promise<Answer>} */
    async #ask(what, body) {
        try {
            const answer = await fetch(`${this.address}/${what}`, {
                method: "POST",
                headers: { "Content-Type": "application/json" },
                body: JSON.stringify(body),
                credentials: "same-origin",
                cache: "no-store",
                keepalive: what === "leave",
                signal: AbortSignal.timeout?.(PATIENCE_MS),
            });
            if (answer.status === 429) return { state: "busy" };
            return await answer.json();
        } catch (error) {
            throw new DoorSilent(String(error));
        }
    }
}
