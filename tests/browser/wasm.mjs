// A WebAssembly module that Chromium finds worth keeping compiled: many functions, hot when called (spec: binary format).
const number = (value) => {
    const bytes = [];
    do {
        bytes.push((value & 127) | (value > 127 ? 128 : 0));
        value >>>= 7;
    } while (value);
    return bytes;
};
const vector = (items) => [...number(items.length), ...items.flat()];
const text = (string) => vector([...Buffer.from(string)]);
const section = (id, content) => [id, ...number(content.length), ...content];

/// Exports f0 ... f39, each (i32 rounds) -> i32, and holds `secret` in a section of its own.
export function moduleWith(secret) {
    const i32 = 0x7f;
    const step = (n) => [0x20, 1, 0x41, ...number(n & 63), 0x6a, 0x20, 0, 0x73, 0x21, 1];  // sum = (sum + n) ^ rounds
    const body = (n) => {
        const steps = Array.from({ length: 60 }, (_, i) => step(n + i)).flat();
        const loop = [0x03, 0x40, ...steps, 0x20, 0, 0x41, 1, 0x6b, 0x22, 0, 0x0d, 0, 0x0b];  // while (--rounds)
        const code = [...vector([[1, i32]]), ...loop, 0x20, 1, 0x0b];
        return [...number(code.length), ...code];
    };
    const functions = Array.from({ length: 40 }, (_, n) => n);
    return Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
        ...section(0, [...text('secret'), ...Buffer.from(secret)]),
        ...section(1, vector([[0x60, ...vector([i32]), ...vector([i32])]])),
        ...section(3, vector(functions.map(() => 0))),
        ...section(7, vector(functions.map((n) => [...text('f' + n), 0, ...number(n)]))),
        ...section(10, vector(functions.map(body)))]);
}
