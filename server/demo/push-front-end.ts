/** Two departments push through their front-end machines (前置机): plain SQL on the tables, receipts read back. One has a
 *  signed rule and lets the repository seal; the other's rows wait for its own reviewer and seal keeper. */

import path from 'node:path';
import Libsql from 'libsql';
import { accountName } from './account-name.ts';
import { noteIssued, PUSHED } from './issue-online.ts';
import { runCommand } from './processes.ts';
import type { DemoEntry } from './read-demo-entries.ts';
import { expect } from './step.ts';
import type { World } from './world.ts';

const DAY_MS = 86_400_000;
/** Business key of the row that is wrong on purpose, and the state its receipt must have. */
const BROKEN = 'BROKEN';
const REFUSED = 3;
const RECEIPTS_WITHIN_MS = 30_000;

interface Machine {
  readonly name: string;
  readonly bodyCode: string;
  readonly file: string;
  readonly entries: readonly DemoEntry[];
}

export async function pushFrontEnds(world: World): Promise<void> {
  const pushed = world.data.entries.filter((entry) => PUSHED.has(entry.name));
  const bodies = [...new Set(pushed.map((entry) => entry.definition.issuingBody))];
  const machines = bodies.map((bodyCode, index): Machine => {
    const entries = pushed.filter((entry) => entry.definition.issuingBody === bodyCode);
    return {
      name: `qzj-${index + 1}`,
      bodyCode,
      file: path.join(world.folder, 'state', `front-end-${index + 1}.db`),
      entries,
    };
  });
  await world.journey.step('建立两个部门的前置机 two front-end machines', async () => {
    const officer = await world.as('bureau.officer');
    const prepare = async ({ name, bodyCode, file }: Machine) => {
      await runCommand(['front-end', 'init', '--url', `sqlite:${file}`], world.env);
      await officer.post('/api/v1/front-ends', { name, organisationCode: bodyCode, url: `sqlite:${file}` });
    };
    await Promise.all(machines.map(prepare));
  });
  await world.journey.step('第一个部门签署自动审核规则 a signed review rule', async () => {
    const [first] = machines;
    if (!first) return;
    const keeper = await world.as(accountName(first.bodyCode, 'seal-keeper'));
    for (const { definition } of first.entries) {
      const to = new Date(Date.now() + 365 * DAY_MS).toISOString().slice(0, 10);
      await keeper.post('/api/v1/review-rules', {
        catalogueCode: definition.code,
        sources: ['front-end'],
        from: '2026-01-01',
        to,
        coversCommitment: true,
      });
    }
  });
  await world.journey.step('部门推送数据行 rows pushed by SQL', async () => {
    for (const machine of machines) pushRows(machine);
  });
  await world.journey.step('交换：读取前置机并写回回执 an exchange pass', async () => {
    await runCommand(['exchange', 'run'], world.env);
    const [first, second] = machines;
    if (first) await awaitReceipts(first, 'ISSUED');
    if (second) await awaitReceipts(second, 'AWAITING_REVIEW');
  });
  await world.journey.step('第二个部门人工审核、用印 review and seal by persons', async () => {
    for (const { bodyCode } of machines.slice(1)) await reviewAndSeal(world, bodyCode);
    await runCommand(['exchange', 'run'], world.env);
    for (const machine of machines.slice(1)) await awaitReceipts(machine, 'ISSUED');
  });
  await world.journey.step('前置机证照已入库 pushed licences are in the library', async () => {
    for (const machine of machines) await collectIssued(world, machine);
  });
}

function pushRows({ file, entries }: Machine): void {
  const db = new Libsql(file);
  const insert = db.prepare(
    `INSERT INTO zk_licence (business_key, revision, operation, catalogue_code, holders, fields, valid_from, valid_to, case_number, closed_at, pushed_at)
     VALUES (?, 1, 'upsert', ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const now = new Date().toISOString();
  for (const { name, definition, sample } of entries) {
    const holders = JSON.stringify(sample.holders);
    insert.run([
      name,
      definition.code,
      holders,
      JSON.stringify(sample.fields),
      sample.validFrom ?? null,
      sample.validTo ?? null,
      `AJ-${name}`,
      now,
      now,
    ]);
  }
  const [first] = entries;
  insert.run([BROKEN, first?.definition.code ?? '', 'not json', '{}', '2026-02-30', null, null, null, now]);
  db.close();
}

/** Every good row gets this receipt, the broken one a refusal with its reasons. The server's own pass may hold a row for a
 *  moment, as a department would see it too. */
async function awaitReceipts(machine: Machine, code: string): Promise<void> {
  const deadline = Date.now() + RECEIPTS_WITHIN_MS;
  for (;;) {
    const receipts = readReceipts(machine);
    const wrong = receipts.find((receipt) =>
      receipt.businessKey === BROKEN ? receipt.state !== REFUSED || receipt.text === '' : receipt.code !== code,
    );
    if (receipts.length > 1 && !wrong) return;
    expect(Date.now() < deadline, `receipt ${JSON.stringify(wrong)} instead of ${code}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

interface Receipt {
  readonly businessKey: string;
  readonly state: number;
  readonly code: string;
  readonly text: string;
}

function readReceipts({ file }: Machine): Receipt[] {
  const db = new Libsql(file);
  const rows = db
    .prepare('SELECT business_key, state, receipt_code, receipt_text FROM zk_licence ORDER BY row_id')
    .all([]) as Record<string, unknown>[];
  db.close();
  const receipts = rows.map((row) => ({
    businessKey: String(row.business_key),
    state: Number(row.state),
    code: String(row.receipt_code),
    text: String(row.receipt_text),
  }));
  return receipts;
}

async function reviewAndSeal(world: World, bodyCode: string): Promise<void> {
  const reviewer = await world.as(accountName(bodyCode, 'reviewer'));
  const keeper = await world.as(accountName(bodyCode, 'seal-keeper'));
  const { json } = await reviewer.get('/api/v1/licences?state=submitted');
  for (const licence of json.items ?? []) {
    const id = String(licence.licenceId);
    await reviewer.post(`/api/v1/licences/${id}/review`, { decision: 'approved' }, 200);
    await keeper.post(`/api/v1/licences/${id}/seal`, {}, 200);
  }
}

async function collectIssued(world: World, { bodyCode, entries }: Machine): Promise<void> {
  const clerk = await world.as(accountName(bodyCode, 'clerk'));
  const { json } = await clerk.get('/api/v1/licences?state=issued');
  for (const { definition } of entries) {
    const licence = json.items?.find((item) => item.catalogueCode === definition.code && item.source === 'front-end');
    expect(licence !== undefined, `no licence of ${definition.name}`);
    if (licence) noteIssued(world, licence);
  }
}
