/** `zhengku serve`: web and worker in one process, or one of them. Starts in order, stops the same way backwards. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { allJobs, type Queue, queueFigures, startJobs } from '../../jobs/index.ts';
import { type House, houseCaller } from '../../models/house.ts';
import { Fault } from '../../models/kernel/fault.ts';
import { sweepIntents } from '../../models/licence/index.ts';
import { makeApp } from '../http/app.ts';
import { openHouse } from '../open-house.ts';
import { provinceOf } from '../settings/province-of.ts';
import { queueOf } from '../settings/queue-of.ts';
import { findUnknownSettings, readSettings, SETTINGS, type Settings } from '../settings/settings.ts';
import { WORKER_HEAP_GROWTH } from './heap-growth.ts';
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
/** Of it for the jobs under way. */
const FINISH_WITHIN_MS = 15_000;

export async function run(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: { web: { type: 'boolean' }, worker: { type: 'boolean' }, help: { type: 'boolean' } },
  });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  if (values.web && values.worker) {
    process.stderr.write('zhengku serve: --web or --worker, or neither for both\n');
    return 2;
  }
  if (values.worker) setFlagsFromString(WORKER_HEAP_GROWTH);
  const settings = readSettings(process.env);
  const log = makeLog(settings.logLevel);
  const unknown = findUnknownSettings(process.env);
  if (unknown.length > 0) log.warn({ unknown }, 'these settings are not known and have no effect');
  const stops: (() => Promise<unknown>)[] = [];
  try {
    const { house, durability, close } = await openHouse(settings, log);
    stops.push(close);
    const voided = await sweepIntents(house, houseCaller(house.newId()));
    if (voided > 0) log.warn({ voided }, 'sealings left by an ended process were voided');
    // The port first: a second server on it must not begin to work unseen.
    const queue = queueOf(settings, house);
    const stopping = new AbortController();
    const server = values.worker ? undefined : await listen(settings, house, queue, stopping.signal);
    if (!values.web) await startWork(settings, house, queue);
    stops.push(() => Promise.all([server && closeServer(server), closeQueue(house, queue)]));
    const port = (server?.address() as AddressInfo | undefined)?.port ?? null;
    process.stdout.write(`${JSON.stringify({ pid: process.pid, port })}\n`);
    const role = values.web ? 'web' : values.worker ? 'worker' : 'web and worker';
    const queueOn = settings.redisUrl ? 'redis' : 'database';
    log.info({ port, role, queue: queueOn, mode: settings.mode, durability }, 'zhengku is up');
    log.info({ reason: await untilStopped() }, 'stopping');
    stopping.abort();
  } finally {
    setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
    for (const stop of stops.reverse()) await stop();
  }
  // A job that did not stop was handed back, and a Redis that is away is still asked for: neither may keep the process.
  setImmediate(() => process.exit(0));
  return 0;
}

async function startWork(settings: Settings, house: House, queue: Queue): Promise<void> {
  const { exchangeCron, revocation, yearlyArchives } = settings;
  await startJobs(house, queue, allJobs({ exchangeCron, province: provinceOf(settings), revocation, yearlyArchives }));
}

async function closeQueue({ log }: House, queue: Queue): Promise<void> {
  const handedBack = await queue.close(FINISH_WITHIN_MS);
  if (handedBack > 0) log.warn({ handedBack }, 'jobs did not end in time and were handed back');
}

/** Throws `PORT_TAKEN`. */
async function listen(settings: Settings, house: House, queue: Queue, stopping: AbortSignal): Promise<Server> {
  // The demonstration keeps its server's data in a folder beside its list of accounts.
  const accountsFile = path.join(settings.dataDir, '..', 'accounts.json');
  const askQueue = () => queueFigures(queue);
  const { ratePerMinute } = settings;
  const server = createServer(makeApp(house, { ratePerMinute, accountsFile, askQueue, stopping }));
  server.requestTimeout = 120_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const taken = cause.code === 'EADDRINUSE' || cause.code === 'EACCES';
      reject(taken ? new Fault('PORT_TAKEN', { detail: `${settings.bind}:${settings.port}`, cause }) : cause);
    });
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
