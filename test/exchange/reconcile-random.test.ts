import { expect } from 'chai';
import { connectProvince } from '../../exchange/province/connect-province.ts';
import type { ProvinceConnector } from '../../exchange/province/connector.ts';
import { compareWithProvince } from '../../exchange/reconcile/compare-with-province.ts';
import { makeListTree } from '../../exchange/reconcile/list-tree.ts';
import { placeOf } from '../../models/digest-tree/tree-shape.ts';
import { markInTree } from '../../models/exchange-state/tree-marks.ts';
import { openHouseKey } from '../../models/seal/keys.ts';
import { insertRows } from '../../models/store/bulk-write.ts';
import { withTransaction } from '../../models/store/with-transaction.ts';
import type { HeldSubject } from '../../server/sandbox/province/library.ts';
import { type RunningProvince, startProvince } from '../../server/sandbox/province/start-province.ts';
import { generateLicences, type LoadedLicence, messageOf } from '../bench/load-licences.ts';
import { eachDatabase } from '../world/each-database.ts';
import { type TemporaryFolder, temporaryFolder } from '../world/temporary-folder.ts';
import { openTestHouse, type TestHouse } from '../world/test-house.ts';

const SEED = 20260302;
const ROUNDS = [1, 3, 35, 120] as const;
const LICENCES = 1200;
const BODIES = ['11419900000000001X', '11419900000000002X', '11419900000000003X'] as const;
const RECEIVED_AT = '2026-01-05T02:00:10.000Z';

