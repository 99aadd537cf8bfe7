/** Tabs after the ARIA pattern: arrow keys move, the chosen one's panel is the only one shown. */
import { planOf } from '../map/plan';
import { h, setAttr, setText } from './dom';
import type { State, Store } from './store';
import { kTabs, type Tab } from './view';

const kWords: Readonly<Record<Tab, string>> = {
  nodes: 'Nodes', jobs: 'Jobs', packets: 'Packets', ledger: 'Ledger', photos: 'Photos', field: 'Field', log: 'Log',
};

/** A mesh of plain radios has none of these. */
const kOfSwarms: ReadonlySet<Tab> = new Set(['jobs', 'ledger', 'photos', 'field']);

export class Tabs {
  private readonly buttons_ = new Map<Tab, HTMLButtonElement>();
  private readonly badges_ = new Map<Tab, HTMLElement>();
  private readonly panels_ = new Map<Tab, HTMLElement>();

  constructor(bar: HTMLElement, panels: HTMLElement, private readonly store_: Store) {
    for (const tab of kTabs) {
      const badge = h('span', { class: 'badge' });
      const button = h('button', {
        id: `tab_${tab}`, attrs: { type: 'button', role: 'tab', 'aria-controls': `panel_${tab}` }, on: { click: () => store_.look({ tab }) },
      }, kWords[tab], badge);
      const panel = h('div', { class: 'panel', id: `panel_${tab}`, attrs: { role: 'tabpanel', 'aria-labelledby': `tab_${tab}`, tabindex: 0 } });
      this.buttons_.set(tab, button);
      this.badges_.set(tab, badge);
      this.panels_.set(tab, panel);
      bar.append(button);
      panels.append(panel);
    }
    bar.addEventListener('keydown', (event) => this.key(event));
  }

  panel(tab: Tab): HTMLElement {
    const panel = this.panels_.get(tab);
    if (!panel) throw new Error(`no panel ${tab}`);
    return panel;
  }

  update({ world, view }: State, counts: Partial<Record<Tab, number>>): void {
    const plain = planOf(world) !== null;
    for (const tab of kTabs) {
      const chosen = view.tab === tab;
      const button = this.buttons_.get(tab);
      if (button) {
        setAttr(button, 'aria-selected', chosen ? 'true' : 'false');
        setAttr(button, 'tabindex', chosen ? 0 : -1);
        button.hidden = plain && kOfSwarms.has(tab) && !chosen;
      }
      this.panel(tab).hidden = !chosen;
      const badge = this.badges_.get(tab);
      const count = counts[tab] ?? 0;
      if (badge) setText(badge, count > 0 ? String(count) : '');
    }
  }

  private key(event: KeyboardEvent): void {
    const tabs = kTabs.filter((tab) => !this.buttons_.get(tab)?.hidden);
    const at = tabs.indexOf(this.store_.state.view.tab);
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    const tab = tabs[(next + tabs.length) % tabs.length];
    if (!tab) return;
    this.store_.look({ tab });
    this.buttons_.get(tab)?.focus();
  }
}
