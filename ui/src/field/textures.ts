/** Everything that is not a line is drawn once into a texture: faces, labels, tiles, marks. */
import type * as Phaser from 'phaser';
import type { Expression } from '../nodes/words';
import { called, face, isCompot, moodOf, moodWord } from '../nodes/words';
import type { Card } from '../feed/types';
import { kMarginUnits, kTileUnits } from './camera';
import { shapePath, isHollow } from '../packets/glyph';
import { family, kShapes } from '../packets/kinds';
import { familyColor, moodColor, type ColorName, type Palette } from './palette';

/** Texture pixels per field unit that are made; between them the nearest larger one is used. */
const kSharpness = [0.75, 1, 1.5, 2, 3, 4] as const;

export const sharpnessFor = (pixelsPerUnit: number): number => kSharpness.find((one) => one >= pixelsPerUnit) ?? 4;

const kMono = '"DejaVu Sans Mono", ui-monospace, Menlo, monospace';
const kSans = 'system-ui, "Segoe UI", "DejaVu Sans", sans-serif';

/** Plates may be shown so much larger. */
export const kPlateZoom = 1.6;

const kPlateFont = `600 14px ${kSans}`;

type Draw = (context: CanvasRenderingContext2D) => void;

export class Textures {
  private made_: string[] = [];
  private ruler_: CanvasRenderingContext2D | null = null;

  constructor(
    private readonly manager_: Phaser.Textures.TextureManager,
    readonly palette: Palette,
    readonly sharpness: number,
  ) {}

  /** Forgets all, for another palette or sharpness. Nothing may show one of them any more. */
  drop(): void {
    for (const key of this.made_) this.manager_.remove(key);
    this.made_ = [];
  }

  face(card: Card, look: Expression): string {
    const text = face(card, look);
    const mood = moodOf(card);
    const color = moodColor(mood);
    return isCompot(card) ? this.dog(text, color, mood === 'assisting') : this.cat(text, color, mood === 'off');
  }

  label(card: Card): string {
    const state = moodWord(card);
    const color = moodColor(moodOf(card));
    return this.make(`label:${called(card)}:${state}:${color}`, 190, 24, (context) => {
      context.font = `600 15px ${kSans}`;
      const name = context.measureText(called(card)).width;
      context.font = `500 14px ${kSans}`;
      const word = context.measureText(state).width;
      const width = name + word + 26;
      const left = (190 - width) / 2;
      context.globalAlpha = 0.92;
      this.pill(context, left, 1, width, 22, 11, 'surface');
      context.globalAlpha = 1;
      context.textBaseline = 'middle';
      context.fillStyle = this.palette.css('ink');
      context.font = `600 15px ${kSans}`;
      context.fillText(called(card), left + 10, 12.5);
      context.fillStyle = this.palette.css(color);
      context.font = `500 14px ${kSans}`;
      context.fillText(state, left + 16 + name, 12.5);
    });
  }

  /** An obstacle as the swarm takes it; "?" before anybody has classified it. */
  obstacle(label: string): string {
    return this.make(`obstacle:${label}`, 60, 60, (context) => {
      if (label === 'DANGEROUS') this.danger(context);
      else if (label === 'IMMOVABLE') this.wall(context);
      else if (label === 'MOVABLE') this.crate(context);
      else this.unknown(context, label === '' ? '?' : label.charAt(0));
    });
  }

  site(done: boolean): string {
    return this.make(`site:${done}`, 60, 60, (context) => {
      context.strokeStyle = this.palette.css(done ? 'ok' : 'sensing');
      context.lineWidth = 2.5;
      if (!done) context.setLineDash([5, 4.5]);
      context.beginPath();
      context.arc(30, 30, 22, 0, 2 * Math.PI);
      context.stroke();
      context.setLineDash([]);
      context.lineWidth = 3.5;
      context.lineCap = 'round';
      context.beginPath();
      if (done) {
        context.moveTo(21, 30);
        context.lineTo(27.5, 37);
        context.lineTo(40, 23);
      } else {
        context.moveTo(30, 22);
        context.lineTo(30, 38);
        context.moveTo(22, 30);
        context.lineTo(38, 30);
      }
      context.stroke();
    });
  }

  /** A policy's action; the arrow points north, the sprite turns it. */
  action(kind: 'move' | 'work' | 'stay', color: ColorName): string {
    return this.make(`action:${kind}:${color}`, 32, 32, (context) => {
      context.strokeStyle = this.palette.css(color);
      context.lineWidth = 3;
      context.lineCap = 'round';
      context.lineJoin = 'round';
      context.beginPath();
      if (kind === 'move') {
        context.moveTo(16, 25);
        context.lineTo(16, 8);
        context.moveTo(10, 14);
        context.lineTo(16, 7.5);
        context.lineTo(22, 14);
      } else if (kind === 'work') context.rect(10, 10, 12, 12);
      else context.arc(16, 16, 3.5, 0, 2 * Math.PI);
      context.stroke();
    });
  }

