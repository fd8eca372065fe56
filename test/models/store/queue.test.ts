import { expect } from 'chai';
import { addJob } from '../../../models/store/queue/add-job.ts';
import { claimJobs } from '../../../models/store/queue/claim-jobs.ts';
import { FAILED_KEPT_MS, forgetFailedJobs } from '../../../models/store/queue/forget-failed-jobs.ts';
import { freeLostJobs, MOST_TAKEOVERS, renewLeases } from '../../../models/store/queue/keep-leases.ts';
import { failJob, finishJob, handBackJob } from '../../../models/store/queue/settle-job.ts';
import { takeTick } from '../../../models/store/queue/take-tick.ts';
import { DEAD_OWNER } from '../../world/dead-owner.ts';
import { eachDatabase } from '../../world/each-database.ts';
import { openTestHouse, type TestHouse } from '../../world/test-house.ts';

const LINE = { topic: 't', lane: 'counter' as const };
const LEASE_MS = 30_000;
const ELSEWHERE = 'another-host:1:1#claim';
const DEAD = `${DEAD_OWNER}#claim`;

eachDatabase('the table of jobs', (openDatabase) => {
  let house: TestHouse;

  before(async function () {
    this.timeout(60_000);
    house = await openTestHouse(await openDatabase());
  });
  after(() => house.close());
  beforeEach(() => house.db.rows.queueJobs.destroy({ where: {} }));

  const add = (key: string) =>
    addJob(house.db, house.newId, { ...LINE, key, data: null, runAt: house.clock(), attempts: 3 });
  const claim = (owner: string, most = 1) => {
    const now = house.clock();
    return claimJobs(house.db, LINE, { most, owner, now, lockedUntil: new Date(now.getTime() + LEASE_MS) });
  };
  const stateOf = async (jobKey: string) => (await house.db.rows.queueJobs.findOne({ where: { jobKey } }))?.state;

  it('gives a job of another host to nobody else before its lease has ended', async () => {
    await add('k');
    expect(await claim(ELSEWHERE)).to.have.length(1);
    house.time.advance({ milliseconds: LEASE_MS - 1 });
    expect(await freeLostJobs(house.db, house.clock())).to.equal(0);
    expect(await claim('me')).to.have.length(0);
    house.time.advance({ milliseconds: 1 });
    expect(await freeLostJobs(house.db, house.clock())).to.equal(1);
    expect((await claim('me')).map(({ key }) => key)).to.deep.equal(['k']);
  });

  it('frees what a dead process of this host held, without waiting', async () => {
    await add('k');
    await claim(DEAD);
    expect(await freeLostJobs(house.db, house.clock())).to.equal(1);
  });

  it('lets who has lost a lease neither renew nor settle it', async () => {
    await add('k');
    const [lost] = await claim(ELSEWHERE);
    if (!lost) throw new Error('no job was claimed');
    house.time.advance({ milliseconds: LEASE_MS });
    await freeLostJobs(house.db, house.clock());
    const [mine] = await claim('me');
    expect([...(await renewLeases(house.db, [lost], house.clock()))]).to.deep.equal([]);
    expect(await finishJob(house.db, lost)).to.equal(false);
    expect(await handBackJob(house.db, lost)).to.equal(false);
    expect(await failJob(house.db, lost, 1, house.clock(), 'late')).to.equal(false);
    expect(await stateOf('k')).to.equal('running');
    expect(mine && (await finishJob(house.db, mine))).to.equal(true);
    expect(await stateOf('k')).to.equal(undefined);
  });

  it('gives up a job that every worker dies of', async () => {
    await add('poison');
    for (let n = 0; n <= MOST_TAKEOVERS; n += 1) {
      expect(await claim(ELSEWHERE)).to.have.length(1);
      house.time.advance({ milliseconds: LEASE_MS });
      await freeLostJobs(house.db, house.clock());
    }
    expect(await stateOf('poison')).to.equal('failed');
    expect(await claim('me')).to.have.length(0);
  });

  it('gives each job to one of many who claim at once', async () => {
    for (let n = 0; n < 20; n += 1) await add(`k${n}`);
    const claimed = await Promise.all(Array.from({ length: 8 }, (_, n) => claim(`owner ${n}`, 5)));
    const keys = claimed.flat().map(({ key }) => key);
    expect(new Set(keys).size).to.equal(keys.length);
    const rest = await claim('owner last', 20);
    expect(keys.length + rest.length).to.equal(20);
  });

  it('lets one of many take a due time, and later ones only', async () => {
    const dueAt = house.clock();
    const job = { topic: 'nightly', lane: 'counter' as const, key: 'nightly', data: null, runAt: dueAt, attempts: 1 };
    const take = (at: Date) => takeTick(house.db, house.newId, at, job);
    const taken = await Promise.all(Array.from({ length: 6 }, () => take(dueAt)));
    expect(taken.filter(Boolean)).to.have.length(1);
    expect(await take(new Date(dueAt.getTime() - 1000))).to.equal(false);
    expect(await take(new Date(dueAt.getTime() + 1000))).to.equal(true);
    expect(await house.db.rows.queueJobs.count({ where: { topic: 'nightly' } })).to.equal(1);
  });

  it('keeps what failed for a month, and then forgets it', async () => {
    await add('old');
    const [job] = await claim('me');
    if (job) await failJob(house.db, job, 1, house.clock(), 'never');
    house.time.advance({ milliseconds: FAILED_KEPT_MS });
    expect(await forgetFailedJobs(house.db, house.clock())).to.equal(0);
    house.time.advance({ seconds: 1 });
    expect(await forgetFailedJobs(house.db, house.clock())).to.equal(1);
  });
});
