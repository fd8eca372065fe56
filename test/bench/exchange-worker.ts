/** The worker under measure, a process of its own: told by a line on its input, it does what a worker of the repository does, a
 *  pass over the front-end machines and beside it the way to the province, or the imports that were handed in, until nothing is
 *  left; then it says what it was. */
import { createInterface } from 'node:readline';
import { setFlagsFromString } from 'node:v8';
import { connectProvince, pushToProvince, runPass } from '../../exchange/index.ts';
import { workThroughImports } from '../../exchange/sheet/index.ts';
import type { House } from '../../models/house.ts';
import { silentLog } from '../../models/kernel/log.ts';
import { WORKER_HEAP_GROWTH } from '../../server/cli/heap-growth.ts';
import { openHouse } from '../../server/open-house.ts';
import { provinceOf } from '../../server/settings/province-of.ts';
import { readSettings } from '../../server/settings/settings.ts';

export interface Worked {
  readonly ms: number;
  /** Of this process, all threads. */
  readonly cpuMs: number;
  readonly accepted: number;
  readonly refused: number;
  readonly sent: number;
  readonly error: string | null;
  /** Of the main thread and of the whole process, MB. */
  readonly memoryMb: { readonly heap: number; readonly outside: number; readonly resident: number };
}

function memoryMb(): Worked['memoryMb'] {
  const { heapTotal, external, rss } = process.memoryUsage();
  return { heap: heapTotal / 2 ** 20, outside: external / 2 ** 20, resident: rss / 2 ** 20 };
}

/** Nothing moves any more. */
const GIVE_UP_MS = 60_000;
const LOOK_AGAIN_MS = 20;

async function whyDown(house: House): Promise<string> {
  const link = await house.db.rows.provinceLinks.findOne();
  return link?.lastError ?? 'the link is up';
}

async function work(house: House, connector: ReturnType<typeof connectProvince>): Promise<Worked> {
  const started = performance.now();
  const cpu = process.cpuUsage();
  let reading = true;
  let sent = 0;
  const push = async (): Promise<string | null> => {
    for (let idleSince = performance.now(); ; ) {
      const last = !reading;
      const { done, delayed, failed } = await pushToProvince(house, connector);
      sent += done;
      if (done > 0) idleSince = performance.now();
      if (last && (await house.db.rows.outbox.count({ where: { topic: 'province', state: 'waiting' } })) === 0)
        return null;
      if (performance.now() - idleSince > GIVE_UP_MS)
        return `${delayed} delayed, ${failed} failed, ${await whyDown(house)}`;
      if (done === 0) await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    }
  };
  const read = runPass(house).finally(() => {
    reading = false;
  });
  const [passes, stuck] = await Promise.all([read, push()]);
  const total = (name: 'accepted' | 'refused') => passes.reduce((sum, { counts }) => sum + counts[name], 0);
  const { user, system } = process.cpuUsage(cpu);
  const error = passes.find((pass) => pass.error !== undefined)?.error ?? stuck;
  return {
    ...{ ms: performance.now() - started, cpuMs: (user + system) / 1000 },
    ...{ accepted: total('accepted'), refused: total('refused'), sent, error, memoryMb: memoryMb() },
  };
}

async function main(): Promise<void> {
  setFlagsFromString(WORKER_HEAP_GROWTH);
  process.setSourceMapsEnabled(false);
  const settings = readSettings(process.env);
  const province = provinceOf(settings);
  if (!province) throw new Error('no province');
  const { house, close } = await openHouse(settings, silentLog);
  const connector = connectProvince(house, province);
  process.stdout.write('{"ready":true}\n');
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === 'end') break;
    const told = line === 'import' ? { steps: await workThroughImports(house) } : await work(house, connector);
    process.stdout.write(`${JSON.stringify(told)}\n`);
  }
  await close();
}

await main();
process.exit(0);
