/** What lies on the field: terrain, policy, sites, obstacles, the tile under pointer or cursor. */
import type * as Phaser from 'phaser';
import type { View } from '../app/view';
import type { PolicyView, World } from '../feed/reduce';
import { kTileUnits, middleOf } from './camera';
import { shownPolicy } from './policy';
import { kStill } from './motion';
import type { Textures } from './textures';

/** Changed arrows swell for this long, on the onlooker's clock. */
const kSwellMs = 2600;
/** And keep their colour for this long. */
const kMarkedMs = 10_000;
const kTurns: Readonly<Record<string, number>> = { N: 0, E: 90, S: 180, W: 270 };

export class Ground {
  private readonly terrain_: Phaser.GameObjects.Image;
  private readonly cursor_: Phaser.GameObjects.Graphics;
  private arrows_: Phaser.GameObjects.Image[] = [];
  private things_: Phaser.GameObjects.Image[] = [];
  private drawn_: { policy: PolicyView | null; sites: unknown; obstacles: unknown; side: number } | null = null;
  private changedAt_ = -kMarkedMs;
  private marked_ = false;

  constructor(private readonly scene_: Phaser.Scene, private readonly textures_: Textures) {
    this.terrain_ = scene_.add.image(0, 0, textures_.terrain(16)).setDepth(0).setOrigin(0.5);
    this.cursor_ = scene_.add.graphics().setDepth(15);
  }

  show(world: World, view: View, now: number): void {
    const { side } = world.field;
    const policy = view.layers.has('policy') ? (shownPolicy(world, view.selected)?.policy ?? null) : null;
    const sites = view.layers.has('sites') ? world.sites : null;
    const obstacles = view.layers.has('obstacles') ? world.obstacles : null;
    const before = this.drawn_;
    if (before?.side !== side) this.lay(side);
    if (before?.policy !== policy || before?.side !== side) this.drawPolicy(policy, side, now);
    if (before?.sites !== sites || before?.obstacles !== obstacles) this.drawThings(world, view);
    this.drawn_ = { policy, sites, obstacles, side };
    if (this.marked_) this.swell(policy, side, now);
    this.drawCursor(view);
  }

  destroy(): void {
    for (const image of [this.terrain_, ...this.arrows_, ...this.things_]) image.destroy();
    this.cursor_.destroy();
  }

  private lay(side: number): void {
    const sharp = Math.min(2, this.textures_.sharpness);
    const middle = (side * kTileUnits) / 2;
    this.terrain_.setTexture(this.textures_.terrain(side)).setScale(1 / sharp).setPosition(middle, middle);
  }

  private image(x: number, y: number, texture: string, depth: number): Phaser.GameObjects.Image {
    return this.scene_.add.image(x, y, texture).setScale(1 / this.textures_.sharpness).setDepth(depth);
  }

  private drawPolicy(policy: PolicyView | null, side: number, now: number): void {
    for (const arrow of this.arrows_.splice(0)) arrow.destroy();
    if (!policy) return;
    const changed = new Set(policy.changed);
    if (changed.size > 0 && this.drawn_ && this.drawn_.policy !== policy) this.changedAt_ = now;
    this.marked_ = now - this.changedAt_ < kMarkedMs;
    for (let cell = 0; cell < policy.best.length; cell++) {
      const action = policy.best[cell] ?? 'O';
      const turn = kTurns[action];
      const kind = turn !== undefined ? 'move' : action === 'X' ? 'work' : 'stay';
      const at = middleOf([cell % side, Math.floor(cell / side)]);
      const marked = this.marked_ && changed.has(cell);
      const arrow = this.image(at.x, at.y, this.textures_.action(kind, marked ? 'delta' : 'edge'), 5);
      arrow.setAngle(turn ?? 0).setAlpha(marked ? 1 : 0.5);
      this.arrows_.push(arrow);
    }
  }

  private swell(policy: PolicyView | null, side: number, now: number): void {
    if (!policy) return;
    if (now - this.changedAt_ >= kMarkedMs) {
      this.drawPolicy(policy, side, now);
      return;
    }
    const past = (now - this.changedAt_) / kSwellMs;
    const grow = past < 1 && !kStill.matches ? 1 + 0.7 * Math.sin(Math.PI * past) : 1;
    for (const cell of policy.changed) this.arrows_[cell]?.setScale(grow * 1.15 / this.textures_.sharpness);
  }

  private drawThings(world: World, view: View): void {
    for (const thing of this.things_.splice(0)) thing.destroy();
    if (view.layers.has('sites')) {
      for (const site of world.sites) {
        const at = middleOf(site.at);
        this.things_.push(this.image(at.x, at.y, this.textures_.site(site.done), 10));
      }
    }
    if (!view.layers.has('obstacles')) return;
    for (const obstacle of Object.values(world.obstacles)) {
      if (!obstacle.present) continue;
      const at = middleOf(obstacle.at);
      this.things_.push(this.image(at.x, at.y, this.textures_.obstacle(obstacle.label), 12));
    }
  }

  private drawCursor(view: View): void {
    this.cursor_.clear();
    if (!view.cursor) return;
    const [x, y] = view.cursor;
    this.cursor_.lineStyle(3, this.textures_.palette.num('accent'), 1);
    this.cursor_.strokeRect(x * kTileUnits + 2, y * kTileUnits + 2, kTileUnits - 4, kTileUnits - 4);
  }
}
