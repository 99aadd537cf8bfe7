/** What the chosen node says that it can do, as the registries hold it. */
import { h, keyed, setText } from '../app/dom';
import type { State } from '../app/store';
import { words } from '../app/text';
import { readRegistry, type RegistryRecord } from '../feed/registry';
import type { World } from '../feed/reduce';
import type { NodeId } from '../feed/types';
import { nameOf } from './words';

/** A record changes seldom: once when its node boots. */
const kAgainMs = 10_000;
const kGiB = 2 ** 30;

type Row = readonly [term: string, text: string];

/** Of the newest record that anybody holds of the node; none where nobody does. */
export function abilityRows(all: readonly RegistryRecord[], node: NodeId, world: World): Row[] {
  const held = all.filter((one) => one.node === node);
  const newest = held.reduce<RegistryRecord | null>((best, one) => (best && best.version >= one.version ? best : one), null);
  if (!newest) return [];
  const machine = [
    newest.cores === undefined ? '' : `${newest.cores} cores or more`,
    newest.memory_bytes === undefined ? '' : `${newest.memory_bytes / kGiB} GiB or more`,
  ].filter(Boolean);
  const holders = held.filter((one) => one.version === newest.version).map((one) => nameOf(world, one.holder));
  return [
    ['Offers', newest.can.map(words).join(', ') || 'nothing'],
    ...(machine.length > 0 ? [['Machine', machine.join(', ')] as const] : []),
    ...(newest.models.length > 0 ? [['Models', newest.models.join(', ')] as const] : []),
    ['Record', `version ${newest.version}, held by ${holders.join(', ')}`],
  ];
}

export function abilities(parent: HTMLElement): (state: State) => void {
  const head = h('h2', { class: 'head' }, 'What it can do');
  const facts = h('dl', { class: 'facts' });
  parent.append(head, facts);
  let all: readonly RegistryRecord[] = [];
  let askedAt = -kAgainMs;
  let asked = '';
  const ask = (of: string): void => {
    asked = of;
    askedAt = performance.now();
    void fetch(new URL('api/registry', document.baseURI)).then((answer) => answer.json())
      .then((json: unknown) => { all = readRegistry(json) ?? []; }, () => undefined);
  };
  return ({ world, view, link }) => {
    const { selected } = view;
    const of = `${world.run}/${selected ?? ''}`;
    const due = of !== asked || performance.now() - askedAt >= kAgainMs;
    if (selected !== null && link.kind === 'open' && world.source !== 'recording' && due) ask(of);
    const rows = selected === null ? [] : abilityRows(all, selected, world);
    head.hidden = rows.length === 0;
    keyed(facts, rows.flatMap(([term, value]) => [['dt', term, term] as const, ['dd', term, value] as const]),
      ([tag, term]) => tag + term, ([tag]) => h(tag), (element, [, , text]) => setText(element, text));
  };
}
