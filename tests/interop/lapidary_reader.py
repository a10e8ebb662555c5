#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reference reader of .lapidary files (LAPIDARY_FORMAT.md): lapidary_reader.py IN.lapidary OUT.onnx"""
import ctypes, ctypes.util, hashlib, json, math, sys, zipfile, zlib
from operator import mul

LOGISTIC = [0, 1, 1, 2, 3, 5, 8, 13, 22, 36, 60, 98, 162, 267, 439, 720, 1179, 1921, 3108, 4971, 7812, 11955, 17625,
            24743, 32768, 40793, 47911, 53581, 57724, 60565, 62428, 63615, 64357, 64816, 65097, 65269, 65374, 65438,
            65476, 65500, 65514, 65523, 65528, 65531, 65533, 65534, 65535, 65535, 65536]


def squash(logit):
    i, w = divmod(min(max(logit, -3072), 3071) + 3072, 128)
    return min(max((LOGISTIC[i] * (128 - w) + LOGISTIC[i + 1] * w + 64) >> 7, 1), 65535)


STRETCH, SQUASH = [], [squash(d) for d in range(-3072, 3072)]
logit = 0
for i in range(4096):
    while logit < 6143 and SQUASH[logit] < 16 * i + 8:
        logit += 1
    STRETCH.append(logit - 3072)


