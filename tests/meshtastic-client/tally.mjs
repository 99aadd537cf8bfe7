/** Each check prints what was measured, what was asked for, and whether that fits. */

let passed = 0;
let failed = 0;

export function check(what, figure, threshold, good) {
  console.log(`${good ? 'pass' : 'FAIL'}  ${what}: ${figure} (${threshold})`);
  if (good) passed++;
  else failed++;
}

export const equal = (what, figure, wanted) => check(what, figure, `exactly ${wanted}`, figure === wanted);
export const atMost = (what, figure, most) => check(what, figure, `at most ${most}`, figure <= most);
export const atLeast = (what, figure, least) => check(what, figure, `at least ${least}`, figure >= least);

/** Prints the count and says how the process should exit. */
export function verdict() {
  console.log(`meshtastic client: ${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}
