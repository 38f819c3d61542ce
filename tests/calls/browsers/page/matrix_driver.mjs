// Answers a widget's requests with one Matrix client. It grants all that is asked: its only widget is the tests'.
import { MatrixError } from "matrix-js-sdk";
import { OpenIDRequestState, WidgetDriver } from "matrix-widget-api";

export class MatrixDriver extends WidgetDriver {
    constructor(client, roomId, note) {
        super();
        Object.assign(this, { client, roomId, note });
    }

    async validateCapabilities(asked) {
        return new Set(asked);
    }

    // --- sending ---

    async sendEvent(type, content, stateKey = null, roomId = this.roomId) {
        roomId ??= this.roomId;
        this.note("sent", type, stateKey ?? "");
        const { event_id: eventId } = await this.#send(type, content, stateKey, roomId);
        return { roomId, eventId };
    }

    #send(type, content, stateKey, roomId) {
        if (stateKey !== null) {
            return this.client.sendStateEvent(roomId, type, content, stateKey);
        }
        return type === "m.room.redaction"
            ? this.client.redactEvent(roomId, content.redacts)
            : this.client.sendEvent(roomId, type, content);
    }

    async sendStickyEvent(duration, type, content, roomId) {
        roomId ??= this.roomId;
        const { event_id: eventId } = await this.client._unstable_sendStickyEvent(roomId, duration, null, type, content);
        return { roomId, eventId };
    }

    async sendDelayedEvent(delay, type, content, stateKey = null, roomId = this.roomId) {
        roomId ??= this.roomId;
        const answer =
            stateKey === null
                ? await this.client._unstable_sendDelayedEvent(roomId, { delay }, null, type, content)
                : await this.client._unstable_sendDelayedStateEvent(roomId, { delay }, type, content, stateKey);
        return { roomId, delayId: answer.delay_id };
    }

    async sendDelayedStickyEvent(delay, duration, type, content, roomId) {
        roomId ??= this.roomId;
        const answer = await this.client._unstable_sendStickyDelayedEvent(roomId, duration, { delay }, null, type, content);
        return { roomId, delayId: answer.delay_id };
    }

    cancelScheduledDelayedEvent = (id) => this.client._unstable_cancelScheduledDelayedEvent(id);
    restartScheduledDelayedEvent = (id) => this.client._unstable_restartScheduledDelayedEvent(id);
    sendScheduledDelayedEvent = (id) => this.client._unstable_sendScheduledDelayedEvent(id);

    // `contents` is by user and device; an encrypted message needs the receivers' devices to be known.
    async sendToDevice(type, encrypted, contents) {
        this.note("to devices", type, encrypted ? "encrypted" : "plain");
        const batch = Object.entries(contents).flatMap(([userId, devices]) =>
            Object.entries(devices).map(([deviceId, payload]) => ({ userId, deviceId, payload })),
        );
        if (!encrypted) {
            return this.client.queueToDevice({ eventType: type, batch });
        }
        await this.client.getCrypto().getUserDeviceInfo(Object.keys(contents), true);
        await Promise.all(
            batch.map(({ userId, deviceId, payload }) => this.client.encryptAndSendToDevice(type, [{ userId, deviceId }], payload)),
        );
    }

    // --- reading ---

    async readRoomTimeline(roomId, type, messageType, stateKey, limit, since) {
        const found = [];
        const events = this.client.getRoom(roomId)?.getLiveTimeline().getEvents() ?? [];
        for (const event of events.toReversed()) {
            if (found.length >= limit || (since && event.getId() === since)) {
                break;
            }
            const ofKind = stateKey === undefined ? !event.isState() : event.getStateKey() === stateKey;
            if (ofKind && event.getType() === type && (!messageType || event.getContent().msgtype === messageType)) {
                found.push(event.getEffectiveEvent());
            }
        }
        return found;
    }

    async readRoomState(roomId, type, stateKey) {
        const state = this.client.getRoom(roomId)?.currentState;
        const found = stateKey === undefined ? state?.getStateEvents(type) : [state?.getStateEvents(type, stateKey)];
        return (found ?? []).filter(Boolean).map((event) => event.getEffectiveEvent());
    }

    async readStickyEvents(roomId) {
        const events = this.client.getRoom(roomId)?._unstable_getStickyEvents?.() ?? [];
        return [...events].map((event) => event.getEffectiveEvent());
    }

    async readEventRelations(eventId, roomId, relation, type, from, to, limit, dir) {
        const found = await this.client.relations(roomId ?? this.roomId, eventId, relation ?? null, type ?? null, { from, to, limit, dir });
        return {
            chunk: found.events.map((event) => event.getEffectiveEvent()),
            nextBatch: found.nextBatch ?? undefined,
            prevBatch: found.prevBatch ?? undefined,
        };
    }

    // --- what belongs to the homeserver ---

    async askOpenID(observer) {
        observer.update({ state: OpenIDRequestState.Allowed, token: await this.client.getOpenIdToken() });
    }

    async getRtcTransports() {
        return { rtc_transports: await this.client._unstable_getRTCTransports() };
    }

    getMediaConfig = () => this.client.getMediaConfig();

    async *getTurnServers() {}

    getKnownRooms() {
        return this.client.getVisibleRooms().map(({ roomId }) => roomId);
    }

    processError(error) {
        this.note("refused", String(error));
        return error instanceof MatrixError ? { matrix_api_error: error.asWidgetApiErrorData() } : undefined;
    }
}