/** Numbers that look random and are the same each time. */
function chance(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

eachDatabase('reconciliation of random sets', (openDatabase) => {
  let house: TestHouse;
  let there: RunningProvince;
  let connector: ProvinceConnector;
  let folder: TemporaryFolder;
  let all: LoadedLicence[] = [];

  const heldOf = (loaded: LoadedLicence): HeldSubject => {
    const { subject, sequence, digest, record } = messageOf(loaded);
    return { subject, sequence, digest, record: JSON.stringify(record), receivedAt: RECEIVED_AT };
  };
  const filesOf = (loaded: LoadedLicence) => messageOf(loaded).files.map(({ name, sm3 }) => ({ name, sm3 }));
  const keep = (licences: readonly LoadedLicence[]) =>
    there.library.keepAll(licences.map((one) => ({ held: heldOf(one), files: filesOf(one) })));

  before(async function () {
    this.timeout(120_000);
    house = await openTestHouse(await openDatabase());
    folder = temporaryFolder();
    const { certificates } = await openHouseKey(house, 'repository', 'SM2');
    there = await startProvince({
      ...{ port: 0, bind: '127.0.0.1', dataDir: folder.path, clock: house.clock, trust: [] },
      cityCertificate: certificates[0] ?? new Uint8Array(),
    });
    connector = connectProvince(house, { url: there.url, publicKey: there.key.publicKey });
    const kinds = BODIES.map((issuingBody) => ({
      ...{ issuingBody, catalogueCode: `${issuingBody}001`, catalogueVersion: 1 },
    }));
    const source = generateLicences({ house, seed: SEED, kinds });
    all = Array.from({ length: LICENCES }, (_, index) => source.at(index));
    const { licences, licenceFiles, changes, holders, licenceHolders } = house.db.rows;
    await withTransaction(house.db, async (tx) => {
      const own = <T>(rows: readonly T[]) => rows;
      await insertRows(house.db, tx, licences, own(all.map(({ licence }) => licence)));
      await insertRows(house.db, tx, licenceFiles, own(all.map(({ file }) => file)));
      await insertRows(house.db, tx, changes, own(all.map(({ change }) => change)));
      const people = new Map(all.map(({ holder }) => [holder.id, holder]));
      await insertRows(
        house.db,
        tx,
        holders,
        [...people.values()].map(({ number, ...holder }) => ({
          ...holder,
          numberCipher: house.cipher.encrypt('holders.number', number),
          numberIndex: holder.id,
          createdAt: house.clock(),
        })),
      );
      await insertRows(
        house.db,
        tx,
        licenceHolders,
        all.map(({ licence, holder }) => ({
          ...{ id: licence.id, licenceId: licence.id, holderId: holder.id, name: holder.name, position: 0 },
        })),
      );
      await markInTree(
        house,
        tx,
        all.map((one) => {
          const { sequence, digest } = messageOf(one);
          const subject = { subject: null, subjectType: 'licence' as const, subjectId: one.licence.id };
          return { ...subject, sequence, digest };
        }),
      );
    });
    keep(all);
  });

  after(async () => {
    await there.close();
    await house.close();
    folder.remove();
  });

  /** One difference past both programs; gives the act that takes it back. */
  const plant = async (kind: number, loaded: LoadedLicence, serial: number) => {
    const held = heldOf(loaded);
    const { subject } = held;
    const { id } = loaded.licence;
    const files = filesOf(loaded);
    const put = (changed: Partial<HeldSubject>) => there.library.keepAll([{ held: { ...held, ...changed }, files }]);
    const back = () => Promise.resolve(keep([loaded]));
    switch (kind) {
      case 0:
        there.library.remove(subject);
        return { found: `missing ${subject}`, back };
      case 1:
        put({ record: held.record.replace('样例', '另例') });
        return { found: `differs ${subject}`, back };
      case 2:
        put({ sequence: 1 });
        return { found: `differs ${subject}`, back };
      case 3:
        put({ sequence: 7 });
        return { found: `ahead ${subject}`, back };
      case 4: {
        const extra = `${subject.slice(0, -1)}${serial}`;
        there.library.keepAll([{ held: { ...held, subject: extra }, files: [] }]);
        return { found: `extra ${extra}`, back: () => Promise.resolve() };
      }
      case 5:
        await house.db.sequelize.query('DELETE FROM licences WHERE id = ?', { replacements: [id] });
        return { found: `deleted ${subject}`, back: () => house.db.rows.licences.create(loaded.licence) };
      default:
        await house.db.rows.licences.update({ fields: { other: 'x' } }, { where: { id } });
        return {
          found: `altered ${subject}`,
          back: () => house.db.rows.licences.update({ fields: loaded.licence.fields }, { where: { id } }),
        };
    }
  };

  for (const planted of ROUNDS) {
    it(`finds exactly what was planted: ${planted}, and after the repair nothing`, async function () {
      this.timeout(60_000);
      const next = chance(SEED + planted);
      const chosen = new Map<number, number>();
      while (chosen.size < planted) chosen.set(next(LICENCES), next(7));
      const acts = [];
      for (const [index, kind] of chosen) {
        const loaded = all[index];
        if (loaded) acts.push(await plant(kind, loaded, index));
      }
      const first = await compareWithProvince(house, connector);
      const found = first.differences.map(({ kind, subject }) => `${kind} ${subject}`);
      expect(found.sort()).to.deep.equal(acts.map((act) => act.found).sort());
      const places = new Set(acts.map((act) => placeOf(act.found.split(' ')[1] ?? '').place));
      expect(first.reads.records).to.be.at.most(2 * 33 * places.size);
      await house.db.rows.outbox.destroy({ where: {} });
      for (const { back } of acts) await back();
      const again = await compareWithProvince(house, connector);
      expect(again.differences).to.deep.equal([]);
      expect(again.counts).to.include({ same: LICENCES });
    });
  }

  it('compares a province that only lists what it holds, by a tree of our own, with the same result', async function () {
    this.timeout(60_000);
    const page = () => there.library.page('', LICENCES + 10);
    const tree = makeListTree(
      async function* () {
        yield* page();
      },
      (items) => Promise.resolve(new Map(items.map(({ subject }) => [subject, 'withdrawn' as const]))),
    );
    const listed = { ...connector, tree };
    expect((await compareWithProvince(house, listed)).counts).to.include({ same: LICENCES, missing: 0, extra: 0 });
    const [one, other] = all;
    if (!one || !other) throw new Error('none');
    there.library.remove(heldOf(one).subject);
    there.library.keepAll([{ held: { ...heldOf(other), sequence: 1 }, files: filesOf(other) }]);
    const both = (await compareWithProvince(house, listed)).differences;
    await house.db.rows.outbox.destroy({ where: {} });
    expect(both).to.have.deep.members((await compareWithProvince(house, connector)).differences);
    expect(both).to.have.length(2);
    await house.db.rows.outbox.destroy({ where: {} });
    keep([one, other]);
  });

  it('says what it could not compare when the province can neither', async () => {
    const { tree: _, ...blind } = connector;
    there.library.remove(heldOf(all[0] as LoadedLicence).subject);
    const comparison = await compareWithProvince(house, blind);
    expect(comparison).to.deep.include({ scope: 'city', differences: [] });
    expect(comparison.departments.every(({ province }) => province === null)).to.equal(true);
  });
});
