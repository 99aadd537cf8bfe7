/** What stands on the canvas: a field of tiles with Cats and Compot on it, or a map of radios. */
import type * as Phaser from 'phaser';
import type { View } from '../app/view';
import type { World } from '../feed/reduce';
import { Actors } from './actors';
import { Ground } from './ground';
import type { Places } from './lines';
import type { Textures } from './textures';

/** One picture of many. */
export interface Moment {
  /** Of the onlooker's clock, in ms. */
  readonly now: number;
  readonly elapsedMs: number;
  /** Does the world's time pass? */
  readonly running: boolean;
  /** Field units to a pixel of the window. */
  readonly unitsPerPixel: number;
}

export interface Stage {
  readonly places: Places;
  /** So many stand here that lines and marks are drawn only for what was chosen. */
  readonly crowded: boolean;
  /** True while somebody is still on the way to where the feed says they are. */
  show(world: World, view: View, moment: Moment): boolean;
  destroy(): void;
}

export class FieldStage implements Stage {
  readonly crowded = false;
  private readonly ground_: Ground;
  private readonly actors_: Actors;

  constructor(scene: Phaser.Scene, textures: Textures) {
    this.ground_ = new Ground(scene, textures);
    this.actors_ = new Actors(scene, textures);
  }

  get places(): Places {
    return this.actors_.places;
  }

  show(world: World, view: View, { now, elapsedMs, running }: Moment): boolean {
    this.ground_.show(world, view, now);
    return this.actors_.show(world, view, now, elapsedMs, running);
  }

  destroy(): void {
    this.ground_.destroy();
    this.actors_.destroy();
  }
}
