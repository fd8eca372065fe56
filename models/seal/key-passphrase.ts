/** Put every key under another passphrase. The house that did it is opened again with the new one; a process that runs on
 *  keeps the keys it has opened, and can open no others. */
import { changePassphrase, SigningError } from '../../signing/index.ts';
import { requireRole } from '../account/require-role.ts';
import { appendAudit } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { withTransaction } from '../store/with-transaction.ts';

export const SHORTEST_PASSPHRASE = 16;

/** How many keys. All or none: throws `STATE_CONFLICT` when a key was stored or changed meanwhile, `KEY_FILE_REFUSED` when
 *  one cannot be opened with the present passphrase, or the new one is shorter than 16 characters. */
export async function changeKeyPassphrase(house: House, caller: Caller, passphrase: string): Promise<number> {
  requireRole(caller, 'admin.security');
  if (passphrase.length < SHORTEST_PASSPHRASE) throw new Fault('KEY_FILE_REFUSED', { detail: 'PASSPHRASE_SHORT' });
  const { keys } = house.db.rows;
  const rows = await keys.findAll({ where: { provider: 'software' }, attributes: ['id', 'encryptedPkcs8'] });
  // opening and closing is slow on purpose: it is done before the writers are kept waiting
  const changed = rows.map(({ id, encryptedPkcs8: before }) => ({
    id,
    before,
    after: change(house, before, passphrase),
  }));
  return withTransaction(house.db, async (transaction) => {
    for (const { id, before, after } of changed) {
      const where = { id, encryptedPkcs8: before };
      const [moved] = await keys.update({ encryptedPkcs8: after }, { where, transaction });
      if (moved !== 1) throw new Fault('STATE_CONFLICT');
    }
    const count = await keys.count({ where: { provider: 'software' }, transaction });
    if (count !== changed.length) throw new Fault('STATE_CONFLICT');
    await appendAudit(house, transaction, caller, { act: 'key.passphrase', details: { keys: count } });
    return count;
  });
}

function change(house: House, encrypted: string, passphrase: string): string {
  const random = { salt: house.random(16), iv: house.random(16) };
  try {
    return changePassphrase(encrypted, house.keyPassphrase, passphrase, random);
  } catch (cause) {
    throw cause instanceof SigningError ? new Fault('KEY_FILE_REFUSED', { detail: cause.code, cause }) : cause;
  }
}
