import { expect } from 'chai';
import { pushToProvince } from '../../../exchange/province/push-to-province.ts';
import { receiveFromProvince } from '../../../exchange/province/receive-from-province.ts';
import { type Comparison, compareWithProvince } from '../../../exchange/reconcile/compare-with-province.ts';
import { changeStatus } from '../../../models/licence/change-status.ts';
import { reviewLicence } from '../../../models/licence/review-licence.ts';
import { sealLicence } from '../../../models/licence/seal-licence.ts';
import { submitLicence } from '../../../models/licence/submit-licence.ts';
import { eachDatabase } from '../../world/each-database.ts';
import { clerk, ENTRY, openFurnishedHouse, reviewer, SUBMISSION, sealKeeper } from '../../world/sample-entry.ts';
import type { TestHouse } from '../../world/test-house.ts';
import { type HenanTestProvince, openHenanProvince } from '../conformance/henan-province.ts';
import { numberOf } from '../department.ts';

const LICENCES = 5;

eachDatabase('what lies in Henan’s tables, compared', (openDatabase) => {
  let house: TestHouse;
  let there: HenanTestProvince;
  const issued: { readonly id: string; readonly subject: string }[] = [];

  const connect = () => there.connect(house);
  const compare = () => compareWithProvince(house, connect());
  const kinds = ({ differences }: Comparison) => differences.map(({ kind, subject }) => `${kind} ${subject}`).sort();
  /** Sent, moved, and the receipts fetched, until nothing is on its way. */
  const settle = async () => {
    for (let round = 0; round < 3; round += 1) {
      await pushToProvince(house, connect());
      await there.work();
      await receiveFromProvince(house, connect());
      house.time.advance({ minutes: 16 });
    }
    expect(await house.db.rows.outbox.count()).to.equal(0);
  };
  const the = (index: number) => issued[index] ?? { id: '', subject: '' };
  const rows = () => there.connection.query('SELECT license_file_number, state FROM hn_license_sync ORDER BY 1');

  before(async function () {
    this.timeout(60_000);
    house = await openFurnishedHouse(await openDatabase());
    there = await openHenanProvince(house, openDatabase);
    for (let serial = 1; serial <= LICENCES; serial += 1) {
      const fields = { ...SUBMISSION.fields, licenceNumber: numberOf(serial) };
      const body = { ...SUBMISSION, fields, caseNumber: `AJ-${serial}` };
      const { licenceId } = await submitLicence(house, clerk, body, { source: 'api' });
      await reviewLicence(house, reviewer, licenceId, { decision: 'approved' });
      const { identifier } = await sealLicence(house, sealKeeper, licenceId);
      issued.push({ id: licenceId, subject: `licence:${identifier}` });
    }
    await settle();
  });

  after(async () => {
    await there.close();
    await house.close();
  });

  it('agrees when it is what was written', async () => {
    const result = await compare();
    expect(kinds(result)).to.deep.equal([]);
    expect(result).to.include({ scope: 'both' });
  });

  it('finds rows that were removed or altered there, an entry too, and writes them once more', async () => {
    await there.connection.execute('DELETE FROM hn_license_sync WHERE license_file_number = ?', [
      await there.keyOf(the(0).subject),
    ]);
    await there.connection.execute('UPDATE hn_license_sync SET state = -5 WHERE license_file_number = ?', [
      await there.keyOf(the(1).subject),
    ]);
    await there.connection.execute('UPDATE hn_license_sync SET license_number = ? WHERE license_file_number = ?', [
      'forged',
      await there.keyOf(the(2).subject),
    ]);
    await there.connection.execute("UPDATE hn_catalog_sync SET license_name = 'forged'");
    const result = await compare();
    expect(kinds(result)).to.deep.equal(
      [
        `missing ${the(0).subject}`,
        `differs ${the(1).subject}`,
        `differs ${the(2).subject}`,
        `differs catalogue:${ENTRY.code}`,
      ].sort(),
    );
    expect(result.counts).to.include({ requeued: 4 });
    await settle();
    expect(kinds(await compare())).to.deep.equal([]);
    expect((await rows()).map(({ state }) => Number(state))).to.deep.equal(Array(LICENCES).fill(11));
    for (const { subject } of issued) expect(await there.find(subject)).to.include({ isValid: true, hasFile: true });
  });

  it('leaves alone what is not ours, and what is on its way', async () => {
    await there.connection.execute(
      "INSERT INTO hn_license_sync (license_file_number, state, sync_state) VALUES ('OTHER00000000010001', 11, 1)",
    );
    const officer = { ...clerk, roles: [...clerk.roles, ...sealKeeper.roles] };
    await changeStatus(house, officer, the(3).id, { act: 'suspend', legalBasis: '行政许可法', reason: '整改' });
    await pushToProvince(house, connect());
    const result = await compare();
    expect(kinds(result)).to.deep.equal([]);
    expect(result.counts).to.include({ pending: 1, requeued: 0 });
    await there.connection.execute("DELETE FROM hn_license_sync WHERE license_file_number LIKE 'OTHER%'");
    await settle();
    expect(kinds(await compare())).to.deep.equal([]);
  });

  it('does not send again and again what the province refuses', async () => {
    there.refuse('按规定不予接收');
    const officer = { ...clerk, roles: [...clerk.roles, ...sealKeeper.roles] };
    await changeStatus(house, officer, the(3).id, { act: 'resume', legalBasis: '行政许可法', reason: '整改完成' });
    await settle();
    there.refuse(null);
    expect(await house.db.rows.provinceStates.count({ where: { state: 'refused' } })).to.equal(1);
    const result = await compare();
    expect(kinds(result)).to.deep.equal([`refused ${the(3).subject}`]);
    expect(result.counts).to.include({ requeued: 0 });
  });

  it('takes rows as moved that were cleared away in great number', async () => {
    const first = await house.db.rows.henanSubjects.findOne({ where: { subject: the(0).subject } });
    for (let count = 0; count < 21; count += 1)
      await house.db.rows.henanSubjects.create({
        ...{ subject: `licence:${count}`, fileVersion: 1, sequence: 1, digest: first?.digest ?? null },
      });
    await there.connection.execute('DELETE FROM hn_license_sync');
    const result = await compare();
    expect(result.counts).to.include({ missing: 0, requeued: 0 });
  });
});
