/** The dialog that uploads a picture for a tile and shows what it was classified as. */
import { h, need, setAttr, setText } from '../app/dom';
import { percent, tileText } from '../app/text';
import { classify, type TaskResult } from '../feed/tasks';
import type { Tile } from '../feed/types';

export const kBytesMax = 8 * 1024 * 1024;
const kPrompt = 'Is the object on this tile movable, immovable or dangerous?';

/** What is wrong with a file before it is sent; null when nothing is. */
export function complaint(file: { type: string; size: number } | null): string | null {
  if (!file) return 'Choose a picture to continue.';
  if (file.type !== 'image/jpeg' && file.type !== 'image/png') return 'Only JPEG and PNG pictures can be classified.';
  if (file.size === 0) return 'This file is empty.';
  if (file.size > kBytesMax) return 'This picture is larger than 8 MB.';
  return null;
}

export function resultText(result: TaskResult): string {
  const value = result.value === 0 ? '' : ` (${result.value > 0 ? '+' : '−'}${Math.abs(result.value)})`;
  const said = `Classification: ${result.classification}${value}, ${percent(result.confidence_permille)} sure.`;
  return result.unused ? `${said} The swarm makes nothing of it: ${result.unused}.` : said;
}

export class ClassifyDialog {
  private readonly dialog_ = need<HTMLDialogElement>('classify');
  private readonly tile_ = h('span');
  private readonly prompt_ = h('textarea', { id: 'classify_prompt', attrs: { required: true, rows: 2 } });
  private readonly file_ = h('input', { id: 'classify_file', attrs: { type: 'file', accept: 'image/jpeg,image/png' } });
  private readonly preview_ = h('div', { class: 'preview' });
  private readonly said_ = h('p', { class: 'said', attrs: { role: 'status', 'aria-live': 'polite' } });
  private readonly submit_ = h('button', { class: 'main', attrs: { type: 'submit' } }, 'Classify');
  private readonly cancel_ = h('button', { attrs: { type: 'button' } }, 'Cancel');
  private at_: Tile = [0, 0];
  private busy_ = false;
  private url_ = '';
  private opener_: HTMLElement | null = null;

  constructor() {
    const form = h('form', { attrs: { novalidate: true } },
      h('label', { class: 'field-label', attrs: { for: 'classify_prompt' } }, h('span', {}, 'Question to the classifier'), this.prompt_),
      h('label', { class: 'field-label', attrs: { for: 'classify_file' } }, h('span', {}, 'Picture, JPEG or PNG'), this.file_),
      this.preview_, this.said_, h('div', { class: 'actions' }, this.cancel_, this.submit_));
    this.dialog_.append(
      h('h2', { id: 'classify_title' }, 'Classify selected grid node'), h('p', { class: 'quiet small' }, this.tile_), form);
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.submit();
    });
    this.file_.addEventListener('change', () => this.chosen());
    this.cancel_.addEventListener('click', () => this.dialog_.close());
    this.dialog_.addEventListener('cancel', (event) => {
      if (this.busy_) event.preventDefault();
    });
    this.dialog_.addEventListener('click', (event) => {
      if (event.target === this.dialog_ && !this.busy_) this.dialog_.close();
    });
    this.dialog_.addEventListener('close', () => {
      this.forget();
      this.opener_?.focus();
    });
  }

  open(at: Tile, about: string): void {
    this.opener_ = document.activeElement instanceof HTMLElement ? document.activeElement : null;
    this.at_ = at;
    setText(this.tile_, `Tile ${tileText(at)}: ${about}.`);
    this.prompt_.value = kPrompt;
    this.file_.value = '';
    this.forget();
    this.say('', 'Choose a picture to continue.');
    this.dialog_.showModal();
    this.file_.focus();
  }

  private say(kind: '' | 'error' | 'done', text: string): void {
    setAttr(this.said_, 'data-kind', kind);
    setText(this.said_, text);
  }

  private forget(): void {
    if (this.url_ !== '') URL.revokeObjectURL(this.url_);
    this.url_ = '';
    this.preview_.replaceChildren('The picture shows here.');
  }

  private chosen(): void {
    this.forget();
    const file = this.file_.files?.[0] ?? null;
    const wrong = complaint(file);
    if (wrong !== null || !file) {
      this.say('error', wrong ?? '');
      return;
    }
    this.url_ = URL.createObjectURL(file);
    this.preview_.replaceChildren(h('img', { attrs: { src: this.url_, alt: `Preview of ${file.name}` } }));
    this.say('', `${file.name}, ${Math.ceil(file.size / 1024)} kB.`);
  }

  private setBusy(busy: boolean): void {
    this.busy_ = busy;
    for (const control of [this.prompt_, this.file_, this.submit_, this.cancel_]) control.disabled = busy;
    setText(this.submit_, busy ? 'Classifying…' : 'Classify');
  }

  private async submit(): Promise<void> {
    const file = this.file_.files?.[0] ?? null;
    const wrong = complaint(file) ?? (this.prompt_.value.trim() === '' ? 'Ask the classifier something.' : null);
    if (wrong !== null || !file) {
      this.say('error', wrong ?? '');
      return;
    }
    this.setBusy(true);
    try {
      const upload = { tile: this.at_, prompt: this.prompt_.value.trim(), file };
      const result = await classify(upload, (text) => this.say('', text));
      this.say(result.unused ? 'error' : 'done', resultText(result));
    } catch (error) {
      this.say('error', `Not classified: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      this.setBusy(false);
      setText(this.cancel_, 'Close');
      this.cancel_.focus();
    }
  }
}
