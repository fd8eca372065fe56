/** What the province refuses after it has moved the row: its inbox is walked by key, some pages a pass and round again, because its
 *  rows are neither marked nor numbered. Each refusal is taken once, by its digest. */
import {
  FILE_NUMBER_CONTEXT,
  findHenanSerials,
  findHenanSubjects,
  type HenanSubjectColumns,
  noteHenanRefused,
} from '../../../models/exchange-state/index.ts';
import type { House } from '../../../models/house.ts';
import { columnList, columnText } from '../../front-end/column-text.ts';
import type { FrontEndConnection } from '../../front-end/connection.ts';
import { nameError } from '../../front-end/name-error.ts';
import { type LateRefusal, ProvinceAway, type ProvincePage } from '../../province/connector.ts';
import { serialOf } from './file-number.ts';
import { findRefusals, hasRefusals, REFUSALS } from './find-refusals.ts';

const MOST_KEYS = 500;
/** In one pass. */
const MOST_PAGES = 4;

/** @param cursor the last key of the pass before; empty or null: from the beginning */
export async function readLateRefusals(
  house: House,
  connection: FrontEndConnection,
  cursor: string | null,
): Promise<ProvincePage<LateRefusal>> {
  try {
    if (!(await hasRefusals(connection))) return { items: [], cursor: '', more: false };
    const items: LateRefusal[] = [];
    let after = cursor ?? '';
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const rows = await connection.query(
        `SELECT DISTINCT ${columnList(connection.dialect, ['certificate_source_id'])} FROM ${REFUSALS}
         WHERE certificate_source_id > ? ORDER BY certificate_source_id LIMIT ${MOST_KEYS}`,
        [after],
      );
      const keys = rows.map((row) => columnText(row.certificate_source_id));
      items.push(...(await findNew(house, connection, keys)));
      after = keys.length < MOST_KEYS ? '' : (keys.at(-1) ?? '');
      if (after === '') break;
    }
    return { items, cursor: after, more: false };
  } catch (cause) {
    throw cause instanceof ProvinceAway ? cause : new ProvinceAway({ detail: nameError(cause), cause });
  }
}

/** Refusals of what lies there now, that were not seen before. */
async function findNew(house: House, connection: FrontEndConnection, keys: readonly string[]): Promise<LateRefusal[]> {
  if (keys.length === 0) return [];
  const refusals = await findRefusals(connection, keys);
  const written = await findWritten(house, keys);
  return [...refusals].flatMap(([key, { reason, digest: refusal }]): LateRefusal[] => {
    const row = written.get(key);
    if (!row || row.digest === null || row.refusal === refusal) return [];
    const { serial, subject, sequence, digest } = row;
    const settle = () => noteHenanRefused(house, [{ serial, refusal }]);
    return [{ subject, sequence, digest, reason, settle }];
  });
}

/** By key, of those of the keys that are ours and under which the newest file lies. */
async function findWritten(house: House, keys: readonly string[]): Promise<Map<string, HenanSubjectColumns>> {
  const entries = await findHenanSubjects(
    house,
    keys.map((key) => `catalogue:${key}`),
  );
  const licences = await findHenanSerials(
    house,
    keys.flatMap((key) => serialOf(key) ?? []),
  );
  const numberOf = ({ fileNumberCipher }: HenanSubjectColumns) =>
    fileNumberCipher ? house.cipher.decrypt(FILE_NUMBER_CONTEXT, fileNumberCipher) : '';
  return new Map([
    ...[...entries.values()].map((row) => [row.subject.slice('catalogue:'.length), row] as const),
    ...licences.map((row) => [numberOf(row), row] as const),
  ]);
}
