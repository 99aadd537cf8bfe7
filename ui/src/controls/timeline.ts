/** The whole of a recording on one line: how much was on the air when, the steps of jobs, and where we are. Drag to move. */
import { h, setAttr } from '../app/dom';
import type { State } from '../app/store';
import { clockText } from '../app/text';
import type { Do } from './transport';

export interface Course {
  readonly bin_us: number;
  readonly packets: readonly number[];
  readonly marks: readonly { readonly t: number; readonly text: string }[];
}

/** `#t=12.5` asks for a moment of the recording, in seconds; null when the link does not. */
export function openedAt(hash: string): number | null {
  const text = new URLSearchParams(hash.replace(/^#/, '')).get('t');
  const seconds = Number(text);
  return text !== null && text !== '' && Number.isFinite(seconds) && seconds >= 0 ? Math.round(seconds * 1e6) : null;
}

/** The page's address with this moment in it. */
export function linkTo(href: string, t_us: number): string {
  const [base = '', hash = ''] = href.split('#', 2);
  const params = hash.split('&').filter((part) => part !== '' && !part.startsWith('t='));
  return `${base}#${[`t=${t_us / 1e6}`, ...params].join('&')}`;
}

/** The mark before or after a moment; a mark at the moment itself is neither. */
export function markBeside(marks: Course['marks'], t_us: number, step: -1 | 1): number | null {
  const found = step < 0 ? marks.findLast((mark) => mark.t < t_us) : marks.find((mark) => mark.t > t_us);
  return found?.t ?? null;
}

/** What the server said, if it is a course. */
export function readCourse(json: unknown): Course | null {
  if (typeof json !== 'object' || json === null) return null;
  const { bin_us, packets, marks } = json as Partial<Course>;
  const good = typeof bin_us === 'number' && bin_us > 0 && Array.isArray(packets) && packets.every((one) => typeof one === 'number') &&
    Array.isArray(marks) && marks.every((mark) => typeof mark?.t === 'number' && typeof mark.text === 'string');
  return good ? { bin_us, packets, marks } : null;
}

function draw(canvas: HTMLCanvasElement, course: Course, until_us: number, t_us: number): void {
  const ratio = Math.min(2, devicePixelRatio || 1);
  const width = canvas.clientWidth;
  const height = canvas.clientHeight;
  if (width === 0) return;
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  const context = canvas.getContext('2d');
  if (!context) return;
  const style = getComputedStyle(document.documentElement);
  const color = (name: string) => style.getPropertyValue(`--${name}`).trim();
  context.scale(ratio, ratio);
  const x = (t: number) => (t / until_us) * width;
  const most = Math.max(1, ...course.packets);
  const floor = height - 12;
  course.packets.forEach((packets, index) => {
    const left = x(index * course.bin_us);
    const tall = (packets / most) * (floor - 6);
    context.fillStyle = color(index * course.bin_us <= t_us ? 'accent' : 'grid');
    context.fillRect(left, floor - tall, Math.max(1, x(course.bin_us) - 0.5), tall);
  });
  context.fillStyle = color('line');
  context.fillRect(0, floor, width, 1);
  context.fillStyle = color('delta');
  for (const mark of course.marks) context.fillRect(x(mark.t) - 1, floor + 3, 2, 7);
  context.fillStyle = color('ink');
  context.fillRect(Math.min(width - 2, x(t_us)), 0, 2, height);
}

export function timeline(parent: HTMLElement, act: Do, wished_us: number | null, complain: (text: string) => void): (state: State) => void {
  const canvas = h('canvas', { attrs: { 'aria-hidden': 'true' } });
  const seek = h('input', { class: 'seek', attrs: { type: 'range', min: 0, step: 1000, 'aria-label': 'Moment of the recording' } });
  const button = (text: string, label: string, click: () => void) =>
    h('button', { attrs: { type: 'button', title: label, 'aria-label': label }, on: { click } }, text);
  let course: Course | null = null;
  let asked = '';
  let now_us = 0;
  let wished = wished_us;
  let moving = false;
  let next: number | null = null;
  // While one move is on its way only the newest wish is kept: dragging must not queue hundreds.
  const move = async (t_us: number): Promise<void> => {
    next = t_us;
    if (moving) return;
    moving = true;
    while (next !== null) {
      const to: number = next;
      next = null;
      await act({ do: 'seek', t_us: to });
    }
    moving = false;
  };
  const jump = (step: -1 | 1) => () => {
    const mark = course && markBeside(course.marks, now_us, step);
    if (mark !== null) void move(mark);
  };
  seek.addEventListener('input', () => void move(Number(seek.value)));
  const share = async (): Promise<void> => {
    const link = linkTo(location.href, now_us);
    try {
      await navigator.clipboard.writeText(link);
      complain('The link to this moment is copied');
    } catch {
      complain(link); // no clipboard without https: then it is there to be read
    }
  };
  parent.append(button('◀', 'To the step before (of a job)', jump(-1)), h('div', { class: 'track' }, canvas, seek),
    button('▶', 'To the next step (of a job)', jump(1)), button('Link', 'Copy a link to this moment', () => void share()));
  return ({ world, link }) => {
    // Also between a move's hello and its snapshot: a slider that vanishes lets go of the pointer.
    const shown = world.source === 'recording' && world.until_us > 0;
    parent.hidden = !shown;
    if (!shown) return;
    if (asked !== world.run) {
      asked = world.run;
      void fetch(new URL('api/timeline', document.baseURI)).then((answer) => answer.json())
        .then((json: unknown) => { course = readCourse(json); }, () => undefined);
    }
    if (wished !== null && link.kind === 'open' && world.ready) {
      const to = Math.min(wished, world.until_us);
      wished = null;
      void act({ do: 'pause' }).then(() => move(to));
    }
    now_us = world.t;
    setAttr(seek, 'max', world.until_us);
    if (!moving) seek.value = String(world.t);
    setAttr(seek, 'aria-valuetext', `${clockText(world.t)} of ${clockText(world.until_us)}`);
    draw(canvas, course ?? { bin_us: world.until_us, packets: [], marks: [] }, world.until_us, moving ? Number(seek.value) : world.t);
  };
}
