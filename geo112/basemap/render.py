"""The inner loops of a tile: cut, round, and write in the wire format of Mapbox Vector Tile 2.1.

All kernels that call one another stand in this file, so that the machine code kept on disk is renewed with it.
They take their arrays one by one, since compiled code knows no dataclasses.
A window is west, north, east, south in world units; `shift` is the power of two of world units in a tile unit.
"""

# ruff: noqa: C901, PLR0912, PLR0913, PLR0915, PLR0917 - one compiled loop per layer, for the reasons above

import numpy as np
import numpy.typing as npt

from geo112.basemap.kernel import kernel
from geo112.basemap.world import Ints

Bytes = npt.NDArray[np.uint8]
Narrow = npt.NDArray[np.int32]

CLOSE = 15
# A varint of a coordinate within the buffer has at most three bytes, of any value here at most five.
WIDEST = 5


@kernel
def grown(out: Bytes, need: int) -> Bytes:
    """Give a buffer of at least that many bytes with the same content."""
    if need <= len(out):
        return out
    larger = np.empty(max(need, 2 * len(out)), np.uint8)
    larger[: len(out)] = out
    return larger


@kernel
def put(out: Bytes, at: int, value: int) -> int:
    """Write a varint; return the place behind it."""
    while value > 127:
        out[at] = (value & 127) | 128
        value >>= 7
        at += 1
    out[at] = value
    return at + 1


@kernel
def put_signed(out: Bytes, at: int, value: int) -> int:
    """Write a zigzag varint; return the place behind it."""
    return put(out, at, 2 * value if value >= 0 else -2 * value - 1)


@kernel
def width(value: int) -> int:
    """How many bytes the varint of a value takes."""
    size = 1
    while value > 127:
        value >>= 7
        size += 1
    return size


@kernel
def put_feature(
    out: Bytes, at: int, number: int, tags: Ints, tag_count: int, kind: int, shape: Bytes, size: int
) -> tuple[Bytes, int]:
    """Write one feature of a layer (fields id 1, tags 2, type 3, geometry 4); number 0 means no id."""
    tag_size = 0
    for i in range(tag_count):
        tag_size += width(tags[i])
    inner = 2 + 1 + width(size) + size
    if tag_count > 0:
        inner += 1 + width(tag_size) + tag_size
    if number > 0:
        inner += 1 + width(number)
    out = grown(out, at + inner + 1 + WIDEST)
    out[at] = 0x12
    at = put(out, at + 1, inner)
    if number > 0:
        out[at] = 0x08
        at = put(out, at + 1, number)
    if tag_count > 0:
        out[at] = 0x12
        at = put(out, at + 1, tag_size)
        for i in range(tag_count):
            at = put(out, at, tags[i])
    out[at] = 0x18
    out[at + 1] = kind
    out[at + 2] = 0x22
    at = put(out, at + 3, size)
    for i in range(size):
        out[at + i] = shape[i]
    return out, at + size


@kernel
def copied(out: Bytes, at: int, source: Bytes, begin: int, end: int) -> tuple[Bytes, int]:
    """Copy bytes to the end of a buffer."""
    out = grown(out, at + end - begin)
    for i in range(begin, end):
        out[at + i - begin] = source[i]
    return out, at + end - begin


@kernel
def clip_side(source: Ints, count: int, target: Ints, axis: int, limit: int, sign: int) -> int:
    """Keep the part of a ring on one side of a line (Sutherland and Hodgman 1974); `sign` 1 keeps what is below."""
    kept = 0
    if count == 0:
        return 0
    px, py = source[count - 1, 0], source[count - 1, 1]
    before = (limit - source[count - 1, axis]) * sign
    for i in range(count):
        cx, cy = source[i, 0], source[i, 1]
        after = (limit - source[i, axis]) * sign
        if (before >= 0) != (after >= 0):
            share = before / (before - after)
            target[kept, axis] = limit
            along = py + (cy - py) * share if axis == 0 else px + (cx - px) * share
            target[kept, 1 - axis] = int(np.floor(along + 0.5))
            kept += 1
        if after >= 0:
            target[kept, 0] = cx
            target[kept, 1] = cy
            kept += 1
        px, py, before = cx, cy, after
    return kept


@kernel
def clip_ring(points: Narrow, begin: int, end: int, box: Narrow, window: Ints, a: Ints, b: Ints) -> int:
    """Clip one ring to the window into `a`; each pass yields at most one and a half times its input."""
    count = end - begin
    for i in range(count):
        a[i, 0] = points[begin + i, 0]
        a[i, 1] = points[begin + i, 1]
    for axis in range(2):
        if box[axis] < window[axis]:
            count = clip_side(a, count, b, axis, window[axis], -1)
            a[:count] = b[:count]
        if box[axis + 2] > window[axis + 2]:
            count = clip_side(a, count, b, axis, window[axis + 2], 1)
            a[:count] = b[:count]
    return count


