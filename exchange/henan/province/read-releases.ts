/** hn_catalog_release: the codes that the province has given to our entries. A row is marked as moved once its code is kept here, so
 *  that a crash between the two brings it again. */
import type { House } from '../../../models/house.ts';
import { readRows } from '../../../models/store/index.ts';
import { columnList, columnText } from '../../front-end/column-text.ts';
import type { FrontEndConnection } from '../../front-end/connection.ts';
import { nameError } from '../../front-end/name-error.ts';
import { type CatalogueAnswer, ProvinceAway, type ProvincePage } from '../../province/connector.ts';
import { SYNC_STATES } from '../code-lists.ts';
import { toBeijingText } from '../days.ts';
import { marksOf } from '../marks.ts';

const MOST_ROWS = 500;
const COLUMNS = ['catalog_id', 'catalog_no', 'licence_type_code', 'update_date', 'create_date'];

interface Release {
  readonly catalogId: string;
  readonly code: string;
  readonly since: string;
}

/** @param cursor the last catalog_id of the page before; empty or null: from the beginning */
export async function readReleases(
  house: House,
  connection: FrontEndConnection,
  cursor: string | null,
): Promise<ProvincePage<CatalogueAnswer>> {
  try {
    const after = cursor ?? '';
    const rows = await connection.query(
      `SELECT ${columnList(connection.dialect, COLUMNS)} FROM hn_catalog_release
       WHERE sync_state = ${SYNC_STATES.waiting} AND catalog_id > ? ORDER BY catalog_id LIMIT ${MOST_ROWS}`,
      [after],
    );
    const releases = rows.map((row): Release => {
      const text = (name: string) => columnText(row[name]).trim();
      const code = text('catalog_no') || text('licence_type_code');
      return { catalogId: text('catalog_id'), code, since: text('update_date') || text('create_date') };
    });
    const items = await findNew(house, connection, releases);
    const more = rows.length === MOST_ROWS;
    return { items, cursor: more ? (releases.at(-1)?.catalogId ?? '') : '', more };
  } catch (cause) {
    throw cause instanceof ProvinceAway ? cause : new ProvinceAway({ detail: nameError(cause), cause });
  }
}

/** Of each entry the newest release; what is kept already is marked. */
async function findNew(
  house: House,
  connection: FrontEndConnection,
  releases: readonly Release[],
): Promise<CatalogueAnswer[]> {
  if (releases.length === 0) return [];
  const where = { code: releases.map(({ code }) => code) };
  const known = await readRows(house.db.rows.provinceCatalogueCodes, { where });
  const kept = new Map(known.map(({ code, provincialCode }) => [code, provincialCode]));
  const newest = new Map<string, Release>();
  for (const release of releases)
    if (release.since >= (newest.get(release.code)?.since ?? '')) newest.set(release.code, release);
  const isNew = ({ code, catalogId }: Release) =>
    newest.get(code)?.catalogId === catalogId && kept.get(code) !== catalogId;
  const done = releases.filter((release) => !isNew(release)).map(({ catalogId }) => catalogId);
  if (done.length > 0) {
    await connection.execute(
      `UPDATE hn_catalog_release SET sync_state = ${SYNC_STATES.moved}, sync_date = ?
       WHERE sync_state = ${SYNC_STATES.waiting} AND catalog_id IN (${marksOf(done)})`,
      [toBeijingText(house.clock()), ...done],
    );
  }
  return releases.filter(isNew).map(({ code, catalogId }) => ({ code, provincialCode: catalogId }));
}
