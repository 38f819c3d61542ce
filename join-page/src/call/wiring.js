/** Which event of the room changes what on the page. */
import { RoomEvent, Track } from "livekit-client";
import { alertAbout, announce } from "../announce.js";
import { say } from "../words.js";

const QUIET_AFTER_MS = 3000;

const SEEN = /** @type {const} */ ([
    RoomEvent.ParticipantConnected,
    RoomEvent.ParticipantDisconnected,
    RoomEvent.ParticipantNameChanged,
    RoomEvent.TrackPublished,
    RoomEvent.TrackUnpublished,
    RoomEvent.TrackSubscribed,
    RoomEvent.TrackUnsubscribed,
    RoomEvent.TrackMuted,
    RoomEvent.TrackUnmuted,
    RoomEvent.TrackStreamStateChanged,
    RoomEvent.LocalTrackPublished,
    RoomEvent.LocalTrackUnpublished,
    RoomEvent.ActiveSpeakersChanged,
    RoomEvent.ConnectionQualityChanged,
]);

/**
 * @param {import("livekit-client").Room} room
 * @param {import("./view.js").CallView} view
 * @param {(reason: import("livekit-client").DisconnectReason | undefined) => void} disconnected
 */
export function wire(room, view, disconnected) {
    for (const event of SEEN) room.on(/** @type {any} */ (event), () => view.later());
    room.on(RoomEvent.Disconnected, disconnected);
    wireVoices(room, view);
    wirePeople(room, view);
    wireLine(room, view);
}

/** @param {import("livekit-client").Room} room @param {import("./view.js").CallView} view */
function wireVoices(room, view) {
    room.on(RoomEvent.AudioPlaybackStatusChanged, () => view.soundBlocked(!room.canPlaybackAudio));
    room.on(RoomEvent.TrackMuted, (publication, participant) => {
        const microphone = publication.source === Track.Source.Microphone;
        if (participant === room.localParticipant && microphone && view.since !== null) view.own.muted();
    });
    room.on(RoomEvent.TrackUnmuted, (publication, participant) => {
        const microphone = publication.source === Track.Source.Microphone;
        if (participant === room.localParticipant && microphone) view.own.unmuted();
    });
}

/** @param {import("livekit-client").Room} room @param {import("./view.js").CallView} view */
function wirePeople(room, view) {
    room.on(RoomEvent.ParticipantConnected, (participant) => {
        view.hands.tellNewcomer(participant.identity);
        if (tells(view)) announce("came", { name: participant.name || say("someone") });
    });
    room.on(RoomEvent.ParticipantDisconnected, (participant) => {
        view.hands.forget(participant.identity);
        if (tells(view)) announce("went", { name: participant.name || say("someone") });
    });
    room.on(RoomEvent.DataReceived, (payload, participant, _kind, topic) =>
        view.hands.hear(payload, participant?.identity, topic),
    );
}

/** @param {import("livekit-client").Room} room @param {import("./view.js").CallView} view */
function wireLine(room, view) {
    const broken = () => {
        view.reconnecting(true);
        alertAbout("reconnecting");
    };
    room.on(RoomEvent.Reconnecting, broken);
    room.on(RoomEvent.SignalReconnecting, () => view.reconnecting(true));
    room.on(RoomEvent.Reconnected, () => {
        view.reconnecting(false);
        view.hands.tellAgain();
        announce("line_is_back");
    });
}

/** Who is there already, and who comes back after a break, is not news. @param {import("./view.js").CallView} view */
function tells(view) {
    return view.since !== null && Date.now() - view.since > QUIET_AFTER_MS;
}
