import { expect } from 'chai';
import { type CatalogueAnswer, ProvinceAway, type ProvinceConnector } from '../../exchange/province/connector.ts';
import { digestMessage } from '../../exchange/province/digest-message.ts';
import { receiveFromProvince } from '../../exchange/province/receive-from-province.ts';
import type { CatalogueDefinition } from '../../models/catalogue/definition.ts';
import { saveEntry } from '../../models/catalogue/save-entry.ts';
import { findLink, replayRefusal } from '../../models/exchange-state/index.ts';
import { formatIdentifier } from '../../models/identifier/licence-identifier.ts';
import { sm3Hex } from '../../models/kernel/digest.ts';
import { eachDatabase } from '../world/each-database.ts';
import { bureauOfficer, COMPANY, clerk, ENTRY, openFurnishedHouse } from '../world/sample-entry.ts';
import type { TestHouse } from '../world/test-house.ts';

const PROVINCIAL_BODY = '11410000MB0000009X';
const NATIONAL_ENTRY: CatalogueDefinition = { ...ENTRY, code: '11100000000013338W011' };
const PAGE = 100;

const identifierOf = (serial: number) =>
  formatIdentifier({
    ...{ typeCode: NATIONAL_ENTRY.code, issuerCode: PROVINCIAL_BODY, serial: `PAGED${serial}`, version: '001' },
  });

