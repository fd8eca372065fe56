import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { QueryTypes } from 'sequelize';
import { purgeExpiredJob } from '../../jobs/purge-expired.ts';
import { answerOnce, type StoredAnswer } from '../../models/store/idempotency/answer-once.ts';
import { withTransaction } from '../../models/store/with-transaction.ts';
import { eachDatabase } from '../world/each-database.ts';
import { openTestHouse, type TestHouse } from '../world/test-house.ts';

eachDatabase('the nightly clearing', (openDatabase) => {
  let house: TestHouse;

  before(async function () {
    this.timeout(60_000);
    house = await openTestHouse(await openDatabase());
  });

  after(() => house.close());

  const keepAnswer = (key: string) => {
    const answer: StoredAnswer = { status: 201, body: key };
    return answerOnce(house, { callerId: 'person:1', key, requestDigest: 'd' }, async (remember) => {
      await withTransaction(house.db, (tx) => remember(tx, answer));
      return answer;
    });
  };
  const openSession = (tokenDigest: string) => {
    const now = house.clock();
    const expiresAt = new Date(now.getTime() + 8 * 3_600_000);
    const row = { tokenDigest, userId: 'u', csrfToken: 'c', createdAt: now, seenAt: now, expiresAt };
    return house.db.rows.sessions.create(row);
  };

  it('forgets ended sessions and answers older than a week, and keeps the others', async () => {
    await keepAnswer('old');
    await openSession('old');
    house.time.advance({ days: 7, minutes: 1 });
    await keepAnswer('new');
    await openSession('new');
    const facts = await purgeExpiredJob.run(house);
    expect(facts).to.deep.equal({
      sessions: 1,
      tokens: 0,
      answers: 1,
      changes: 0,
      deliveries: 0,
      exchange: 0,
      sheets: 0,
      drafts: 0,
      fillLinks: 0,
      failedJobs: 0,
    });
    const sessions = await house.db.rows.sessions.findAll();
    expect(sessions.map(({ tokenDigest }) => tokenDigest)).to.deep.equal(['new']);
    expect(await keepAnswer('new')).to.deep.include({ replayed: true });
    expect(await purgeExpiredJob.run(house)).to.deep.equal({
      sessions: 0,
      tokens: 0,
      answers: 0,
      changes: 0,
      deliveries: 0,
      exchange: 0,
      sheets: 0,
      drafts: 0,
      fillLinks: 0,
      failedJobs: 0,
    });
  });

  it('forgets what the exchange noted of its passes, ways, alarms and receipts, but nothing that still speaks', async () => {
    const { exchangeRuns, exchangeLags, exchangeAlarms, provinceReceipts, provinceStates } = house.db.rows;
    const note = async (mark: string) => {
      const at = house.clock();
      await exchangeRuns.create({ id: mark, frontEnd: 'zjj', startedAt: at, endedAt: at, counts: {} });
      const sums = { changes: 1, sumMs: 1, maxMs: 1, overTwoCycles: 0 };
      await exchangeLags.create({ id: mark, minute: at, frontEnd: 'zjj', ...sums });
      const alarm = { kind: 'lag', subject: mark, raisedAt: at, details: {} };
      await exchangeAlarms.create({ id: mark, ...alarm, openKey: null, clearedAt: at });
      await exchangeAlarms.create({ id: `${mark}-stands`, ...alarm, openKey: mark, clearedAt: null });
      const receipt = { link: 'http', batchId: mark, text: '', signature: '', receivedAt: at };
      await provinceReceipts.bulkCreate([
        { id: mark, ...receipt },
        { id: `${mark}-named`, ...receipt },
      ]);
      await provinceStates.create({
        ...{ id: `licence:${mark}`, subjectType: 'licence', subjectId: mark, sentSequence: 1, acknowledgedSequence: 1 },
        ...{ digest: 'd', receipt: null, receiptId: `${mark}-named`, state: 'acknowledged', reason: null },
        ...{ issuingBody: null, since: at, frontEnd: null, pushedAt: null, updatedAt: at },
      });
    };
    await note('a');
    house.time.advance({ days: 91 });
    expect(await purgeExpiredJob.run(house)).to.include({ exchange: 2 });
    house.time.advance({ days: 275 });
    await note('b');
    expect(await purgeExpiredJob.run(house)).to.include({ exchange: 2 });
    const idsOf = async (rows: Promise<readonly { readonly id: string }[]>) => (await rows).map(({ id }) => id).sort();
    expect(await idsOf(exchangeRuns.findAll())).to.deep.equal(['b']);
    expect(await idsOf(exchangeLags.findAll())).to.deep.equal(['b']);
    expect(await idsOf(exchangeAlarms.findAll())).to.deep.equal(['a-stands', 'b', 'b-stands']);
    expect(await idsOf(provinceReceipts.findAll())).to.deep.equal(['a-named', 'b', 'b-named']);
  });

  it('forgets returned licences that were refused long ago, and none that were taken in or wait', async () => {
    const { provinceReturns } = house.db.rows;
    const at = house.clock();
    const given = { sequence: 1, digest: 'd', cause: null, licenceId: null, issuingBody: null, pageCursor: null };
    for (const state of ['accepted', 'refused', 'held', 'again'] as const)
      await provinceReturns.create({ id: state, state, ...given, receivedAt: at, updatedAt: at });
    house.time.advance({ days: 364 });
    await purgeExpiredJob.run(house);
    expect(await provinceReturns.count()).to.equal(4);
    house.time.advance({ days: 2 });
    await purgeExpiredJob.run(house);
    const left = await provinceReturns.findAll({ order: [['id', 'ASC']] });
    expect(left.map(({ id }) => id)).to.deep.equal(['accepted', 'again', 'held']);
  });

  it('keeps everything for as long as docs/operations.md says', async () => {
    const { rows } = house.db;
    const now = house.clock();
    const alarm = { kind: 'lag', subject: 's', raisedAt: now, details: {}, openKey: null };
    const receipt = { link: 'http', batchId: 'x', text: '', signature: '' };
    const returned = { sequence: 1, digest: 'd', cause: null, licenceId: null, issuingBody: null, pageCursor: null };
    const delivery = { subscriptionId: 's', kind: 'ping' as const, position: null, subject: 'x', content: {} };
    const settled = { attempts: 1, lockedUntil: null, owner: null, lastOutcome: null, lastStatus: null };
    const job = { topic: 't', lane: 'bulk' as const, data: null, state: 'failed' as const, attempts: 1, takeovers: 0 };
    const free = { mostAttempts: 1, lockedUntil: null, owner: null, lastError: null };
    const sums = { changes: 1, sumMs: 1, maxMs: 1, overTwoCycles: 0 };
    const kept: Readonly<Record<string, (id: string, at: Date) => Promise<unknown>>> = {
      exchange_runs: (id, at) =>
        rows.exchangeRuns.create({ id, frontEnd: 'x', startedAt: at, endedAt: null, counts: {} }),
      exchange_lags: (id, at) => rows.exchangeLags.create({ id, minute: at, frontEnd: 'x', ...sums }),
      exchange_alarms: (id, at) => rows.exchangeAlarms.create({ id, ...alarm, clearedAt: at }),
      province_receipts: (id, at) => rows.provinceReceipts.create({ id, ...receipt, receivedAt: at }),
      province_returns: (id, at) =>
        rows.provinceReturns.create({ id, ...returned, state: 'refused', receivedAt: at, updatedAt: at }),
      deliveries: (id, at) =>
        rows.deliveries.create({
          ...{ id, ...delivery, ...settled, state: 'delivered', runAt: at, createdAt: at, doneAt: at },
        }),
      queue_jobs: (id, at) =>
        rows.queueJobs.create({ id, jobKey: id, ...job, ...free, dueAt: at, runAt: at, endedAt: at }),
    };
    const guide = readFileSync('docs/operations.md', 'utf8');
    for (const [table, create] of Object.entries(kept)) {
      const row = new RegExp(`^\\| \`${table}\`.*\\| (\\d+) \\|[^|]*\\|$`, 'm').exec(guide);
      const span = Number(row?.[1]) * 86_400_000;
      await create(`${table}-young`, new Date(now.getTime() - span + 60_000));
      await create(`${table}-old`, new Date(now.getTime() - span - 60_000));
    }
    await purgeExpiredJob.run(house);
    for (const table of Object.keys(kept)) {
      const sql = `SELECT id FROM ${table} WHERE id LIKE '${table}-%'`;
      const left = await house.db.sequelize.query(sql, { type: QueryTypes.SELECT });
      expect(left, table).to.deep.equal([{ id: `${table}-young` }]);
    }
  });
});
