#!/usr/bin/env node
/** Starts the command line: the built program if there is one, else the sources through tsx.
 *  This file imports nothing but Node, so that it can say plainly what is missing. */
import { existsSync } from 'node:fs';

const built = new URL('../dist/server/cli/main.js', import.meta.url);
const source = new URL('../server/cli/main.ts', import.meta.url);

async function loadMain() {
  if (existsSync(built) && process.env.ZHENGKU_FROM_SOURCE !== '1') return import(built.href);
  if (!existsSync(source)) throw new Error('neither dist/ nor the sources are here: run `npm run build`');
  const tsx = await import('tsx/esm/api').catch((cause) => {
    throw new Error('dist/ is not built and tsx is not installed: run `npm ci`, or `npm run build`', { cause });
  });
  tsx.register();
  return import(source.href);
}

try {
  const { main } = await loadMain();
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? (error.stack ?? error.message) : error);
  process.exitCode = 70;
}
