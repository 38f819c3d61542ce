/**
 * When the line is so poor that the pictures are given up for the sound, and when they come back. Pure.
 *
 * Coming back is tried after a time that doubles with each relapse: a line that can't carry pictures would make them
 * come and go for ever. What a person chose by hand is left alone.
 *
 * @typedef {"good" | "fair" | "poor"} Quality
 */

const POOR_FOR_MS = 8_000;
const GOOD_FOR_MS = 30_000;
const LONGEST_MS = 480_000;
/** Of the sound's packets; above it words are lost whatever the decoder conceals. */
export const POOR_LOSS = 0.12;

export class LineJudge {
    /** @type {number | null} */ #poorSince = null;
    /** @type {number | null} */ #goodSince = null;
    #patience = GOOD_FOR_MS;
    soundOnly = false;
    byHand = false;

    /**
     * What is known of the line now.
     * @param {Quality} quality
     * @param {number} loss share of the sound's packets that were lost since the last time
     * @param {number} now milliseconds
     * @returns {boolean} whether `soundOnly` changed
     */
    observe(quality, loss, now) {
        const poor = quality === "poor" || loss >= POOR_LOSS;
        this.#poorSince = poor ? (this.#poorSince ?? now) : null;
        this.#goodSince = poor ? null : (this.#goodSince ?? now);
        if (this.byHand) return false;
        if (!this.soundOnly && this.#lasted(this.#poorSince, POOR_FOR_MS, now)) return this.#set(true);
        if (this.soundOnly && this.#lasted(this.#goodSince, this.#patience, now)) {
            this.#patience = Math.min(LONGEST_MS, this.#patience * 2);
            return this.#set(false);
        }
        return false;
    }

    /** The person's own choice holds until they choose again. @param {boolean} soundOnly */
    choose(soundOnly) {
        this.byHand = true;
        this.soundOnly = soundOnly;
    }

    /** @param {boolean} soundOnly */
    #set(soundOnly) {
        this.soundOnly = soundOnly;
        this.#poorSince = null;
        this.#goodSince = null;
        return true;
    }

    /** @param {number | null} since @param {number} long @param {number} now */
    #lasted(since, long, now) {
        return since !== null && now - since >= long;
    }
}
