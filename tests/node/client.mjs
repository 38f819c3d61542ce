/*
 * A strict Matrix client as a child process: one JSON request a line in, one JSON answer a line out.
 *
 *   {"id": 1, "do": "login", ...}  ->  {"id": 1, "result": {...}}  or  {"id": 1, "error": "..."}
 *
 * It is matrix-js-sdk with its Rust cryptography, told to deal with cross-signed devices only (MSC4153): it sends
 * no keys to any other device and reads nothing from one. Stores are in memory. Everything that the library logs
 * goes to standard error. The commands and their arguments are listed in COMMANDS, at the end.
 */

import { createInterface } from "node:readline";
import { argv, stderr, stdin, stdout } from "node:process";
import { ClientEvent, EventType, MatrixEventEvent, MsgType, RoomEvent, SyncState, createClient } from "matrix-js-sdk";
import { CryptoEvent, OnlySignedDevicesIsolationMode, decodeRecoveryKey } from "matrix-js-sdk/lib/crypto-api/index.js";
import { logger } from "matrix-js-sdk/lib/logger.js";

const VERBOSE = argv.includes("--verbose");
for (const level of ["trace", "debug", "info", "log", "warn", "error"]) {
    const say = (...words) => VERBOSE && stderr.write(`${level} ${words.map(String).join(" ")}\n`);
    console[level] = say;
    logger[level] = say;
}
logger.getChild = () => logger;

let client = null;
let recoveryKey = null;

/** Resolves with the first value that `look` finds now or after any of the events, undefined when time is up. */
function awaited(look, emitter, events, timeoutMs) {
    return new Promise((resolve) => {
        const done = (value) => {
            clearTimeout(timer);
            for (const event of events) emitter.off(event, tryIt);
            resolve(value);
        };
        const timer = setTimeout(done, timeoutMs);
        const tryIt = async () => {
            const found = await look();
            if (found !== undefined) done(found);
        };
        for (const event of events) emitter.on(event, tryIt);
        void tryIt();
    });
}

function must(value, complaint) {
    if (value === undefined) throw new Error(complaint);
    return value;
}

async function login({ baseUrl, user, password, crossSign = true }) {
    const answer = await createClient({ baseUrl, logger }).loginRequest({
        type: "m.login.password",
        identifier: { type: "m.id.user", user },
        password,
    });
    client = createClient({
        baseUrl,
        logger,
        userId: answer.user_id,
        deviceId: answer.device_id,
        accessToken: answer.access_token,
        cryptoCallbacks: {
            getSecretStorageKey: async ({ keys }) => (recoveryKey ? [Object.keys(keys)[0], recoveryKey] : null),
        },
    });
    await client.initRustCrypto({ useIndexedDB: false });
    client.getCrypto().setDeviceIsolationMode(new OnlySignedDevicesIsolationMode());
    await client.startClient({ initialSyncLimit: 20 });
    const ready = () => ([SyncState.Prepared, SyncState.Syncing].includes(client.getSyncState()) ? true : undefined);
    must(await awaited(ready, client, [ClientEvent.Sync], 30_000), "the first sync took too long");
    if (crossSign) await bootstrap(user, password);
    return { userId: answer.user_id, deviceId: answer.device_id };
}

async function bootstrap(user, password) {
    const withPassword = (session) => ({
        type: "m.login.password",
        identifier: { type: "m.id.user", user },
        password,
        session,
    });
    await client.getCrypto().bootstrapCrossSigning({
        authUploadDeviceSigningKeys: async (makeRequest) => {
            try {
                await makeRequest(null);
            } catch (refused) {
                await makeRequest(withPassword(refused.data?.session));
            }
        },
    });
}

/** Imports the account's own identity out of the secret storage and signs this device with it. */
async function recover({ recoveryKey: written }) {
    recoveryKey = decodeRecoveryKey(written);
    const crypto = client.getCrypto();
    must((await crypto.userHasCrossSigningKeys(client.getUserId(), true)) || undefined, "no identity to recover");
    await crypto.bootstrapCrossSigning({
        authUploadDeviceSigningKeys: () => {
            throw new Error("the identity would be replaced");
        },
    });
    const stored = {};
    for (const usage of ["master", "self_signing", "user_signing"]) {
        stored[usage] = (await client.secretStorage.get(`m.cross_signing.${usage}`)) ?? null;
    }
    const status = await crypto.getCrossSigningStatus();
    return { cached: status.privateKeysCachedLocally, secrets: stored, masterKey: await crypto.getCrossSigningKeyId() };
}

