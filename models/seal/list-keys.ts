/** The repository's keys with their uses and limits. */
import { requireRole } from '../account/require-role.ts';
import { logAccess } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import { type KeyView, viewKey } from './key-view.ts';

export async function listKeys(house: House, caller: Caller): Promise<KeyView[]> {
  requireRole(caller, 'admin.security', 'auditor');
  await logAccess(house, caller, { act: 'key.read' });
  const rows = await house.db.rows.keys.findAll({ order: [['id', 'ASC']] });
  return rows.map((row) => viewKey(row.get()));
}
