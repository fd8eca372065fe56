/** Register a department's machine over HTTP. A SQLite address names a file of this host, so it counts only below the folder
 *  that the operator allows, and only when it is an exchange database; MySQL addresses go through as they are. */
import { closeSync, openSync, readSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import Libsql from 'libsql';
import type { z } from 'zod';
import { requireRole } from '../../models/account/index.ts';
import { type FrontEndView, type frontEndSchema, saveFrontEnd } from '../../models/exchange-state/index.ts';
import type { Caller, House, Remember } from '../../models/house.ts';
import { throwFaults } from '../../models/kernel/fault.ts';
import type { FrontEndProfile } from './profile.ts';
import { findProfile } from './profiles.ts';

const SQLITE = 'sqlite:';
const SQLITE_MAGIC = 'SQLite format 3\0';
/** A table that only a repository's own database has. */
const OWN_TABLE = 'front_ends';

/** Throws `FORBIDDEN`, or `FRONT_END_REFUSED` at `/url`: one code for every reason, so that it tells nothing of the disk. */
export async function registerMachine(
  house: House,
  caller: Caller,
  input: z.input<typeof frontEndSchema>,
  remember?: Remember<FrontEndView>,
): Promise<FrontEndView> {
  requireRole(caller, 'bureau.officer', 'admin.system');
  if (!input.url.startsWith(SQLITE)) return saveFrontEnd(house, caller, input, remember);
  const known = await house.db.rows.frontEnds.findByPk(input.name);
  const profile = findProfile(input.profile ?? known?.profile ?? 'zhengku');
  const file = findAllowedFile(input.url.slice(SQLITE.length), house.frontEndDir, profile);
  if (file === undefined) throwFaults([{ pointer: '/url', code: 'FRONT_END_REFUSED' }]);
  return saveFrontEnd(house, caller, { ...input, url: `${SQLITE}${file}` }, remember);
}

/** Where the file truly lies, links followed; undefined when it may not serve. */
function findAllowedFile(file: string, folder: string | undefined, profile: FrontEndProfile): string | undefined {
  if (folder === undefined) return undefined;
  try {
    const real = realpathSync(file);
    const inside = path.relative(realpathSync(folder), real);
    const isBelow = inside !== '' && !inside.startsWith('..') && !path.isAbsolute(inside);
    return isBelow && statSync(real).isFile() && isSqlite(real) && holdsExchangeTables(real, profile)
      ? real
      : undefined;
  } catch {
    return undefined;
  }
}

/** By its first bytes: the driver would take an empty file for a database, and write into it. */
function isSqlite(file: string): boolean {
  const start = Buffer.alloc(SQLITE_MAGIC.length);
  const handle = openSync(file, 'r');
  try {
    readSync(handle, start);
  } finally {
    closeSync(handle);
  }
  return start.toString('latin1') === SQLITE_MAGIC;
}

function holdsExchangeTables(file: string, { tableNames }: FrontEndProfile): boolean {
  const database = new Libsql(file);
  try {
    const rows = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all() as { name: string }[];
    const names = new Set(rows.map(({ name }) => name));
    return tableNames.every((table) => names.has(table)) && !names.has(OWN_TABLE);
  } finally {
    database.close();
  }
}