@kernel
def meets(box: Narrow, window: Ints) -> bool:
    """Say whether a box and the window have a point in common."""
    return bool(
        box[0] <= window[2] and box[2] >= window[0] and box[1] <= window[3] and box[3] >= window[1] and box[0] <= box[2]
    )


@kernel
def rounded(a: Ints, count: int, origin: Ints, shift: int) -> int:
    """Round points to tile units in place, leaving out repeated ones."""
    half = (1 << shift) >> 1
    kept = 0
    for i in range(count):
        x = (a[i, 0] - origin[0] + half) >> shift
        y = (a[i, 1] - origin[1] + half) >> shift
        if kept == 0 or a[kept - 1, 0] != x or a[kept - 1, 1] != y:
            a[kept, 0] = x
            a[kept, 1] = y
            kept += 1
    return kept


@kernel
def put_path(shape: Bytes, at: int, a: Ints, count: int, cursor: Ints, close: int) -> tuple[Bytes, int]:
    """Write MoveTo, LineTo and, for a ring, ClosePath; the cursor runs on from path to path."""
    shape = grown(shape, at + 2 * WIDEST * (count + 2))
    at = put(shape, at, 9)
    for i in range(count):
        if i == 1:
            at = put(shape, at, ((count - 1) << 3) | 2)
        at = put_signed(shape, at, a[i, 0] - cursor[0])
        at = put_signed(shape, at, a[i, 1] - cursor[1])
        cursor[0] = a[i, 0]
        cursor[1] = a[i, 1]
    if close > 0:
        at = put(shape, at, CLOSE)
    return shape, at


@kernel
def twice_area(a: Ints, count: int) -> int:
    """Twice the signed area of a ring; positive runs clockwise on the map."""
    total = 0
    for i in range(count):
        k = i + 1 if i + 1 < count else 0
        total += a[i, 0] * a[k, 1] - a[k, 0] * a[i, 1]
    return total


@kernel
def polygon_layer(
    points: Narrow, start: Narrow, box: Narrow, hole: Bytes, first: Narrow, reach: Narrow,
    number: Ints, own: Bytes, own_start: Ints, parent: Ints, parents: Bytes, parent_start: Ints,
    window: Ints, origin: Ints, shift: int,
) -> tuple[Bytes, int, Bytes, int]:  # fmt: skip
    """Write the features and values of a polygon layer; own values are kode and nama, a parent gives kode_kabkota."""
    out, at = np.empty(1 << 16, np.uint8), 0
    values, values_at, value_count = np.empty(1 << 14, np.uint8), 0, 0
    shape = np.empty(1 << 14, np.uint8)
    a, b = np.empty((1 << 10, 2), np.int64), np.empty((1 << 10, 2), np.int64)
    tags, cursor = np.empty(6, np.int64), np.empty(2, np.int64)
    last_parent, parent_value = -1, 0
    for feature in range(len(first) - 1):
        if not meets(reach[feature], window):
            continue
        size, outer_drawn = 0, False
        cursor[:] = 0
        for ring in range(first[feature], first[feature + 1]):
            if hole[ring] and not outer_drawn:
                continue
            if not hole[ring]:
                outer_drawn = False
            if not meets(box[ring], window):
                continue
            length = start[ring + 1] - start[ring]
            if 6 * length > len(a):
                a, b = np.empty((6 * length, 2), np.int64), np.empty((6 * length, 2), np.int64)
            count = clip_ring(points, start[ring], start[ring + 1], box[ring], window, a, b)
            count = rounded(a, count, origin, shift)
            while count > 1 and a[count - 1, 0] == a[0, 0] and a[count - 1, 1] == a[0, 1]:
                count -= 1
            area = twice_area(a, count) if count >= 3 else 0
            if (area >= 0) if hole[ring] else (area <= 0):
                continue
            outer_drawn = True
            shape, size = put_path(shape, size, a, count, cursor, 1)
        if size == 0:
            continue
        values, values_at = copied(values, values_at, own, own_start[feature], own_start[feature + 1])
        tag_count = 0
        if own_start[feature + 1] > own_start[feature]:
            tags[0], tags[1], tags[2], tags[3] = 0, value_count, 1, value_count + 1
            value_count += 2
            tag_count = 4
        if len(parent) > 0:
            if parent[feature] != last_parent:
                last_parent, parent_value = parent[feature], value_count
                values, values_at = copied(
                    values, values_at, parents, parent_start[last_parent], parent_start[last_parent + 1]
                )
                value_count += 1
            tags[4], tags[5] = 2, parent_value
            tag_count = 6
        out, at = put_feature(out, at, number[feature], tags, tag_count, 3, shape, size)
    return out, at, values, values_at