  mark(text: string, color: ColorName): string {
    return this.make(`mark:${text}:${color}`, 26, 26, (context) => {
      context.fillStyle = this.palette.css('surface');
      context.strokeStyle = this.palette.css(color);
      context.lineWidth = 2;
      context.beginPath();
      context.arc(13, 13, 11, 0, 2 * Math.PI);
      context.fill();
      context.stroke();
      context.fillStyle = this.palette.css(color);
      context.font = `700 16px ${kMono}`;
      context.textAlign = 'center';
      context.textBaseline = 'middle';
      context.fillText(text, 13, 14);
    });
  }

  /** A name on a pill, on the map. */
  plate(text: string): string {
    const width = this.plateWidth(text);
    return this.make(`plate:${text}`, width, 22, (context) => {
      context.globalAlpha = 0.9;
      this.pill(context, 0, 1, width, 20, 10, 'surface');
      context.globalAlpha = 1;
      context.fillStyle = this.palette.css('ink');
      context.font = kPlateFont;
      context.textAlign = 'center';
      context.textBaseline = 'middle';
      context.fillText(text, width / 2, 11.5);
    }, this.sharpness * kPlateZoom);
  }

  /** Of an image that shows a plate in its own size. */
  get plateScale(): number {
    return 1 / (this.sharpness * kPlateZoom);
  }

  /** How wide a plate is, in field units. */
  plateWidth(text: string): number {
    this.ruler_ ??= document.createElement('canvas').getContext('2d');
    if (!this.ruler_) return text.length * 9 + 16;
    this.ruler_.font = kPlateFont;
    return Math.ceil(this.ruler_.measureText(text).width) + 16;
  }

  /** A packet's kind beside its sender. */
  tag(kind: string): string {
    const color = familyColor(family(kind));
    return this.make(`tag:${kind}`, 170, 22, (context) => {
      context.font = `600 14px ${kSans}`;
      const width = context.measureText(kind).width + 34;
      context.globalAlpha = 0.94;
      this.pill(context, 0, 0, width, 22, 11, color);
      context.globalAlpha = 1;
      context.fillStyle = this.palette.css('surface');
      context.strokeStyle = this.palette.css('surface');
      context.textBaseline = 'middle';
      context.fillText(kind, 25, 11.5);
      context.translate(8, 4.5);
      const path = new Path2D(shapePath(kShapes[family(kind)]));
      context.lineWidth = 2.2;
      if (isHollow(kShapes[family(kind)])) context.stroke(path);
      else context.fill(path);
    });
  }

  /** Ground with its grid and the numbers of columns and rows. The shading says nothing. */
  terrain(side: number): string {
    const length = side * kTileUnits + 2 * kMarginUnits;
    return this.make(`terrain:${side}`, length, length, (context) => {
      const full = side * kTileUnits;
      context.translate(kMarginUnits, kMarginUnits);
      context.fillStyle = this.palette.css('land');
      context.beginPath();
      context.roundRect(0, 0, full, full, 10);
      context.fill();
      context.save();
      context.clip();
      this.meadow(context, side);
      context.restore();
      context.strokeStyle = this.palette.css('grid');
      context.lineWidth = 1;
      context.beginPath();
      for (let line = 1; line < side; line++) {
        context.moveTo(line * kTileUnits, 0);
        context.lineTo(line * kTileUnits, full);
        context.moveTo(0, line * kTileUnits);
        context.lineTo(full, line * kTileUnits);
      }
      context.stroke();
      context.fillStyle = this.palette.css('ink2');
      context.font = `16px ${kSans}`;
      context.textAlign = 'center';
      context.textBaseline = 'middle';
      for (let index = 0; index < side; index++) {
        context.fillText(String(index), (index + 0.5) * kTileUnits, -18);
        context.fillText(String(index), -18, (index + 0.5) * kTileUnits);
      }
    }, Math.min(2, this.sharpness));
  }

  private meadow(context: CanvasRenderingContext2D, side: number): void {
    context.fillStyle = this.palette.css('land2');
    const wave = (x: number, y: number) =>
      Math.sin(x * 0.71 + 1.3) + Math.sin(y * 0.63 + x * 0.29) + Math.sin((x - y) * 0.41 + 4.1);
    for (let y = 0; y < side * 2; y++) {
      for (let x = 0; x < side * 2; x++) {
        const depth = wave(x / 2, y / 2);
        if (depth < 0) continue;
        context.globalAlpha = Math.min(0.75, depth * 0.4);
        context.beginPath();
        context.arc((x + 0.5) * 32, (y + 0.5) * 32, 30, 0, 2 * Math.PI);
        context.fill();
      }
    }
    context.globalAlpha = 1;
  }

