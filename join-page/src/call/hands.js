/**
 * Raised hands: each tells the others by a data message of topic `hand`, and whoever comes later is told again.
 *
 * What others send is not trusted: a message is one short object or nothing.
 */

const TOPIC = "hand";
const LONGEST_BYTES = 100;
/** The engine opens a newcomer's data channel a moment after it names them. */
const TOLD_AGAIN_MS = [700, 3000];

export class Hands {
    /** Identities in the order of raising. @type {Set<string>} */
    raised = new Set();
    own = false;

    /**
     * @param {import("livekit-client").Room} room
     * @param {(identity: string, up: boolean) => void} changed
     * @param {() => unknown} [raisedOwn]  for those whose clients don't read these messages
     */
    constructor(room, changed, raisedOwn = () => {}) {
        this.room = room;
        this.changed = changed;
        this.raisedOwn = raisedOwn;
    }

    /** @param {boolean} up */
    async put(up) {
        this.own = up;
        this.#note(this.room.localParticipant.identity, up);
        if (up) this.raisedOwn();
        await this.#tell();
    }

    /** @param {Uint8Array} payload @param {string | undefined} identity @param {string | undefined} topic */
    hear(payload, identity, topic) {
        if (topic !== TOPIC || !identity) return;
        const up = read(payload);
        if (up !== null) this.#note(identity, up);
    }

    /** @param {string} identity */
    tellNewcomer(identity) {
        if (!this.own) return;
        for (const wait of TOLD_AGAIN_MS) setTimeout(() => this.own && this.#tell([identity]), wait);
    }

    /** After a broken line nobody knows any more. */
    tellAgain() {
        if (this.own) for (const wait of TOLD_AGAIN_MS) setTimeout(() => this.own && this.#tell(), wait);
    }

    /** @param {string} identity */
    forget(identity) {
        this.raised.delete(identity);
    }

    /** @param {string} identity @param {boolean} up */
    #note(identity, up) {
        if (this.raised.has(identity) === up) return;
        if (up) this.raised.add(identity);
        else this.raised.delete(identity);
        this.changed(identity, up);
    }

    /** @param {string[]} [only] */
    async #tell(only) {
        const payload = new TextEncoder().encode(JSON.stringify({ up: this.own }));
        const to = only ? { destinationIdentities: only } : {};
        try {
            await this.room.localParticipant.publishData(payload, { reliable: true, topic: TOPIC, ...to });
        } catch {
            // Not connected: `tellAgain` follows once it is.
        }
    }
}

/** @param {Uint8Array} payload @returns {boolean | null} */
export function read(payload) {
    if (payload.byteLength > LONGEST_BYTES) return null;
    try {
        const { up } = JSON.parse(new TextDecoder().decode(payload)) ?? {};
        return typeof up === "boolean" ? up : null;
    } catch {
        return null;
    }
}