@kernel
def clip_segment(ax: int, ay: int, bx: int, by: int, window: Ints, ends: Ints) -> bool:
    """Clip a segment to the window (Liang and Barsky 1984) into `ends`; False when nothing is left."""
    low, high = 0.0, 1.0
    dx, dy = bx - ax, by - ay
    for side in range(4):
        towards = -dx if side == 0 else -dy if side == 1 else dx if side == 2 else dy
        room = (
            ax - window[0]
            if side == 0
            else ay - window[1]
            if side == 1
            else window[2] - ax
            if side == 2
            else window[3] - ay
        )
        if towards == 0:
            if room < 0:
                return False
        elif towards < 0:
            low = max(low, room / towards)
        else:
            high = min(high, room / towards)
    if low > high:
        return False
    ends[0] = ax if low == 0.0 else int(np.floor(ax + low * dx + 0.5))
    ends[1] = ay if low == 0.0 else int(np.floor(ay + low * dy + 0.5))
    ends[2] = bx if high == 1.0 else int(np.floor(ax + high * dx + 0.5))
    ends[3] = by if high == 1.0 else int(np.floor(ay + high * dy + 0.5))
    return True


@kernel
def put_line(
    points: Narrow, begin: int, end: int, inside: int, window: Ints, origin: Ints, shift: int,
    a: Ints, ends: Ints, shape: Bytes, size: int, cursor: Ints,
) -> tuple[Bytes, int]:  # fmt: skip
    """Write the pieces of one line that lie in the window."""
    count = 0
    if inside > 0:
        for i in range(begin, end):
            a[count, 0], a[count, 1] = points[i, 0], points[i, 1]
            count += 1
    else:
        for i in range(begin, end - 1):
            if not clip_segment(points[i, 0], points[i, 1], points[i + 1, 0], points[i + 1, 1], window, ends):
                continue
            if count > 0 and (a[count - 1, 0] != ends[0] or a[count - 1, 1] != ends[1]):
                count = rounded(a, count, origin, shift)
                if count >= 2:
                    shape, size = put_path(shape, size, a, count, cursor, 0)
                count = 0
            if count == 0:
                a[0, 0], a[0, 1] = ends[0], ends[1]
                count = 1
            a[count, 0], a[count, 1] = ends[2], ends[3]
            count += 1
    count = rounded(a, count, origin, shift)
    if count >= 2:
        shape, size = put_path(shape, size, a, count, cursor, 0)
    return shape, size


@kernel
def line_layer(
    points: Narrow, start: Narrow, box: Narrow, first: Narrow, reach: Narrow, kind: Narrow,
    kinds: Bytes, kinds_start: Ints, codes: Bytes, codes_start: Ints, window: Ints, origin: Ints, shift: int,
) -> tuple[Bytes, int, Bytes, int]:  # fmt: skip
    """Write the border lines, one feature for all between the same neighbours; keys tingkat, kiri, kanan."""
    out, at = np.empty(1 << 16, np.uint8), 0
    values, values_at, value_count = np.empty(1 << 12, np.uint8), 0, 0
    known = np.full(len(kinds_start) + len(codes_start), -1, np.int64)
    shape = np.empty(1 << 14, np.uint8)
    a = np.empty((1 << 10, 2), np.int64)
    tags, cursor, ends = np.empty(6, np.int64), np.empty(2, np.int64), np.empty(4, np.int64)
    for group in range(len(first) - 1):
        if not meets(reach[group], window):
            continue
        size = 0
        cursor[:] = 0
        for line in range(first[group], first[group + 1]):
            if not meets(box[line], window):
                continue
            length = start[line + 1] - start[line]
            if 2 * length > len(a):
                a = np.empty((2 * length, 2), np.int64)
            inside = int(
                box[line, 0] >= window[0] and box[line, 1] >= window[1]
                and box[line, 2] <= window[2] and box[line, 3] <= window[3]
            )  # fmt: skip
            shape, size = put_line(
                points, start[line], start[line + 1], inside, window, origin, shift, a, ends, shape, size, cursor
            )
        if size == 0:
            continue
        tag_count = 0
        for key in range(3):
            word = kind[group, key]
            if word < 0:
                continue
            slot = word if key == 0 else len(kinds_start) + word
            if known[slot] < 0:
                known[slot] = value_count
                value_count += 1
                if key == 0:
                    values, values_at = copied(values, values_at, kinds, kinds_start[word], kinds_start[word + 1])
                else:
                    values, values_at = copied(values, values_at, codes, codes_start[word], codes_start[word + 1])
            tags[tag_count], tags[tag_count + 1] = key, known[slot]
            tag_count += 2
        out, at = put_feature(out, at, 0, tags, tag_count, 2, shape, size)
    return out, at, values, values_at


