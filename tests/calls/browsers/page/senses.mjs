// Runs in every document before its own scripts: stands in for the camera, the microphone and the screen, and tells
// what comes in over the document's peer connections, whoever made them. `window.who` says whose pictures to make.
import { Pattern, read } from "./pattern.mjs";
import { Ear, tone } from "./tones.mjs";

const SCREEN = { width: 1280, height: 720, frames: 5 };
const Connection = window.RTCPeerConnection;
const connections = new Set();
const ears = new Map();

if (Connection && navigator.mediaDevices) {
    window.RTCPeerConnection = class extends Connection {
        constructor(...settings) {
            super(...settings);
            connections.add(this);
        }
    };
    navigator.mediaDevices.getUserMedia = async ({ audio, video }) =>
        new MediaStream([...(audio ? [tone(window.who.number)] : []), ...(video ? [picture(window.who.camera, false)] : [])]);
    navigator.mediaDevices.getDisplayMedia = async () => new MediaStream([picture(SCREEN, true)]);
    window.senses = { measure };
}

function picture({ width, height, frames }, screen) {
    const pattern = new Pattern(window.who.number, { width, height, screen });
    pattern.paint();
    const [track] = pattern.canvas.captureStream(frames).getVideoTracks();
    const painting = setInterval(() => track.readyState === "ended" ? clearInterval(painting) : pattern.paint(), 1000 / frames);
    return track;
}

async function measure() {
    const open = [...connections].filter((connection) => connection.connectionState !== "closed");
    const parts = await Promise.all(open.map(one));
    forgetEnded();
    return {
        at: performance.now() / 1000,
        incoming: parts.flatMap(({ incoming }) => incoming),
        outgoing: parts.flatMap(({ outgoing }) => outgoing),
        states: open.map(({ connectionState }) => connectionState),
    };
}

async function one(connection) {
    const stats = [...(await connection.getStats()).values()];
    const tracks = new Map(connection.getReceivers().map(({ track }) => [track.id, track]));
    const incoming = stats
        .filter(({ type, trackIdentifier }) => type === "inbound-rtp" && tracks.get(trackIdentifier)?.readyState === "live")
        .map((stat) => ({ ...received(stat), ...sensed(tracks.get(stat.trackIdentifier)) }));
    return { incoming, outgoing: stats.filter(({ type }) => type === "outbound-rtp").map(sent) };
}

const received = (stat) => ({
    track: stat.trackIdentifier,
    kind: stat.kind,
    packets: stat.packetsReceived ?? 0,
    bytes: stat.bytesReceived ?? 0,
    lost: stat.packetsLost ?? 0,
    decoded: stat.framesDecoded ?? 0,
    fps: stat.framesPerSecond ?? 0,
    width: stat.frameWidth ?? 0,
    height: stat.frameHeight ?? 0,
    freezes: stat.freezeCount ?? 0,
    frozen: stat.totalFreezesDuration ?? 0,
    samples: stat.totalSamplesReceived ?? 0,
    concealed: stat.concealedSamples ?? 0,
    silent: stat.silentConcealedSamples ?? 0,
});

const sent = (stat) => ({
    kind: stat.kind,
    rid: stat.rid ?? "",
    active: stat.active ?? true,
    frames: stat.framesSent ?? 0,
    height: stat.frameHeight ?? 0,
    bytes: stat.bytesSent ?? 0,
    packets: stat.packetsSent ?? 0,
    codec: stat.codecId ?? "",
    limit: stat.qualityLimitationReason ?? "",
});

// What nobody plays is not heard, what nobody shows is not seen, however much of it comes in.
function sensed(track) {
    const player = [...document.querySelectorAll("video, audio")].find((element) => plays(element, track));
    if (!player) {
        return { played: false, whose: null, level: -200 };
    }
    return { played: true, ...(track.kind === "audio" ? listen(track) : read(player)) };
}

const plays = (element, track) =>
    element.readyState >= 2 &&
    !element.paused &&
    !(track.kind === "audio" && (element.muted || element.volume === 0)) &&
    element.srcObject?.getTracks?.().some(({ id }) => id === track.id);

function listen(track) {
    ears.has(track) || ears.set(track, new Ear(track));
    return ears.get(track).hear();
}

// By the track itself: after a reconnection another one has the same id.
function forgetEnded() {
    for (const [track, ear] of ears) {
        track.readyState === "live" || (ear.close(), ears.delete(track));
    }
}
