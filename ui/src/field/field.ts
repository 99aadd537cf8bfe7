/** Puts the drawing into the page and turns pointer and keys into looking around and choosing. */
import * as Phaser from 'phaser';
import { h, need, setAttr, setText } from '../app/dom';
import type { Store } from '../app/store';
import { tileText } from '../app/text';
import type { NodeId, Tile } from '../feed/types';
import { believed, toolOf } from '../controls/world';
import { planOf, radioBeyond, radioNear, type Plan } from '../map/plan';
import { radioWords } from '../map/radio_words';
import { clamp, fit, fitScale, pan, tileAt, toField, zoomAt, type Eye, type Size } from './camera';
import { FieldScene } from './scene';
import { describeTile, nodeOn } from './tiles';

/** More than this and a press was a drag, in window pixels. */
const kDragPx = 6;
/** A radio on the map is meant by pointing so near to it, in window pixels. */
const kNearPx = 18;
const kRatioMax = 2;

const kArrows: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0],
};

/** A processor that stands in for a graphics chip is spared: it has the swarm to run. */
const kFramesInSoftware = 15;
const kFrames = 60;

function drawnInSoftware(): boolean {
  const context = document.createElement('canvas').getContext('webgl');
  if (!context) return true;
  const info = context.getExtension('WEBGL_debug_renderer_info');
  const name = String(context.getParameter(info?.UNMASKED_RENDERER_WEBGL ?? context.RENDERER));
  context.getExtension('WEBGL_lose_context')?.loseContext();
  return /swiftshader|llvmpipe|software/i.test(name);
}

class Field {
  private readonly box_ = need('field');
  private readonly scene_: FieldScene;
  private readonly game_: Phaser.Game;
  private eye_: Eye;
  private size_: Size;
  private whole_ = true;
  private readonly touches_ = new Map<number, { x: number; y: number }>();
  private dragged_ = 0;

  constructor(private readonly store_: Store, private readonly choose_: (tile: Tile) => void) {
    this.size_ = this.measure();
    this.eye_ = fit(this.size_, this.side());
    this.scene_ = new FieldScene(store_);
    this.game_ = new Phaser.Game({
      type: Phaser.AUTO,
      parent: this.box_,
      width: this.size_.width * this.ratio(),
      height: this.size_.height * this.ratio(),
      scale: { mode: Phaser.Scale.NONE },
      backgroundColor: getComputedStyle(document.documentElement).getPropertyValue('--paper').trim(),
      banner: false,
      fps: { limit: drawnInSoftware() ? kFramesInSoftware : kFrames },
      audio: { noAudio: true },
      input: { mouse: false, touch: false, keyboard: false, gamepad: false },
      render: { antialias: true, powerPreference: 'low-power' },
      scene: this.scene_,
    });
    this.game_.events.once(Phaser.Core.Events.READY, () => {
      setAttr(this.game_.canvas, 'aria-hidden', 'true');
      this.resize();
    });
    new ResizeObserver(() => this.resize()).observe(this.box_);
    setAttr(this.box_, 'tabindex', 0);
    setAttr(this.box_, 'role', 'application');
    setAttr(this.box_, 'aria-roledescription', 'field');
    this.name();
    this.listen();
    this.zoomButtons();
    store_.onAny(() => this.scene_.wake());
    store_.onChange(() => this.name());
  }

  private side(): number {
    return this.store_.state.world.field.side;
  }

  private ratio(): number {
    return Math.min(kRatioMax, devicePixelRatio || 1);
  }

  private measure(): Size {
    return { width: Math.max(1, this.box_.clientWidth), height: Math.max(1, this.box_.clientHeight) };
  }

  private resize(): void {
    this.size_ = this.measure();
    const ratio = this.ratio();
    this.game_.scale.resize(Math.round(this.size_.width * ratio), Math.round(this.size_.height * ratio));
    if (this.game_.canvas) {
      this.game_.canvas.style.width = `${this.size_.width}px`;
      this.game_.canvas.style.height = `${this.size_.height}px`;
    }
    this.look(this.whole_ ? fit(this.size_, this.side()) : clamp(this.eye_, this.size_, this.side()));
  }

  private look(eye: Eye): void {
    this.eye_ = eye;
    this.whole_ = eye.scale <= fitScale(this.size_, this.side()) * 1.001;
    this.scene_.look(eye, this.ratio());
  }

  private zoom(factor: number, px = this.size_.width / 2, py = this.size_.height / 2): void {
    this.look(zoomAt(this.eye_, this.size_, this.side(), factor, px, py));
  }

