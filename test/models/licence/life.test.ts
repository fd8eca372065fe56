import { expect } from 'chai';
import fc from 'fast-check';
import { houseCaller } from '../../../models/house.ts';
import { factsAsOf, statusAsOf } from '../../../models/licence/as-of.ts';
import { changeStatus } from '../../../models/licence/change-status.ts';
import { maintainRecord } from '../../../models/licence/maintain-records.ts';
import { recordIssues } from '../../../models/licence/record-issues.ts';
import type { LicenceColumns } from '../../../models/licence/rows.ts';
import {
  isLegalStep,
  LICENCE_STATES,
  LICENCE_STATUSES,
  type LicenceAct,
  type LicenceStatus,
  MOVES,
  STATUS_ACTS,
  type StatusAct,
  type SuccessionAct,
} from '../../../models/licence/states.ts';
import { succeedLicence } from '../../../models/licence/succeed-licence.ts';
import { turnLicences } from '../../../models/licence/turn-licences.ts';
import { insertRows } from '../../../models/store/bulk-write.ts';
import { withTransaction } from '../../../models/store/with-transaction.ts';
import { eachDatabase } from '../../world/each-database.ts';
import { clerk, openFurnishedHouse, sealKeeper } from '../../world/sample-entry.ts';
import type { TestHouse } from '../../world/test-house.ts';
import { faultOf } from '../fault-of.ts';
import { rowOf } from './issue-one.ts';
import { ACTS, leadsTo } from './legal-moves.ts';
import { composePlanted, plant } from './plant-licence.ts';

const WORDS = { legalBasis: '行政许可法', reason: '核查' };
const DATES: Partial<Record<LicenceStatus, Partial<LicenceColumns>>> = {
  'not-yet-effective': { validFrom: '2026-06-01' },
  expired: { validFrom: '2025-01-01', validTo: '2026-02-28' },
};

const attempt = async (act: Promise<unknown>): Promise<string> =>
  act.then(
    () => 'done',
    (error: { code?: string }) => error.code ?? String(error),
  );

