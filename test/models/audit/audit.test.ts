import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { appendAudit, hashAuditEntry, logAccess } from '../../../models/audit/append-audit.ts';
import type { AuditColumns } from '../../../models/audit/rows.ts';
import { searchAudit } from '../../../models/audit/search-audit.ts';
import { verifyAudit } from '../../../models/audit/verify-audit.ts';
import { indexHolderNumber } from '../../../models/holder/index-number.ts';
import { Sensitive } from '../../../models/kernel/sensitive.ts';
import { withTransaction } from '../../../models/store/with-transaction.ts';
import { eachDatabase } from '../../world/each-database.ts';
import { auditor, CITIZEN, clerk } from '../../world/sample-entry.ts';
import { openTestHouse, type TestHouse } from '../../world/test-house.ts';
import { faultOf } from '../fault-of.ts';

const FIRST = '0'.repeat(64);

eachDatabase('the access log', (openDatabase) => {
  let house: TestHouse;

  before(async function () {
    this.timeout(60_000);
    house = await openTestHouse(await openDatabase());
  });

  after(() => house.close());

  beforeEach(async () => {
    const { auditEntries, auditHead, auditSubjects } = house.db.rows;
    await auditSubjects.destroy({ where: {} });
    await auditEntries.destroy({ where: {} });
    await auditHead.destroy({ where: {} });
    await auditHead.create({ id: 1, seq: 0, hash: FIRST });
    for (let count = 1; count <= 10; count += 1) {
      await logAccess(house, clerk, { act: 'licence.read', licenceId: `L${count}`, details: { count } });
      house.time.advance({ seconds: 7 });
    }
  });

  const entries = () => house.db.rows.auditEntries;
  const change = (seq: number, values: Partial<AuditColumns>) => entries().update(values, { where: { seq } });
  const read = async (seq: number): Promise<AuditColumns> => {
    const row = await entries().findByPk(seq);
    if (!row) throw new Error(`no entry ${seq}`);
    return row.get();
  };

  it('is a chain without a gap: each entry holds the hash of the one before', async () => {
    const rows = await entries().findAll({ order: [['seq', 'ASC']] });
    expect(rows.map((row) => row.seq)).to.deep.equal([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(rows.map((row) => row.previousHash)).to.deep.equal([FIRST, ...rows.slice(0, -1).map((row) => row.hash)]);
    expect(await verifyAudit(house)).to.deep.equal({ entries: 10, holds: true });
  });

  it('holds who, for which body, what, when, from where and with what result', async () => {
    await logAccess(house, clerk, {
      act: 'sharing.copy',
      outcome: 'refused',
      caseNumber: '案',
      matterCode: 'm',
      purpose: '核验𠮷',
    });
    expect(await read(11)).to.include({
      actorType: 'person',
      actorId: 'clerk',
      organisationCode: clerk.organisationCode,
      act: 'sharing.copy',
      outcome: 'refused',
      caseNumber: '案',
      purpose: '核验𠮷',
      address: '127.0.0.1',
      requestId: 'test',
    });
  });

  it('stays whole when many write at once', async function () {
    this.timeout(60_000);
    await Promise.all(
      Array.from({ length: 40 }, (_, n) => logAccess(house, clerk, { act: 'licence.list', details: { n } })),
    );
    expect(await verifyAudit(house)).to.deep.equal({ entries: 50, holds: true });
  });

  it('holds after a transaction that was undone, without its entry', async () => {
    const undone = withTransaction(house.db, async (tx) => {
      await appendAudit(house, tx, clerk, { act: 'licence.issue' });
      throw new Error('undone');
    });
    await undone.catch(() => undefined);
    expect(await verifyAudit(house)).to.deep.equal({ entries: 10, holds: true });
  });

  it('holds over whatever words a caller sends: half characters, NUL, quotes, masked values and dates', async () => {
    for (const purpose of ['\ud83c', 'a\0b', `"'\\`, ' spaces ', '𠮷'.repeat(50), '']) {
      await logAccess(house, clerk, { act: 'use.open', purpose, caseNumber: purpose, details: { purpose } });
    }
    const details = { number: new Sensitive(CITIZEN), at: new Date(0), gone: undefined, list: [undefined, null] };
    await logAccess(house, clerk, { act: 'use.open', details });
    expect(await verifyAudit(house)).to.deep.equal({ entries: 17, holds: true });
    expect(JSON.stringify(await read(17))).to.not.contain(CITIZEN);
  });

  const columns: Partial<AuditColumns> = {
    at: new Date(1),
    actorType: 'system',
    actorId: 'somebody else',
    organisationCode: null,
    act: 'licence.list',
    outcome: 'refused',
    licenceId: 'L99',
    holderIndex: 'x',
    caseNumber: 'x',
    matterCode: 'x',
    purpose: 'x',
    address: '10.0.0.1',
    requestId: 'x',
    details: { count: 99 },
  };
  for (const [column, value] of Object.entries(columns)) {
    it(`shows where ${column} was altered`, async () => {
      await change(4, { [column]: value });
      expect(await verifyAudit(house)).to.deep.equal({ entries: 3, holds: false, brokenAt: 4, reason: 'altered' });
    });
  }

  it('shows an entry that was altered and hashed anew: the next one does not know it', async () => {
    const { hash: _, ...content } = { ...(await read(4)), actorId: 'somebody else' };
    await change(4, { actorId: 'somebody else', hash: hashAuditEntry(content) });
    expect(await verifyAudit(house)).to.include({ holds: false, brokenAt: 5, reason: 'unlinked' });
  });

  it('shows the last entry altered and hashed anew: the head does not know it', async () => {
    const { hash: _, ...content } = { ...(await read(10)), actorId: 'somebody else' };
    await change(10, { actorId: 'somebody else', hash: hashAuditEntry(content) });
    expect(await verifyAudit(house)).to.include({ holds: false, brokenAt: 10, reason: 'head' });
  });

  for (const seq of [1, 5, 10]) {
    it(`shows that entry ${seq} was dropped`, async () => {
      await entries().destroy({ where: { seq } });
      expect(await verifyAudit(house)).to.include({ holds: false, brokenAt: seq, reason: 'missing' });
    });
  }

  it('shows that everything was dropped, and that the head was', async () => {
    await house.db.rows.auditHead.destroy({ where: {} });
    expect(await verifyAudit(house)).to.include({ holds: false, reason: 'head' });
    await house.db.rows.auditHead.create({ id: 1, seq: 10, hash: FIRST });
    await entries().destroy({ where: {} });
    expect(await verifyAudit(house)).to.include({ holds: false, brokenAt: 1, reason: 'missing' });
  });

  it('shows two entries that were swapped', async () => {
    const [four, five] = [await read(4), await read(5)];
    await change(4, { ...five, seq: 4 });
    await change(5, { ...four, seq: 5 });
    expect(await verifyAudit(house)).to.include({ holds: false, brokenAt: 4, reason: 'unlinked' });
  });

  it('shows an entry that was put in between, the later ones moved on', async () => {
    for (let seq = 10; seq >= 5; seq -= 1) await entries().update({ seq: seq + 1 }, { where: { seq } });
    const { hash, ...content } = { ...(await read(4)), seq: 5, previousHash: (await read(4)).hash };
    expect(hash).to.have.length(64);
    await entries().create({ ...content, hash: hashAuditEntry(content) });
    expect(await verifyAudit(house)).to.include({ holds: false, brokenAt: 6, reason: 'unlinked' });
  });

  it('shows an entry that was put in at the end, past the head', async () => {
    const { hash: _, ...content } = { ...(await read(10)), seq: 11, previousHash: (await read(10)).hash };
    await entries().create({ ...content, hash: hashAuditEntry(content) });
    expect(await verifyAudit(house)).to.include({ holds: false, brokenAt: 11, reason: 'unlinked' });
  });

  it('refuses the answer when it cannot be written', async () => {
    await house.db.rows.auditHead.destroy({ where: {} });
    expect((await faultOf(logAccess(house, clerk, { act: 'licence.read' }))).code).to.equal('AUDIT_UNAVAILABLE');
  });

  it('is searched by holder, body, operator, licence, case, act and time, each search itself logged', async () => {
    const holderIndex = indexHolderNumber(house, CITIZEN);
    await logAccess(house, clerk, { act: 'sharing.list', holderIndex, caseNumber: '案-1' });
    const seqs = async (search: Parameters<typeof searchAudit>[2]) =>
      (await searchAudit(house, auditor, search)).items.map(({ seq }) => seq);
    expect(await seqs({ holderNumber: CITIZEN.toLowerCase(), act: 'sharing.list' })).to.deep.equal([11]);
    expect(await seqs({ caseNumber: '案-1' })).to.deep.equal([11]);
    expect(await seqs({ licenceId: 'L3' })).to.deep.equal([3]);
    expect(await seqs({ actorId: 'clerk', act: 'licence.read', limit: 2 })).to.deep.equal([10, 9]);
    expect(await seqs({ actorId: 'clerk', act: 'licence.read', after: '9', limit: 2 })).to.deep.equal([8, 7]);
    const [three, five] = [(await read(3)).at.toISOString(), (await read(5)).at.toISOString()];
    expect(await seqs({ from: three, to: five })).to.deep.equal([4, 3]);
    expect((await searchAudit(house, auditor, { act: 'audit.search' })).items).to.have.length(7);
    expect(JSON.stringify(await entries().findAll())).to.not.contain(CITIZEN);
    expect((await faultOf(searchAudit(house, clerk, {}))).code).to.equal('FORBIDDEN');
  });

  describe('about several licences and holders', () => {
    const list = { act: 'licence.list', licenceIds: ['L1', 'M1', 'M1'], holderIndexes: ['H1', 'H2'] } as const;
    const seqs = async (search: Parameters<typeof searchAudit>[2]) =>
      (await searchAudit(house, auditor, search)).items.map(({ seq }) => seq);

    it('is found by each of them, and the chain covers them', async () => {
      const index = (number: string) => indexHolderNumber(house, number);
      await logAccess(house, clerk, { ...list, holderIndexes: [index(CITIZEN), index('other')] });
      expect(await seqs({ licenceId: 'L1' })).to.deep.equal([11, 1]);
      expect(await seqs({ licenceId: 'M1', act: 'licence.list' })).to.deep.equal([11]);
      expect(await seqs({ holderNumber: 'other', act: 'licence.list' })).to.deep.equal([11]);
      expect(await seqs({ holderNumber: CITIZEN, licenceId: 'M1' })).to.deep.equal([11]);
      expect(await verifyAudit(house)).to.include({ holds: true });
    });

    it('shows that the search was told otherwise than the chain', async () => {
      const { auditSubjects } = house.db.rows;
      await logAccess(house, clerk, list);
      const hidden = { kind: 'holder', value: 'H2' } as const;
      expect(await auditSubjects.destroy({ where: hidden })).to.equal(1);
      expect(await verifyAudit(house)).to.deep.equal({ entries: 10, holds: false, brokenAt: 11, reason: 'altered' });
      await auditSubjects.create({ ...hidden, seq: 11 });
      expect(await verifyAudit(house)).to.include({ holds: true });
      await auditSubjects.create({ ...hidden, seq: 5 });
      expect(await verifyAudit(house)).to.include({ holds: false, brokenAt: 5 });
    });
  });
});

describe('the entries of the access log', () => {
  it('are written, never updated or deleted, by anything that is shipped', () => {
    const root = new URL('../../../', import.meta.url);
    const sources = ['models', 'exchange', 'jobs', 'server', 'signing'].flatMap((floor) =>
      readdirSync(new URL(floor, root), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.ts'))
        .map((name) => `${floor}/${name}`),
    );
    const offenders = sources.filter((name) => {
      const text = readFileSync(new URL(name, root), 'utf8');
      return /auditEntries\s*\.\s*(update|destroy|upsert|truncate|bulkCreate)|(UPDATE|DELETE FROM|TRUNCATE)\s+audit_entries/i.test(
        text,
      );
    });
    expect(offenders).to.deep.equal([]);
    expect(sources.length).to.be.greaterThan(100);
  });
});
