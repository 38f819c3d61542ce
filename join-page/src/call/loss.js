/** The share of the others' sound that did not come, since the last time it was asked. */

export class SoundLoss {
    #lost = 0;
    #received = 0;

    /** @param {import("livekit-client").Room} room */
    async since(room) {
        let lost = 0;
        let received = 0;
        for (const participant of room.remoteParticipants.values()) {
            for (const { track } of participant.audioTrackPublications.values()) {
                const stats = await /** @type {any} */ (track)?.getReceiverStats?.();
                lost += stats?.packetsLost ?? 0;
                received += stats?.packetsReceived ?? 0;
            }
        }
        const share = shareOf(lost - this.#lost, received - this.#received);
        this.#lost = lost;
        this.#received = received;
        return share;
    }
}

/** Somebody who left takes their counts along: less than nothing is nothing. @param {number} lost @param {number} received */
export function shareOf(lost, received) {
    const expected = Math.max(0, lost) + Math.max(0, received);
    return expected < 20 ? 0 : Math.max(0, lost) / expected;
}
