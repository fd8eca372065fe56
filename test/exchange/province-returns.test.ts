import { expect } from 'chai';
import { checkLags } from '../../exchange/province/check-lags.ts';
import { digestMessage } from '../../exchange/province/digest-message.ts';
import { connectHttp } from '../../exchange/province/http/connect.ts';
import { pushToProvince } from '../../exchange/province/push-to-province.ts';
import { receiveFromProvince } from '../../exchange/province/receive-from-province.ts';
import type { CatalogueDefinition } from '../../models/catalogue/definition.ts';
import { saveEntry } from '../../models/catalogue/save-entry.ts';
import { findLink, listAlarms, listRefusals, replayRefusal } from '../../models/exchange-state/index.ts';
import { houseCaller } from '../../models/house.ts';
import { formatIdentifier, type LicenceIdentifier } from '../../models/identifier/licence-identifier.ts';
import { sm3Hex } from '../../models/kernel/digest.ts';
import { changeStatus } from '../../models/licence/change-status.ts';
import { composeRecords, type LicenceRecord } from '../../models/licence/compose-records.ts';
import { reviewLicence } from '../../models/licence/review-licence.ts';
import { sealLicence } from '../../models/licence/seal-licence.ts';
import { submitLicence } from '../../models/licence/submit-licence.ts';
import { openHouseKey } from '../../models/seal/keys.ts';
import { loadTrust } from '../../models/verification/trust.ts';
import { type RunningProvince, startProvince } from '../../server/sandbox/province/start-province.ts';
import { eachDatabase } from '../world/each-database.ts';
import {
  bureauOfficer,
  clerk,
  ENTRY,
  ISSUER,
  OTHER_ISSUER,
  openFurnishedHouse,
  reviewer,
  SUBMISSION,
  sealKeeper,
} from '../world/sample-entry.ts';
import { furnishOther, sealElsewhere } from '../world/sealed-elsewhere.ts';
import { type TemporaryFolder, temporaryFolder } from '../world/temporary-folder.ts';
import type { TestHouse } from '../world/test-house.ts';
import { numberOf } from './department.ts';
import { type Gate, type GateAnswer, openGate } from './province-gate.ts';

const PROVINCIAL_BODY = '11410000MB0000009X';
/** Of a type that a ministry has defined, issued by bodies of the city as well as by others. */
const NATIONAL_ENTRY: CatalogueDefinition = { ...ENTRY, code: '11100000000013338W011' };

const identifierOf = (serial: string, parts: Partial<LicenceIdentifier> = {}) =>
  formatIdentifier({
    ...{ typeCode: NATIONAL_ENTRY.code, issuerCode: PROVINCIAL_BODY, serial: `RETURNED${serial}`, version: '001' },
    ...parts,
  });

