"""Damaged workbooks by the thousand: each must end in a result or in one sentence, quickly and in little memory.

    python -m tests.package.hostile [COUNT] [--seed N]

The damage is done to the kitchen sink and to the filled demo form: bytes of the container, tags, attributes and
texts inside a part whose container stays sound, parts swapped, dropped and repeated. Every worker has a limit on
its address space and a timer of its processor, so that a hang or a bomb ends the try and not the machine.
"""

from __future__ import annotations

import argparse
import faulthandler
import hashlib
import multiprocessing
import os
import random
import re
import resource
import signal
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from types import FrameType
from typing import Any

from tests.package.books import entries, pack
from tests.package.kitchen_sink import CHART, kitchen_sink
from xlperf.errors import XlperfError
from xlperf.form.template import example_of
from xlperf.package import Ref, Workbook
from xlperf.workbook.actions import FillAs, check, clear, fill, mark, new_workbook, open_form

MEMORY = 1 << 30
SECONDS = 10
_SPLICES = (
    b"<", b">", b'"', b"&", b"&#0;", b"&a;", b"]]>", b"<!--", b"<!DOCTYPE a>", b"\x00", b"\xff\xfe", b"99999999999",
    b"-1", b"0", b"1e999", b"NaN", b"\xe9", "\ufffe".encode(), b"A1048577", b"XFE1", b"A0", b"r:", b" r=''", b"/>",
)  # fmt: skip
_NAMES = ("../../x.xml", "/etc/passwd", "C:\\x", "a\0b", "xl/workbook.xml", "XL/WORKBOOK.XML", "x" * 70_000)


@cache
def seeds() -> tuple[bytes, ...]:
    values: dict[str, Any] = example_of("department_overall")
    return (new_workbook(values).to_bytes(), kitchen_sink())


def mutate(blob: bytes, chance: random.Random) -> bytes:
    """One damaged copy; which damage depends on `chance` alone."""
    kinds = (_cut, _flip, _flip, _splice_file, _in_part, _in_part, _in_part, _in_part, _shuffle)
    return chance.choice(kinds)(blob, chance)


def _cut(blob: bytes, chance: random.Random) -> bytes:
    return blob[: chance.randrange(len(blob))]


def _flip(blob: bytes, chance: random.Random) -> bytes:
    """Some bits, half of the time in the directory at the end, where every byte means something."""
    data = bytearray(blob)
    low = max(0, len(data) - 6000) if chance.random() < 0.5 else 0
    for _ in range(chance.choice((1, 1, 2, 8, 100))):
        data[chance.randrange(low, len(data))] ^= 1 << chance.randrange(8)
    return bytes(data)


def _splice_file(blob: bytes, chance: random.Random) -> bytes:
    """A piece of the file put elsewhere in it."""
    start, at = chance.randrange(len(blob)), chance.randrange(len(blob))
    piece = blob[start : start + chance.choice((1, 4, 46, 500))]
    return blob[:at] + piece + blob[at + (len(piece) if chance.random() < 0.5 else 0) :]


def _in_part(blob: bytes, chance: random.Random) -> bytes:
    """Damage inside a part that is then packed properly, so that it reaches the parsers."""
    content: dict[str, str | bytes] = dict(entries(blob))
    name = chance.choice([name for name in content if name.endswith((".xml", ".rels", ".vml"))])
    data = content[name]
    assert isinstance(data, bytes)
    for _ in range(chance.choice((1, 1, 2, 5))):
        data = chance.choice((_replace, _insert, _drop_tag, _repeat_tag, _attribute, _number))(data, chance)
    return pack(content | {name: data})


def _replace(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :]


def _insert(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] + chance.choice(_SPLICES) + data[at:]


def _drop_tag(data: bytes, chance: random.Random) -> bytes:
    return _at_match(rb"<[^<>]*>", data, chance, lambda found: b"")


def _repeat_tag(data: bytes, chance: random.Random) -> bytes:
    times = chance.choice((2, 3, 300, 20_000))
    return _at_match(rb"<[^<>]*>", data, chance, lambda found: found * times)


def _attribute(data: bytes, chance: random.Random) -> bytes:
    new = chance.choice(_SPLICES)
    return _at_match(rb'="[^"]*"', data, chance, lambda found: b'="' + new + b'"')


def _number(data: bytes, chance: random.Random) -> bytes:
    new = str(chance.choice((0, -1, 1, 2, 255, 16385, 65536, 1048577, 2**31, 2**64, 10**40))).encode()
    return _at_match(rb"[0-9]+", data, chance, lambda found: new)


