/**
 * Media tokens: gets one, keeps it while it is good, and renews it before it ends.
 *
 * Knows nothing of links, pages or accounts: `ask` does. So whatever lets a person into a conference can use it.
 *
 * @typedef {{url: string, token: string, lasts_s: number}} Grant  address of the media, token, its life in seconds
 */

const SPARE_S = 90;
const AGAIN_S = 15;

export class MediaTokens {
    /** @type {Grant | null} */ #grant = null;
    /** @type {number} */ #ends = 0;
    /** @type {Promise<Grant | null> | null} */ #asking = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */ #timer;

    /**
     * @param {object} given
     * @param {() => Promise<Grant | null>} given.ask  null: there is no way in any more; it may throw when nobody answers
     * @param {() => void} [given.onRefused]  called once a renewal was answered with null
     * @param {() => number} [given.now]  milliseconds
     */
    constructor({ ask, onRefused = () => {}, now = () => Date.now() }) {
        this.ask = ask;
        this.onRefused = onRefused;
        this.now = now;
    }

    /** Takes a grant that came along with another answer. @param {Grant} grant */
    take(grant) {
        this.#grant = grant;
        this.#ends = this.now() + grant.lasts_s * 1000;
    }

    /** A grant that is good for a while yet. Throws what `ask` throws. @returns {Promise<Grant | null>} */
    async current() {
        if (this.#grant && this.#left() > this.#spare()) return this.#grant;
        return this.fresh();
    }

    /** A new grant, whatever is left of the old one; asked for once, however many want it. */
    fresh() {
        this.#asking ??= this.#renew().finally(() => {
            this.#asking = null;
        });
        return this.#asking;
    }

    /** Renews from now on until `stop`. */
    start() {
        this.stop();
        this.#timer = setTimeout(() => this.#turn(), Math.max(1, this.#left() - this.#spare()) * 1000);
    }

    stop() {
        clearTimeout(this.#timer);
        this.#timer = undefined;
    }

    async #turn() {
        try {
            if ((await this.fresh()) === null) {
                this.stop();
                this.onRefused();
                return;
            }
            if (this.#timer !== undefined) this.start();
        } catch {
            if (this.#timer !== undefined) this.#timer = setTimeout(() => this.#turn(), AGAIN_S * 1000);
        }
    }

    async #renew() {
        const grant = await this.ask();
        if (grant) this.take(grant);
        return grant;
    }

    #left() {
        return (this.#ends - this.now()) / 1000;
    }

    #spare() {
        return Math.min(SPARE_S, (this.#grant?.lasts_s ?? 0) / 3);
    }
}
