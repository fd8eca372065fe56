import { expect } from 'chai';
import { verifyAudit } from '../../../models/audit/verify-audit.ts';
import { saveEntry } from '../../../models/catalogue/save-entry.ts';
import { acceptSealedLicences } from '../../../models/licence/accept-sealed-licence.ts';
import { changeStatus } from '../../../models/licence/change-status.ts';
import { composeRecords } from '../../../models/licence/compose-records.ts';
import type { Maintenance } from '../../../models/licence/judge-maintenance.ts';
import { maintainRecord, maintainRecords } from '../../../models/licence/maintain-records.ts';
import { readAsOf } from '../../../models/licence/read-as-of.ts';
import { eachDatabase } from '../../world/each-database.ts';
import { COMPANY, clerk, ISSUER, openFurnishedHouse, otherClerk } from '../../world/sample-entry.ts';
import { furnishOther, OTHER_ENTRY, ownIdentifier, sealElsewhere, submissionOf } from '../../world/sealed-elsewhere.ts';
import type { TestHouse } from '../../world/test-house.ts';
import { faultOf } from '../fault-of.ts';
import { issueOne, rowOf, submitOne } from './issue-one.ts';

/** Beside the face: a telephone number and a note, which no layout draws. */
const BESIDE = [
  { key: 'contactPhone', name: '联系电话', type: 'text', required: false, maxLength: 20, pattern: '^[0-9]*$' },
  { key: 'note', name: '备注', type: 'text', required: false, maxLength: 200 },
] as const;

