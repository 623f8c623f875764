export const patience = 300;  // seconds; only what hangs lasts so long, on a loaded computer too

/// Waits until `happened` is true, however slow the computer is.
export async function until(what, happened) {
    const end = Date.now() + patience * 1000;
    while (!await happened()) {
        if (Date.now() > end) {
            throw new Error('waited in vain until ' + what);
        }
        await new Promise((r) => setTimeout(r, 50));
    }
}
