/** A node's purse over the swarm's time, as far as this page has been watching. */
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { clockText } from '../app/text';
import type { PurseSample } from '../feed/reduce';

const color = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

export class PursePlot {
  private plot_: uPlot | null = null;
  private shown_: readonly PurseSample[] | null = null;

  constructor(private readonly parent_: HTMLElement) {
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.clear());
    new ResizeObserver(() => this.plot_?.setSize(this.size())).observe(parent_);
  }

  show(samples: readonly PurseSample[], capacity_us: number): void {
    if (samples === this.shown_) return;
    this.shown_ = samples;
    const data: uPlot.AlignedData = [
      samples.map((sample) => sample.t / 1e6),
      samples.map((sample) => sample.balance_us / 1e6),
    ];
    if (this.plot_) {
      this.plot_.setData(data);
      return;
    }
    if (this.parent_.clientWidth === 0) {
      this.shown_ = null;
      return;
    }
    this.plot_ = new uPlot(this.options(capacity_us / 1e6), data, this.parent_);
  }

  clear(): void {
    this.plot_?.destroy();
    this.plot_ = null;
    this.shown_ = null;
  }

  private size(): { width: number; height: number } {
    return { width: Math.max(120, this.parent_.clientWidth), height: 116 };
  }

  private options(capacity_s: number): uPlot.Options {
    const ink = color('--ink2');
    const grid = { stroke: color('--line'), width: 1 };
    const font = '11px system-ui, sans-serif';
    return {
      ...this.size(),
      legend: { show: false },
      cursor: { show: false },
      padding: [8, 4, 0, 0],
      scales: { x: { time: false }, y: { range: [0, capacity_s > 0 ? capacity_s * 1.05 : 1] } },
      axes: [
        { stroke: ink, grid: { show: false }, ticks: { show: false }, font, size: 22, values: (_, all) => all.map((s) => clockText(s * 1e6, 0)) },
        { stroke: ink, grid, ticks: { show: false }, font, size: 42, space: 30, values: (_, all) => all.map((s) => `${s} s`) },
      ],
      series: [{}, { stroke: color('--accent'), width: 1.5, fill: color('--accent-soft'), points: { show: false } }],
    };
  }
}
