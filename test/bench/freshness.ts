/** How soon others see what was changed: the consumer's next call, the public page, a subscriber's receiver. Over HTTP, on MariaDB
 *  with durable settings, the jobs on their own schedule. */
import { EmbeddedQueue } from '../../jobs/queue/embedded-queue.ts';
import { allJobs, startJobs } from '../../jobs/schedule.ts';
import { saveChangeGrant } from '../../models/publication/index.ts';
import { openReceiver, type Receiver } from '../exchange/webhook/receiver.ts';
import { openSharingWorld, type SharingWorld } from '../server/http/sharing-world.ts';
import { bodyOfAnswer } from '../server/http/web.ts';
import { startMariaDb } from '../world/mariadb.ts';
import { bureauOfficer, CONSUMER, ENTRY } from '../world/sample-entry.ts';
import { atMost, type Bench, type BenchOptions, type BenchResult, median } from './bench.ts';

const ROUNDS = { quick: 3, plain: 12 } as const;
const MOST_READ_MS = 1_000;
const MOST_TELL_SECONDS = 60;
const NEVER_MS = 120_000;

type Samples = Readonly<Record<'status' | 'page' | 'disputed' | 'told', number[]>>;

export const freshnessBench: Bench = {
  words: 'how soon consumers, the public page and subscribers see a change of status and an objection',
  run,
};

async function run({ quick, say }: BenchOptions): Promise<BenchResult> {
  const server = await startMariaDb({ durable: true });
  const world = await openSharingWorld((await server.createDatabase()).url);
  const { house } = world.web;
  const began = { house: house.clock().getTime(), here: performance.now() };
  const moving = setInterval(() => house.time.set(new Date(began.house + performance.now() - began.here)), 20);
  const receiver = await openReceiver();
  const queue = new EmbeddedQueue(house);
  const samples: Samples = { status: [], page: [], disputed: [], told: [] };
  try {
    await subscribe(world, receiver);
    await startJobs(house, queue, allJobs({ exchangeCron: '*/2 * * * *', province: undefined }));
    const useCode = await world.openUse();
    const rounds = quick ? ROUNDS.quick : ROUNDS.plain;
    for (let round = 0; round < rounds; round += 1) {
      await runRound(world, receiver, useCode, samples);
      say(`round ${round + 1} of ${rounds}: told after ${(samples.told.at(-1) ?? 0).toFixed(0)} ms`);
    }
  } finally {
    clearInterval(moving);
    await queue.close();
    await receiver.close();
    await world.web.close();
    await server.stop();
  }
  return resultOf(samples);
}

function resultOf({ status, page, disputed, told }: Samples): BenchResult {
  const most = (values: readonly number[]) => Math.max(...values);
  const figures = {
    ...{ statusReadMs: median(status), statusReadMsMost: most(status), pageMsMost: most(page) },
    ...{ disputedReadMs: median(disputed), disputedReadMsMost: most(disputed) },
    ...{ toldSec: median(told) / 1000, toldSecMost: most(told) / 1000 },
  };
  return {
    durability: 'mysql innodb_flush_log_at_trx_commit=1',
    figures,
    ratios: {},
    floors: [
      atMost('statusReadMsMost', MOST_READ_MS, figures.statusReadMsMost),
      atMost('pageMsMost', MOST_READ_MS, figures.pageMsMost),
      atMost('disputedReadMsMost', MOST_READ_MS, figures.disputedReadMsMost),
      atMost('toldSecMost', MOST_TELL_SECONDS, figures.toldSecMost),
    ],
  };
}

async function subscribe({ web }: SharingWorld, receiver: Receiver): Promise<void> {
  const grant = { organisationCode: CONSUMER, catalogueCode: ENTRY.code, nextStep: false, state: 'given' } as const;
  await saveChangeGrant(web.house, bureauOfficer, grant);
  const approver = await web.person('consumer.approver');
  bodyOfAnswer(await approver.post('/api/v1/subscriptions', { name: '审批系统', url: receiver.url }));
}

/** Suspended, resumed, objected to, the objection withdrawn: each is read by others until they see it. */
async function runRound(world: SharingWorld, receiver: Receiver, useCode: string, samples: Samples): Promise<void> {
  const { web, window, licence } = world;
  const clerk = await web.person('issuer.clerk');
  const read = async () =>
    bodyOfAnswer<{ status: string; disputed: boolean }>(
      await window.post('/api/v1/sharing/status', { useCode, identifier: licence.identifier }),
    );
  const page = async () =>
    (await web.nobody.get(`/v/${licence.verificationCode}`).set('Accept', 'application/json')).body as {
      readonly status: string;
    };
  const tells = (from: number, act: string) =>
    receiver.notices.slice(from).some(({ body }) => body.type === `licence.${act}`);
  for (const [act, status] of [
    ['suspend', 'suspended'],
    ['resume', 'valid'],
  ] as const) {
    const before = receiver.notices.length;
    const change = { act, legalBasis: '行政许可法第六十九条', reason: '核查' };
    bodyOfAnswer(await clerk.post(`/api/v1/licences/${licence.licenceId}/status`, change));
    const since = performance.now();
    samples.status.push(await until(since, async () => (await read()).status === status));
    samples.page.push(await until(since, async () => (await page()).status === status));
    samples.told.push(await until(since, () => Promise.resolve(tells(before, act))));
  }
  const text = '与实际不符，请核实';
  const claim = { identifier: licence.identifier, category: 'status', text };
  const { number } = bodyOfAnswer<{ number: string }>(await window.post('/api/v1/objections', claim));
  const since = performance.now();
  samples.disputed.push(await until(since, async () => (await read()).disputed));
  await window.post(`/api/v1/objections/${number}/withdraw`, {});
}

/** Milliseconds since the change was answered. */
async function until(since: number, holds: () => Promise<boolean>): Promise<number> {
  while (!(await holds())) {
    if (performance.now() - since > NEVER_MS) throw new Error('nobody saw the change');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return performance.now() - since;
}