  private cat(text: string, color: ColorName, off: boolean): string {
    return this.make(`cat:${text}:${color}`, 72, 60, (context) => {
      context.fillStyle = this.palette.css(off ? 'land' : 'surface');
      context.strokeStyle = this.palette.css(color);
      context.lineWidth = 3;
      context.lineJoin = 'round';
      context.beginPath();
      context.moveTo(10, 26);
      context.lineTo(11, 5);
      context.lineTo(26, 15);
      context.lineTo(46, 15);
      context.lineTo(61, 5);
      context.lineTo(62, 26);
      context.bezierCurveTo(70, 42, 60, 57, 36, 57);
      context.bezierCurveTo(12, 57, 2, 42, 10, 26);
      context.closePath();
      context.fill();
      context.stroke();
      this.say(context, text, color, 36, 37, 24);
    });
  }

  private dog(text: string, color: ColorName, assisting: boolean): string {
    return this.make(`dog:${text}:${color}:${assisting}`, 104, 76, (context) => {
      this.pill(context, 3, 3, 98, 70, 18, 'surface');
      context.strokeStyle = this.palette.css(color);
      context.lineWidth = 3;
      context.beginPath();
      context.roundRect(3, 3, 98, 70, 18);
      context.stroke();
      const [ears, eyes] = text.split('\n');
      this.say(context, ears ?? '', color, 52, 24, 21);
      this.say(context, eyes ?? '', color, 52, 48, 21);
      if (assisting) this.say(context, '+', 'ok', 88, 18, 24);
    });
  }

  private say(context: CanvasRenderingContext2D, text: string, color: ColorName, x: number, y: number, size: number): void {
    context.fillStyle = this.palette.css(color === 'ink2' ? 'ink' : color);
    context.font = `700 ${size}px ${kMono}`;
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    context.fillText(text, x, y);
  }

  private pill(context: CanvasRenderingContext2D, x: number, y: number, width: number, height: number, radius: number, color: ColorName): void {
    context.fillStyle = this.palette.css(color);
    context.beginPath();
    context.roundRect(x, y, width, height, radius);
    context.fill();
  }

  private unknown(context: CanvasRenderingContext2D, text: string): void {
    context.strokeStyle = this.palette.css('ink');
    context.lineWidth = 2.5;
    context.setLineDash([6, 5]);
    this.pill(context, 5, 5, 50, 50, 8, 'surface');
    context.stroke();
    context.setLineDash([]);
    this.say(context, text, 'ink', 30, 32, 30);
  }

  private crate(context: CanvasRenderingContext2D): void {
    context.strokeStyle = this.palette.css('help');
    context.lineWidth = 3;
    context.lineJoin = 'round';
    this.pill(context, 6, 8, 48, 46, 5, 'surface');
    context.stroke();
    context.beginPath();
    context.moveTo(6, 21);
    context.lineTo(54, 21);
    context.moveTo(30, 21);
    context.lineTo(30, 54);
    context.stroke();
  }

  private wall(context: CanvasRenderingContext2D): void {
    context.fillStyle = this.palette.css('ink2');
    context.strokeStyle = this.palette.css('surface');
    context.lineWidth = 2;
    for (let row = 0; row < 4; row++) {
      for (let brick = -1; brick < 3; brick++) {
        const left = 3 + brick * 22 + (row % 2) * 11;
        const from = Math.max(3, left);
        const to = Math.min(57, left + 22);
        if (to <= from) continue;
        context.fillRect(from, 4 + row * 13, to - from, 13);
        context.strokeRect(from, 4 + row * 13, to - from, 13);
      }
    }
  }

  private danger(context: CanvasRenderingContext2D): void {
    context.fillStyle = this.palette.css('surface');
    context.strokeStyle = this.palette.css('alert');
    context.lineWidth = 4;
    context.lineJoin = 'round';
    context.beginPath();
    context.moveTo(30, 6);
    context.lineTo(56, 53);
    context.lineTo(4, 53);
    context.closePath();
    context.fill();
    context.stroke();
    this.say(context, '!', 'alert', 30, 37, 30);
  }

  private make(key: string, width: number, height: number, draw: Draw, sharp = this.sharpness): string {
    if (this.manager_.exists(key)) return key;
    const texture = this.manager_.createCanvas(key, Math.ceil(width * sharp), Math.ceil(height * sharp));
    if (!texture) throw new Error(`no texture ${key}`);
    texture.context.scale(sharp, sharp);
    draw(texture.context);
    texture.refresh();
    this.made_.push(key);
    return key;
  }
}