  private local(event: MouseEvent): { x: number; y: number } {
    const box = this.box_.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  private plan(): Plan | null {
    return planOf(this.store_.state.world);
  }

  /** What it is, for who does not see it. */
  private name(): void {
    setAttr(this.box_, 'aria-label', this.plan()
      ? 'The map. Arrow keys go from radio to radio, plus and minus zoom. The tab Nodes lists the radios.'
      : 'The field. Arrow keys move over tiles, Enter chooses, plus and minus zoom. The tab Field has the same as a table.');
  }

  private point(event: MouseEvent): Tile | null {
    const at = this.local(event);
    return tileAt(this.eye_, this.size_, at.x, at.y, this.side());
  }

  private radioAt(plan: Plan, event: MouseEvent): NodeId | null {
    const at = this.local(event);
    return radioNear(plan, toField(this.eye_, this.size_, at.x, at.y), kNearPx / this.eye_.scale);
  }

  private listen(): void {
    const box = this.box_;
    box.addEventListener('wheel', (event) => {
      event.preventDefault();
      const at = this.local(event);
      this.zoom(Math.exp(-event.deltaY * 0.0015), at.x, at.y);
    }, { passive: false });
    box.addEventListener('pointerdown', (event) => {
      if (event.button !== 0) return;
      box.setPointerCapture(event.pointerId);
      this.touches_.set(event.pointerId, this.local(event));
      if (this.touches_.size === 1) this.dragged_ = 0;
    });
    box.addEventListener('pointermove', (event) => this.move(event));
    box.addEventListener('pointerup', (event) => {
      const alone = this.touches_.size === 1;
      const pressed = this.touches_.delete(event.pointerId);
      setAttr(box, 'data-grab', 'false');
      if (pressed && alone && this.dragged_ <= kDragPx) this.click(event);
    });
    box.addEventListener('pointercancel', (event) => this.touches_.delete(event.pointerId));
    box.addEventListener('pointerleave', () => this.leave());
    box.addEventListener('keydown', (event) => this.key(event));
    box.addEventListener('blur', () => this.leave());
  }

  private move(event: PointerEvent): void {
    const before = this.touches_.get(event.pointerId);
    if (!before) {
      if (event.pointerType === 'mouse') this.hoverAt(event);
      return;
    }
    const at = this.local(event);
    const other = [...this.touches_].find(([id]) => id !== event.pointerId)?.[1];
    this.dragged_ += Math.hypot(at.x - before.x, at.y - before.y);
    if (other) {
      const grown = Math.hypot(at.x - other.x, at.y - other.y) / Math.max(1, Math.hypot(before.x - other.x, before.y - other.y));
      this.zoom(grown, (at.x + other.x) / 2, (at.y + other.y) / 2);
    } else if (this.dragged_ > kDragPx) {
      setAttr(this.box_, 'data-grab', 'true');
      this.look(pan(this.eye_, this.size_, this.side(), at.x - before.x, at.y - before.y));
    }
    this.touches_.set(event.pointerId, at);
  }

  private hoverAt(event: MouseEvent): void {
    const plan = this.plan();
    if (plan) this.tell(this.radioAt(plan, event));
    else this.hover(this.point(event));
  }

  private tell(radio: NodeId | null): void {
    const card = radio === null ? undefined : this.store_.state.world.nodes[radio];
    setText(need('hint'), card ? radioWords(card) : '');
  }

  private select(radio: NodeId | null): void {
    this.store_.look({ selected: radio, tab: 'nodes' });
    this.tell(radio);
  }

  private click(event: MouseEvent): void {
    const plan = this.plan();
    if (plan) {
      this.select(this.radioAt(plan, event));
      return;
    }
    const tile = this.point(event);
    if (tile) this.pick(tile);
  }

  /** A node is chosen, a free tile gets what the tool does. */
  private pick(tile: Tile): void {
    const { world, view } = this.store_.state;
    const node = nodeOn(world, tile);
    const tool = toolOf(world, view.tool);
    if (node !== null && (tool === 'classify' || tool === null)) this.store_.look({ selected: node, tab: 'nodes' });
    else this.choose_(tile);
  }

  private leave(): void {
    if (this.plan()) this.tell(null);
    else this.hover(null);
  }

  private hover(tile: Tile | null): void {
    const known = this.store_.state.view.cursor;
    if (known?.[0] === tile?.[0] && known?.[1] === tile?.[1]) return;
    this.store_.look({ cursor: tile });
    const text = tile ? `${tileText(tile)}: ${describeTile(this.store_.state.world, tile, believed)}` : '';
    setText(need('hint'), text);
  }

  /** Over tiles, or from radio to radio. */
  private step(step: readonly [number, number]): void {
    const plan = this.plan();
    const { cursor, selected } = this.store_.state.view;
    if (plan) {
      const from = selected !== null && plan.places.has(selected) ? selected : null;
      this.select(from === null ? [...plan.places.keys()][0] ?? null : radioBeyond(plan, from, step) ?? from);
    } else {
      const last = this.side() - 1;
      const from = cursor ?? [Math.floor(last / 2), Math.floor(last / 2)];
      const within = (value: number) => Math.min(last, Math.max(0, value));
      this.hover(cursor ? [within(from[0] + step[0]), within(from[1] + step[1])] : [from[0], from[1]]);
    }
    setText(need('summary'), need('hint').textContent ?? '');
  }

  private key(event: KeyboardEvent): void {
    const { cursor } = this.store_.state.view;
    const step = kArrows[event.key];
    if (step) this.step(step);
    else if (event.key === 'Enter' && cursor) this.pick(cursor);
    else if (event.key === '+' || event.key === '=') this.zoom(1.4);
    else if (event.key === '-') this.zoom(1 / 1.4);
    else if (event.key === '0') this.look(fit(this.size_, this.side()));
    else return;
    event.preventDefault();
  }

  private zoomButtons(): void {
    const button = (text: string, label: string, press: () => void) =>
      h('button', { attrs: { type: 'button', 'aria-label': label, title: label }, on: { click: press } }, text);
    need('zoom').append(
      button('+', 'Zoom in', () => this.zoom(1.5)), button('−', 'Zoom out', () => this.zoom(1 / 1.5)),
      button('⤢', 'Show the whole field', () => this.look(fit(this.size_, this.side()))));
  }
}

export function mountField(store: Store, choose: (tile: Tile) => void): void {
  new Field(store, choose);
}
