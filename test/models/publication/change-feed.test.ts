import { expect } from 'chai';
import { houseCaller } from '../../../models/house.ts';
import { givePositions } from '../../../models/publication/give-positions.ts';
import { publishChanges } from '../../../models/publication/publish-changes.ts';
import { withTransaction } from '../../../models/store/with-transaction.ts';
import { eachDatabase } from '../../world/each-database.ts';
import { createDatabase, type TestDatabase } from '../../world/mariadb.ts';
import { requireProgram } from '../../world/programs.ts';
import { openTestHouse, type TestHouse } from '../../world/test-house.ts';
import { besides, change, makeReader, type Neighbour, openWriter, seeded, type Writer } from './feed-world.ts';

const WRITERS = 20;
const STEPS = 300;
const LICENCES = 40;

/** Writers begin, commit late and in any order, roll back or are killed; positions are given and the feed is read in
 *  between, from two processes at once. Gives what was committed and what the reader saw. */
async function run(random: () => number, house: TestHouse, url: string) {
  const pick = (count: number) => Math.floor(random() * count);
  const sequencer = besides(house, url);
  const neighbours = Array.from({ length: 5 }, () => besides(house, url));
  const idle = Array.from({ length: WRITERS }, (_, index) => neighbours[index % 5] ?? sequencer);
  const reader = await makeReader(house);
  const open: { readonly writer: Writer; readonly from: Neighbour }[] = [];
  const committed: string[] = [];
  const sequences = new Map<string, number>();
  const held = new Set<string>();
  const begin = async () => {
    const from = idle.pop();
    // One at a time changes a licence: whoever changes it holds its row.
    const drawn = new Set(Array.from({ length: 1 + pick(4) }, () => `licence-${pick(LICENCES)}`));
    const ids = [...drawn].filter((id) => !held.has(id));
    if (!from) return;
    for (const id of ids) held.add(id);
    const changes = ids.map((id) => change(id, (sequences.get(id) ?? 0) + 1));
    open.push({ writer: await openWriter(from, changes), from });
  };
  const end = async () => {
    const [ended] = open.splice(pick(open.length), 1);
    if (!ended) return;
    const { writer, from } = ended;
    const how = random();
    if (how < 0.15) await writer.rollBack();
    else if (how < 0.25) writer.kill();
    else await writer.commit();
    idle.push(from);
    for (const { id, sequence } of writer.changes) {
      held.delete(id);
      if (how >= 0.25) sequences.set(id, sequence);
      if (how >= 0.25) committed.push(`${id}:${sequence}`);
    }
  };
  for (let step = 0; step < STEPS; step += 1) {
    const dice = random();
    if (dice < 0.4) await begin();
    else if (dice < 0.75) await end();
    else if (dice < 0.9) await Promise.all([givePositions(house), givePositions(sequencer)]);
    else await reader.read();
  }
  while (open.length > 0) await end();
  await givePositions(house);
  await reader.read();
  for (const other of [sequencer, ...neighbours]) other.leave();
  return { committed, reader };
}

describe('change feed beside open transactions (MariaDB)', () => {
  let house: TestHouse;
  let database: TestDatabase;

  before(async function () {
    requireProgram(this, 'mariadbd');
    database = await createDatabase();
    house = await openTestHouse(database.url);
  });

  after(async () => {
    await house?.close();
    await database?.drop();
  });

  for (const seed of [1, 20_261_122, 77]) {
    it(`shows a cursor every committed change once, however late it was committed (seed ${seed})`, async () => {
      await house.db.rows.changeIntake.destroy({ where: {} });
      const { committed, reader } = await run(seeded(seed), house, database.url);
      expect(committed.length).to.be.greaterThan(80);
      expect(reader.seen).to.have.members(committed);
      const [first = 0] = reader.positions;
      expect(reader.positions).to.deep.equal(reader.positions.map((_, index) => first + index));
      for (let licence = 0; licence < LICENCES; licence += 1) {
        const own = reader.seen.filter((text) => text.startsWith(`licence-${licence}:`));
        expect(own).to.deep.equal(own.map((_, index) => `licence-${licence}:${index + 1}`));
      }
    });
  }

  it('gives no position to what is not committed, and waits for nobody', async () => {
    const reader = await makeReader(house);
    const early = await openWriter(house, [change('early', 1)]);
    const late = await openWriter(house, [change('late', 1)]);
    await late.commit();
    await givePositions(house);
    await reader.read();
    expect(reader.seen).to.deep.equal(['late:1']);
    await early.commit();
    await givePositions(house);
    await reader.read();
    expect(reader.seen).to.deep.equal(['late:1', 'early:1']);
  });
});

eachDatabase('change feed', (open) => {
  let house: TestHouse;

  before(async () => {
    house = await openTestHouse(await open());
  });

  after(() => house.close());

  it('keeps a change with the act that makes it or not at all, whoever else writes', async () => {
    const reader = await makeReader(house);
    const caller = houseCaller('test');
    const random = seeded(4);
    const kept: string[] = [];
    const acts = Array.from({ length: WRITERS }, (_, index) => async () => {
      for (let round = 1; round <= 5; round += 1) {
        const fails = random() < 0.3;
        const id = `writer-${index}-${round}`;
        await withTransaction(house.db, async (tx) => {
          await publishChanges(house, tx, caller, [change(id, 1), change(id, 2)]);
          if (fails) throw new Error('rolled back');
        }).catch(() => undefined);
        if (!fails) kept.push(`${id}:1`, `${id}:2`);
        await givePositions(house);
        if (index === 0) await reader.read();
      }
    });
    await Promise.all(acts.map((act) => act()));
    await givePositions(house);
    await reader.read();
    expect(reader.seen).to.have.members(kept);
    expect(reader.positions).to.deep.equal(kept.map((_, index) => (reader.positions[0] ?? 0) + index));
  });

  it('writes many changes at once, in their order', async () => {
    const reader = await makeReader(house, 500);
    const many = Array.from({ length: 1203 }, (_, index) => change(`many-${index}`, 1));
    await withTransaction(house.db, (tx) => publishChanges(house, tx, houseCaller('test'), many));
    expect(await givePositions(house)).to.equal(1203);
    await reader.read();
    expect(reader.seen).to.deep.equal(many.map(({ id }) => `${id}:1`));
  });
});
