// What no page can ask for, read from a closed profile by other programs than ours: { store: [owner, ...] }. An owner is a
// URL or an origin; of several in one line the first is whose it is.
import { execFileSync } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import * as world from './world.mjs';

function rows(file, sql) {
    return fs.existsSync(file) ? execFileSync('sqlite3', [`file:${file}?mode=ro`, sql]).toString().trim().split('\n').filter(Boolean) : [];
}

/// Keys of the entries of a Simple cache: 24 bytes of header, the length at 12.
function simpleKeys(folder) {
    return !fs.existsSync(folder) ? [] : fs.readdirSync(folder).filter((name) => /^[0-9a-f]{16}_0$/.test(name)).map((name) => {
        const bytes = fs.readFileSync(path.join(folder, name));
        return bytes.subarray(24, 24 + bytes.readUInt32LE(12)).toString('latin1');
    });
}

/// The hash under which TransportSecurity has a host: of its name as DNS sends it.
const hashOf = (host) => crypto.createHash('sha256')
    .update(host.split('.').map((label) => String.fromCharCode(label.length) + label).join('') + '\0').digest('base64');

export function onDisk(folder) {
    const profile = path.join(folder, 'Default');
    const json = (name) => JSON.parse(fs.readFileSync(path.join(profile, name)));
    const names = Object.fromEntries(world.all.map((host) => host.split(':')[0]).map((host) => [hashOf(host), `https://${host}`]));
    const settings = json('Preferences').profile.content_settings.exceptions;
    const seen = {
        code: simpleKeys(path.join(profile, 'Code Cache/js')).filter((key) => key.startsWith('_key')).map((key) => key.slice(4).split(' ')[0]),
        dictionaries: rows(path.join(profile, 'Shared Dictionary/db'), 'SELECT url FROM dictionaries'),
        reports: rows(path.join(profile, 'Reporting and NEL'), "SELECT origin_scheme || '://' || origin_host || ':' || origin_port FROM nel_policies"),
        salts: rows(path.join(profile, 'MediaDeviceSalts'), 'SELECT storage_key FROM media_device_salts'),
        hsts: json('TransportSecurity').sts.map((entry) => names[entry.host] ?? entry.host),
        settings: Object.keys(settings.client_hints ?? {}).map((pattern) => pattern.split(',')[0]),
        buckets: rows(path.join(profile, 'WebStorage/QuotaManager'), "SELECT storage_key || ' ' || name FROM buckets WHERE name <> '_default'"),
    };
    return Object.fromEntries(Object.entries(seen).map(([store, owners]) => [store, owners.sort()]));
}

/// Kind of data in each store of `onDisk`.
export const kindOnDisk = { code: 'cache', dictionaries: 'cache', reports: 'network', salts: 'storage', hsts: 'network',
    settings: 'permissions', buckets: 'storage' };
