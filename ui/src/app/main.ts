/** Plugs the rooms together: the feed into the store, the store into canvas and panels. */
import { believed, useTool, worldPanel, type Doing } from '../controls/world';
import { seedForm } from '../controls/seed';
import { openedAt, timeline } from '../controls/timeline';
import { transport, transportKeys } from '../controls/transport';
import { Link } from '../feed/socket';
import type { Control, Tile } from '../feed/types';
import { mountField } from '../field/field';
import { layerPanel } from '../field/layers';
import { nowhere } from '../field/nowhere';
import { describeTile } from '../field/tiles';
import { jobTimeline } from '../jobs/timeline';
import { entries } from '../ledger/entries';
import { ledgerList } from '../ledger/list';
import { inspector } from '../nodes/inspector';
import { nodeList } from '../nodes/list';
import { packetLanes } from '../packets/lanes';
import { packetLog } from '../packets/log';
import { ClassifyDialog } from '../photos/classify';
import { photoInset } from '../photos/inset';
import { photoGallery } from '../photos/photos';
import { banner, linkStatus, measureBar, titleText } from './chrome';
import { need } from './dom';
import { help } from './help';
import { logPanel } from './log';
import { Store, type State } from './store';
import { news } from './summary';
import { Tabs } from './tabs';
import { toast } from './toast';
import { fromHash, toHash } from './view';

const store = new Store();
const wished_us = openedAt(location.hash); // before the view takes the hash over
store.look(fromHash(location.hash));

const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
const base = new URL('.', location.href);
const link = new Link(`${scheme}//${base.host}${base.pathname}ws`, {
  known: () => (store.state.world.ready ? store.state.world : null),
  take: (message) => store.take(message),
  status: (status) => store.linked(status),
});

async function act(control: Control): Promise<boolean> {
  const error = await link.send(control);
  if (error !== null) toast(error);
  return error === null;
}

const dialog = new ClassifyDialog();
const doing: Doing = {
  act,
  complain: toast,
  classify: (tile: Tile) => dialog.open(tile, describeTile(store.state.world, tile, believed)),
};

const tabs = new Tabs(need('tabs'), need('panels'), store);
const panels: ((state: State) => void)[] = [
  transport(need('transport'), store, act),
  timeline(need('timeline'), act, wished_us, toast),
  seedForm(need('seed'), act, toast),
  linkStatus(need('link'), need('scenario'), () => link.retryNow()),
  banner(need('banner')),
  layerPanel(need('layers'), store),
  nowhere(need('nowhere')),
  photoInset(need('inset')),
  nodeList(tabs.panel('nodes'), store),
  inspector(tabs.panel('nodes'), store, act),
  jobTimeline(tabs.panel('jobs'), act),
  packetLog(tabs.panel('packets'), store),
  ledgerList(tabs.panel('ledger')),
  photoGallery(tabs.panel('photos')),
  worldPanel(tabs.panel('field'), store, doing),
  logPanel(tabs.panel('log')),
  packetLanes(need('lanes'), store),
];
transportKeys(store, act);
help(need('helper'));
measureBar(need('bar'));
mountField(store, (tile) => useTool(store, doing, tile));

let told = store.state.world;
store.onChange((state) => {
  tabs.update(state, {
    jobs: Object.keys(state.world.jobs).length, photos: state.world.photos.length, ledger: entries(state.world).length,
  });
  for (const panel of panels) panel(state);
  const sentences = news(told, state.world);
  told = state.world;
  if (sentences.length > 0) need('summary').textContent = sentences.join(' ');
  document.title = titleText(state.world);
  const hash = toHash(state.view);
  if (hash !== location.hash) history.replaceState(null, '', hash === '' ? location.pathname + location.search : hash);
});
addEventListener('hashchange', () => store.look(fromHash(location.hash, store.state.view)));
link.start();