eachDatabase('data maintenance of an issued licence', (openDatabase) => {
  let house: TestHouse;
  let licenceId: string;

  before(async function () {
    this.timeout(60_000);
    house = await openFurnishedHouse(await openDatabase());
    await furnishOther(house);
    await saveEntry(house, otherClerk, { ...OTHER_ENTRY, fields: [...OTHER_ENTRY.fields, ...BESIDE] });
    const identifier = ownIdentifier('C1');
    const { ofd } = await sealElsewhere(house, identifier, 1);
    const files = [{ format: 'ofd', bytes: ofd, sm3: null }];
    const [outcome] = await acceptSealedLicences(house, otherClerk, [
      {
        body: submissionOf(1, { contactPhone: '0370111' }),
        sealed: { identifier, issuedOn: '2026-03-01', files },
        from: { source: 'front-end' },
      },
    ]);
    if (!outcome || !('done' in outcome)) throw outcome?.fault ?? new Error('no outcome');
    licenceId = outcome.done.licenceId;
  });

  after(() => house.close());

  const maintain = (facts: Maintenance, id = licenceId) =>
    maintainRecord(house, otherClerk, id, { ...facts, reason: '数据维护' });
  const faults = async (facts: Maintenance) => {
    const { errors } = await faultOf(maintain(facts));
    return errors.map(({ pointer, code }) => `${code} ${pointer}`);
  };

  it('changes what no face shows, as a change record with the next sequence and no new file', async () => {
    const view = await maintain({
      fields: { contactPhone: '0370222' },
      caseNumber: 'AJ-77',
      closedAt: '2026-02-27T10:00:00+08:00',
    });
    expect(view).to.deep.include({ status: 'valid', caseNumber: 'AJ-77' });
    expect(view.fields).to.deep.include({ contactPhone: '0370222', projectName: '样例花园1期' });
    expect(
      view.changes.map(({ act, fromStatus, toStatus, reason }) => [act, fromStatus, toStatus, reason]),
    ).to.deep.equal([
      ['issue', null, 'valid', null],
      ['maintain', 'valid', 'valid', '数据维护'],
    ]);
    expect(view.files).to.have.length(1);
    const row = await rowOf(house, licenceId);
    expect(row.sequence).to.equal(3);
    expect(row.closedAt?.toISOString()).to.equal('2026-02-27T02:00:00.000Z');
    expect(await house.db.rows.cases.count({ where: { licenceId, caseNumber: 'AJ-77' } })).to.equal(1);
    const [recorded] = await composeRecords(house, [row]);
    expect(recorded?.record.fields.contactPhone).to.equal('0370222');
    expect(recorded?.record.changes.at(-1)).to.include({ act: 'maintain', sequence: 3 });
    const logged = await house.db.rows.auditEntries.findOne({ where: { act: 'licence.maintain' } });
    expect(logged?.details).to.deep.equal({ pointers: ['/fields/contactPhone', '/caseNumber', '/closedAt'] });
    expect(await verifyAudit(house)).to.include({ holds: true });
  });

  it('leaves what it replaced to whoever asks for the licence as it was', async () => {
    const issuedAt = house.clock();
    const before = await rowOf(house, licenceId);
    house.time.advance({ hours: 1 });
    await maintain({ fields: { contactPhone: '', note: '补充' }, caseNumber: 'AJ-78' });
    house.time.advance({ hours: 1 });
    await maintain({ fields: { contactPhone: '0370333' } });
    const asOf = (at: Date) => readAsOf(house, otherClerk, licenceId, { at: at.toISOString() });
    const at = house.clock().getTime();
    const [first, second, third] = await Promise.all([issuedAt, new Date(at - 1), new Date(at)].map(asOf));
    expect(first).to.deep.include({
      fields: before.fields,
      caseNumber: 'AJ-77',
      status: 'valid',
      factsKnownSince: null,
    });
    expect(first?.files).to.have.length(1);
    expect(second?.fields).to.include({ note: '补充' }).and.not.have.property('contactPhone');
    expect(third?.fields).to.include({ note: '补充', contactPhone: '0370333' });
    for (const outside of [new Date(issuedAt.getTime() - 1), new Date(at + 1)])
      expect((await faultOf(asOf(outside))).code).to.equal('AS_OF_OUTSIDE');
    expect((await faultOf(readAsOf(house, clerk, licenceId, { at: issuedAt.toISOString() }))).code).to.equal(
      'NOT_FOUND',
    );
    await house.db.rows.changes.update({ replaced: null }, { where: { licenceId } });
    expect(await asOf(issuedAt)).to.deep.include({ factsKnownSince: new Date(at).toISOString() });
    await maintain({ fields: { contactPhone: '0370222', note: '' }, caseNumber: 'AJ-77' });
    house.time.set(issuedAt);
  });

  it('changes nothing that stands on the sealed face, and names each', async () => {
    const before = await rowOf(house, licenceId);
    expect(
      await faults({
        fields: { projectName: '另一项目', licenceNumber: '施字第2026000009号', note: '可改', kind: 'fj' },
        holders: [{ name: '另一公司', type: 'natural', number: '990101199001010019' }],
        validTo: '2030-01-01',
        commitment: true,
        catalogueCode: `${ISSUER}001`,
      }),
    ).to.have.members([
      'FACE_DATA_CHANGED /catalogueCode',
      'FACE_DATA_CHANGED /validTo',
      'FACE_DATA_CHANGED /commitment',
      'FACE_DATA_CHANGED /holders/0/name',
      'FACE_DATA_CHANGED /holders/0/type',
      'FACE_DATA_CHANGED /holders/0/number',
      'FACE_DATA_CHANGED /fields/projectName',
      'FACE_DATA_CHANGED /fields/licenceNumber',
      'FACE_DATA_CHANGED /fields/kind',
    ]);
    expect(await rowOf(house, licenceId)).to.deep.equal(before);
  });

  it('takes the sealed facts as they are, and holds new data to the entry’s rules', async () => {
    const holders = [{ name: '样例建设有限公司', type: 'legal' as const, number: ` ${COMPANY.toLowerCase()} ` }];
    await maintain({ holders, fields: { ...submissionOf(1).fields, note: '无' } });
    expect(
      await faults({ fields: { contactPhone: 'abc', note: '绝密', other: 'x' }, closedAt: '2099-01-01T00:00:00Z' }),
    ).to.have.members([
      'CLASSIFIED_REFUSED /fields/note',
      'FIELD_UNKNOWN /fields/other',
      'FIELD_PATTERN /fields/contactPhone',
      'CLOSED_IN_FUTURE /closedAt',
    ]);
  });

  it('writes nothing when all is as it was, and empties what a whole push leaves out', async () => {
    const before = await rowOf(house, licenceId);
    const whole = (fields: Record<string, string>) => ({
      licenceId,
      whole: true,
      facts: { ...submissionOf(1), fields } as Maintenance,
    });
    const [same] = await maintainRecords(house, otherClerk, [whole(before.fields)]);
    expect(same && 'done' in same ? same.done.pointers : same).to.deep.equal([]);
    expect(await rowOf(house, licenceId)).to.deep.equal(before);
    const { note: _, ...rest } = before.fields;
    const [less] = await maintainRecords(house, otherClerk, [whole(rest)]);
    expect(less && 'done' in less ? less.done.pointers : less).to.deep.equal(['/fields/note']);
    expect((await rowOf(house, licenceId)).fields).to.deep.equal(rest);
  });

  it('is the issuer’s alone, of issued licences, whatever their status', async () => {
    expect(
      (await faultOf(maintainRecord(house, clerk, licenceId, { caseNumber: 'X', reason: '数据维护' }))).code,
    ).to.equal('NOT_FOUND');
    const waiting = await submitOne(house);
    const early = await faultOf(maintainRecord(house, clerk, waiting, { caseNumber: 'X', reason: '数据维护' }));
    expect(early.code).to.equal('STATE_CONFLICT');
    await changeStatus(house, otherClerk, licenceId, { act: 'cancel', legalBasis: '行政许可法', reason: '注销' });
    expect((await maintain({ caseNumber: 'AJ-78' })).status).to.equal('cancelled');
  });

  it('of one that this house has sealed leaves all its fields: its files carry them as data', async () => {
    const issued = await issueOne(house);
    const own = (facts: Maintenance) =>
      maintainRecord(house, clerk, issued.licenceId, { ...facts, reason: '数据维护' });
    expect((await faultOf(own({ fields: { address: '别处' } }))).errors.map(({ pointer }) => pointer)).to.deep.equal([
      '/fields/address',
    ]);
    expect((await own({ caseNumber: 'AJ-99' })).caseNumber).to.equal('AJ-99');
  });
});