def _at_match(pattern: bytes, data: bytes, chance: random.Random, new: Callable[[bytes], bytes]) -> bytes:
    match = re.compile(pattern).search(data, chance.randrange(len(data) + 1))
    return data[: match.start()] + new(match[0]) + data[match.end() :] if match else data


def _shuffle(blob: bytes, chance: random.Random) -> bytes:
    """Parts that change places, go, come again or get names that lead elsewhere."""
    content: dict[str, str | bytes] = dict(entries(blob))
    one, two = chance.sample(sorted(content), 2)
    kind = chance.randrange(4)
    if kind == 0:
        content[one], content[two] = content[two], content[one]
    elif kind == 1:
        del content[one]
    elif kind == 2:
        content[chance.choice(_NAMES)[:60_000]] = content.pop(one)
    else:
        content[one] = b""
    return pack(content)


def use(blob: bytes) -> str:
    """Everything that a command does with a file; what it says if it is no sound workbook (most are no forms)."""
    before = hashlib.sha256(blob).digest()
    said = ""
    for job in (_as_form, _as_workbook):
        try:
            job(blob)
        except XlperfError as error:
            said = str(error) if job is _as_workbook else said
            assert error.exit_code == 2
            assert any("\u4e00" <= letter <= "\u9fff" for letter in str(error)), "not a sentence for the user"
    assert hashlib.sha256(blob).digest() == before
    return said


def _as_form(blob: bytes) -> None:
    form = open_form(blob)
    report, explanations = check(form)
    mark(form, report, explanations)
    fill(form, FillAs.FORMULA)
    form.book.to_bytes(drop_signature=True)
    form = open_form(blob)
    clear(form)
    form.book.to_bytes(drop_signature=True)


def _as_workbook(blob: bytes) -> None:
    book = Workbook.open(blob)
    for title in book.sheets:
        for cell in book.cells(title).values():
            book.number_format(cell)
        book.notes(title)
        if title == CHART:
            continue
        free = Ref(200, 200)
        book.write(title, free, Decimal(1), number_format="0.0%")
        book.set_highlights(title, "t", {"FF0000": [free]})
        book.set_notes(title, "t", {free: "x"})
        book.set_links(title, {free: "A1"})
    Workbook.open(book.to_bytes(drop_signature=True)).to_bytes()


@dataclass(frozen=True, slots=True)
class Finding:
    seed: int
    what: str


def blob_of(seed: int) -> bytes:
    chance = random.Random(seed)
    blobs = seeds()
    return mutate(blobs[seed % len(blobs)], chance)


def limit() -> None:
    """For a worker: what asks for too much memory gets none."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    faulthandler.enable()
    seeds()


class _Slow(BaseException):
    """Raised in the midst of what takes too long."""


def _stop(signum: int, frame: FrameType | None) -> None:
    raise _Slow


def try_one(seed: int) -> tuple[str, Finding | None]:
    """How the file of this seed ended."""
    blob = blob_of(seed)
    signal.signal(signal.SIGPROF, _stop)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)  # of the processor: the machine may be busy
    try:
        said = use(blob)
    except _Slow:
        return "slow", Finding(seed, f"more than {SECONDS} s")
    except BaseException as error:
        return "traceback", Finding(seed, f"{type(error).__name__}: {error}")
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return ("refused" if said else "read"), None


def campaign(numbers: Sequence[int], jobs: int) -> tuple[Counter[str], list[Finding]]:
    """All seeds in limited workers; a worker that dies loses the run, which names the seed it died on."""
    results: Counter[str] = Counter()
    found: list[Finding] = []
    context = multiprocessing.get_context("spawn")
    with context.Pool(jobs, limit) as pool:
        pending = [(number, pool.apply_async(try_one, (number,))) for number in numbers]
        for number, answer in pending:
            try:
                kind, finding = answer.get(SECONDS * 6)
            except multiprocessing.TimeoutError:
                kind, finding = "died", Finding(number, "the worker died or hung")
            results[kind] += 1
            found += [finding] if finding else []
    return results, found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=5000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    results, found = campaign(range(options.seed, options.seed + options.count), os.cpu_count() or 1)
    print(f"{options.count} files: " + ", ".join(f"{count} {kind}" for kind, count in sorted(results.items())))
    for finding in found:
        print(f"  seed {finding.seed}: {finding.what}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
