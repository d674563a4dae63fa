"""Which names does a long text hold, in order of first appearance, and which of them is each field?

A table of hashes with open addressing: a slot holds 32 bits of a name's hash and where the name is stored; the name is stored as
a word with its number and length, then its bytes. A name that is looked up costs two places of memory, of the slot and of the
name; those of `TAKEN` names are asked for together, before the first of them is needed, so that they arrive at the same time.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from experiments.matrices.edge_fields import LENGTH, words_of
from simulate.compiled import compiled

TAKEN = 128  # names looked up together, whose slots and bytes fit the first cache
FIRST, SECOND = (
    np.uint64(0x9E3779B97F4A7C15),
    np.uint64(0xD6E8FEB86659FD93),
)  # odd, their bits as good as random
HALF, LOW, BYTE, NONE = np.uint64(32), np.uint64(2**32 - 1), np.uint64(8), np.uint64(0)


class NamePlaces:
    """Numbers names from 0 as they first appear; memory is that of the names and 24 to 40 bytes for each.

    Examples
    --------
    >>> known, text = NamePlaces(), np.frombuffer(b"ann bob ann\\n", np.uint8)
    >>> known.places(text, np.array([0, 4, 8]) * 2**32 + 3).tolist(), known.names()
    ([0, 1, 0], ['ann', 'bob'])
    """

    def __init__(self) -> None:
        self._slots = np.zeros(1 << 12, np.uint64)
        self._store = np.zeros(1 << 12, np.uint8)
        self._known, self._used = 0, 8  # no name is stored at 0, so that an empty slot is 0

    def places(self, text: NDArray[np.uint8], fields: NDArray[np.int64]) -> NDArray[np.int32]:
        """Return (m,) the number of the name in each of `fields` (m,): places in `text` times 2^32, and lengths of at least 1."""
        places, done = np.empty(fields.size, np.int32), 0
        text = text if text.size >= 8 else np.append(text, np.zeros(8, np.uint8))
        words = words_of(text)
        while done < fields.size:
            taken = fields[done : done + TAKEN]
            if self._known + TAKEN > self._slots.size // 2:
                longer = np.zeros(2 * self._slots.size, np.uint64)
                _move(self._slots, longer)
                self._slots = longer
            need = self._used + int((taken & LENGTH).sum()) + 24 * TAKEN
            if need > self._store.size:
                store = np.zeros(2 * need, np.uint8)
                store[: self._used] = self._store[: self._used]
                self._store = store
            done, self._known, self._used, _ = _look_up(
                text, words, fields, done, self._slots, words_of(self._store), self._known, self._used, places
            )
        return places

    def names(self) -> list[str]:
        """Return the names in the order of their numbers; they hold no end of line."""
        lines = np.empty(self._used, np.uint8)
        size = _lines(self._store, words_of(self._store), self._known, lines)
        return lines[:size].tobytes().decode().split("\n")[: self._known]


@compiled()
def _look_up(text, words, fields, done, slots, stored, known, used, places):  # type: ignore[no-untyped-def]
    """Fill `places` from `done` on until slots or the store may be full; return how far, the names known, and bytes used."""
    mask = np.uint64(slots.size - 1)
    hashes, begins, seen = np.empty(TAKEN, np.uint64), np.empty(TAKEN, np.int64), NONE
    while done < fields.size and known + TAKEN <= slots.size // 2:
        count, room = min(TAKEN, fields.size - done), used
        for j in range(count):
            length = fields[done + j] & LENGTH
            hashes[j] = _hash(text, words, fields[done + j] >> 32, length)
            room += length + 24
        if room > stored.size:
            break
        for j in range(count):
            begins[j] = np.int64(slots[hashes[j] & mask] & LOW) << 3
        for j in range(count):  # `seen` is returned, so that the compiler keeps this loop
            seen ^= stored[begins[j]]
        for j in range(count):
            first, length = fields[done + j] >> 32, fields[done + j] & LENGTH
            at, tail = hashes[j] & mask, _tail(text, words, first, length)
            while True:
                slot = slots[at]
                start = np.int64(slot & LOW) << 3
                if slot == NONE:
                    slots[at] = (hashes[j] << HALF) | np.uint64(used >> 3)
                    stored[used] = (np.uint64(known) << HALF) | np.uint64(length)
                    places[done + j] = known
                    for i in range((length - 1) >> 3):
                        stored[used + 8 + 8 * i] = words[first + 8 * i]
                    stored[used + 8 + max(length - 8, 0)] = tail
                    known, used = known + 1, used + 8 + ((length + 7) & -8)
                    break
                if slot >> HALF == hashes[j] and np.int64(stored[start] & LOW) == length:
                    i = 0
                    while i < length - 8 and words[first + i] == stored[start + 8 + i]:
                        i += 8
                    if i >= length - 8 and stored[start + 8 + max(length - 8, 0)] == tail:
                        places[done + j] = stored[start] >> HALF
                        break
                at = (at + np.uint64(1)) & mask
        done += count
    return done, known, used, seen


@compiled()
def _tail(text, words, first, length):  # type: ignore[no-untyped-def]
    """Return the last eight bytes of a name, or all of a shorter one; the first byte is the lowest, as in memory."""
    if length >= 8:
        return words[first + length - 8]
    tail = NONE
    for k in range(first + length - 1, first - 1, -1):
        tail = (tail << BYTE) | np.uint64(text[k])
    return tail


@compiled()
def _hash(text, words, first, length):  # type: ignore[no-untyped-def]
    """Return 32 bits of a name's hash: eight bytes at a time, multiplied and folded."""
    mixed = np.uint64(length) * SECOND
    k = first
    while k < first + length - 8:
        mixed = (mixed ^ words[k]) * FIRST
        mixed ^= mixed >> HALF
        k += 8
    mixed = (mixed ^ _tail(text, words, first, length)) * FIRST
    mixed ^= mixed >> HALF
    return (mixed * SECOND) >> HALF


@compiled()
def _move(slots, longer):  # type: ignore[no-untyped-def]
    """Enter what is in `slots` into `longer`, a table of zeros."""
    mask = np.uint64(longer.size - 1)
    for slot in slots:
        if slot != NONE:
            at = (slot >> HALF) & mask
            while longer[at] != NONE:
                at = (at + np.uint64(1)) & mask
            longer[at] = slot


@compiled()
def _lines(store, stored, known, lines):  # type: ignore[no-untyped-def]
    """Write the stored names to `lines`, each with an end of line; return the number of bytes."""
    at, size = np.int64(8), 0
    for _ in range(known):
        length = np.int64(stored[at] & LOW)
        for k in range(at + 8, at + 8 + length):
            lines[size] = store[k]
            size += 1
        lines[size] = 10
        size += 1
        at += 8 + ((length + 7) & -8)
    return size
