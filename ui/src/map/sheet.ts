/** What lies under the radios: the map's paper, its grid of round lengths and how long they are. */
import type * as Phaser from 'phaser';
import type { Textures } from '../field/textures';
import { lengthText, type Plan } from './plan';

export class Sheet {
  private readonly pen_: Phaser.GameObjects.Graphics;
  private readonly scale_: Phaser.GameObjects.Image;
  private drawn_ = '';

  constructor(scene: Phaser.Scene, private readonly textures_: Textures) {
    this.pen_ = scene.add.graphics().setDepth(0);
    this.scale_ = scene.add.image(0, 0, textures_.plate('')).setDepth(1).setOrigin(0, 1);
  }

  show(plan: Plan): void {
    const key = `${plan.gridM} ${plan.unitsPerM} ${plan.side}`;
    if (key === this.drawn_) return;
    this.drawn_ = key;
    const { palette } = this.textures_;
    const step = plan.gridM * plan.unitsPerM;
    this.pen_.clear();
    this.pen_.fillStyle(palette.num('land'), 1).fillRect(0, 0, plan.side, plan.side);
    this.pen_.lineStyle(1.5, palette.num('grid'), 1);
    for (let at = 0; at <= plan.side + 0.5; at += step) {
      this.pen_.lineBetween(at, 0, at, plan.side);
      this.pen_.lineBetween(0, at, plan.side, at);
    }
    // The bar is a square of the grid long, at its lower left corner.
    this.pen_.lineStyle(4, palette.num('ink2'), 1).lineBetween(0, plan.side + 12, step, plan.side + 12);
    this.pen_.lineStyle(2, palette.num('ink2'), 1);
    for (const end of [0, step]) this.pen_.lineBetween(end, plan.side + 5, end, plan.side + 19);
    this.scale_.setTexture(this.textures_.plate(lengthText(plan.gridM)))
      .setScale(this.textures_.plateScale).setPosition(step + 10, plan.side + 26);
  }

  destroy(): void {
    this.pen_.destroy();
    this.scale_.destroy();
  }
}
