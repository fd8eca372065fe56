import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import { Op } from 'sequelize';
import { connectProvince, type Province } from '../../exchange/province/connect-province.ts';
import { pushToProvince } from '../../exchange/province/push-to-province.ts';
import { type Comparison, compareWithProvince } from '../../exchange/reconcile/compare-with-province.ts';
import { issueStatement } from '../../exchange/reconcile/issue-statement.ts';
import { printStatement } from '../../exchange/reconcile/print-statement.ts';
import { reconcileNightly } from '../../exchange/reconcile/reconcile-nightly.ts';
import { type Statement, statementSchema } from '../../exchange/reconcile/statement.ts';
import { isAgreed, openTally } from '../../exchange/reconcile/tally.ts';
import { setAlarms } from '../../models/exchange-state/index.ts';
import { getStatement, listStatements, type StatementView } from '../../models/exchange-state/statements.ts';
import { houseCaller } from '../../models/house.ts';
import { sm3Hex } from '../../models/kernel/digest.ts';
import { changeStatus } from '../../models/licence/change-status.ts';
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
  ISSUER,
  openFurnishedHouse,
  reviewer,
  SUBMISSION,
  sealKeeper,
} from '../world/sample-entry.ts';
import { type TemporaryFolder, temporaryFolder } from '../world/temporary-folder.ts';
import type { TestHouse } from '../world/test-house.ts';

const LICENCES = 6;
const NONE = { missing: 0, differs: 0, ahead: 0, extra: 0, deleted: 0, altered: 0, refused: 0, pending: 0 };
const clerkAndKeeper = { ...clerk, roles: [...clerk.roles, ...sealKeeper.roles] };