eachDatabase('the life of a licence', (openDatabase) => {
  let house: TestHouse;

  before(async function () {
    this.timeout(60_000);
    house = await openFurnishedHouse(await openDatabase());
  });
  after(() => house.close());

  /** A new version as sealing leaves it, short of the issue. */
  const issueVersion = async (former: LicenceColumns, act: SuccessionAct) => {
    const version = composePlanted(house, { predecessorId: former.id, successionAct: act, numberKey: null });
    const licence = {
      ...version,
      licenceNumber: former.licenceNumber,
      successionBasis: '规定',
      successionReason: '申请',
    };
    await withTransaction(house.db, async (tx) => {
      await insertRows(house.db, tx, house.db.rows.licences, [licence]);
      await recordIssues(house, tx, sealKeeper, [{ licence, files: [] }]);
    });
  };

  const tryAct = (licence: LicenceColumns, act: LicenceAct) =>
    MOVES[act].needsSuccessor
      ? issueVersion(licence, act as SuccessionAct)
      : changeStatus(house, clerk, licence.id, { act: act as StatusAct, ...WORDS });

  it('knows every pair of status and act: it moves with its record, or nothing in the world does', async function () {
    this.timeout(60_000);
    const pairs = (Object.keys(LICENCE_STATUSES) as LicenceStatus[]).flatMap((status) =>
      ACTS.map((act) => ({ act, licence: composePlanted(house, { status, ...DATES[status] }) })),
    );
    await plant(
      house,
      pairs.map(({ licence }) => licence),
    );
    const count = async () => [await house.db.rows.changes.count(), await house.db.rows.changeIntake.count()];
    for (const { act, licence } of pairs) {
      const name = `${licence.status} → ${act}`;
      const [changes = 0, told = 0] = await count();
      // By hand nothing takes effect before its date; the clock's own turns are shown apart.
      const to = act === 'take-effect' ? undefined : leadsTo(licence.status ?? '', act);
      const refusal = MOVES[act].needsSuccessor ? 'SUCCESSION_BROKEN' : 'STATE_CONFLICT';
      expect(await attempt(tryAct(licence, act)), name).to.equal(to ? 'done' : refusal);
      const { status, sequence } = await rowOf(house, licence.id);
      expect([status, sequence], name).to.deep.equal(to ? [to, 3] : [licence.status, 2]);
      const more = to ? (MOVES[act].needsSuccessor ? 2 : 1) : 0;
      expect(await count(), name).to.deep.equal([changes + more, told + more]);
      const newest = await house.db.rows.changes.findOne({ where: { licenceId: licence.id, sequence: 3 } });
      const expected = to ? { act, fromStatus: licence.status, toStatus: to } : {};
      expect(newest?.get() ?? {}, name).to.include(expected);
    }
  });

  it('has no acts before its issue', async () => {
    for (const state of LICENCE_STATES.filter((one) => one !== 'issued')) {
      const licence = composePlanted(house, { state });
      await plant(house, [licence]);
      const before = await rowOf(house, licence.id);
      for (const act of STATUS_ACTS)
        expect((await faultOf(changeStatus(house, clerk, licence.id, { act, ...WORDS }))).code).to.equal(
          'STATE_CONFLICT',
        );
      for (const act of ['renew', 'amend', 'replace'] as const)
        expect((await faultOf(succeedLicence(house, clerk, licence.id, { act, ...WORDS }))).code).to.equal(
          'STATE_CONFLICT',
        );
      expect(await rowOf(house, licence.id)).to.deep.equal(before);
    }
  });

  it('is, at every moment of any course of acts, what a replay of them says', async function () {
    this.timeout(120_000);
    const step = fc.record({
      hours: fc.integer({ min: 0, max: 200 }),
      act: fc.constantFrom('suspend', 'suspend', 'resume', 'resume', 'expire', 'cancel', 'revoke', 'maintain' as const),
      /** Hours from now at which it takes effect. */
      shift: fc.oneof(fc.constant(0), fc.integer({ min: -100, max: 300 })),
    });
    const course = fc.array(step, { minLength: 4, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(course, async (steps) => {
        house.time.set('2026-03-02T01:00:00.000Z');
        const licence = composePlanted(house, {
          status: 'not-yet-effective',
          validFrom: '2026-03-05',
          validTo: '2026-04-20',
        });
        await plant(house, [licence]);
        const played = await play(house, licence.id, steps);
        house.time.advance({ days: 20 });
        await turnLicences(house, houseCaller('test'));
        await expectReplayed(house, licence, played);
      }),
      { numRuns: 25, seed: 5 },
    );
  });
});

interface Played {
  readonly at: number;
  readonly act: string;
  readonly caseNumber?: string;
}

/** Gives what was accepted. */
async function play(
  house: TestHouse,
  id: string,
  steps: readonly { readonly hours: number; readonly act: string; readonly shift: number }[],
): Promise<Played[]> {
  const played: Played[] = [];
  for (const [index, { hours, act, shift }] of steps.entries()) {
    house.time.advance({ hours });
    const at = house.clock().getTime() + (act === 'maintain' ? 0 : shift * 3_600_000);
    const caseNumber = `AJ-${index}`;
    const effectiveAt = new Date(at).toISOString();
    const done =
      act === 'maintain'
        ? maintainRecord(house, clerk, id, { caseNumber, reason: '补录' })
        : changeStatus(house, clerk, id, { act: act as StatusAct, ...WORDS, effectiveAt });
    if ((await attempt(done)) === 'done') played.push({ at, act, ...(act === 'maintain' ? { caseNumber } : {}) });
  }
  return played;
}

async function expectReplayed(house: TestHouse, { id: licenceId }: LicenceColumns, played: readonly Played[]) {
  const changes = await house.db.rows.changes.findAll({ where: { licenceId }, order: [['sequence', 'ASC']] });
  for (const [index, change] of changes.entries()) {
    expect(isLegalStep(change)).to.equal(true);
    expect(change.fromStatus).to.equal(changes[index - 1]?.toStatus ?? null);
  }
  const row = await rowOf(house, licenceId);
  const failed = await house.db.rows.plannedMoves.findAll({ where: { licenceId, state: 'failed' } });
  const dead = failed.map(({ act, effectiveAt }) => `${act} ${effectiveAt.getTime()}`);
  const byDate = [
    { at: Date.parse('2026-03-04T16:00:00Z'), act: 'take-effect' },
    { at: Date.parse('2026-04-20T16:00:00Z'), act: 'expire' },
  ];
  const events = [...byDate, ...played]
    .filter(({ act, at }) => !dead.includes(`${act} ${at}`))
    .sort((a, b) => a.at - b.at);
  const now = house.clock().getTime();
  const moments = events.flatMap(({ at }) => [at - 1, at, at + 1]).filter((at) => at <= now);
  for (const at of [
    Date.parse('2026-03-02T01:00:00Z'),
    ...moments.filter((one) => one > Date.parse('2026-03-02T01:00:00Z')),
  ]) {
    let [status, caseNumber]: [LicenceStatus, string | null] = ['not-yet-effective', null];
    for (const event of events.filter((one) => one.at <= at)) {
      status = leadsTo(status, event.act) ?? status;
      if ('caseNumber' in event) caseNumber = event.caseNumber ?? null;
    }
    const moment = new Date(at);
    const seen = [statusAsOf(row, changes, moment), factsAsOf(row, changes, moment).caseNumber];
    expect(seen, moment.toISOString()).to.deep.equal([status, caseNumber]);
  }
}
