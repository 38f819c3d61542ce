// A member of an encrypted room who is in its call by livekit-client: announces itself in the room, exchanges keys
// with the other members' devices as MatrixRTC does it (MSC4143), and encrypts and decrypts by them.
import { BaseKeyProvider, Room, RoomEvent } from "livekit-client";

const KEYS = { sharedKey: false, ratchetWindowSize: 10, keyringSize: 256 }; // Element Call's own

export class Member {
    constructor(client, roomId) {
        Object.assign(this, { client, roomId, provider: new BaseKeyProvider(KEYS), known: {} });
        this.session = client.matrixRTC.getRoomSession(client.getRoom(roomId));
        this.room = new Room({
            adaptiveStream: true,
            dynacast: true,
            encryption: { keyProvider: this.provider, worker: new Worker("bundles/livekit-client/e2ee-worker.js") },
        });
        this.room.on(RoomEvent.TrackSubscribed, show);
        this.room.on(RoomEvent.TrackUnsubscribed, (track) => track.detach().forEach((element) => element.remove()));
    }

    async join() {
        const [transport] = await this.client._unstable_getRTCTransports();
        this.#announce(transport);
        await this.room.setE2EEEnabled(true);
        const { url, jwt } = await this.#token(transport);
        await this.room.connect(url, jwt);
        await this.room.localParticipant.setMicrophoneEnabled(true);
        await this.room.localParticipant.setCameraEnabled(true);
    }

    // A key goes to the devices of all who are in the call; those of who has just come have to be asked for.
    #announce(transport) {
        const send = this.client.encryptAndSendToDevice.bind(this.client);
        this.client.encryptAndSendToDevice = async (type, devices, content) => {
            await this.client.getCrypto().getUserDeviceInfo(devices.map(({ userId }) => userId), true);
            return send(type, devices, content);
        };
        const [userId, deviceId] = [this.client.getUserId(), this.client.getDeviceId()];
        this.session.on("encryption_key_changed", (key, index, member, identity) => this.#take(key, index, identity));
        const own = { userId, deviceId, memberId: `${userId}:${deviceId}` };
        this.session.joinRTCSession(own, [transport], transport, { callIntent: "video", manageMediaKeys: true });
        this.session.reemitEncryptionKeys();
    }

    async #take(key, index, identity) {
        (this.known[identity] ??= {})[index] = btoa(String.fromCharCode(...key));
        const material = await crypto.subtle.importKey("raw", key, "HKDF", false, ["deriveBits", "deriveKey"]);
        this.provider.onSetEncryptionKey(material, identity, index);
    }

    async #token({ livekit_service_url: service }) {
        const asked = { room: this.roomId, device_id: this.client.getDeviceId(), openid_token: await this.client.getOpenIdToken() };
        const answer = await fetch(`${service}/sfu/get`, { method: "POST", body: JSON.stringify(asked) });
        if (!answer.ok) {
            throw new Error(`no token: ${answer.status} ${await answer.text()}`);
        }
        return answer.json();
    }
}

function show(track) {
    const element = track.attach();
    Object.assign(element.style, { width: `${window.who.tile.width}px`, height: `${window.who.tile.height}px` });
    document.body.append(element);
}
