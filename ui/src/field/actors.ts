/** Cats and Compot on the field: faces that show their moods, walking from tile to tile. */
import type * as Phaser from 'phaser';
import type { View } from '../app/view';
import type { World } from '../feed/reduce';
import type { Card, NodeId, Tile } from '../feed/types';
import { kCalm, type Expression } from '../nodes/words';
import { aside } from './aside';
import { kTileUnits, middleOf } from './camera';
import { labelOffsets } from './labels';
import type { Point } from './lines';
import { kStill } from './motion';
import type { Textures } from './textures';

/** A step to the next tile takes about three times this on the onlooker's clock. */
const kWalkMs = 130;
/** Further than this nobody walks between two cards: the page was told of another moment. */
const kLeapUnits = 3 * kTileUnits;

interface Actor {
  readonly face: Phaser.GameObjects.Image;
  readonly label: Phaser.GameObjects.Image;
  at: Point;
  /** Sets this one's blinking apart from the others'. */
  readonly phase: number;
}

function phaseOf(id: NodeId): number {
  let sum = 0;
  for (const char of id) sum = (sum * 31 + char.charCodeAt(0)) % 10007;
  return sum;
}

/** Blinks for 250 ms each 4 s, mouth open for 820 ms each 5.2 s, alert on for 400 of 700 ms. */
function expression(now: number, phase: number, running: boolean): Expression {
  if (!running || kStill.matches) return kCalm;
  const at = now + phase * 7;
  return { blink: at % 4000 < 250, mouth: at % 5200 < 820, alert: at % 700 < 400 };
}

export class Actors {
  private readonly actors_ = new Map<NodeId, Actor>();
  private readonly ring_: Phaser.GameObjects.Graphics;

  constructor(private readonly scene_: Phaser.Scene, private readonly textures_: Textures) {
    this.ring_ = scene_.add.graphics().setDepth(38);
  }

  get places(): ReadonlyMap<NodeId, Point> {
    return new Map([...this.actors_].map(([id, actor]) => [id, actor.at]));
  }

  /** True while somebody is still on the way to where the feed says they are. */
  show(world: World, view: View, now: number, elapsedMs: number, running: boolean): boolean {
    let moving = false;
    const offsets = labelOffsets(world);
    for (const card of Object.values(world.nodes)) {
      if (!card.at) continue;
      moving = this.place(card, card.at, aside(world, card), now, elapsedMs, running) || moving;
      this.label(card, offsets.get(card.id) ?? 0, view.layers.has('names'));
    }
    for (const [id, actor] of this.actors_) {
      if (world.nodes[id]?.at) continue;
      actor.face.destroy();
      actor.label.destroy();
      this.actors_.delete(id);
    }
    this.ring_.clear();
    const chosen = view.selected === null ? undefined : this.actors_.get(view.selected);
    if (chosen) {
      this.ring_.lineStyle(4, this.textures_.palette.num('accent'), 1);
      this.ring_.strokeCircle(chosen.at.x, chosen.at.y, kTileUnits * 0.72);
      this.ring_.fillStyle(this.textures_.palette.num('accent'), 0.14);
      this.ring_.fillCircle(chosen.at.x, chosen.at.y, kTileUnits * 0.72);
    }
    return moving;
  }

  destroy(): void {
    for (const actor of this.actors_.values()) {
      actor.face.destroy();
      actor.label.destroy();
    }
    this.actors_.clear();
    this.ring_.destroy();
  }

  private place(card: Card, at: Tile, shift: number, now: number, elapsedMs: number, running: boolean): boolean {
    const middle = middleOf(at);
    const target = { x: middle.x + shift, y: middle.y };
    const actor = this.actors_.get(card.id) ?? this.enter(card, target);
    const dx = target.x - actor.at.x;
    const dy = target.y - actor.at.y;
    const far = Math.hypot(dx, dy);
    const share = kStill.matches || far < 0.5 || far > kLeapUnits ? 1 : 1 - Math.exp(-elapsedMs / kWalkMs);
    actor.at = { x: actor.at.x + dx * share, y: actor.at.y + dy * share };
    const scale = 1 / this.textures_.sharpness;
    actor.face
      .setTexture(this.textures_.face(card, expression(now, actor.phase, running)))
      .setScale(scale).setPosition(actor.at.x, actor.at.y).setAlpha(card.alive === false ? 0.55 : 1);
    return far >= 0.5;
  }

  private label(card: Card, offset: number, visible: boolean): void {
    const actor = this.actors_.get(card.id);
    actor?.label
      .setTexture(this.textures_.label(card))
      .setScale(1 / this.textures_.sharpness).setPosition(actor.at.x, actor.at.y + offset).setVisible(visible);
  }

  private enter(card: Card, at: Point): Actor {
    const actor: Actor = {
      face: this.scene_.add.image(at.x, at.y, this.textures_.face(card, kCalm)).setDepth(40),
      label: this.scene_.add.image(at.x, at.y, this.textures_.label(card)).setDepth(41),
      at,
      phase: phaseOf(card.id),
    };
    this.actors_.set(card.id, actor);
    return actor;
  }
}
