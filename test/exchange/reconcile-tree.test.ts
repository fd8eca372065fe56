import { expect } from 'chai';
import { growSubtree, LEAF_MOST, placeOf, type TreeNode } from '../../models/digest-tree/tree-shape.ts';
import { SQL_TREE } from '../../models/digest-tree/tree-store.ts';
import { foldTree, rebuildCityTree, runTree } from '../../models/exchange-state/tree-fold.ts';
import { markInTree, type TreeMark } from '../../models/exchange-state/tree-marks.ts';
import { sm3Hex } from '../../models/kernel/digest.ts';
import { withTransaction } from '../../models/store/with-transaction.ts';
import { eachDatabase } from '../world/each-database.ts';
import { openTestHouse, type TestHouse } from '../world/test-house.ts';

const BODIES = ['11419900MB00000012', '11419900MB00000029'] as const;

/** A subject of one of the bodies; every seventh is a catalogue entry. */
function subjectOf(serial: number): string {
  const body = BODIES[serial % 2] ?? '';
  if (serial % 7 === 0) return `catalogue:${body}${String(serial % 1000).padStart(3, '0')}`;
  return `licence:1.2.156.3005.2.${body}001.${body}.${String(serial).padStart(9, '0')}.001.0`;
}

type NamedMark = TreeMark & { readonly subject: string };

const markOf = (serial: number, sequence: number): NamedMark => ({
  ...{ subject: subjectOf(serial), subjectType: 'licence', subjectId: `L${serial}` },
  ...{ sequence, digest: sm3Hex(`${serial} ${sequence}`) },
});

const goneOf = (serial: number): NamedMark => ({ ...markOf(serial, 1), sequence: null, digest: null });

/** Numbers that look random and are the same each time. */
function sequenceOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

eachDatabase('the city’s tree of digests', (openDatabase) => {
  let house: TestHouse;
  before(async function () {
    this.timeout(60_000);
    house = await openTestHouse(await openDatabase());
  });
  after(() => house.close());

  const mark = (marks: readonly TreeMark[]) => withTransaction(house.db, (tx) => markInTree(house, tx, marks));

  const allNodes = async () => {
    const [rows] = await house.db.sequelize.query(
      'SELECT node, records, digest, children FROM tree_nodes ORDER BY node',
    );
    return rows;
  };

  /** What the tree must be, grown at once from what was last said of each subject. */
  const grown = (truth: ReadonlyMap<string, NamedMark>) => {
    const records = [...truth.values()].flatMap(({ subject, sequence, digest }) =>
      sequence === null || digest === null ? [] : [{ subject, sequence, digest, ...placeOf(subject) }],
    );
    return [...new Set(records.map(({ body }) => body))].sort().map((body) => {
      const { entry } = growSubtree(
        body,
        '',
        records.filter((record) => record.body === body),
      );
      return { body, count: entry?.count, digest: entry?.digest };
    });
  };

  const roots = async () =>
    (await runTree(house.db, SQL_TREE.listRoots())).map(({ body, count, digest }: TreeNode) => ({
      body,
      count,
      digest,
    }));

  it('is after any changes what it would be grown anew, and holds no node too many', async function () {
    this.timeout(60_000);
    const truth = new Map<string, NamedMark>();
    const next = sequenceOf(20260302);
    for (let round = 1; round <= 12; round += 1) {
      const size = [1, 40, 700, 3, 900, 200, 1, 500, 10, 800, 30, 5][round - 1] ?? 1;
      const marks = Array.from({ length: size }, () => {
        const serial = next(1500);
        return next(3) === 0 ? goneOf(serial) : markOf(serial, round);
      });
      for (const one of marks) truth.set(one.subject, one);
      await mark(marks);
      await foldTree(house);
      expect(await roots(), `round ${round}`).to.deep.equal(grown(truth));
    }
    const kept = await allNodes();
    await rebuildCityTree(house);
    expect(await allNodes()).to.deep.equal(kept);
    await mark([...truth.values()].map((one) => ({ ...one, sequence: null, digest: null })));
    await foldTree(house);
    expect(await allNodes()).to.deep.equal([]);
  });

  it('stands on leaves of at most so many records, however many there are', async () => {
    await mark(Array.from({ length: 3000 }, (_, serial) => markOf(serial, 1)));
    await foldTree(house);
    const [rows] = await house.db.sequelize.query('SELECT children FROM tree_nodes WHERE children IS NOT NULL');
    const leaves = (rows as { children: string }[])
      .flatMap(({ children }) => children.split('\n').map((line) => line.split(' ')))
      .filter(([, , , inner]) => inner === '0');
    expect(Math.max(...leaves.map(([, count]) => Number(count)))).to.be.at.most(LEAF_MOST);
    expect(leaves.reduce((sum, [, count]) => sum + Number(count), 0)).to.equal(
      new Set(Array.from({ length: 3000 }, (_, serial) => subjectOf(serial))).size,
    );
  });

  it('costs nothing when nothing was marked', async () => {
    const before = await foldTree(house);
    expect(await foldTree(house)).to.equal(before);
    await mark([markOf(1, 2)]);
    expect(await foldTree(house)).to.equal(before + 1);
    expect(await house.db.rows.treeMarks.count()).to.equal(0);
  });

  it('is part of the transaction: what is rolled back was never marked', async () => {
    await withTransaction(house.db, async (tx) => {
      await markInTree(house, tx, [markOf(2, 9)]);
      throw new Error('no');
    }).catch(() => undefined);
    expect(await house.db.rows.treeMarks.count()).to.equal(0);
  });
});
