import assert from "node:assert/strict";
import { test } from "node:test";
import { Hands, read } from "../src/call/hands.js";

const bytes = (text) => new TextEncoder().encode(text);

function room() {
    const sent = [];
    const localParticipant = {
        identity: "me",
        publishData: async (payload, options) => sent.push({ text: new TextDecoder().decode(payload), ...options }),
    };
    return { localParticipant, sent };
}

test("what is no message of a hand comes to nothing", () => {
    assert.equal(read(bytes('{"up":true}')), true);
    assert.equal(read(bytes('{"up":false}')), false);
    for (const wrong of [
        "",
        "x",
        "null",
        "[]",
        "1",
        '{"up":1}',
        '{"up":"true"}',
        `{"up":true,"x":"${"x".repeat(200)}"}`,
    ]) {
        assert.equal(read(bytes(wrong)), null, wrong);
    }
    assert.equal(read(new Uint8Array([255, 254])), null);
});

test("hands stand in the order in which they were raised, and each is told of once", () => {
    const told = [];
    const hands = new Hands(room(), (identity, up) => told.push([identity, up]));
    hands.hear(bytes('{"up":true}'), "b", "hand");
    hands.hear(bytes('{"up":true}'), "a", "hand");
    hands.hear(bytes('{"up":true}'), "b", "hand");
    hands.hear(bytes('{"up":true}'), "c", "another topic");
    hands.hear(bytes('{"up":true}'), undefined, "hand");
    assert.deepEqual([...hands.raised], ["b", "a"]);
    hands.hear(bytes('{"up":false}'), "b", "hand");
    assert.deepEqual(told, [
        ["b", true],
        ["a", true],
        ["b", false],
    ]);
});

test("one's own hand is told to all, and to whoever comes later", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const here = room();
    const hands = new Hands(here, () => {});
    await hands.put(true);
    hands.tellNewcomer("late");
    t.mock.timers.tick(5000);
    assert.deepEqual(
        here.sent.map(({ text, destinationIdentities }) => [text, destinationIdentities]),
        [
            ['{"up":true}', undefined],
            ['{"up":true}', ["late"]],
            ['{"up":true}', ["late"]],
        ],
    );
    await hands.put(false);
    hands.tellNewcomer("later");
    t.mock.timers.tick(5000);
    assert.equal(here.sent.length, 4, "nothing to tell");
});

test("those who don't read these messages are told when one's own hand goes up, and not when it goes down", async () => {
    let told = 0;
    const hands = new Hands(
        room(),
        () => {},
        () => (told += 1),
    );
    await hands.put(true);
    await hands.put(false);
    hands.hear(bytes('{"up":true}'), "b", "hand");
    assert.equal(told, 1);
});
