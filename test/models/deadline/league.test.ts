import { expect } from 'chai';
import fc from 'fast-check';
import { closeCase } from '../../../models/deadline/close-case.ts';
import type { ClosingNotice } from '../../../models/deadline/closing-notice.ts';
import { giveLateReason } from '../../../models/deadline/give-late-reason.ts';
import { computeLeague, type LeagueRow, tellLeague } from '../../../models/deadline/league.ts';
import { listOverdue } from '../../../models/deadline/list-deadlines.ts';
import { meetDeadlines, openDeadlines } from '../../../models/deadline/open-deadline.ts';
import { withTransaction } from '../../../models/store/with-transaction.ts';
import { eachDatabase } from '../../world/each-database.ts';
import {
  bureauOfficer,
  clerk,
  ENTRY,
  ISSUER,
  openFurnishedHouse,
  otherClerk,
  reviewer,
} from '../../world/sample-entry.ts';
import type { TestHouse } from '../../world/test-house.ts';
import { faultOf, linesOf } from '../fault-of.ts';

const MINUTE_MS = 60_000;
const FIRST = Date.parse('2026-05-05T16:00:00Z');
const PERIOD = { from: '2026-05-06', to: '2026-05-20' };

/** Clocks of one department: when each started, and after how many minutes it was met, if it was. */
const clocks = fc.array(
  fc.record({
    started: fc.integer({ min: -2 * 24 * 60, max: 17 * 24 * 60 }),
    met: fc.option(fc.integer({ min: 0, max: 9 * 24 * 60 }), { nil: null }),
  }),
  { minLength: 20, maxLength: 31, size: 'max' },
);

