/** Draws the world as the store has it. Holds sprites and nothing that could not be drawn again. */
import * as Phaser from 'phaser';
import type { Store } from '../app/store';
import type { World } from '../feed/reduce';
import { kFateMarks } from '../packets/fates';
import { Flights, type Flight } from '../packets/flights';
import { MapStage } from '../map/stage';
import { planOf } from '../map/plan';
import type { Eye } from './camera';
import { drawFlight, drawLinks, markPlace, type Places } from './lines';
import { kStill } from './motion';
import { fateColor, Palette } from './palette';
import { FieldStage, type Stage } from './stage';
import { Textures, sharpnessFor } from './textures';

/** With the world at rest the drawing goes on for this long, then sleeps until something happens. */
const kRestMs = 1500;

export class FieldScene extends Phaser.Scene {
  private textures_!: Textures;
  private stage_!: Stage;
  private onMap_ = false;
  private links_!: Phaser.GameObjects.Graphics;
  private air_!: Phaser.GameObjects.Graphics;
  private marks_: Phaser.GameObjects.Image[] = [];
  private readonly flights_ = new Flights();
  private busyUntil_ = 0;
  private eye_: Eye = { x: 0, y: 0, scale: 1 };
  private ratio_ = 1;

  constructor(private readonly store_: Store) {
    super('field');
  }

  create(): void {
    this.links_ = this.add.graphics().setDepth(8);
    this.air_ = this.add.graphics().setDepth(30);
    this.dress(1);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
      this.dress(this.textures_.sharpness);
      this.wake();
    });
    this.look(this.eye_, this.ratio_);
  }

  /** Shows this part of the field, at `ratio` device pixels to one of the window. */
  look(eye: Eye, ratio: number): void {
    this.eye_ = eye;
    this.ratio_ = ratio;
    if (!this.textures_) return;
    const scale = eye.scale * ratio;
    const sharpness = sharpnessFor(scale);
    if (sharpness !== this.textures_.sharpness) this.dress(sharpness);
    this.cameras.main.setZoom(scale);
    this.cameras.main.centerOn(eye.x, eye.y);
    this.wake();
  }

  wake(): void {
    this.busyUntil_ = performance.now() + kRestMs;
    if (this.game && !this.game.loop.running) this.game.loop.wake();
  }

  override update(now: number, elapsedMs: number): void {
    const { world, view } = this.store_.state;
    const { timebase } = this.store_;
    const t = timebase.at(performance.now());
    if ((planOf(world) !== null) !== this.onMap_) this.dress(this.textures_.sharpness);
    const moving = this.stage_.show(world, view, { now, elapsedMs, running: timebase.rate > 0, unitsPerPixel: 1 / this.eye_.scale });
    const { places, crowded } = this.stage_;
    this.links_.clear();
    if (view.layers.has('links')) drawLinks(this.links_, world, places, view.selected, crowded, this.textures_.palette);
    this.drawAir(world, t, elapsedMs, places);
    if (timebase.rate === 0 && !moving && performance.now() > this.busyUntil_) this.game.loop.sleep();
  }

  /** Makes all textures anew, in the scheme's colours and this sharp. */
  private dress(sharpness: number): void {
    this.stage_?.destroy();
    for (const mark of this.marks_.splice(0)) mark.destroy();
    this.textures_?.drop();
    const palette = new Palette();
    this.textures_ = new Textures(this.textures, palette, sharpness);
    this.onMap_ = planOf(this.store_.state.world) !== null;
    this.stage_ = this.onMap_ ? new MapStage(this, this.textures_) : new FieldStage(this, this.textures_);
    this.cameras.main.setBackgroundColor(palette.css('paper'));
  }

  private drawAir(world: World, t: number, elapsedMs: number, places: Places): void {
    const { view } = this.store_.state;
    const palette = this.textures_.palette;
    this.air_.clear();
    const flights = this.flights_.at(world.packets, t, elapsedMs, this.store_.timebase.rate);
    const chosen = view.hovered ?? view.opened;
    const lit = chosen === null ? undefined : world.packets.find((packet) => packet.flight === chosen);
    const shown: Flight[] = view.layers.has('packets') ? flights.filter((one) => one.packet !== lit) : [];
    if (lit) shown.unshift({ packet: lit, progress: lit.fates ? 1 : 0.5, fade: 1 });
    let used = 0;
    for (const flight of shown.reverse()) {
      drawFlight(this.air_, flight, places, flight.packet === lit, this.stage_.crowded, kStill.matches, palette);
      used = this.drawMarks(flight, places, used, flight.packet === lit);
    }
    for (const mark of this.marks_.slice(used)) mark.setVisible(false);
  }

  private drawMarks(flight: Flight, places: Places, from: number, lit: boolean): number {
    const { packet } = flight;
    const sender = places.get(packet.tx);
    if (!sender) return from;
    if (this.stage_.crowded && !lit) return from;
    let used = from;
    const tag = this.mark(used++, this.textures_.tag(packet.kind));
    tag.setOrigin(0, 0.5).setPosition(sender.x + 34, sender.y - 40).setAlpha(lit ? 1 : Math.min(1, flight.fade * 2));
    if (flight.progress < 1) return used;
    for (const rx of packet.fates ?? []) {
      const receiver = places.get(rx.id);
      if (!receiver || rx.fate === 'off') continue;
      const at = markPlace(sender, receiver);
      const mark = this.mark(used++, this.textures_.mark(kFateMarks[rx.fate], fateColor(rx.fate)));
      mark.setOrigin(0.5).setPosition(at.x, at.y).setAlpha(lit ? 1 : Math.min(1, flight.fade * 2));
    }
    return used;
  }

  private mark(index: number, texture: string): Phaser.GameObjects.Image {
    let mark = this.marks_[index];
    if (!mark) {
      mark = this.add.image(0, 0, texture).setDepth(60);
      this.marks_.push(mark);
    }
    return mark.setTexture(texture).setScale(1 / this.textures_.sharpness).setVisible(true);
  }
}

