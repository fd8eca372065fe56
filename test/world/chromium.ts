/** A headless Chromium of the machine, driven by playwright-core. */
import { type Browser, chromium } from 'playwright-core';
import { findProgram } from './programs.ts';

export interface Chromium {
  readonly browser: Browser;
  /** WebSocket address, for a test that connects by itself. */
  readonly url: string;
  stop(): Promise<void>;
}

export async function startChromium(): Promise<Chromium> {
  const executablePath = findProgram('chromium');
  if (executablePath === undefined) throw new Error('chromium is not on PATH (Debian package chromium)');
  const server = await chromium.launchServer({ executablePath, args: ['--no-sandbox'] });
  const url = server.wsEndpoint();
  const browser = await chromium.connect(url);
  return {
    browser,
    url,
    async stop() {
      await browser.close();
      await server.close();
    },
  };
}
