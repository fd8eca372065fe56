/** What was laid down in the province's front-end tables, subject by subject: its number, and which state of it lies there. */
import { Op } from 'sequelize';
import type { House } from '../house.ts';
import { readRows } from '../store/bulk-read.ts';
import { insertMissing, updateRows } from '../store/bulk-write.ts';
import { withTransaction } from '../store/with-transaction.ts';
import type { HenanSubjectColumns } from './henan-rows.ts';

export const FILE_NUMBER_CONTEXT = 'henan_subjects.file_number_cipher';

/** Each of the subjects, numbered now when it had no number yet. */
export async function numberHenanSubjects(
  house: House,
  subjects: readonly string[],
): Promise<ReadonlyMap<string, HenanSubjectColumns>> {
  const known = await findHenanSubjects(house, subjects);
  const missing = subjects.filter((subject) => !known.has(subject));
  if (missing.length === 0) return known;
  const rows = missing.map((subject) => ({ subject, fileVersion: 1, sequence: 0 }));
  await withTransaction(house.db, (tx) => insertMissing(house.db, tx, house.db.rows.henanSubjects, 'subject', rows));
  return findHenanSubjects(house, subjects);
}

export async function findHenanSubjects(
  house: House,
  subjects: readonly string[],
): Promise<ReadonlyMap<string, HenanSubjectColumns>> {
  if (subjects.length === 0) return new Map();
  const rows = await readRows(house.db.rows.henanSubjects, { where: { subject: { [Op.in]: [...subjects] } } });
  return new Map(rows.map((row) => [row.subject, row]));
}

export async function findHenanSerials(house: House, serials: readonly number[]): Promise<HenanSubjectColumns[]> {
  if (serials.length === 0) return [];
  return readRows(house.db.rows.henanSubjects, { where: { serial: { [Op.in]: [...serials] } } });
}

const LISTED_AT_ONCE = 5000;

/** All that counts as written, by serial. */
export async function* listHenanWritten(
  house: House,
): AsyncGenerator<Pick<HenanSubjectColumns, 'serial' | 'subject' | 'sequence' | 'digest'>> {
  for (let after = 0; ; ) {
    const rows = await readRows(house.db.rows.henanSubjects, {
      where: { serial: { [Op.gt]: after }, digest: { [Op.ne]: null } },
      ...{ order: [['serial', 'ASC']], limit: LISTED_AT_ONCE },
      attributes: ['serial', 'subject', 'sequence', 'digest'],
    });
    yield* rows;
    after = rows.at(-1)?.serial ?? after;
    if (rows.length < LISTED_AT_ONCE) return;
  }
}

export type HenanWritten = Pick<
  HenanSubjectColumns,
  'serial' | 'subject' | 'fileNumberCipher' | 'fileVersion' | 'fileDigest' | 'sequence' | 'digest'
>;

/** After the rows were written there. Subjects of which a newer state was noted meanwhile: what was written over it was older. */
export async function noteHenanWritten(house: House, written: readonly HenanWritten[]): Promise<ReadonlySet<string>> {
  if (written.length === 0) return new Set();
  const { henanSubjects } = house.db.rows;
  return withTransaction(house.db, async (tx) => {
    const where = { serial: { [Op.in]: written.map(({ serial }) => serial) } };
    const held = await readRows(henanSubjects, { where, order: [['serial', 'ASC']], tx, lock: true });
    const sequences = new Map(held.map(({ serial, sequence }) => [serial, sequence]));
    const isOlder = ({ serial, sequence }: HenanWritten) => (sequences.get(serial) ?? 0) > sequence;
    const rows = written.filter((one) => !isOlder(one)).map((one) => ({ ...one, writtenAt: house.clock() }));
    await updateRows(house.db, tx, henanSubjects, 'serial', rows);
    return new Set(written.filter(isOlder).map(({ subject }) => subject));
  });
}

/** Rows there do not say what was written: they count as not written, unless something newer was written meanwhile. */
export async function noteHenanAltered(
  house: House,
  altered: readonly Pick<HenanSubjectColumns, 'serial' | 'sequence'>[],
): Promise<void> {
  if (altered.length === 0) return;
  const where = { [Op.or]: altered.map(({ serial, sequence }) => ({ serial, sequence })) };
  await withTransaction(house.db, (transaction) =>
    house.db.rows.henanSubjects.update({ digest: null }, { where, transaction }),
  );
}

/** A refusal was taken: what lies there counts as not written, so that a replay writes it again. */
export async function noteHenanRefused(
  house: House,
  refused: readonly Pick<HenanSubjectColumns, 'serial' | 'refusal'>[],
): Promise<void> {
  if (refused.length === 0) return;
  const rows = refused.map(({ serial, refusal }) => ({ serial, refusal, digest: null }));
  await withTransaction(house.db, (tx) => updateRows(house.db, tx, house.db.rows.henanSubjects, 'serial', rows));
}
