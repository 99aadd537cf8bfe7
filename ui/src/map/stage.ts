/** The map of radios that have places in metres, as the scene shows it. */
import type * as Phaser from 'phaser';
import type { View } from '../app/view';
import type { World } from '../feed/reduce';
import type { Places } from '../field/lines';
import type { Moment, Stage } from '../field/stage';
import type { Textures } from '../field/textures';
import { planOf } from './plan';
import { Radios } from './radios';
import { Sheet } from './sheet';

/** With more than so many, lines between all would hide the radios. */
const kCrowd = 30;

export class MapStage implements Stage {
  private readonly sheet_: Sheet;
  private readonly radios_: Radios;

  constructor(scene: Phaser.Scene, textures: Textures) {
    this.sheet_ = new Sheet(scene, textures);
    this.radios_ = new Radios(scene, textures);
  }

  get places(): Places {
    return this.radios_.places;
  }

  get crowded(): boolean {
    return this.radios_.places.size > kCrowd;
  }

  show(world: World, view: View, moment: Moment): boolean {
    const plan = planOf(world);
    if (!plan) return false;
    this.sheet_.show(plan);
    return this.radios_.show(plan, world, view, moment);
  }

  destroy(): void {
    this.sheet_.destroy();
    this.radios_.destroy();
  }
}
