/** Keeps the screen of a tablet on as long as the conference lasts, where the browser can. */

export class Awake {
    /** @type {any} */ #lock = null;
    #wanted = false;
    #seen = () => this.#take();

    start() {
        this.#wanted = true;
        document.addEventListener("visibilitychange", this.#seen);
        this.#take();
    }

    stop() {
        this.#wanted = false;
        document.removeEventListener("visibilitychange", this.#seen);
        this.#lock?.release?.().catch(() => {});
        this.#lock = null;
    }

    async #take() {
        if (!this.#wanted || document.visibilityState !== "visible") return;
        try {
            this.#lock = await /** @type {any} */ (navigator).wakeLock?.request("screen");
        } catch {
            // A battery that is low: the screen goes dark, the sound goes on.
        }
    }
}