eachDatabase('pages of what the province returns', (openDatabase) => {
  let house: TestHouse;
  /** In the order of commits there. */
  let items: { readonly identifier: string; readonly record: unknown; readonly digest?: string }[] = [];
  /** Their files are not answered for. */
  let broken = new Set<string>();
  let codes: CatalogueAnswer[] = [];
  /** With which pages of returned licences were asked for. */
  let asked: (string | null)[] = [];
  let fails: (cursor: string | null) => boolean = () => false;

  const silent: ProvinceConnector = {
    ...{ name: 'paged', mostItems: 200 },
    send: () => Promise.reject(new Error('nothing goes out')),
    knock: () => Promise.resolve(),
  };
  const connector: ProvinceConnector = {
    ...silent,
    async returned(cursor) {
      asked.push(cursor);
      if (fails(cursor)) throw new ProvinceAway({ detail: 'HTTP 500' });
      const after = Number(cursor ?? 0);
      const page = items.slice(after, after + PAGE).map(({ identifier, record, digest }) => {
        const bytes = Buffer.from(`no licence ${identifier}`);
        const read = () =>
          broken.has(identifier) ? Promise.reject(new ProvinceAway({ detail: 'HTTP 500' })) : Promise.resolve(bytes);
        const files = [{ name: 'licence.ofd', sm3: sm3Hex(bytes), sizeBytes: bytes.length, read }];
        const subject = `licence:${identifier}`;
        return { subject, sequence: 1, digest: digest ?? digestMessage(record, files), record, files };
      });
      return { items: page, cursor: String(after + page.length), more: page.length === PAGE };
    },
    catalogueAnswers: (cursor) =>
      Promise.resolve({ items: cursor === null ? codes : [], cursor: String(codes.length), more: false }),
  };

  const receive = (signal?: AbortSignal) => receiveFromProvince(house, connector, signal);
  const add = (serial: number, change: object = {}) => {
    const identifier = identifierOf(serial);
    const legal = { name: '样例建设有限公司', type: 'legal', numberType: '001', number: COMPANY };
    const first = { sequence: 1, act: 'issue', fromStatus: null, toStatus: 'valid', legalBasis: null, reason: null };
    const record = {
      ...{ identifier, catalogueCode: NATIONAL_ENTRY.code, issuingBody: PROVINCIAL_BODY, licenceNumber: `${serial}` },
      ...{ holders: [legal], fields: {}, validFrom: null, validTo: null, issuedOn: null, status: 'valid' },
      ...{ changes: [first], ...change },
    };
    items.push({ identifier, record });
    return identifier;
  };
  const addBroken = (count: number) => {
    const added = Array.from({ length: count }, (_, serial) => add(serial));
    for (const identifier of added) broken.add(identifier);
    return added;
  };
  const stateOf = async (identifier: string) => {
    const row = await house.db.rows.provinceReturns.findByPk(identifier);
    return row ? `${row.state} ${row.cause?.split(' ')[0]}` : undefined;
  };
  /** What was read and found to be no licence. */
  const JUDGED = /^refused FILE_/;

  before(async function () {
    this.timeout(60_000);
    house = await openFurnishedHouse(await openDatabase());
    await saveEntry(house, clerk, NATIONAL_ENTRY);
  });

  beforeEach(async () => {
    const { provinceReturns, provinceCursors, provinceLinks } = house.db.rows;
    await provinceReturns.destroy({ where: {} });
    await provinceCursors.destroy({ where: {} });
    await provinceLinks.destroy({ where: {} });
    [items, broken, codes, asked] = [[], new Set(), [], []];
    fails = () => false;
  });

  after(() => house.close());

  it('bring what is new, however many before it are not to be had', async () => {
    addBroken(70);
    const good = add(1000);
    for (let pass = 1; pass <= 8; pass += 1) {
      expect(await receive()).to.include({ refused: 0, held: pass === 8 ? 16 : 8 });
      house.time.advance({ minutes: 2, seconds: pass === 8 ? 0 : 9 });
    }
    expect(await stateOf(good)).to.equal(undefined);
    expect(await receive()).to.include({ refused: 1 });
    expect(await stateOf(good)).to.match(JUDGED);
    add(1001);
    expect(await receive()).to.include({ refused: 1 });
  });

  it('bring in time each that has mended, however many do not', async () => {
    const all = addBroken(70);
    for (let pass = 0; pass < 9; pass += 1) await receive();
    expect(await house.db.rows.provinceReturns.count({ where: { state: 'held' } })).to.equal(70);
    const last = all.at(-1) ?? '';
    broken.delete(last);
    house.time.advance({ minutes: 15 });
    for (let pass = 0; pass < 9; pass += 1) {
      await receive();
      house.time.advance({ minutes: 2 });
    }
    expect(await stateOf(last)).to.match(JUDGED);
  });

  it('bring first what somebody asks for', async () => {
    const all = addBroken(40);
    for (let pass = 0; pass < 5; pass += 1) await receive();
    const wanted = all.at(-1) ?? '';
    broken.delete(wanted);
    house.time.advance({ minutes: 15 });
    await replayRefusal(house, bureauOfficer, `return:${wanted}`);
    expect(await receive()).to.include({ refused: 1, held: 8 });
    expect(await stateOf(wanted)).to.match(JUDGED);
  });

  it('bring what is new although an older page is not to be had any more, and the link stays up', async () => {
    const [first = ''] = addBroken(1);
    for (let serial = 1; serial < PAGE; serial += 1) add(serial);
    await receive();
    house.time.advance({ minutes: 15 });
    fails = (cursor) => cursor === null;
    const good = add(1000);
    expect(await receive()).to.include({ refused: 1 });
    expect(await stateOf(good)).to.match(JUDGED);
    expect(await stateOf(first)).to.equal('held PAGE_NOT_TO_BE_HAD');
    expect((await findLink(house, connector.name))?.failures ?? 0).to.equal(0);
    [fails, asked] = [() => false, []];
    await receive();
    expect(asked).to.not.include(null);
    broken.clear();
    house.time.advance({ minutes: 15 });
    expect(await receive()).to.include({ refused: 1 });
    expect(await stateOf(first)).to.match(JUDGED);
  });

  it('are no more than 50 a pass, whatever the province says, and the next pass goes on there', async () => {
    const endless = async (cursor: string | null) => {
      asked.push(cursor);
      const next = Number(cursor ?? 0) + 1;
      return { items: [], cursor: String(next), more: asked.length < 1000 };
    };
    await receiveFromProvince(house, { ...silent, returned: endless });
    expect([asked.length, asked.at(-1)]).to.deep.equal([50, '49']);
    await receiveFromProvince(house, { ...silent, returned: endless });
    expect([asked.length, asked.at(-1)]).to.deep.equal([100, '99']);
    asked = [];
    await receiveFromProvince(house, { ...silent, catalogueAnswers: endless });
    expect([asked.length, asked.at(-1)]).to.deep.equal([50, '49']);
  });

  it('are left where they are when the process is to end', async () => {
    for (let serial = 0; serial < 3 * PAGE; serial += 1) add(serial, { changes: [] });
    const stop = new AbortController();
    fails = (cursor) => {
      if (cursor === String(PAGE)) stop.abort();
      return false;
    };
    expect(await receive(stop.signal)).to.include({ refused: 2 * PAGE });
    expect(await receive()).to.include({ refused: PAGE });
  });

  it('bring no half of a character into the house, and what stands beside it comes', async () => {
    const reason = {
      sequence: 1,
      act: 'issue',
      fromStatus: null,
      toStatus: 'valid',
      legalBasis: null,
      reason: '\ud83d',
    };
    const refused = [
      add(1, { changes: [reason] }),
      add(2, { licenceNumber: 'No \udc00' }),
      add(3, { fields: { '\ud83d': 'x' } }),
      add(4, { remark: '\ud83d' }),
    ];
    const deep = identifierOf(5);
    const record = JSON.parse(`${'['.repeat(50_000)}${']'.repeat(50_000)}`) as unknown;
    items.push({ identifier: deep, record, digest: '0'.repeat(64) });
    items.push({ identifier: 'half \ud83d', record: {} }, { identifier: `${'a'.repeat(189)}𠮷`, record: {} });
    const good = add(6);
    codes = [
      { code: 'half', provincialCode: '\ud83d' },
      { code: '\ud83d', provincialCode: 'half' },
      { code: NATIONAL_ENTRY.code, provincialCode: 'N011' },
    ];
    expect(await receive()).to.include({ codes: 1, refused: 8 });
    for (const identifier of [...refused, deep]) expect(await stateOf(identifier)).to.equal('refused RECORD_INVALID');
    expect(await stateOf('half \ufffd')).to.equal('refused RECORD_INVALID');
    expect(await stateOf('a'.repeat(189))).to.equal('refused RECORD_INVALID');
    expect(await stateOf(good)).to.match(JUDGED);
    const kept = await house.db.rows.provinceCatalogueCodes.findAll();
    expect(kept.map(({ code, provincialCode }) => [code, provincialCode])).to.deep.equal([
      [NATIONAL_ENTRY.code, 'N011'],
    ]);
    const link = await house.db.rows.provinceLinks.findByPk(connector.name);
    expect(link).to.include({ unbelieved: 2, lastUnbelieved: 'UNREADABLE catalogue:\ufffd' });
  });
});
