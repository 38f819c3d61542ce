// One participant with livekit-client: joins when told to, shows what it gets, and tells what it knows of the others.
import { BaseKeyProvider, Room, RoomEvent } from "livekit-client";

const room = new Room({ adaptiveStream: true, dynacast: true, ...encryption() });
const events = [];
const messages = [];
const decoder = new TextDecoder();

// With `window.who.keys` every frame is encrypted: by the participant's own key, as in a call of an encrypted room.
function encryption() {
    if (!window.who.keys) {
        return {};
    }
    window.keys = new BaseKeyProvider({ sharedKey: false });
    return { encryption: { keyProvider: window.keys, worker: new Worker("bundles/livekit-client/e2ee-worker.js") } };
}

async function takeKeys() {
    for (const [identity, secret] of Object.entries(window.who.keys)) {
        const material = await crypto.subtle.importKey("raw", new TextEncoder().encode(secret), "HKDF", false, ["deriveBits", "deriveKey"]);
        window.keys.onSetEncryptionKey(material, identity, 0);
    }
    await room.setE2EEEnabled(true);
}

// A tile's size decides which layer adaptive streaming asks for.
function show(track) {
    const element = track.attach();
    Object.assign(element.style, { width: `${window.who.tile.width}px`, height: `${window.who.tile.height}px` });
    document.body.append(element);
}

room.on(RoomEvent.TrackSubscribed, show);
room.on(RoomEvent.TrackUnsubscribed, (track) => track.detach().forEach((element) => element.remove()));
room.on(RoomEvent.DataReceived, (data, from, kind, topic) => messages.push({ from: from?.identity, topic, text: decoder.decode(data) }));
room.on(RoomEvent.ActiveSpeakersChanged, (speakers) => (window.speakers = speakers.map(({ identity }) => identity)));
for (const name of ["Reconnecting", "SignalReconnecting", "Reconnected", "Disconnected"]) {
    room.on(RoomEvent[name], (why) => events.push({ name, why: why ?? null, at: performance.now() / 1000 }));
}
room.registerTextStreamHandler("chat", async (reader, from) => messages.push({ from: from.identity, topic: "chat", text: await reader.readAll() }));

window.call = {
    async join({ url, token }) {
        const begun = performance.now();
        if (window.who.keys) {
            await takeKeys();
        }
        await room.connect(url, token, { autoSubscribe: true });
        return (performance.now() - begun) / 1000;
    },
    microphone: (on) => room.localParticipant.setMicrophoneEnabled(on).then(() => null),
    camera: (on, options) => room.localParticipant.setCameraEnabled(on, {}, options ?? {}).then(() => null),
    screen: (on) => room.localParticipant.setScreenShareEnabled(on).then(() => null),
    data: ({ text, topic, reliable }) => room.localParticipant.publishData(new TextEncoder().encode(text), { topic, reliable }),
    text: ({ text, topic }) => room.localParticipant.sendText(text, { topic }).then(() => null),
    leave: () => room.disconnect().then(() => null),
    async observe() {
        const measured = await window.senses.measure();
        const owners = new Map([...room.remoteParticipants.values()].flatMap(publications));
        measured.incoming = measured.incoming.map((track) => ({ ...track, ...owners.get(track.track) }));
        return { ...measured, state: room.state, others: [...room.remoteParticipants.values()].map(other), messages, events };
    },
};

const publications = (participant) =>
    [...participant.trackPublications.values()].map((publication) => [
        publication.track?.mediaStreamTrack.id,
        { identity: participant.identity, source: publication.source },
    ]);

const other = (participant) => ({
    identity: participant.identity,
    name: participant.name ?? "",
    speaking: participant.isSpeaking,
    sources: [...participant.trackPublications.values()].filter(({ isMuted }) => !isMuted).map(({ source }) => source),
    muted: [...participant.trackPublications.values()].filter(({ isMuted }) => isMuted).map(({ source }) => source),
});