@kernel
def label_layer(
    spots: Ints, chosen: Ints, number: Ints, own: Bytes, own_start: Ints, own_count: int, origin: Ints, shift: int,
) -> tuple[Bytes, int, Bytes, int]:  # fmt: skip
    """Write one point for each chosen label with its own values, one for each key."""
    out, at = np.empty(1 << 14, np.uint8), 0
    values, values_at = np.empty(1 << 14, np.uint8), 0
    shape, tags = np.empty(32, np.uint8), np.empty(2 * own_count, np.int64)
    a, cursor = np.empty((1, 2), np.int64), np.empty(2, np.int64)
    for k in range(len(chosen)):
        label = chosen[k]
        cursor[:] = 0
        a[0, 0], a[0, 1] = spots[k, 0], spots[k, 1]
        shape, size = put_path(shape, 0, a, rounded(a, 1, origin, shift), cursor, 0)
        values, values_at = copied(values, values_at, own, own_start[label], own_start[label + 1])
        for key in range(own_count):
            tags[2 * key], tags[2 * key + 1] = key, k * own_count + key
        out, at = put_feature(out, at, number[label], tags, 2 * own_count, 1, shape, size)
    return out, at, values, values_at


@kernel
def wide_spots(
    points: Narrow, start: Narrow, box: Narrow, hole: Bytes, first: Narrow, reach: Narrow, window: Ints, share: float
) -> tuple[Ints, Ints]:
    """Find the features that fill at least a share of the window, and for each the middle of its widest free row."""
    found, spots = np.empty(len(first), np.int64), np.empty((len(first), 2), np.int64)
    count = 0
    whole = float(window[2] - window[0]) * float(window[3] - window[1])
    a, b = np.empty((1 << 10, 2), np.int64), np.empty((1 << 10, 2), np.int64)
    cuts = np.empty(1 << 10, np.float64)
    for feature in range(len(first) - 1):
        if not meets(reach[feature], window):
            continue
        area = 0.0
        for ring in range(first[feature], first[feature + 1]):
            east_west = min(box[ring, 2], window[2]) - max(box[ring, 0], window[0])
            north_south = min(box[ring, 3], window[3]) - max(box[ring, 1], window[1])
            if east_west <= 0 or north_south <= 0:
                continue
            if not hole[ring] and float(east_west) * float(north_south) < 0.01 * whole:
                continue
            length = start[ring + 1] - start[ring]
            if 6 * length > len(a):
                a, b = np.empty((6 * length, 2), np.int64), np.empty((6 * length, 2), np.int64)
            kept = clip_ring(points, start[ring], start[ring + 1], box[ring], window, a, b)
            for i in range(kept):
                a[i, 0] -= window[0]
                a[i, 1] -= window[1]
            area += twice_area(a, kept) / 2.0
        if area < share * whole:
            continue
        widest = -1.0
        for row in range(1, 4):
            y = window[1] + (window[3] - window[1]) * row / 4.0 + 0.5
            cuts[0], cuts[1] = window[0], window[2]
            cut_count = 2
            parity = 0
            for ring in range(first[feature], first[feature + 1]):
                if box[ring, 1] > y or box[ring, 3] < y or box[ring, 0] > window[2]:
                    continue
                for i in range(start[ring], start[ring + 1]):
                    k = i + 1 if i + 1 < start[ring + 1] else start[ring]
                    if (points[i, 1] > y) == (points[k, 1] > y):
                        continue
                    along = (y - points[i, 1]) / (points[k, 1] - points[i, 1])
                    x = points[i, 0] + along * (points[k, 0] - points[i, 0])
                    if x <= window[0]:
                        parity = 1 - parity
                    elif x < window[2]:
                        if cut_count == len(cuts):
                            cuts = np.concatenate((cuts, np.empty(cut_count, np.float64)))
                        cuts[cut_count] = x
                        cut_count += 1
            ordered = np.sort(cuts[:cut_count])
            for i in range(cut_count - 1):
                if (i + parity) % 2 == 1 and ordered[i + 1] - ordered[i] > widest:
                    widest = ordered[i + 1] - ordered[i]
                    spots[count, 0] = int((ordered[i] + ordered[i + 1]) / 2.0)
                    spots[count, 1] = int(y)
        if widest > 0.0:
            found[count] = feature
            count += 1
    return found[:count].copy(), spots[:count].copy()
