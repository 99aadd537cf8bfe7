/** Time: run and pause, one event or one packet at a time, how fast, and what the clock says. */
import { h, keyed, setAttr, setText } from '../app/dom';
import type { State, Store } from '../app/store';
import { clockText } from '../app/text';
import { can } from '../feed/reduce';
import type { Control } from '../feed/types';

export type Do = (control: Control) => Promise<boolean>;

/** 0 is as fast as it goes. */
export const kSpeeds: readonly number[] = [0.25, 0.5, 1, 2, 4, 8, 16, 64, 0];

export const speedText = (speed: number): string => (speed === 0 ? 'max' : `${speed}×`);

export function transport(parent: HTMLElement, store: Store, act: Do): (state: State) => void {
  const button = (text: string, label: string, control: () => Control) =>
    h('button', { attrs: { type: 'button', title: label }, on: { click: () => void act(control()) } }, text);
  const running = () => store.state.world.clock.running;
  const run = button('Pause', 'Space', () => ({ do: running() ? 'pause' : 'run' }));
  run.classList.add('main');
  run.style.minWidth = '76px';
  const step = button('Step', 'One event of the world (.)', () => ({ do: 'step' }));
  const packet = button('Next packet', 'To the start of the next transmission (n)', () => ({ do: 'step_packet' }));
  const speed = h('select', { attrs: { 'aria-label': 'Speed' } });
  speed.addEventListener('change', () => void act({ do: 'speed', value: Number(speed.value) }));
  const uptime = h('span', { class: 'quiet' });
  const coarse = h('span');
  const fine = h('span', { class: 'fine' });
  const clock = h('span', { class: 'clock', attrs: { role: 'timer', 'aria-label': "The swarm's clock" } }, uptime, coarse, fine);
  parent.append(run, step, packet, speed, clock);
  return ({ world, link }) => {
    const off = link.kind !== 'open' || !world.ready;
    const real = world.source === 'node';
    run.hidden = !can(world, 'pause');
    step.hidden = !can(world, 'step');
    packet.hidden = !can(world, 'step_packet');
    speed.hidden = !can(world, 'speed');
    setText(uptime, real ? 'up for ' : '');
    fine.hidden = real;
    setAttr(clock, 'aria-label', real ? 'How long the node has been running' : "The swarm's clock");
    setText(run, world.clock.running ? 'Pause' : 'Run');
    run.disabled = off;
    step.disabled = off || world.clock.running;
    packet.disabled = off || world.clock.running;
    speed.disabled = off;
    const speeds = kSpeeds.includes(world.clock.speed) ? kSpeeds : [world.clock.speed, ...kSpeeds];
    keyed(speed, speeds, (value) => `s${value}`, (value) => h('option', { attrs: { value } }, speedText(value)), () => undefined);
    if (document.activeElement !== speed || speed.value === '') speed.value = String(world.clock.speed);
    const text = clockText(world.t);
    setText(coarse, text.slice(0, -4));
    setText(fine, text.slice(-4));
  };
}

/** Keys that work everywhere but in fields and on buttons that use them. */
export function transportKeys(store: Store, act: Do): void {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
    const target = event.target as HTMLElement;
    if (target.closest('input, textarea, select') || (event.key === ' ' && target.closest('button, summary, a, [role=tab]'))) return;
    const { world } = store.state;
    if (event.key === ' ' && can(world, 'pause')) {
      event.preventDefault();
      void act({ do: world.clock.running ? 'pause' : 'run' });
    } else if (event.key === '.' && can(world, 'step')) void act({ do: 'step' });
    else if (event.key === 'n' && can(world, 'step_packet')) void act({ do: 'step_packet' });
  });
}
