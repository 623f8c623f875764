// How much of a long list a test looks at: all with the argument "all" or UNSTICK_SAMPLE=all, or some, others with each run:
// UNSTICK_SAMPLE, a number, tells which, and is printed. Of sites ZOO_ONLY=HOST,HOST names them.
export const isAll = process.argv.includes('all') || process.env.UNSTICK_SAMPLE === 'all' || process.env.UNSTICK_APPROVE === '1';

/// `count` of a list, in its order.
export function sample(list, count) {
    const chosen = process.env.ZOO_ONLY?.split(',');
    if (chosen) {
        return list.filter((site) => chosen.includes(site.hosts[0]));
    }
    if (isAll) {
        return list;
    }
    let state = Number(process.env.UNSTICK_SAMPLE ?? Math.floor(Math.random() * 30000) + 1);
    console.log(`${count} of ${list.length}: UNSTICK_SAMPLE=${state}`);
    const keyed = list.map((one) => {
        state = (state * 48271) % 2147483647;  // Park and Miller's generator
        return [state, one];
    });
    const last = keyed.map(([key]) => key).sort((a, b) => a - b)[count - 1];
    return keyed.filter(([key]) => key <= last).map(([, one]) => one);
}
