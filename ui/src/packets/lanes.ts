/** One lane for each node: when it was on the air in the last while, by kind. */
import { h, setAttr } from '../app/dom';
import type { State, Store } from '../app/store';
import { clockText, durationText } from '../app/text';
import type { World } from '../feed/reduce';
import type { Card, NodeId } from '../feed/types';
import { called, nodesInOrder } from '../nodes/words';
import { family } from './kinds';

const kSpan_us = 30_000_000;
const kNamePx = 64;
const kAxisPx = 18;
const kLeastPx = 2;

/** A lane must be so high that its name can be read. */
const kLaneLeastPx = 13;

/** Those who get a lane: all where there is room, else those who were longest on the air, by name. */
export function lanesFor(world: World, room: number): Card[] {
  const all = nodesInOrder(world);
  if (all.length <= room) return all;
  const used = new Map<NodeId, number>();
  for (const packet of world.packets) {
    if (packet.t + packet.air_us >= world.t - kSpan_us) used.set(packet.tx, (used.get(packet.tx) ?? 0) + packet.air_us);
  }
  const loudest = [...all].sort((a, b) => (used.get(b.id) ?? 0) - (used.get(a.id) ?? 0)).slice(0, room);
  return all.filter((card) => loudest.includes(card));
}

/** Each node's share of the shown span that it spent transmitting, in words. */
export function lanesText(world: World): string {
  const from = world.t - kSpan_us;
  const used = nodesInOrder(world).flatMap((card) => {
    const sum = world.packets.filter((packet) => packet.tx === card.id && packet.t >= from).reduce((all, packet) => all + packet.air_us, 0);
    return sum > 0 ? [`${called(card)} ${durationText(sum)}`] : [];
  });
  return `On the air in the last ${kSpan_us / 1e6} s: ${used.join(', ') || 'nobody'}`;
}

class Lanes {
  private readonly canvas_ = h('canvas', { attrs: { role: 'img' } });

  constructor(parent: HTMLElement, private readonly store_: Store) {
    parent.append(this.canvas_);
    this.canvas_.addEventListener('mousemove', (event) => this.point(event));
    this.canvas_.addEventListener('mouseleave', () => this.store_.look({ hovered: null }));
    this.canvas_.addEventListener('click', () => {
      const { hovered } = this.store_.state.view;
      if (hovered !== null) this.store_.look({ opened: hovered, tab: 'packets' });
    });
  }

  draw({ world, view }: State): void {
    const ratio = Math.min(2, devicePixelRatio || 1);
    const width = this.canvas_.clientWidth;
    const height = this.canvas_.clientHeight;
    if (width === 0) return;
    if (this.canvas_.width !== width * ratio || this.canvas_.height !== height * ratio) {
      this.canvas_.width = width * ratio;
      this.canvas_.height = height * ratio;
    }
    const context = this.canvas_.getContext('2d');
    if (!context) return;
    const style = getComputedStyle(document.documentElement);
    const color = (name: string) => style.getPropertyValue(`--${name}`).trim();
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    context.font = '12px system-ui, sans-serif';
    context.textBaseline = 'middle';
    const nodes = lanesFor(world, this.room());
    const lane = this.laneHeight(nodes.length);
    nodes.forEach((card, index) => {
      const y = lane * (index + 0.5);
      context.fillStyle = color('ink2');
      context.fillText(called(card), 0, y);
      context.fillStyle = color('line');
      context.fillRect(kNamePx, y, width - kNamePx, 1);
      for (const packet of world.packets) {
        if (packet.tx !== card.id || packet.t + packet.air_us < world.t - kSpan_us) continue;
        const lit = packet.flight === view.hovered || packet.flight === view.opened;
        const left = Math.max(kNamePx, this.x(packet.t, world.t, width));
        const right = Math.min(width, this.x(packet.t + packet.air_us, world.t, width));
        const tall = packet.tx === packet.from ? lane * 0.66 : lane * 0.36;
        context.fillStyle = color(lit ? 'ink' : family(packet.kind));
        context.fillRect(left, y - tall / 2, Math.max(kLeastPx, right - left), tall);
      }
    });
    this.axis(context, world.t, width, height, color('ink2'));
    setAttr(this.canvas_, 'aria-label', lanesText(world));
  }

  private room(): number {
    return Math.max(1, Math.floor((this.canvas_.clientHeight - kAxisPx) / kLaneLeastPx));
  }

  private laneHeight(lanes: number): number {
    return (this.canvas_.clientHeight - kAxisPx) / Math.max(1, lanes);
  }

  private x(t: number, now: number, width: number): number {
    return width - ((now - t) / kSpan_us) * (width - kNamePx);
  }

  private axis(context: CanvasRenderingContext2D, now: number, width: number, height: number, color: string): void {
    context.fillStyle = color;
    context.font = '11px system-ui, sans-serif';
    for (let t = Math.ceil((now - kSpan_us) / 5e6) * 5e6; t <= now; t += 5e6) {
      const x = this.x(t, now, width);
      const text = clockText(t, 0);
      const half = context.measureText(text).width / 2;
      if (t >= 0 && x - half > kNamePx && x + half < width) context.fillText(text, x - half, height - 7);
    }
  }

  private point(event: MouseEvent): void {
    const { world, view } = this.store_.state;
    const box = this.canvas_.getBoundingClientRect();
    const x = event.clientX - box.left;
    const nodes = lanesFor(world, this.room());
    const card = nodes[Math.floor((event.clientY - box.top) / this.laneHeight(nodes.length))];
    const near = world.packets.findLast((packet) =>
      packet.tx === card?.id && x >= this.x(packet.t, world.t, box.width) - 3 &&
      x <= this.x(packet.t + packet.air_us, world.t, box.width) + 3);
    const hovered = near?.flight ?? null;
    if (hovered !== view.hovered) this.store_.look({ hovered });
  }
}

export function packetLanes(parent: HTMLElement, store: Store): (state: State) => void {
  const lanes = new Lanes(parent, store);
  return (state) => lanes.draw(state);
}
