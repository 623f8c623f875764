// Searches the bytes of a profile, also those that a LevelDB table or a file of Firefox's keeps compressed.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

/// A base-128 number at `at`: [value, where it ends].
function varint(bytes, at) {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
        const byte = bytes[at++];
        value += (byte & 127) * shift;
        if (!(byte & 128)) {
            return [value, at];
        }
    }
}

/// google/snappy, format_description.txt
function unsnappy(bytes) {
    const [size, start] = varint(bytes, 0);
    const plain = Buffer.alloc(size);
    let to = 0;
    for (let at = start; at < bytes.length;) {
        const tag = bytes[at++];
        if ((tag & 3) === 0) {
            const extra = Math.max(0, (tag >> 2) - 59);
            const length = (extra ? bytes.readUIntLE(at, extra) : tag >> 2) + 1;
            bytes.copy(plain, to, at + extra, at + extra + length);
            at += extra + length;
            to += length;
            continue;
        }
        const wide = [0, 0, 2, 4][tag & 3];
        const length = wide ? (tag >> 2) + 1 : ((tag >> 2) & 7) + 4;
        const back = wide ? bytes.readUIntLE(at, wide) : ((tag >> 5) << 8) | bytes[at];
        at += wide || 1;
        for (const end = to + length; to < end; ++to) {
            plain[to] = plain[to - back];
        }
    }
    return plain;
}

/// The blocks of a LevelDB table, as they were before compression (leveldb, doc/table_format.md). Of a table that a killed
/// browser had begun there are none: LevelDB does not read it either.
function tableBlocks(bytes) {
    const footer = 48;
    const magic = Buffer.from('57fb808b247547db', 'hex');
    if (bytes.length < footer || !bytes.subarray(-magic.length).equals(magic)) {
        return [];
    }
    const blockAt = (handles, at) => {
        const [offset, next] = varint(handles, at);
        const [size] = varint(handles, next);
        const raw = bytes.subarray(offset, offset + size);
        const compression = bytes[offset + size];
        if (compression > 1) {
            throw new Error(`a table compressed in a way unknown here: ${compression}`);
        }
        return compression === 1 ? unsnappy(raw) : raw;
    };
    const [, metaSizeAt] = varint(bytes, bytes.length - footer);
    const index = blockAt(bytes, varint(bytes, metaSizeAt)[1]);
    const entries = index.length - 4 - 4 * index.readUInt32LE(index.length - 4);
    const blocks = [];
    for (let at = 0; at < entries;) {
        const [, unshared] = varint(index, at);
        const [keySize, sized] = varint(index, unshared);
        const [valueSize, key] = varint(index, sized);
        blocks.push(blockAt(index, key + keySize));
        at = key + keySize + valueSize;
    }
    return blocks;
}

/// What a file of Firefox's holds in one LZ4 block: "mozLz40", a zero byte, the size as 32 bits, then the block (lz4,
/// doc/lz4_Block_format.md).
function unlz4(bytes) {
    const plain = Buffer.alloc(bytes.readUInt32LE(8));
    let to = 0;
    for (let at = 12; at < bytes.length;) {
        const token = bytes[at++];
        const more = (length) => {
            for (let add = 255; length >= 15 && add === 255;) {
                add = bytes[at++];
                length += add;
            }
            return length;
        };
        const literals = more(token >> 4);
        bytes.copy(plain, to, at, at + literals);
        at += literals;
        to += literals;
        if (at >= bytes.length) {
            break;
        }
        const back = bytes.readUInt16LE(at);
        at += 2;
        for (const end = to + more(token & 15) + 4; to < end; ++to) {
            plain[to] = plain[to - back];
        }
    }
    return plain;
}

/// A file as it is, and what it keeps compressed.
function partsOf(file, bytes) {
    return file.endsWith('.ldb') ? [bytes, ...tableBlocks(bytes)]
        : bytes.subarray(0, 8).equals(Buffer.from('mozLz40\0')) ? [bytes, unlz4(bytes)] : [bytes];
}

/// Files of a folder that hold any of the markers, as UTF-8, as UTF-16 or (a Buffer) as they are: "file: marker".
export function searchBytes(folder, markers) {
    const needles = markers.flatMap((marker) => Buffer.isBuffer(marker)
        ? [[marker.toString('hex'), marker]] : [[marker, Buffer.from(marker)], [marker, Buffer.from(marker, 'utf16le')]]);
    const hits = new Set();
    for (const file of execFileSync('find', [folder, '-type', 'f', '-print0']).toString().split('\0').filter(Boolean)) {
        const bytes = fs.readFileSync(file);
        for (const part of partsOf(file, bytes)) {
            for (const [name, needle] of needles) {
                if (part.includes(needle)) {
                    hits.add(`${path.relative(folder, file)}: ${name}`);
                }
            }
        }
    }
    return [...hits].sort();
}

/// The encrypted values of a site's cookies: what their secrets look like in the file. `where` is SQL.
export function encryptedCookies(folder, where) {
    const rows = execFileSync('sqlite3', [`file:${folder}/Default/Cookies?mode=ro`,
        `SELECT DISTINCT hex(encrypted_value) FROM cookies WHERE ${where}`]).toString().trim().split('\n');
    return rows.filter(Boolean).map((row) => Buffer.from(row, 'hex'));
}