class BitReader:
    """The arithmetic decoder and the mixer that foretells its bits."""

    def __init__(self, data):
        self.data, self.at, self.low, self.high = data, 8, 0, 2 ** 64 - 1
        self.code = int.from_bytes(data[:8].ljust(8, b"\0"), "big")
        self.nodes = {}  # each its slots, by 6 * context + index, and its mixer's weights

    def raw(self, chance):
        middle = self.low + ((self.high - self.low) >> 16) * chance
        bit = int(self.code <= middle)
        self.low, self.high = (self.low, middle) if bit else (middle + 1, self.high)
        while (self.low ^ self.high) >> 56 == 0:
            self.low = self.low << 8 & 2 ** 64 - 1
            self.high = (self.high << 8 & 2 ** 64 - 1) | 255
            self.code = (self.code << 8 & 2 ** 64 - 1) | (self.data[self.at] if self.at < len(self.data) else 0)
            self.at += 1
        return bit

    def bit(self, node, contexts):
        if node not in self.nodes:
            self.nodes[node] = {}, [19660] * 6
        slots, weights = self.nodes[node]
        keys = [6 * context + i for i, context in enumerate(contexts)]
        seen = [slots.get(key, (1 << 21, 0)) for key in keys]  # chance in 22 bits, bits counted
        inputs = [STRETCH[chance >> 10] for chance, _ in seen]
        chance = SQUASH[min(max(sum(map(mul, weights, inputs)) >> 16, -3072), 3071) + 3072]
        bit = self.raw(chance)
        error, certain = (65535 - chance, (1 << 22) - 1) if bit else (-chance, 0)
        for i, key in enumerate(keys):
            weights[i] = min(max(weights[i] + (error * inputs[i] * 6 >> 18), -(1 << 20)), 1 << 20)
            before, count = seen[i]
            slots[key] = (before + ((certain - before) * (131072 // (2 * count + 3)) >> 16), min(count + 1, 1023))
        return bit


def context_block(data, count, levels, shape):
    columns = math.prod(shape[1:]) if len(shape) > 1 else max(count, 1)
    kernel, width = math.prod(shape[2:]), shape[-1] if len(shape) >= 4 else 0
    rows = shape[0] if len(shape) > 1 else 1
    limit = (1 << 20) // (2 + levels + (2 << levels if levels <= 7 else 256 + (levels - 7) * 128))
    limits = min(columns, limit) if rows > 1 else 1, min(rows, limit)
    reader, out = BitReader(data), []
    held = [0] * (columns + 1) + [0] * count  # clipped to +-127, after a row of zeros
    for n in range(count):
        row, column = divmod(n, columns)
        at = n + columns + 1
        left, second, far = (held[at - back] if column >= back else 0 for back in (1, width or 2, kernel))
        before = held[at - 2] if column >= 2 else 0
        up, over = at - columns, abs(held[at - 2 * columns]) if row >= 2 else 0
        above = abs(held[up])
        after = abs(held[up + 1]) if column + 1 < columns else 0
        ahead = abs(held[up - 1]) if column else 0
        near = min(abs(left), 2) + 3 * min(abs(before), 2) + 9 * min(above, 2)
        energy = 2 * (abs(left) + above + abs(far) + (abs(second) if width else 0)) \
            + abs(before) + over + after + ahead
        if energy >= 4:
            octave = energy.bit_length() - 1
            energy = min(15, 2 * octave + (energy >> (octave - 1) & 1))
        tap = column % kernel
        other = 0 if kernel > 1 and tap < (width or 2) else min(max(second, -4), 4)
        mates = 81 if kernel > 1 and tap == 0 else (min(max(left, -4), 4) + 4) * 9 + other + 4
        contexts = (0, near, energy, mates, column % limits[0], row % limits[1])
        if not reader.bit(0, contexts):
            out.append(0)
            continue
        negative, length, value = reader.bit(1, contexts), 0, 1
        while length < levels and reader.bit(2 + length, contexts):
            length += 1
        tree = 2 + levels + (1 << length if length <= 7 else 256 + (length - 8) * 128)
        for depth in range(length):
            value = 2 * value + (reader.bit(tree + value, contexts) if depth < 7 else reader.raw(32768))
        out.append(-value if negative else value)
        held[at] = min(max(out[n], -127), 127)
    return out


def text_block(data, count):
    reader, past, out = BitReader(data), 0, bytearray()
    spread = lambda value: (value + 1) * 0x9E3779B97F4A7C15 % 2 ** 64 >> 52
    for _ in range(count):
        at = (past & 255, spread(past & 0xFFFF), spread(past & 0xFFFFFF), spread(past & 0xFFFFFFFF),
              spread(past & 0xFFFFFFFFFF), spread((past >> 24 & 255) + (past >> 56 << 8)))
        node = 1
        while node < 256:
            node = 2 * node + reader.bit(node, at)
        out.append(node & 255)
        past = (past << 8 | node & 255) & 2 ** 64 - 1
    return bytes(out)


def zstd(data, size):
    library = ctypes.CDLL(ctypes.util.find_library("zstd") or "libzstd.so.1")
    library.ZSTD_decompress.restype = ctypes.c_size_t
    out = ctypes.create_string_buffer(max(size, 1))
    if library.ZSTD_decompress(out, ctypes.c_size_t(size), data, ctypes.c_size_t(len(data))) != size:
        raise ValueError("a zstd stream is damaged")
    return out.raw[:size]


def elements(block, bits, count, shape, take):
    """The block as `count` whole numbers from 0; `take(n)` gives the next n bytes of the member."""
    kind, mask = block[0], 2 ** bits - 1
    if kind in ("raw", "zstd", "text"):
        data, size = take(block[1]), (count * bits + 7) // 8
        data = zstd(data, size) if kind == "zstd" else text_block(data, size) if kind == "text" else data
        if bits == 4:
            return [data[i // 2] >> 4 * (i % 2) & 15 for i in range(count)]
        return [int.from_bytes(data[i:i + bits // 8], "little") for i in range(0, size, bits // 8)]
    if kind == "packed":
        held = int.from_bytes(take(block[1]), "little")
        return [block[2] + (held >> block[3] * i & (1 << block[3]) - 1) & mask for i in range(count)]
    if kind == "context":
        return [block[2] + symbol & mask for symbol in context_block(take(block[1]), count, block[3], shape)]
    if kind == "palette":
        values = elements(block[2], bits, block[1], [block[1]], take)
        return [values[index] for index in elements(block[3], 16, count, shape, take)]
    if kind == "planes":
        planes = [elements(plane, 8, count, shape, take) for plane in block[2]]
        whole = [sum(byte << 8 * p for p, byte in enumerate(one)) for one in zip(*planes)]
        return [x >> 1 | (x & 1) << bits - 1 for x in whole] if block[1] else whole
    if kind == "sparse":
        mapped = block[2] == "bitmap"
        positions = elements(block[3], 8 if mapped else 32, count if mapped else block[1],
                          shape if mapped else [block[1]], take)
        values = iter(elements(block[4], bits, block[1], [block[1]], take))
        if mapped:
            return [next(values) if marked else 0 for marked in positions]
        out, at = [0] * count, 0
        for gap in positions:
            out[at + gap] = next(values)
            at += gap + 1
        return out
    raise ValueError("unknown kind of block " + kind)


def joined(numbers, bits):
    if bits == 4:
        numbers, bits = [low | high << 4 for low, high in zip(numbers[::2], (numbers + [0])[1::2])], 8
    return b"".join(number.to_bytes(bits // 8, "little") for number in numbers)


def unpack(path):
    archive, members = zipfile.ZipFile(path), {}
    manifest = json.loads(archive.read("manifest.json"))

    def taker(member):
        members.setdefault(member, [archive.read(member), 0])

        def take(size):
            members[member][1] += size
            return members[member][0][members[member][1] - size:members[member][1]]
        return take

    count = manifest["skeleton"]["bytes"]
    skeleton = joined(elements(manifest["skeleton"]["block"], 8, count, [count], taker("lapidary.skeleton")), 8)
    out, used = bytearray(), 0
    for tensor in manifest["tensors"]:
        gap = tensor["at"] - len(out)
        out += skeleton[used:used + gap]
        used += gap
        shape, bits = tensor["shape"], tensor["bits"]
        data = joined(elements(tensor["block"], bits, math.prod(shape), shape, taker(str(tensor["member"]))), bits)
        if zlib.crc32(data) != tensor["crc32"]:
            raise ValueError("CRC-32 of " + tensor["name"])
        out += data
    out += skeleton[used:]
    if hashlib.sha256(out).hexdigest() != manifest["sha256"]:
        raise ValueError("SHA-256")
    return bytes(out)


if __name__ == "__main__":
    open(sys.argv[2], "wb").write(unpack(sys.argv[1]))
