import assert from "node:assert/strict";
import { test } from "node:test";
import { Voices } from "../src/call/voices.js";

function track() {
    const made = { attached: [], removed: 0 };
    made.attach = () => {
        const element = { remove: () => (made.removed += 1) };
        made.attached.push(element);
        return element;
    };
    made.detach = () => made.attached.splice(0);
    return made;
}

/** @param {object[]} tracks  of one other participant; null: published and not there yet */
function room(...tracks) {
    const publications = new Map(tracks.map((one, number) => [number, { track: one ?? undefined }]));
    return { remoteParticipants: new Map([["other", { audioTrackPublications: publications }]]) };
}

test("a track that is there gets one element, however often one looks and whatever told of it", () => {
    const placed = [];
    const voices = new Voices({ append: (element) => placed.push(element) });
    const voice = track();
    voices.sync(room(null));
    assert.equal(placed.length, 0);
    voices.sync(room(voice));
    voices.sync(room(voice));
    assert.equal(placed.length, 1);
    assert.equal(voice.attached.length, 1);
});

test("a track that is gone takes its element along, and its successor gets another", () => {
    const placed = [];
    const voices = new Voices({ append: (element) => placed.push(element) });
    const before = track();
    const after = track();
    voices.sync(room(before));
    voices.sync(room(after));
    assert.equal(before.attached.length, 0);
    assert.ok(before.removed > 0);
    assert.deepEqual(placed, [...placed.slice(0, 1), ...after.attached]);
    voices.sync({ remoteParticipants: new Map() });
    assert.equal(after.attached.length, 0);
});
