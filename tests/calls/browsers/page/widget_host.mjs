// A Matrix client just large enough to hold Element Call as a widget: logs in, and passes on what the widget asks
// for and what happens in the room. `matrix_driver.mjs` answers the widget's requests. Without a widget, `member.mjs`.
import { createClient } from "matrix-js-sdk";
import { ClientWidgetApi, Widget } from "matrix-widget-api";
import { MatrixDriver } from "./matrix_driver.mjs";
import { Member } from "./member.mjs";

const ACKNOWLEDGED = [
    "io.element.join",
    "im.vector.hangup",
    "io.element.close",
    "io.element.device_mute",
    "io.element.tile_layout",
    "io.element.spotlight_layout",
    "set_always_on_screen",
];
const FRAME = "camera; microphone; display-capture; autoplay; fullscreen; clipboard-write";

const events = (window.events = []);
const note = (...parts) => events.push(parts.map((part) => (typeof part === "string" ? part : JSON.stringify(part))).join(" "));
let client;

window.host = {
    async login({ homeserver, user, password, encrypts }) {
        const identifier = { type: "m.id.user", user };
        const answer = await createClient({ baseUrl: homeserver }).loginRequest({ type: "m.login.password", identifier, password });
        client = createClient({
            baseUrl: homeserver,
            accessToken: answer.access_token,
            userId: answer.user_id,
            deviceId: answer.device_id,
            timelineSupport: true,
        });
        if (encrypts) {
            await client.initRustCrypto({ useIndexedDB: false });
        }
        const synced = new Promise((resolve) => client.on("sync", (state) => state === "PREPARED" && resolve()));
        await client.startClient({ initialSyncLimit: 30 });
        await synced;
        return answer.device_id;
    },

    async embed({ roomId, address, parameters }) {
        const id = `call-${client.getDeviceId()}`;
        const encrypted = client.getRoom(roomId).hasEncryptionStateEvent();
        const query = new URLSearchParams({
            widgetId: id,
            parentUrl: location.href.split("#")[0],
            userId: client.getUserId(),
            deviceId: client.getDeviceId(),
            roomId,
            baseUrl: client.baseUrl,
            lang: "en",
            theme: "light",
            intent: "join_existing",
            skipLobby: "true",
            perParticipantE2EE: String(encrypted),
            ...parameters,
        });
        const url = `${address}#?${query}`;
        const widget = new Widget({ id, creatorUserId: client.getUserId(), type: "io.element.call", url, waitForIframeLoad: false, data: {} });
        const frame = Object.assign(document.createElement("iframe"), { allow: FRAME });
        document.body.append(frame);
        const api = new ClientWidgetApi(widget, frame, new MatrixDriver(client, roomId, note));
        api.setViewedRoomId(roomId);
        acknowledge(api);
        pass(api, roomId);
        frame.src = url;
    },

    // Into the room's call without a widget.
    async join(roomId) {
        window.host.member = new Member(client, roomId);
        await window.host.member.join();
    },

    async leave() {
        await client.stopClient();
        await client.logout(true);
    },
};

function acknowledge(api) {
    for (const action of ACKNOWLEDGED) {
        api.on(`action:${action}`, (event) => {
            event.preventDefault();
            note("action", action, event.detail.data ?? {});
            api.transport.reply(event.detail, action === "set_always_on_screen" ? { success: true } : {});
        });
    }
    api.on("ready", () => note("ready"));
    api.on("error:preparing", (error) => note("error", String(error)));
}

// What happens in the room goes to the widget, decrypted.
function pass(api, roomId) {
    const failed = (error) => note("not passed on", String(error));
    const feed = async (event) => {
        await client.decryptEventIfNeeded(event);
        if (!event.isDecryptionFailure()) {
            await api.feedEvent(event.getEffectiveEvent()).catch(failed);
        }
    };
    client.on("Room.timeline", (event, room, toStart) => room?.roomId === roomId && !toStart && feed(event));
    client.on("Event.decrypted", (event) => event.getRoomId() === roomId && feed(event));
    client.on("RoomState.events", (event) => {
        if (event.getRoomId() === roomId) {
            api.feedStateUpdate(event.getEffectiveEvent()).catch(failed);
        }
    });
    client.on("receivedToDeviceMessage", ({ message, encryptionInfo }) => {
        note("to this device", message.type, encryptionInfo ? "encrypted" : "plain");
        api.feedToDevice(message, Boolean(encryptionInfo)).catch(failed);
    });
}
