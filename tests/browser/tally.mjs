/** Each check prints what was measured, what was asked for, and whether that fits. */

let failed = 0;
let passed = 0;

export function check(what, figure, threshold, good) {
  console.log(`${good ? 'pass' : 'FAIL'}  ${what}: ${figure} (${threshold})`);
  if (good) passed++;
  else failed++;
  return good;
}

export const equal = (what, figure, wanted) => check(what, figure, `exactly ${wanted}`, figure === wanted);
export const atLeast = (what, figure, least) => check(what, figure, `at least ${least}`, figure >= least);
export const atMost = (what, figure, most) => check(what, figure, `at most ${most}`, figure <= most);
export const holds = (what, text, wanted) => check(what, JSON.stringify(text), `holds "${wanted}"`, String(text).includes(wanted));

/** Prints the count and says how the process should exit. */
export function verdict() {
  console.log(`browser: ${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}