eachDatabase('the league of departments', (openDatabase) => {
  let house: TestHouse;
  let cases = 0;

  before(async function () {
    this.timeout(60_000);
    house = await openFurnishedHouse(await openDatabase());
  });
  after(() => house.close());

  const close = async (more: Partial<ClosingNotice> = {}) => {
    cases += 1;
    const common = { catalogueCode: ENTRY.code, offlineReason: '现场无网络', closedAt: '2026-03-02T09:00:00+08:00' };
    return closeCase(house, clerk, { caseNumber: `榜-${cases}`, mode: 'offline', ...common, ...more });
  };

  it('has the reason of a late clock from the department whose it is, once, and none of one that is not late', async () => {
    house.time.set('2026-03-02T02:00:00Z');
    const { caseNumber } = await close();
    const row = await house.db.rows.deadlines.findOne({ order: [['id', 'DESC']] });
    const id = row?.id ?? '';
    const reason = { reason: '系统升级，未能及时推送' };
    const codeOf = async (caller: typeof clerk) => (await faultOf(giveLateReason(house, caller, id, reason))).code;
    expect(await codeOf(clerk)).to.equal('CLOCK_NOT_LATE');
    house.time.set('2026-03-03T16:01:00Z');
    expect([await codeOf(otherClerk), await codeOf(bureauOfficer)]).to.deep.equal(['NOT_FOUND', 'FORBIDDEN']);
    const item = await giveLateReason(house, clerk, id, reason);
    expect(item).to.include({
      subject: caseNumber,
      lateReason: reason.reason,
      lateMinutes: 1,
      article: '第十一条第二款',
    });
    expect(await codeOf(reviewer)).to.equal('LATE_REASON_GIVEN');
    for (const caller of [clerk, bureauOfficer]) {
      const { items } = await listOverdue(house, caller);
      expect(items.map(({ lateReason }) => lateReason)).to.deep.equal([reason.reason]);
    }
  });

  it('takes a batch that is declared on the day of its closing and of the bureau’s least size, and no other', async () => {
    const strict = { ...house, leastBatchRows: 20 };
    const declare = (more: Partial<ClosingNotice>) =>
      closeCase(strict, clerk, {
        ...{ caseNumber: '批-1', catalogueCode: ENTRY.code, mode: 'batch', closedAt: '2026-03-04T09:00:00+08:00' },
        ...more,
      });
    house.time.set('2026-03-04T15:59:59Z');
    expect(linesOf(await faultOf(declare({})))).to.deep.equal(['/batchSize FIELD_REQUIRED']);
    expect(linesOf(await faultOf(declare({ batchSize: 19 })))).to.deep.equal(['/batchSize BATCH_TOO_SMALL']);
    const declared = await declare({ batchSize: 20 });
    house.time.set('2026-03-04T16:00:00Z');
    expect(await declare({ batchSize: 20 })).to.deep.equal(declared);
    const late = await faultOf(declare({ caseNumber: '批-2', batchSize: 20 }));
    expect(linesOf(late)).to.deep.equal(['/closedAt BATCH_DECLARED_LATE']);
    const row = await house.db.rows.cases.findOne({ where: { caseNumber: '批-1' } });
    expect(row?.batchSize).to.equal(20);
  });

  it('agrees with counting by hand, for random clocks of several departments', async function () {
    this.timeout(60_000);
    const bodies = [ISSUER, otherClerk.organisationCode ?? '', 'NOT-A-REGISTERED-B'];
    const given = new Map(
      bodies.map((body, index) => [body, fc.sample(clocks, { numRuns: 1, seed: 7 + index })[0] ?? []]),
    );
    house.time.set(new Date(FIRST + 22 * 24 * 60 * MINUTE_MS).toISOString());
    for (const [body, list] of given) {
      await withTransaction(house.db, async (tx) => {
        for (const { started, met } of list) {
          const startedAt = new Date(FIRST + started * MINUTE_MS);
          const subjectId = house.newId();
          const kind = started % 3 === 0 ? 'batch-push' : started % 7 === 0 ? 'objection' : 'offline-push';
          await openDeadlines(house, tx, [{ kind, subjectId, organisationCode: body, startedAt }]);
          if (met !== null)
            await meetDeadlines(house, tx, [subjectId], new Date(startedAt.getTime() + met * MINUTE_MS));
        }
      });
    }
    const rows = await computeLeague(house, PERIOD);
    for (const body of bodies) {
      const { name: _, rank: __, ...row } = rows.find(({ organisationCode }) => organisationCode === body) ?? {};
      expect(row, body).to.deep.equal(await countByHand(body));
    }
    const shares = rows.map(({ shareInTime }) => shareInTime ?? -1);
    expect(shares).to.deep.equal([...shares].sort((a, b) => b - a));
    expect(rows.map(({ rank }) => rank)).to.deep.equal(shares.map((share) => shares.indexOf(share) + 1));
  });

  it('is shown whole to the bureau, to a department its own row; a period must be one', async () => {
    const all = await tellLeague(house, bureauOfficer, PERIOD);
    expect(all.items).to.have.lengthOf(3);
    const own = await tellLeague(house, clerk, PERIOD);
    expect(own.items).to.deep.equal(all.items.filter(({ organisationCode }) => organisationCode === ISSUER));
    const everSince = await tellLeague(house, bureauOfficer, { ...PERIOD, to: '9999-12-31' });
    expect(everSince.items).to.have.lengthOf(3);
    expect(everSince.items).to.deep.equal(
      (await tellLeague(house, bureauOfficer, { ...PERIOD, to: '2026-12-31' })).items,
    );
    const wrong = await faultOf(tellLeague(house, clerk, { from: '2026-02-30', to: '2026-13-01' }));
    expect(linesOf(wrong)).to.deep.equal(['/from DATE_IMPOSSIBLE', '/to DATE_IMPOSSIBLE']);
    const backwards = await faultOf(tellLeague(house, clerk, { from: '2026-03-02', to: '2026-03-01' }));
    expect(linesOf(backwards)).to.deep.equal(['/to PERIOD_BACKWARDS']);
  });

  /** Clock by clock, from the rows themselves. */
  async function countByHand(body: string): Promise<Omit<LeagueRow, 'name' | 'rank'>> {
    const now = house.clock().getTime();
    const times = new Map((await house.db.rows.dueTimes.findAll()).map(({ id, dueAt }) => [id, dueAt.getTime()]));
    const rows = (await house.db.rows.deadlines.findAll({ where: { organisationCode: body } })).filter(
      ({ kind, startedAt }) => {
        const day = new Date(startedAt.getTime() + 8 * 60 * MINUTE_MS).toISOString().slice(0, 10);
        return kind !== 'objection' && day >= PERIOD.from && day <= PERIOD.to;
      },
    );
    const by = rows.map(({ dueTime, metAt }) => ({
      over: (metAt?.getTime() ?? now) - (times.get(dueTime) ?? 0),
      met: metAt !== null,
    }));
    const lates = by.filter(({ over }) => over > 0).map(({ over }) => Math.floor(over / MINUTE_MS));
    lates.sort((a, b) => a - b);
    const middle = [lates[Math.ceil(lates.length / 2) - 1] ?? 0, lates[Math.floor(lates.length / 2)] ?? 0];
    const count = (want: boolean, met: boolean) => by.filter((one) => one.over > 0 === want && one.met === met).length;
    const [inTime, late, overdue, running] = [
      count(false, true),
      count(true, true),
      count(true, false),
      count(false, false),
    ];
    return {
      ...{ organisationCode: body, closed: rows.length, inTime, late, overdue, running },
      medianLateMinutes: lates.length === 0 ? null : (middle[0] ?? 0) / 2 + (middle[1] ?? 0) / 2,
      mostLateMinutes: lates.at(-1) ?? null,
      ...{ explained: 0, withoutOfflineReason: 0, shareInTime: inTime / (inTime + late + overdue) },
    };
  }
});
