/** Changes for the tests of the feed, and writers that hold their transaction open for as long as the test says. */
import type { Transaction } from 'sequelize';
import { type House, houseCaller } from '../../../models/house.ts';
import { givePositions } from '../../../models/publication/give-positions.ts';
import { type PublishedChange, publishChanges } from '../../../models/publication/publish-changes.ts';
import { readFeed, readHead } from '../../../models/publication/read-feed.ts';
import { openDatabase } from '../../../models/store/database.ts';
import { ENTRY, ISSUER } from '../../world/sample-entry.ts';

export const EVERYTHING = { all: true, ownBody: null, codes: [], nextStepCodes: [] };

export function change(id: string, sequence: number, more: Partial<PublishedChange> = {}): PublishedChange {
  const common = { issuingBody: ISSUER, catalogueCode: ENTRY.code, act: 'suspend', status: 'suspended' as const };
  return { type: 'licence', id, identifier: `identifier-${id}`, sequence, ...common, ...more };
}

export interface Writer {
  readonly changes: readonly PublishedChange[];
  commit(): Promise<void>;
  rollBack(): Promise<void>;
  /** The connection ends without a word, as when the writer's process is killed. */
  kill(): void;
}

/** A transaction of its own that has written and not yet decided. */
export async function openWriter(house: House, changes: readonly PublishedChange[]): Promise<Writer> {
  const { sequelize } = house.db;
  const tx: Transaction = await sequelize.transaction();
  await publishChanges(house, tx, houseCaller('test'), changes);
  return {
    changes,
    commit: () => tx.commit(),
    rollBack: () => tx.rollback(),
    kill() {
      // What a transaction holds while it runs; Sequelize does not say so in its types.
      (tx as unknown as { readonly connection: { destroy(): void } }).connection.destroy();
    },
  };
}

export type Neighbour = House & { leave(): void };

/** The same database through connections of its own, as another process has it. */
export function besides(house: House, url: string): Neighbour {
  const db = openDatabase(url);
  return { ...house, db, leave: () => void db.sequelize.close().catch(() => undefined) };
}

/** A reader that begins with what comes next and remembers where it was. */
export async function makeReader(house: House, limit = 7) {
  const seen: string[] = [];
  const positions: number[] = [];
  await givePositions(house);
  let after = await readHead(house);
  return {
    seen,
    positions,
    async read() {
      for (;;) {
        const page = await readFeed(house, EVERYTHING, {}, { after, limit });
        for (const { subjectId, sequence, position } of page.entries) {
          seen.push(`${subjectId}:${sequence}`);
          positions.push(position);
        }
        after = page.position;
        if (page.entries.length < limit && after >= page.head) return;
      }
    },
  };
}

/** Numbers from 0 up to 1 that repeat with their seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
