/** Radios on the map: a mark by role, and a name where there is room for one. */
import type * as Phaser from 'phaser';
import type { View } from '../app/view';
import type { World } from '../feed/reduce';
import type { Card, NodeId } from '../feed/types';
import { kStill } from '../field/motion';
import type { Point } from '../field/lines';
import type { Moment } from '../field/stage';
import { kPlateZoom, type Textures } from '../field/textures';
import { called } from '../nodes/words';
import { named, rank, type Plan } from './plan';

const kMarkUnits = 9;
const kNameUnits = 24;
/** With more than so many, marks are smaller. */
const kManyRadios = 150;
/** A card that is this far from where it was drawn is walked to, further leaps. */
const kLeapUnits = 200;
const kMoveMs = 130;
/** Which names there is room for is found out anew this often while radios move. */
const kNamesMs = 500;

export class Radios {
  private readonly pen_: Phaser.GameObjects.Graphics;
  private readonly names_ = new Map<NodeId, Phaser.GameObjects.Image>();
  private places_ = new Map<NodeId, Point>();
  private wanted_ = new Set<NodeId>();
  private shown_ = '';
  private namedAt_ = 0;

  constructor(private readonly scene_: Phaser.Scene, private readonly textures_: Textures) {
    this.pen_ = scene_.add.graphics().setDepth(40);
  }

  get places(): ReadonlyMap<NodeId, Point> {
    return this.places_;
  }

  /** True while somebody is still on the way to where the feed says they are. */
  show(plan: Plan, world: World, view: View, { elapsedMs, unitsPerPixel, now }: Moment): boolean {
    const moving = this.move(plan, elapsedMs);
    const cards = Object.values(world.nodes).filter((card) => this.places_.has(card.id));
    // Marks and names keep their size in the window, as far as a plate can.
    const scale = Math.min(kPlateZoom, unitsPerPixel);
    const size = kMarkUnits * scale * Math.max(0.5, Math.min(1, Math.sqrt(kManyRadios / cards.length)));
    this.pen_.clear();
    for (const card of [...cards].sort((a, b) => rank(b) - rank(a))) this.mark(card, size, card.id === view.selected);
    this.name(cards, { ...plan, places: this.places_ }, view, scale, now);
    return moving;
  }

  destroy(): void {
    this.pen_.destroy();
    for (const name of this.names_.values()) name.destroy();
    this.names_.clear();
  }

  private move(plan: Plan, elapsedMs: number): boolean {
    let moving = false;
    const places = new Map<NodeId, Point>();
    for (const [id, target] of plan.places) {
      const from = this.places_.get(id) ?? target;
      const far = Math.hypot(target.x - from.x, target.y - from.y);
      const share = kStill.matches || far < 0.5 || far > kLeapUnits ? 1 : 1 - Math.exp(-elapsedMs / kMoveMs);
      places.set(id, { x: from.x + (target.x - from.x) * share, y: from.y + (target.y - from.y) * share });
      moving ||= share < 1;
    }
    this.places_ = places;
    return moving;
  }

  /** Routers are squares, who is off is a ring. */
  private mark(card: Card, size: number, chosen: boolean): void {
    const at = this.places_.get(card.id);
    if (!at) return;
    const { palette } = this.textures_;
    if (chosen) {
      this.pen_.fillStyle(palette.num('accent'), 0.2).fillCircle(at.x, at.y, size * 2.6);
      this.pen_.lineStyle(size * 0.3, palette.num('accent'), 1).strokeCircle(at.x, at.y, size * 2.6);
    }
    const off = card.alive === false;
    const router = rank(card) === 0;
    this.pen_.fillStyle(palette.num(off ? 'land' : router ? 'accent' : 'sensing'), 1);
    this.pen_.lineStyle(size * 0.3, palette.num(off ? 'ink2' : 'surface'), 1);
    if (router) {
      this.pen_.fillRect(at.x - size, at.y - size, 2 * size, 2 * size).strokeRect(at.x - size, at.y - size, 2 * size, 2 * size);
    } else {
      this.pen_.fillCircle(at.x, at.y, size).strokeCircle(at.x, at.y, size);
    }
  }

  private name(cards: readonly Card[], plan: Plan, view: View, scale: number, now: number): void {
    const shown = `${view.selected} ${view.layers.has('names')} ${scale} ${cards.length}`;
    if (shown !== this.shown_ || now - this.namedAt_ > kNamesMs) {
      this.shown_ = shown;
      this.namedAt_ = now;
      this.wanted_ = view.layers.has('names')
        ? named(cards, plan, (card) => this.textures_.plateWidth(called(card)) * scale, kNameUnits * scale, view.selected)
        : new Set();
    }
    const wanted = this.wanted_;
    for (const [id, image] of this.names_) {
      if (wanted.has(id)) continue;
      image.destroy();
      this.names_.delete(id);
    }
    for (const card of cards) {
      const at = plan.places.get(card.id);
      if (!at || !wanted.has(card.id)) continue;
      const image = this.names_.get(card.id) ?? this.scene_.add.image(0, 0, this.textures_.plate(called(card))).setDepth(41);
      this.names_.set(card.id, image);
      image.setTexture(this.textures_.plate(called(card))).setScale(scale * this.textures_.plateScale)
        .setPosition(at.x, at.y + kNameUnits * scale);
    }
  }
}