async function createDirect({ invite }) {
    const { room_id: roomId } = await client.createRoom({
        preset: "trusted_private_chat",
        is_direct: true,
        invite: [invite],
        initial_state: [
            { type: EventType.RoomEncryption, state_key: "", content: { algorithm: "m.megolm.v1.aes-sha2" } },
        ],
    });
    const known = () => client.getRoom(roomId)?.hasEncryptionStateEvent() || undefined;
    must(await awaited(known, client, [RoomEvent.Timeline, ClientEvent.Room, "RoomState.events"], 30_000), "no room");
    return { roomId };
}

async function waitMember({ roomId, userId, membership = "join", timeoutMs = 30_000 }) {
    const there = () => (client.getRoom(roomId)?.getMember(userId)?.membership === membership ? true : undefined);
    must(await awaited(there, client, ["RoomState.members", "RoomMember.membership"], timeoutMs), "not a member");
    return {};
}

async function send({ roomId, text }) {
    const { event_id: eventId } = await client.sendTextMessage(roomId, text);
    return { eventId };
}

async function join({ roomId }) {
    await client.joinRoom(roomId);
    return {};
}

async function described(event) {
    const shield = event.isEncrypted() ? await client.getCrypto().getEncryptionInfoForEvent(event) : null;
    return {
        eventId: event.getId(),
        sender: event.getSender(),
        body: event.getContent().body ?? null,
        encrypted: event.isEncrypted(),
        failure: event.isDecryptionFailure() ? event.decryptionFailureReason : null,
        shieldColour: shield?.shieldColour ?? null,
        shieldReason: shield?.shieldReason ?? null,
    };
}

/** The first text of the sender (with `contains` in it, not of `skip`) that was decrypted; `failed` waits for one that was not. */
async function waitMessage({ roomId, sender, contains = "", skip = [], failed = false, timeoutMs = 30_000 }) {
    const fits = (event) =>
        event.getSender() === sender &&
        !skip.includes(event.getId()) &&
        (failed
            ? event.isDecryptionFailure()
            : !event.isDecryptionFailure() &&
              event.getType() === EventType.RoomMessage &&
              [MsgType.Text, MsgType.Notice].includes(event.getContent().msgtype) &&
              (event.getContent().body ?? "").includes(contains));
    const look = () => client.getRoom(roomId)?.getLiveTimeline().getEvents().find(fits);
    const event = await awaited(look, client, [RoomEvent.Timeline, MatrixEventEvent.Decrypted], timeoutMs);
    return described(must(event, "no such message"));
}

/** How this client sees a user: whether it has an identity, and which devices that identity signed. */
async function trust({ userId }) {
    const crypto = client.getCrypto();
    const devices = (await crypto.getUserDeviceInfo([userId], true)).get(userId) ?? new Map();
    const signed = {};
    for (const deviceId of devices.keys()) {
        const status = await crypto.getDeviceVerificationStatus(userId, deviceId);
        signed[deviceId] = status?.signedByOwner ?? false;
    }
    return { identity: await crypto.userHasCrossSigningKeys(userId, true), signed };
}

/** Waits until `trust` sees the device signed by its owner. */
async function waitSigned({ userId, deviceId, timeoutMs = 30_000 }) {
    const look = async () => ((await trust({ userId })).signed[deviceId] ? true : undefined);
    must(await awaited(look, client, [CryptoEvent.DevicesUpdated, ClientEvent.Sync], timeoutMs), "not signed");
    return {};
}

/** Claims one key of the device; null where the homeserver has none left. */
async function claim({ userId, deviceId }) {
    const answer = await client.claimOneTimeKeys([[userId, deviceId]], "signed_curve25519");
    const keys = answer.one_time_keys?.[userId]?.[deviceId] ?? {};
    const [keyId] = Object.keys(keys);
    return { keyId: keyId ?? null, fallback: keys[keyId]?.fallback ?? false };
}

async function stop() {
    client?.stopClient();
    return {};
}

const COMMANDS = {
    login,
    recover,
    createDirect,
    waitMember,
    join,
    send,
    waitMessage,
    trust,
    waitSigned,
    claim,
    stop,
};

function answer(reply) {
    stdout.write(`${JSON.stringify(reply)}\n`);
}

async function handle(line) {
    const request = JSON.parse(line);
    try {
        answer({ id: request.id, result: await COMMANDS[request.do](request) });
    } catch (fault) {
        answer({ id: request.id, error: `${request.do}: ${fault?.message ?? fault}` });
    }
    if (request.do === "stop") process.exit(0);
}

process.on("unhandledRejection", (fault) => stderr.write(`unhandled: ${fault}\n`));
createInterface({ input: stdin })
    .on("line", (line) => void handle(line))
    .on("close", () => process.exit(0));
answer({ id: 0, result: { node: process.version } });
