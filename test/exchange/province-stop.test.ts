import { expect } from 'chai';
import { connectProvince, type Province } from '../../exchange/province/connect-province.ts';
import { pushToProvince } from '../../exchange/province/push-to-province.ts';
import { compareJob, foldTreeJob, provinceJob } from '../../jobs/exchange.ts';
import type { Job } from '../../jobs/job.ts';
import { houseCaller } from '../../models/house.ts';
import { reviewLicence } from '../../models/licence/review-licence.ts';
import { sealLicence } from '../../models/licence/seal-licence.ts';
import { submitLicence } from '../../models/licence/submit-licence.ts';
import { openHouseKey } from '../../models/seal/keys.ts';
import { loadTrust } from '../../models/verification/trust.ts';
import { type RunningProvince, startProvince } from '../../server/sandbox/province/start-province.ts';
import { eachDatabase } from '../world/each-database.ts';
import { clerk, openFurnishedHouse, reviewer, SUBMISSION, sealKeeper } from '../world/sample-entry.ts';
import { type TemporaryFolder, temporaryFolder } from '../world/temporary-folder.ts';
import type { TestHouse } from '../world/test-house.ts';
import { numberOf } from './department.ts';
import { openGate } from './province-gate.ts';

/** With the entry of the catalogue. */
const SUBJECTS = 5;

eachDatabase('a worker on the way to the province that is told to stop', (openDatabase) => {
  let house: TestHouse;
  let there: RunningProvince;
  let province: Province;
  let folder: TemporaryFolder;

  before(async function () {
    this.timeout(60_000);
    house = await openFurnishedHouse(await openDatabase());
    folder = temporaryFolder();
    const { certificates } = await openHouseKey(house, 'repository', 'SM2');
    there = await startProvince({
      ...{ port: 0, bind: '127.0.0.1', dataDir: folder.path, clock: house.clock, trust: await loadTrust(house) },
      cityCertificate: certificates[0] ?? new Uint8Array(),
    });
    province = { url: there.url, publicKey: there.key.publicKey };
    for (let serial = 1; serial < SUBJECTS; serial += 1) {
      const fields = { ...SUBMISSION.fields, licenceNumber: numberOf(serial) };
      const body = { ...SUBMISSION, fields, caseNumber: `AJ-${serial}` };
      const { licenceId } = await submitLicence(house, clerk, body, { source: 'api' });
      await reviewLicence(house, reviewer, licenceId, { decision: 'approved' });
      await sealLicence(house, sealKeeper, licenceId);
    }
  });

  after(async () => {
    await there.close();
    await house.close();
    folder.remove();
  });

  const run = (job: Job, signal: AbortSignal) =>
    job.run(house, houseCaller('test'), { queue: { add: () => Promise.resolve() }, key: job.name, signal });
  const stopped = () => AbortSignal.abort(new Error('the queue closes'));
  const going = () => new AbortController().signal;

  it('begins nothing', async () => {
    expect(await run(provinceJob(province), stopped())).to.equal(undefined);
    expect(there.library.count()).to.equal(0);
  });

  it('finishes the batches under way, leaves the rest, and doubles nothing', async () => {
    const stop = new AbortController();
    const gate = await openGate(there.url, () => {
      stop.abort();
      return false;
    });
    const connector = { ...connectProvince(house, { ...province, url: gate.url }), mostItems: 1 };
    const { done, delayed } = await pushToProvince(house, connector, stop.signal);
    gate.close();
    expect(delayed).to.equal(0);
    expect(done, 'as many as there are lines').to.be.within(1, 2);
    expect(await house.db.rows.outbox.count({ where: { lockedUntil: null } })).to.equal(SUBJECTS - done);
    expect(await run(provinceJob(province), going())).to.include({ done: SUBJECTS - done });
    expect(there.library.count()).to.equal(SUBJECTS);
    const entries = await house.db.rows.auditEntries.findAll({ where: { act: 'exchange.province' } });
    const named = entries.flatMap(({ licenceId, details }) => [licenceId, ...((details.licenceIds ?? []) as string[])]);
    expect(named.filter(Boolean)).to.have.length(SUBJECTS - 1);
  });

  it('folds nothing more into the tree', async () => {
    const marks = await house.db.rows.treeMarks.count();
    expect(marks).to.be.greaterThan(0);
    await run(foldTreeJob, stopped());
    expect(await house.db.rows.treeMarks.count()).to.equal(marks);
    await run(foldTreeJob, going());
    expect(await house.db.rows.treeMarks.count()).to.equal(0);
  });

  it('leaves the night’s comparison to another, and signs no statement of half of it', async () => {
    const [first] = there.library.page('licence:', 1);
    there.library.remove(first?.subject ?? '');
    const ended = await run(compareJob(province), stopped()).catch((error: Error) => error.message);
    expect(ended).to.equal('the queue closes');
    expect(await house.db.rows.statements.count()).to.equal(0);
    expect(await run(compareJob(province), going())).to.include({ comparisons: 2, repaired: 1, agreed: true });
    expect(await house.db.rows.statements.count()).to.equal(1);
  });
});