eachDatabase('licences that the province returns', (openDatabase) => {
  let house: TestHouse;
  let there: RunningProvince;
  let gate: Gate;
  let folder: TemporaryFolder;
  /** Of a licence that was issued here. */
  let ours: LicenceRecord;
  /** Of one that comes back. */
  let record: LicenceRecord;
  /** What stands before the province answers of its own. */
  let answers: (path: string) => GateAnswer = () => false;

  type Files = readonly { readonly name: string; readonly sm3: string; readonly bytes: Uint8Array }[];

  const connect = () => connectHttp(house, { url: gate.url, publicKey: there.key.publicKey });
  const receive = () => receiveFromProvince(house, connect());
  const find = (identifier: string) => house.db.rows.licences.findOne({ where: { identifier } });
  const refusals = async () => (await listRefusals(house, bureauOfficer, { state: 'return' })).items;
  const causeOf = async (identifier: string) => (await refusals()).find(({ subject }) => subject === identifier)?.cause;
  const link = async () => (await findLink(house, connect().name)) ?? { failures: 0 };

  /** Sealed elsewhere, under their own identifier. */
  const sealed = async (identifier: string, metadata?: Readonly<Record<string, string>>): Promise<Files> => {
    const { ofd, pdf, sm3 } = await sealElsewhere(house, identifier, 1, [], metadata);
    return [
      { name: 'licence.ofd', sm3: sm3.ofd, bytes: ofd },
      { name: 'licence.pdf', sm3: sm3.pdf, bytes: pdf },
    ];
  };

  /** As the province would: a licence of its own, with files that are genuine. */
  const plant = async (
    identifier: string,
    change: Partial<LicenceRecord> & { readonly classified?: boolean } = {},
    given?: Files,
  ): Promise<Files> => {
    const files = given ?? (await sealed(identifier));
    const own: LicenceRecord = { ...record, identifier, ...change };
    const named = files.map(({ name, sm3 }) => ({ name, sm3, sizeBytes: 0, read: () => Promise.reject(new Error()) }));
    const sequence = own.changes.at(-1)?.sequence ?? 0;
    const digest = digestMessage(own, named);
    there.library.plant({ subject: `licence:${identifier}`, sequence, digest, record: own, files });
    return files;
  };

  before(async function () {
    this.timeout(60_000);
    house = await openFurnishedHouse(await openDatabase());
    await furnishOther(house);
    await saveEntry(house, clerk, NATIONAL_ENTRY);
    folder = temporaryFolder();
    const { certificates } = await openHouseKey(house, 'repository', 'SM2');
    there = await startProvince({
      ...{ port: 0, bind: '127.0.0.1', dataDir: folder.path, clock: house.clock },
      cityCertificate: certificates[0] ?? new Uint8Array(),
      trust: await loadTrust(house),
    });
    gate = await openGate(there.url, (_, path) => answers(path));
    const fields = { ...SUBMISSION.fields, licenceNumber: numberOf(1) };
    const { licenceId } = await submitLicence(house, clerk, { ...SUBMISSION, fields }, { source: 'api' });
    await reviewLicence(house, reviewer, licenceId, { decision: 'approved' });
    await sealLicence(house, sealKeeper, licenceId);
    const row = await house.db.rows.licences.findByPk(licenceId);
    const [recorded] = row ? await composeRecords(house, [row.get()]) : [];
    if (!recorded) throw new Error('nothing was issued');
    ours = recorded.record;
    record = { ...ours, catalogueCode: NATIONAL_ENTRY.code, issuingBody: PROVINCIAL_BODY };
    await pushToProvince(house, connect());
  });

  after(async () => {
    gate.close();
    await there.close();
    await house.close();
    folder.remove();
  });

  it('enter as such: issued, by the body they name, with their files, and are never sent back', async () => {
    await plant(identifierOf('1'));
    const waiting = await house.db.rows.outbox.count();
    expect(await receive()).to.include({ accepted: 1, refused: 0 });
    const licence = await find(identifierOf('1'));
    expect(licence).to.include({ source: 'province', state: 'issued', status: 'valid', issuingBody: PROVINCIAL_BODY });
    expect(await house.db.rows.licenceFiles.count({ where: { licenceId: licence?.id ?? '' } })).to.equal(2);
    expect(await house.db.rows.licenceHolders.count({ where: { licenceId: licence?.id ?? '' } })).to.equal(1);
    expect(await house.db.rows.outbox.count()).to.equal(waiting);
    expect(await house.db.rows.auditEntries.count({ where: { act: 'exchange.return' } })).to.equal(1);
  });

  it('enter once, however often they come', async () => {
    expect(await receive()).to.include({ accepted: 0, refused: 0 });
    await house.db.rows.provinceCursors.destroy({ where: {} });
    expect(await receive()).to.include({ accepted: 0, refused: 0 });
    expect(await house.db.rows.licences.count({ where: { source: 'province' } })).to.equal(1);
  });

  it('follow their later states, and none that is older', async () => {
    const [first] = record.changes;
    if (!first) throw new Error('no change record');
    const suspended = { ...first, sequence: first.sequence + 1, act: 'suspend', fromStatus: 'valid' };
    const changes = [...record.changes, { ...suspended, toStatus: 'suspended', reason: '整改' }];
    await plant(identifierOf('1'), { status: 'suspended', changes });
    await plant(identifierOf('1'));
    expect(await receive()).to.include({ accepted: 1 });
    const licence = await find(identifierOf('1'));
    expect(licence).to.include({ status: 'suspended', sequence: first.sequence + 1 });
    expect(await house.db.rows.changes.count({ where: { licenceId: licence?.id ?? '' } })).to.equal(2);
  });

  it('are refused with their cause when a file does not verify, the entry is unknown, or the identifier is ours', async () => {
    const [file, ...others] = await sealed(identifierOf('2'));
    if (!file) throw new Error('no file');
    const bytes = Uint8Array.from(file.bytes);
    bytes[bytes.length - 30] = (bytes[bytes.length - 30] ?? 0) ^ 1;
    await plant(identifierOf('2'), {}, [{ ...file, bytes, sm3: sm3Hex(bytes) }, ...others]);
    await plant(ours.identifier, ours);
    const unknown = { typeCode: '11100000000013338W999' };
    await plant(identifierOf('3', unknown), { catalogueCode: unknown.typeCode });
    expect(await receive()).to.include({ accepted: 0, refused: 3, held: 0 });
    expect(await causeOf(identifierOf('2'))).to.match(/^FILE_(REFUSED|NOT_WHAT_IT_SAYS) files\/ofd/);
    expect(await causeOf(ours.identifier)).to.equal('ALREADY_EXISTS identifier');
    expect(await causeOf(identifierOf('3', unknown))).to.equal('CATALOGUE_UNKNOWN catalogueCode');
    expect((await find(ours.identifier))?.source).to.equal('api');
  });

  it('are refused under an identifier that is in no form, or is of another type or body', async () => {
    await plant('1.2.156.RETURNED-5');
    await plant(identifierOf('6'), { catalogueCode: '11100000000013338W012' });
    await plant(identifierOf('7'), { issuingBody: '11410000MB0000008X' });
    await plant(identifierOf('7').toLowerCase());
    expect(await receive()).to.include({ accepted: 0, refused: 4 });
    expect(await causeOf('1.2.156.RETURNED-5')).to.equal('FIELD_PATTERN identifier GB/T 36904');
    expect(await causeOf(identifierOf('6'))).to.contain('FILE_MISMATCH identifier catalogueCode');
    expect(await causeOf(identifierOf('7'))).to.equal('FILE_MISMATCH identifier issuingBody');
  });

  it('enter under a check character that was computed wrong elsewhere, which is remarked', async () => {
    const right = identifierOf('5');
    const wrong = `${right.slice(0, -1)}${right.endsWith('0') ? '1' : '0'}`;
    await plant(wrong);
    expect(await receive()).to.include({ accepted: 1, refused: 0 });
    expect(await find(wrong)).to.include({ source: 'province', state: 'issued' });
    const noted = () => house.db.rows.provinceReturns.findByPk(wrong);
    const remarked = { state: 'accepted', cause: 'CHECK_CHARACTER_WRONG identifier' };
    expect(await noted()).to.include(remarked);
    const [first] = record.changes;
    if (!first) throw new Error('no change record');
    const suspended = { ...first, sequence: first.sequence + 1, act: 'suspend', fromStatus: 'valid' };
    await plant(wrong, { status: 'suspended', changes: [...record.changes, { ...suspended, toStatus: 'suspended' }] });
    expect(await receive()).to.include({ accepted: 1, refused: 0 });
    expect(await noted()).to.include({ ...remarked, sequence: first.sequence + 1 });
    const entries = await house.db.rows.auditEntries.findAll({ where: { act: 'exchange.return' } });
    const checks = (identifier: string) =>
      entries.flatMap(({ details }) => (details.identifier === identifier ? [details.checkCharacter] : []));
    expect(checks(wrong)).to.deep.equal(['wrong', 'wrong']);
    expect(checks(identifierOf('1'))).to.deep.equal([undefined, undefined]);
  });

  for (const [name, metadata, format] of [
    ['another licence', { ZZBS: 'other' }, 'ofd'],
    ['another type', { ZZLXDM: '11100000000013338W012' }, 'ofd'],
    ['another issuer', { ZZBFJGDM: ISSUER }, 'ofd'],
    ['another licence, in the PDF alone,', { ZZBS: 'other' }, 'pdf'],
  ] as const) {
    it(`are refused when a file names ${name} inside`, async () => {
      const identifier = identifierOf(`8${name.length}${format}`.toUpperCase());
      const other = 'ZZBS' in metadata ? { ZZBS: identifierOf('1') } : metadata;
      const said = Object.assign({ ZZBS: identifier }, other);
      const [good, bad] = [await sealed(identifier), await sealed(identifier, said)];
      const files = good.map((file, index) => (file.name.endsWith(format) ? (bad[index] ?? file) : file));
      await plant(identifier, {}, files);
      expect(await receive()).to.include({ accepted: 0, refused: 1 });
      const [which] = Object.keys(metadata);
      expect(await causeOf(identifier)).to.equal(`FILE_MISMATCH files/${format} ${which}`);
    });
  }

  it('name a body of the city only under an entry of its own, of a type that was defined above the city', async () => {
    const own = identifierOf('10', { issuerCode: ISSUER });
    const foreign = identifierOf('11', { issuerCode: OTHER_ISSUER });
    const local = identifierOf('12', { issuerCode: ISSUER, typeCode: ENTRY.code });
    const lent = identifierOf('13', { typeCode: ENTRY.code });
    await plant(own, { issuingBody: ISSUER });
    await plant(foreign, { issuingBody: OTHER_ISSUER });
    await plant(local, { issuingBody: ISSUER, catalogueCode: ENTRY.code });
    await plant(lent, { catalogueCode: ENTRY.code });
    expect(await receive()).to.include({ accepted: 1, refused: 3 });
    expect(await find(own)).to.include({ source: 'province', issuingBody: ISSUER });
    expect(await causeOf(foreign)).to.equal(`FOREIGN_ISSUER issuingBody ${OTHER_ISSUER}`);
    for (const one of [local, lent]) expect(await causeOf(one)).to.equal(`FOREIGN_ISSUER catalogueCode ${ISSUER}`);
  });

  it('stay of the type and the body they came as', async () => {
    const [first] = record.changes;
    if (!first) throw new Error('no change record');
    const changes = [...record.changes, { ...first, sequence: first.sequence + 5, act: 'resume', fromStatus: 'valid' }];
    await plant(identifierOf('1'), { changes, issuingBody: ISSUER });
    expect(await receive()).to.include({ accepted: 0, refused: 1 });
    expect(await causeOf(identifierOf('1'))).to.equal('FILE_MISMATCH issuingBody');
  });

  it('are held while a file is missing, too large or refused, hold up nobody, and come by themselves once it is there', async () => {
    const missing = await plant(identifierOf('14'));
    const large = await plant(identifierOf('15'));
    const failing = await plant(identifierOf('16'));
    await plant(identifierOf('17'));
    const own: [Files, GateAnswer][] = [
      [missing, 404],
      [large, { status: 200, headers: { 'content-length': String(65 * 1024 * 1024) } }],
      [failing, 500],
    ];
    answers = (path) => own.find(([files]) => path.endsWith(files[1]?.sm3 ?? ''))?.[1] ?? false;
    expect(await receive()).to.include({ accepted: 1, refused: 0, held: 3 });
    expect(await find(identifierOf('17'))).to.include({ source: 'province' });
    expect(await causeOf(identifierOf('14'))).to.equal('FILE_MISSING licence.pdf');
    expect(await causeOf(identifierOf('15'))).to.equal('FILE_TOO_LARGE licence.pdf');
    expect(await causeOf(identifierOf('16'))).to.equal('FILE_NOT_TO_BE_HAD HTTP 500');
    expect(await link()).to.include({ failures: 0 });
    expect(await receive()).to.include({ accepted: 0, refused: 0, held: 0 });
    answers = () => false;
    house.time.advance({ minutes: 15 });
    expect(await receive()).to.include({ accepted: 3, refused: 0, held: 0 });
    for (const serial of ['14', '15', '16']) expect(await causeOf(identifierOf(serial))).to.equal(undefined);
  });

  it('alone on a page with a file that is not to be had do not rest the link either', async () => {
    const files = await plant(identifierOf('18'));
    answers = (path) => (path.endsWith(files[0]?.sm3 ?? '') ? 500 : false);
    expect(await receive()).to.include({ accepted: 0, held: 1 });
    expect(await link()).to.include({ failures: 0 });
    answers = () => false;
    await replayRefusal(house, bureauOfficer, `return:${identifierOf('18')}`);
    expect(await receive()).to.include({ accepted: 1, held: 0 });
  });

  it('keep what came before the province went away, and rest the link', async () => {
    await plant(identifierOf('19'));
    const files = await plant(identifierOf('20'));
    let isAway = false;
    answers = (path) => {
      isAway ||= path.endsWith(files[0]?.sm3 ?? '');
      return isAway ? 500 : false;
    };
    expect(await receive()).to.include({ accepted: 1, held: 0 });
    expect(await link()).to.include({ failures: 1 });
    expect(await find(identifierOf('19'))).to.include({ source: 'province' });
    answers = () => false;
    house.time.advance({ minutes: 2 });
    expect(await receive()).to.include({ accepted: 1, held: 0 });
    expect(await link()).to.include({ failures: 0 });
  });

  it('behind many that are not to be had are reached by the passes after', async () => {
    const poisoned: Files[] = [];
    for (let serial = 0; serial < 9; serial += 1) poisoned.push(await plant(identifierOf(`21X${serial}`)));
    await plant(identifierOf('22'));
    answers = (path) => (poisoned.some(([file]) => path.endsWith(file?.sm3 ?? '')) ? 500 : false);
    expect(await receive()).to.include({ accepted: 0, held: 8 });
    expect(await receive()).to.include({ accepted: 1, held: 1 });
    expect(await link()).to.include({ failures: 0 });
    answers = () => false;
    house.time.advance({ minutes: 15 });
    expect(await receive()).to.include({ accepted: 9, held: 0 });
  });

  it('are read once more when somebody asks for it', async () => {
    const before = await refusals();
    await replayRefusal(house, bureauOfficer, `return:${identifierOf('2')}`);
    expect(await receive()).to.include({ accepted: 0, refused: 1 });
    expect((await refusals()).map(({ id, cause }) => [id, cause])).to.deep.equal(
      before.map(({ id, cause }) => [id, cause]),
    );
  });

  it('are listed as such when they are asked for and the province gives them no more', async () => {
    const gone = identifierOf('23');
    await house.db.rows.provinceReturns.create({
      ...{ id: gone, sequence: 1, digest: '0'.repeat(64), state: 'held', cause: 'FILE_MISSING licence.ofd' },
      ...{ licenceId: null, issuingBody: null, pageCursor: null, receivedAt: house.clock(), updatedAt: house.clock() },
    });
    await receive();
    expect(await causeOf(gone)).to.equal('FILE_MISSING licence.ofd');
    house.time.advance({ minutes: 15 });
    const before = await house.db.rows.provinceReturns.count({ where: { state: 'accepted' } });
    expect(await receive()).to.include({ accepted: 0, refused: 0, held: 0 });
    expect(await causeOf(gone)).to.equal('NOT_RETURNED_ANY_MORE');
    expect(await house.db.rows.provinceReturns.count({ where: { state: 'accepted' } })).to.equal(before);
  });

  it('come beside the codes that the province gives to entries', async () => {
    const row = await house.db.rows.provinceCatalogueCodes.findByPk(SUBMISSION.catalogueCode);
    expect(row?.provincialCode).to.equal(`S41${SUBMISSION.catalogueCode}`);
  });

  it('are asked for again when the province is back, and an alarm tells that it was away', async () => {
    const caller = houseCaller('test');
    const licence = await find(ours.identifier);
    const act = { act: 'suspend' as const, legalBasis: '行政许可法', reason: '整改' };
    const arrival = { frontEnd: 'bureau', pushedAt: house.clock() };
    await changeStatus(house, { ...clerk, arrival }, licence?.id ?? '', act);
    await plant(identifierOf('4'));
    there.setFaults({ status: 503 });
    expect(await receive()).to.include({ accepted: 0 });
    house.time.advance({ minutes: 4 });
    expect(await checkLags(house, caller)).to.deep.equal({ raised: 0, cleared: 0 });
    house.time.advance({ seconds: 1 });
    expect(await checkLags(house, caller)).to.deep.equal({ raised: 2, cleared: 0 });
    expect(await checkLags(house, caller)).to.deep.equal({ raised: 0, cleared: 0 });
    there.setFaults({});
    expect(await receive()).to.include({ accepted: 1 });
    await pushToProvince(house, connect());
    expect(await checkLags(house, caller)).to.deep.equal({ raised: 0, cleared: 2 });
    const { items } = await listAlarms(house, bureauOfficer, {});
    expect(items.map(({ kind }) => kind)).to.have.members(['lag', 'link']);
    for (const { clearedAt } of items) expect(clearedAt).to.equal(house.clock().toISOString());
  });

  it('hold up nobody beside them when they are malformed', async () => {
    const [first] = record.changes;
    if (!first) throw new Error('no change record');
    await plant(identifierOf('24'), { changes: [first, first] });
    await plant(identifierOf('26'), { classified: true });
    await plant(identifierOf('28'), { changes: [{ ...first, reason: 'half of a character: \ud83d' }] });
    await plant(identifierOf('27'));
    expect(await receive()).to.include({ accepted: 1, refused: 3 });
    expect(await causeOf(identifierOf('28'))).to.equal('RECORD_INVALID');
    expect(await find(identifierOf('27'))).to.include({ source: 'province' });
    expect(await find(identifierOf('26'))).to.equal(null);
    expect(await receive()).to.include({ accepted: 0, refused: 0 });
  });
});
