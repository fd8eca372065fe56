/** `zhengku serve`: web and worker in one process, or one of them. Starts in order, stops the same way backwards. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { startSchedule } from '../../jobs/index.ts';
import { houseCaller } from '../../models/house.ts';
import { sweepIntents } from '../../models/licence/index.ts';
import { makeApp } from '../http/app.ts';
import { openHouse } from '../open-house.ts';
import { provinceOf } from '../settings/province-of.ts';
import { readSettings, SETTINGS, type Settings } from '../settings/settings.ts';
import { makeLog } from './make-log.ts';

const usage = `zhengku serve [--web | --worker]

Settings (environment, or a .env file in the working folder):

${Object.entries(SETTINGS)
  .map(
    ([name, { unit, fallback, change }]) =>
      `  ${name}\n      ${unit}; default ${fallback}\n      change it when: ${change}\n`,
  )
  .join('')}`;

const STOP_WITHIN_MS = 20_000;

export async function run(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: { web: { type: 'boolean' }, worker: { type: 'boolean' }, help: { type: 'boolean' } },
  });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const settings = readSettings(process.env);
  const log = makeLog(settings.logLevel);
  const open = await openHouse(settings, log);
  const { house } = open;
  const voided = await sweepIntents(house, houseCaller(house.newId()));
  if (voided > 0) log.warn({ voided }, 'sealings left by an ended process were voided');
  const schedule = values.web
    ? undefined
    : startSchedule(house, {
        exchangeCron: settings.exchangeCron,
        province: provinceOf(settings),
      });
  const server = values.worker ? undefined : await listen(settings, open.house);
  const address = server?.address() as AddressInfo | undefined;
  log.info({ port: address?.port, mode: settings.mode, durability: open.durability }, 'zhengku is up');
  const reason = await untilStopped();
  log.info({ reason }, 'stopping');
  const force = setTimeout(() => process.exit(1), STOP_WITHIN_MS);
  if (server) await closeServer(server);
  await schedule?.stop();
  await open.close();
  clearTimeout(force);
  return 0;
}

async function listen(settings: Settings, house: Parameters<typeof makeApp>[0]): Promise<Server> {
  const accountsFile = path.join(settings.dataDir, 'demo', 'accounts.json');
  const server = createServer(makeApp(house, { ratePerMinute: settings.ratePerMinute, accountsFile }));
  server.requestTimeout = 120_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(settings.port, settings.bind, resolve);
  });
  return server;
}

function untilStopped(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve(signal));
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
}
