import assert from "node:assert/strict";
import { test } from "node:test";
import { columnsFor, heightFor } from "../src/call/layout.js";

test("pictures stand one above the other on a phone and side by side on a screen", () => {
    assert.equal(columnsFor(2, 360, 480), 1);
    assert.equal(columnsFor(2, 1280, 600), 2);
    assert.equal(columnsFor(4, 1280, 600), 2);
    assert.equal(columnsFor(4, 372, 530), 2, "upright, so that no head is cut");
    assert.equal(columnsFor(9, 1280, 700), 3);
    assert.equal(columnsFor(10, 360, 480), 2);
    assert.equal(columnsFor(1, 0, 0), 1);
});

test("all pictures fit, unless that would make them too small to see", () => {
    for (const [width, height] of [
        [1280, 600],
        [768, 700],
        [1920, 900],
    ]) {
        for (let count = 1; count <= 12; count += 1) {
            const columns = columnsFor(count, width, height);
            const high = heightFor(count, columns, width, height, 9);
            const rows = Math.ceil(count / columns);
            assert.ok(rows * high + (rows - 1) * 9 <= height, `${count} in ${width} × ${height}`);
            assert.ok(high <= (width / columns) * 1.2);
        }
    }
    assert.equal(heightFor(20, 2, 360, 480, 9), 110);
});
