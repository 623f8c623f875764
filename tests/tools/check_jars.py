#!/usr/bin/env python3
"""Every domain of every real cookie jar is removed once by jar_tool; what is left must be the same records, byte for byte.

The decoder shares no code with unstick. The layout is that of docs/formats-safari.md; the offset of the domain string is
at byte 16 of a record. Values are never printed.
usage: check_jars.py JAR_TOOL; the jars lie below UNSTICK_REALDATA. Exit code 77: there are none.
"""
import os
import pathlib
import struct
import subprocess
import sys
import tempfile

TRAILER = bytes.fromhex("07172005")


def text_at(record, offset):
    return record[offset:record.index(b"\0", offset)].decode("utf-8", "surrogateescape")


def pages_of(jar):
    """The pages, each a list of (domain, record), and what follows the checksum."""
    assert jar[:4] == b"cook", "magic"
    count = struct.unpack_from(">I", jar, 4)[0]
    sizes = struct.unpack_from(f">{count}I", jar, 8)
    at = 8 + 4 * count
    pages, checksum = [], 0
    for size in sizes:
        page = jar[at:at + size]
        assert len(page) == size and page[:4] == b"\0\0\1\0", "page"
        checksum += sum(page[::4])
        records, end = [], 12 + 4 * struct.unpack_from("<I", page, 4)[0]
        for offset in struct.unpack_from(f"<{(end - 12) // 4}I", page, 8):
            assert offset == end, "records without gaps"
            end = offset + struct.unpack_from("<I", page, offset)[0]
            record = page[offset:end]
            records.append((text_at(record, struct.unpack_from("<I", record, 16)[0]), record))
        assert end == size, "nothing after the records"
        pages.append(records)
        at += size
    assert struct.unpack_from(">I", jar, at)[0] == checksum % 2**32, "checksum"
    trailer = jar[at + 4:]
    assert trailer[:4] == TRAILER, "trailer"
    assert len(trailer) == 4 or struct.unpack_from(">I", trailer, 4)[0] == len(trailer) - 8, "property list"
    return pages, trailer


def check(tool, jar, domain, scratch):
    pages, trailer = pages_of(jar.read_bytes())
    result = pathlib.Path(scratch, "result")
    subprocess.run([tool, "take", jar, result, domain.encode("utf-8", "surrogateescape")], check=True)
    left, left_trailer = pages_of(result.read_bytes())
    kept = [(page, [one for one in page if one[0] != domain]) for page in pages]
    expected = [rest for page, rest in kept if rest or not page]  # a page that was empty before stays
    assert left == expected and left_trailer == trailer, f"{jar}: not the same without {domain}"


def main():
    data = os.environ.get("UNSTICK_REALDATA", "")
    jars = sorted(pathlib.Path(data).rglob("*.binarycookies")) if data else []
    if not jars:
        print("no real jars: set UNSTICK_REALDATA")
        return 77
    removed = 0
    with tempfile.TemporaryDirectory() as scratch:
        for jar in jars:
            domains = {domain for page in pages_of(jar.read_bytes())[0] for domain, _ in page}
            for domain in sorted(domains) + ["absent.invalid"]:
                check(sys.argv[1], jar, domain, scratch)
                removed += 1
    print(f"{len(jars)} jars, {removed} removals")
    return 0


sys.exit(main())