eachDatabase('reconciliation with the province', (openDatabase) => {
  let house: TestHouse;
  let there: RunningProvince;
  let province: Province;
  let folder: TemporaryFolder;
  const issued: { id: string; subject: string }[] = [];

  const issue = async (serial: number) => {
    const fields = { ...SUBMISSION.fields, licenceNumber: `施字第2026${String(serial).padStart(6, '0')}号` };
    const body = { ...SUBMISSION, fields, caseNumber: `AJ-${serial}` };
    const { licenceId } = await submitLicence(house, clerk, body, { source: 'api' });
    await reviewLicence(house, reviewer, licenceId, { decision: 'approved' });
    const { identifier } = await sealLicence(house, sealKeeper, licenceId);
    return { id: licenceId, subject: `licence:${identifier}` };
  };
  const the = (index: number) => issued[index] ?? { id: '', subject: '' };
  const suspend = (id: string) =>
    changeStatus(house, clerkAndKeeper, id, { act: 'suspend', legalBasis: '行政许可法', reason: '整改' });
  const connector = (url = province.url) => connectProvince(house, { ...province, url });
  const compare = () => compareWithProvince(house, connector());
  const push = () => pushToProvince(house, connector());
  const kinds = ({ differences }: Comparison) => differences.map(({ kind, subject }) => `${kind} ${subject}`).sort();
  const raw = (sql: string, ...values: (string | number)[]) => house.db.sequelize.query(sql, { replacements: values });

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
    for (let serial = 1; serial <= LICENCES; serial += 1) issued.push(await issue(serial));
  });

  after(async () => {
    await there.close();
    await house.close();
    folder.remove();
  });

  it('counts what is on its way as pending, and what has arrived as the same', async () => {
    const before = await compare();
    expect(before.counts).to.include({ ...NONE, pending: LICENCES + 1, same: 0 });
    expect(isAgreed(before.counts)).to.equal(false);
    await push();
    const after = await compare();
    expect(after.counts).to.include({ ...NONE, same: LICENCES + 1 });
    expect(isAgreed(after.counts)).to.equal(true);
    expect(after.reads.records, 'equal trees are not descended').to.equal(0);
    expect(after.departments).to.have.length(1);
    expect(after.departments[0]?.city).to.deep.equal(after.departments[0]?.province);
  });

  it('finds each kind of difference there, repairs it, and agrees the second time', async () => {
    const [missing, changed, older, forged] = [the(0).subject, the(1).subject, the(2).subject, the(3).subject];
    await suspend(the(2).id);
    const before = there.library.find(older);
    await push();
    there.library.remove(missing);
    const kept = there.library.find(changed);
    const record = (kept?.record ?? '').replace('样例花园', '另一花园');
    if (kept) there.library.keep({ ...kept, record }, []);
    if (before) there.library.keep(before, []);
    const held = there.library.find(forged);
    if (held) there.library.keep({ ...held, digest: '0'.repeat(64) }, []);
    const strange = { subject: 'licence:1.2.156.X', sequence: 1, digest: '', record: '{"a":1}', receivedAt: '' };
    there.library.keep(strange, []);
    const entry = { ...strange, subject: `catalogue:${ISSUER}999` };
    there.library.keep(entry, []);
    const found = await compare();
    expect(kinds(found)).to.deep.equal(
      [
        ...[`missing ${missing}`, `differs ${changed}`, `differs ${older}`, `differs ${forged}`],
        ...[`extra ${strange.subject}`, `extra ${entry.subject}`],
      ].sort(),
    );
    expect(found.counts).to.include({ requeued: 4, withdrawn: 2, same: LICENCES - 3 });
    expect(there.library.find(strange.subject)).to.equal(undefined);
    expect(await push()).to.include({ failed: 0 });
    expect(JSON.parse(there.library.find(changed)?.record ?? '{}')).to.deep.include({ status: 'valid' });
    const again = await compare();
    expect(again.counts).to.include({ ...NONE, same: LICENCES + 1 });
    const repairs = await house.db.rows.auditEntries.findAll({ where: { act: 'exchange.repair' } });
    expect(repairs).to.have.length(6);
  });

  it('withdraws nothing unasked when much is there alone, and raises an alarm until an operator has it withdrawn', async () => {
    const strangers = Array.from({ length: 21 }, (_, index) => `licence:1.2.156.9.${index}`);
    for (const subject of strangers)
      there.library.keep({ subject, sequence: 1, digest: '', record: '{"a":1}', receivedAt: '' }, []);
    const open = () =>
      house.db.rows.exchangeAlarms.count({ where: { openKey: { [Op.like]: 'reconciliation extra:%' } } });
    const found = await compare();
    expect(found).to.include({ isWithheld: true });
    expect(found.counts).to.include({ extra: 21, withdrawn: 0 });
    expect(strangers.filter((subject) => there.library.find(subject))).to.have.length(21);
    expect(await open()).to.equal(1);
    const asked = await compareWithProvince(house, connector(), { withdrawAll: true });
    expect(asked.counts).to.include({ extra: 21, withdrawn: 21 });
    expect(await open()).to.equal(0);
    const logged = await house.db.rows.auditEntries.findAll({
      where: { act: 'exchange.compare' },
      order: [['seq', 'ASC']],
    });
    expect(logged.at(-1)?.details).to.include({ withdrawAll: true });
    expect(isAgreed((await compare()).counts)).to.equal(true);
  });

  it('clears no standing alarm because much else differs', async () => {
    const { subject } = the(4);
    const held = there.library.find(subject);
    const open = () => house.db.rows.exchangeAlarms.count({ where: { openKey: `reconciliation ${subject}` } });
    const tally = openTally();
    for (let index = 0; index < 1500; index += 1)
      tally.add({ subject: `licence:1.2.${index}`, kind: 'extra', own: undefined, theirs: undefined, inBook: false });
    tally.add({ subject, kind: 'deleted', own: undefined, theirs: undefined, inBook: true });
    expect(tally.leftAlone).to.deep.equal({ found: [{ subject, kind: 'deleted' }], isCut: false });
    const wrong = [{ subject, details: { kind: 'ahead' } }];
    const caller = houseCaller('test');
    await setAlarms(house, caller, 'reconciliation', wrong, { most: 1 });
    const others = [{ subject: 'licence:other', details: {} }, ...wrong];
    expect(await setAlarms(house, caller, 'reconciliation', others, { most: 1 })).to.include({ raised: 0, cleared: 0 });
    await setAlarms(house, caller, 'reconciliation', [], { isCut: true });
    expect(await open()).to.equal(1);
    if (held) expect(isAgreed((await compare()).counts)).to.equal(true);
    expect(await open()).to.equal(0);
  });

  it('never overwrites what the province holds later than the city: it reports and raises an alarm', async () => {
    const { subject } = the(4);
    const held = there.library.find(subject);
    if (held) there.library.keep({ ...held, sequence: 99 }, there.library.files(subject));
    const found = await compare();
    expect(kinds(found)).to.deep.equal([`ahead ${subject}`]);
    expect(found.counts).to.include({ requeued: 0, withdrawn: 0 });
    expect(there.library.find(subject)?.sequence).to.equal(99);
    const open = () => house.db.rows.exchangeAlarms.findAll({ where: { openKey: `reconciliation ${subject}` } });
    expect(await open()).to.have.length(1);
    if (held) there.library.keep(held, there.library.files(subject));
    expect(isAgreed((await compare()).counts)).to.equal(true);
    expect(await open(), 'over with its cause').to.have.length(0);
  });

  it('reports a licence that was removed from the city’s own table, and leaves the province’s copy alone', async () => {
    const { id, subject } = the(5);
    const row = (await house.db.rows.licences.findByPk(id))?.get();
    await raw('DELETE FROM licences WHERE id = ?', id);
    for (let night = 1; night <= 2; night += 1) {
      const found = await compare();
      expect(kinds(found)).to.deep.equal([`deleted ${subject}`]);
      expect(found.counts).to.include({ requeued: 0, withdrawn: 0, deleted: 1 });
    }
    expect(there.library.find(subject)).to.not.equal(undefined);
    if (row) await house.db.rows.licences.create(row);
    expect(isAgreed((await compare()).counts), 'restored').to.equal(true);
    expect(await house.db.rows.treeSuspects.count()).to.equal(0);
  });

  it('reports a licence that was altered in the city’s own table, and never sends what nobody decided', async () => {
    const { id, subject } = the(4);
    await raw("UPDATE licences SET status = 'cancelled' WHERE id = ?", id);
    expect(kinds(await compare())).to.deep.equal([`altered ${subject}`]);
    expect(await house.db.rows.outbox.count()).to.equal(0);
    await raw("UPDATE licences SET status = 'valid' WHERE id = ?", id);
    expect(isAgreed((await compare()).counts)).to.equal(true);
  });

  it('finds a change whose message was lost before it left', async () => {
    await suspend(the(0).id);
    await raw('DELETE FROM outbox');
    const found = await compare();
    expect(kinds(found)).to.deep.equal([`differs ${the(0).subject}`]);
    await push();
    expect(isAgreed((await compare()).counts)).to.equal(true);
    expect(JSON.parse(there.library.find(the(0).subject)?.record ?? '{}')).to.deep.include({ status: 'suspended' });
  });

  /** The province behind a hand that may change what it says. */
  const between = async (change: (target: string, text: string) => string | undefined): Promise<Server> => {
    const server = createServer((request: IncomingMessage, response: ServerResponse) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      const pass = async () => {
        const target = request.url ?? '';
        const signature = String(request.headers['x-zhengku-signature'] ?? '');
        const body = request.method === 'POST' ? { body: Buffer.concat(chunks) } : {};
        const headers = { 'x-zhengku-signature': signature, 'content-type': 'application/json' };
        const answer = await fetch(`${there.url}${target}`, { method: request.method ?? 'GET', headers, ...body });
        const text = await answer.text();
        const said = change(target, text);
        if (said === undefined) {
          response.destroy();
          return;
        }
        const changed = said !== text;
        const own = changed ? Buffer.from(await there.key.sign(Buffer.from(said))).toString('base64') : undefined;
        response.setHeader('x-zhengku-signature', own ?? answer.headers.get('x-zhengku-signature') ?? '');
        response.writeHead(answer.status).end(said);
      };
      request.on('end', () => void pass());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return server;
  };
  const compareThrough = async (change: (target: string, text: string) => string | undefined) => {
    const server = await between(change);
    const { port } = server.address() as AddressInfo;
    return compareWithProvince(house, connector(`http://127.0.0.1:${port}`))
      .then(
        ({ counts }) => JSON.stringify(counts),
        (error: { code?: string }) => error.code,
      )
      .finally(() => server.close());
  };

  it('believes no answer that is not signed, answers another question, or contradicts itself', async () => {
    const held = there.library.find(the(3).subject);
    there.library.remove(the(3).subject);
    const edits: Record<string, (text: string) => string> = {
      'another nonce': (text) => text.replace(/"nonce":"[^"]*"/, '"nonce":"X"'),
      'other nodes': (text) => text.replace(/"nodes":\[[^\]]*\]/, '"nodes":["/0"]'),
      'a digest that its children do not make': (text) => text.replace(/"digest":"../, '"digest":"zz'),
      'a record twice, or from elsewhere': (text) =>
        text.replace('"records":[', '"records":[{"subject":"licence:1.2","sequence":1,"digest":"00"},'),
    };
    for (const [name, edit] of Object.entries(edits)) {
      let edited = 0;
      const said = await compareThrough((_, text) => {
        const made = edit(text);
        if (made !== text) edited += 1;
        return made;
      });
      expect(edited, name).to.be.greaterThan(0);
      expect(said, name).to.equal('PROVINCE_UNAVAILABLE');
    }
    const stranger = await compareWithProvince(
      house,
      connectProvince(house, {
        ...province,
        publicKey: (await openHouseKey(house, 'repository', 'SM2')).key.publicKey,
      }),
    ).catch((error: { code?: string }) => error.code);
    expect(stranger).to.equal('PROVINCE_UNAVAILABLE');
    expect(await house.db.rows.outbox.count(), 'nothing was done on their word').to.equal(0);
    if (held) there.library.keep(held, []);
  });

  it('takes up where it broke off: what was repaired stays repaired, the rest is found the next time', async () => {
    await push();
    await compare();
    await push();
    for (const index of [1, 2, 3]) there.library.remove(the(index).subject);
    there.library.keep({ subject: 'licence:Y', sequence: 1, digest: '', record: '{}', receivedAt: '' }, []);
    let asked = 0;
    const broken = await compareThrough((target, text) => {
      asked += 1;
      return target.startsWith('/api/withdrawals') ? undefined : text;
    });
    expect(broken).to.equal('PROVINCE_UNAVAILABLE');
    expect(asked).to.be.greaterThan(1);
    const rows = await house.db.rows.comparisons.findAll({ order: [['id', 'ASC']] });
    expect(rows.at(-1)?.outcome).to.equal('failed');
    const next = await compare();
    // The withdrawal had been taken, only its answer was lost.
    expect(next.counts.extra + (there.library.find('licence:Y') ? 1 : 0)).to.equal(0);
    await push();
    expect(isAgreed((await compare()).counts)).to.equal(true);
  });

  it('takes what is confirmed while it compares for what is in motion, never for a difference', async () => {
    await suspend(the(5).id);
    const server = await between((_, text) => text);
    const { port } = server.address() as AddressInfo;
    const base = connector(`http://127.0.0.1:${port}`);
    there.library.remove(the(1).subject);
    const { tree } = base;
    if (!tree) throw new Error('no tree');
    const slow = {
      ...base,
      tree: {
        ...tree,
        // The change arrives after the leaves were read and before they are judged.
        records: async (keys: readonly string[]) => {
          const records = await tree.records(keys);
          await push();
          return records;
        },
      },
    };
    const found = await compareWithProvince(house, slow);
    server.close();
    expect(kinds(found)).to.deep.equal([`missing ${the(1).subject}`]);
    await push();
    expect(isAgreed((await compare()).counts)).to.equal(true);
  });

  const read = (statement: StatementView | undefined): Statement =>
    statementSchema.parse(JSON.parse(statement?.text ?? '{}'));

  it('signs a statement a day, by department, chained to the day before', async () => {
    const none = await issueStatement(house);
    const first = read(none);
    expect(first.previous).to.equal(null);
    expect(first.agreed).to.equal(true);
    expect(await issueStatement(house), 'one a day').to.deep.equal(none);
    house.time.advance({ days: 1 });
    there.library.remove(the(0).subject);
    there.library.keep(
      { subject: `catalogue:${ISSUER}998`, sequence: 1, digest: '', record: '{}', receivedAt: '' },
      [],
    );
    expect(await reconcileNightly(house, connector())).to.include({ comparisons: 2, repaired: 2, agreed: true });
    const second = await issueStatement(house);
    expect(read(second).previous).to.deep.equal({ day: first.day, digest: none?.digest });
    const [department] = read(second).departments;
    expect(department).to.deep.include({
      ...{ code: ISSUER, name: '样例市城乡建设局', equal: true },
      found: { missing: 1, differs: 0, extra: 1 },
      repaired: { sentAgain: 1, withdrawn: 1 },
    });
    expect(department?.city).to.deep.equal(department?.province);
    expect(department?.city.count).to.equal(LICENCES + 1);
    expect(second?.digest).to.equal(sm3Hex(second?.text ?? ''));
    if (second) expect(printStatement(second)).to.include('一致 agreed').and.include(second.signature);
    const { items } = await listStatements(house, bureauOfficer, {});
    expect(items.map(({ day }) => day)).to.deep.equal(['2026-03-03', '2026-03-02']);
    expect(await getStatement(house, bureauOfficer, '2026-03-03')).to.deep.equal(second);
    const refused = await getStatement(house, clerk, '2026-03-03').catch((error: { code: string }) => error.code);
    expect(refused).to.equal('FORBIDDEN');
  });

  it('is verified offline by OpenSSL, and no more when a letter is changed', async () => {
    const statement = await getStatement(house, bureauOfficer, '2026-03-03');
    const at = (name: string) => join(folder.path, name);
    writeFileSync(at('certificate.der'), Buffer.from(statement.certificate, 'base64'));
    writeFileSync(at('signature.der'), Buffer.from(statement.signature, 'base64'));
    const openssl = (...args: string[]) => execFileSync('openssl', args, { encoding: 'utf8', stdio: 'pipe' });
    writeFileSync(at('key.pem'), openssl('x509', '-inform', 'DER', '-in', at('certificate.der'), '-noout', '-pubkey'));
    const verify = (text: string) => {
      writeFileSync(at('statement.json'), text);
      const key = ['-verify', '-pubin', '-inkey', at('key.pem'), '-pkeyopt', 'distid:1234567812345678'];
      return openssl(
        ...['pkeyutl', ...key, '-rawin', '-digest', 'sm3'],
        ...['-in', at('statement.json'), '-sigfile', at('signature.der')],
      );
    };
    expect(verify(statement.text)).to.match(/Verified Successfully/);
    expect(() => verify(statement.text.replace('"missing":1', '"missing":0'))).to.throw();
  });
});
