// Days pass for one site in a closed profile: Chromium takes no other clock than the computer's, so the times that it wrote
// are made earlier.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const microsecondsOf = (days) => days * 86400 * 1e6;

export function ageCookies(folder, domain, days) {
    const times = ['creation_utc', 'last_access_utc', 'last_update_utc'];
    execFileSync('sqlite3', [`${folder}/Default/Cookies`,
        `UPDATE cookies SET ${times.map((time) => `${time} = ${time} - ${microsecondsOf(days)}`)} WHERE host_key LIKE '%${domain}'`]);
}

/// LevelDB's checksum of a record (doc/log_format.md there): CRC-32C, masked.
function checksum(bytes) {
    let crc = ~0;
    for (const byte of bytes) {
        crc ^= byte;
        for (let bit = 0; bit < 8; ++bit) {
            crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
        }
    }
    crc = ~crc;
    return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

/// The records of a LevelDB log, as views: { header, payload }.
function* recordsOf(log) {
    const [block, headerSize] = [32768, 7];
    for (let at = 0; at + headerSize <= log.length;) {
        if (block - (at % block) < headerSize) {
            at += block - (at % block);
            continue;
        }
        const end = at + headerSize + log.readUInt16LE(at + 4);
        yield { header: log.subarray(at, at + headerSize), payload: log.subarray(at + headerSize, end) };
        at = end;
    }
}

const readNumber = (bytes) => bytes.reduceRight((number, byte) => (number << 7n) | BigInt(byte & 127), 0n);
const writeNumber = (bytes, number) => bytes.forEach((byte, i) => { bytes[i] = (byte & 128) | Number((number >> BigInt(7 * i)) & 127n); });

/// The browser's last look for a newer script of the host's workers (field 7 of a registration) becomes that much earlier.
export function ageWorkers(folder, host, days) {
    const database = path.join(folder, 'Default/Service Worker/Database');
    const [tag, length] = [7 << 3, 8];  // a time of this century takes eight bytes
    let aged = 0;
    for (const name of fs.readdirSync(database).filter((file) => file.endsWith('.log'))) {
        const log = fs.readFileSync(path.join(database, name));
        for (const { header, payload } of recordsOf(log)) {
            const key = payload.indexOf(`REG:https://${host}`);
            const field = key < 0 ? -1 : payload.findIndex((byte, i) => i > key && byte === tag &&
                payload.subarray(i + 1, i + 1 + length).every((b, j) => (b >= 128) === (j < length - 1)));
            if (field >= 0) {
                const time = payload.subarray(field + 1, field + 1 + length);
                writeNumber(time, readNumber(time) - BigInt(microsecondsOf(days)));
                header.writeUInt32LE(checksum([header[6], ...payload]));
                ++aged;
            }
        }
        fs.writeFileSync(path.join(database, name), log);
    }
    if (aged === 0) {
        throw new Error('no registration of a worker to make older: ' + host);
    }
}
