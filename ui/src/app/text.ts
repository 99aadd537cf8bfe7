/** How figures and moments are written, everywhere alike. */

/** 83.402 s as "1:23.402": the swarm's own clock, to the millisecond. */
export function clockText(t_us: number, decimals = 3): string {
  const ms = Math.max(0, Math.floor(t_us / 1000));
  const seconds = Math.floor(ms / 1000);
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  const two = (value: number) => String(value).padStart(2, '0');
  const rest = decimals > 0 ? `.${String(ms % 1000).padStart(3, '0').slice(0, decimals)}` : '';
  const head = hours > 0 ? `${hours}:${two(minutes)}` : String(minutes);
  return `${head}:${two(seconds % 60)}${rest}`;
}

export function durationText(us: number): string {
  const ms = us / 1000;
  if (Math.abs(ms) < 1) return `${Math.round(us)} µs`;
  if (Math.abs(ms) < 1000) return `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
  const s = ms / 1000;
  if (s < 120) return `${s < 10 ? s.toFixed(2) : s.toFixed(1)} s`;
  return `${(s / 60).toFixed(1)} min`;
}

/** How long something has been, for a person to read while it grows. */
export function agoText(us: number): string {
  const s = Math.floor(us / 1e6);
  if (s < 1) return 'just now';
  if (s < 120) return `${s} s ago`;
  return s < 7200 ? `${Math.floor(s / 60)} min ago` : `${Math.floor(s / 3600)} h ago`;
}

export const percent = (permille: number): string => `${Math.round(permille / 10)} %`;

const signed = (value: number): string => `${value > 0 ? '+' : value < 0 ? '−' : ''}${Math.abs(value).toFixed(1)}`;
export const db = (cdb: number): string => `${signed(cdb / 100)} dB`;
export const dbm = (cdbm: number): string => `${signed(cdbm / 100)} dBm`;

/** "en_route" as "en route". */
export const words = (text: string): string => text.replaceAll('_', ' ');

export const tileText = (tile: readonly [number, number]): string => `${tile[0]},${tile[1]}`;

/** A digest's first and last digits: enough to see whether two are the same. */
export const shortDigest = (digest: string): string =>
  digest.length > 9 ? `${digest.slice(0, 4)}…${digest.slice(-4)}` : digest;
