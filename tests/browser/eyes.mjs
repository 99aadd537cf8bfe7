/** Chromium as the tests use it: pages that report their errors, pictures, and axe-core. */
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import { kTop } from './swarm.mjs';

const kPictures = `${kTop}build/screenshots`;
const kAxe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export class Eyes {
  errors = [];

  /** `graphics`: how Chromium draws; WebGL in software unless told otherwise. */
  static async open(graphics = ['--disable-gpu', '--use-gl=angle', '--use-angle=swiftshader']) {
    const eyes = new Eyes();
    mkdirSync(kPictures, { recursive: true });
    eyes.browser = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', ...graphics, '--disable-background-networking', '--disable-component-update', '--disable-sync',
        '--no-first-run'],
    });
    return eyes;
  }

  async page(url, { width = 1440, height = 900, dark = false } = {}) {
    const phone = width < 500;
    const page = await this.browser.newPage({
      viewport: { width, height }, colorScheme: dark ? 'dark' : 'light', deviceScaleFactor: phone ? 2 : 1, hasTouch: phone,
    });
    page.setDefaultTimeout(30_000);
    page.on('pageerror', (error) => this.errors.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') this.errors.push(message.text());
    });
    await page.goto(url);
    return page;
  }

  picture = (page, name) => page.screenshot({ path: `${kPictures}/${name}.png` });

  close = () => this.browser.close();
}

/** Violations that axe-core calls serious or critical, in a line each. axe is injected past the page's
    content policy, as a tester's tool may. */
export async function violations(page) {
  await page.evaluate(kAxe);
  const found = await page.evaluate(() => axe.run(document, { resultTypes: ['violations'] }));
  return found.violations
    .filter((one) => one.impact === 'serious' || one.impact === 'critical')
    .map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(' ')).slice(0, 4).join(', ')}`);
}

export const text = (page, selector) => page.locator(selector).first().textContent().then((found) => (found ?? '').trim());

/** The swarm's clock as the page shows it, in seconds. */
export async function clock(page) {
  return (await text(page, '.clock')).split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
}
