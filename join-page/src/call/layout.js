/** How many pictures stand side by side and how high they are, so that each is as large as can be. Pure. */

/** Width by height of a camera's picture. */
const SHAPE = 16 / 9;
const NARROWEST_PX = 150;
const LOWEST_PX = 110;
/** Below this width a frame may stand upright: sides are cut off then, and never a head. */
const NARROW_PX = 300;

/** Height by width of the highest frame. @param {number} across */
function highest(across) {
    return across < NARROW_PX ? 1.2 : 0.75;
}

/**
 * @param {number} count
 * @param {number} width pixels
 * @param {number} height pixels
 */
export function columnsFor(count, width, height) {
    let best = 1;
    let largest = 0;
    for (let columns = 1; columns <= Math.max(1, count); columns += 1) {
        const across = width / columns;
        const down = height / Math.ceil(count / columns);
        if (columns > 1 && across < NARROWEST_PX) break;
        const seen = Math.min(across, down * SHAPE) * Math.min(down, across * highest(across));
        if (seen > largest * 1.02) {
            largest = seen;
            best = columns;
        }
    }
    return best;
}

/**
 * Pixels of one picture's height.
 * @param {number} count
 * @param {number} columns
 * @param {number} width pixels
 * @param {number} height pixels
 * @param {number} gap pixels
 */
export function heightFor(count, columns, width, height, gap) {
    const rows = Math.max(1, Math.ceil(count / columns));
    const across = (width - gap * (columns - 1)) / columns;
    const down = (height - gap * (rows - 1)) / rows;
    return Math.max(LOWEST_PX, Math.floor(Math.min(down, across * highest(across))));
}
