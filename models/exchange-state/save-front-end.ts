/** Register a department's front-end machine (前置机), or change its address or state. The address holds a password and is
 *  stored encrypted. */
import { z } from 'zod';
import { requireRole } from '../account/require-role.ts';
import { appendAudit } from '../audit/append-audit.ts';
import type { Caller, House, Remember } from '../house.ts';
import { throwFaults } from '../kernel/fault.ts';
import { withTransaction } from '../store/with-transaction.ts';
import { type FrontEndView, URL_CONTEXT, viewFrontEnd } from './find-front-ends.ts';
import { FRONT_END_PROFILES } from './rows.ts';

export const frontEndSchema = z.strictObject({
  /** Stands in receipts' ids and in the command line. */
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/),
  organisationCode: z.string().length(18),
  url: z
    .string()
    .max(1000)
    .regex(/^(sqlite:.+|mysql:\/\/.+)$/),
  /** Its tables: ours (`zhengku`), or those of Henan's front-end database (`henan`). Left out: as it is, ours for a new one. */
  profile: z.enum(FRONT_END_PROFILES).optional(),
  state: z.enum(['active', 'paused']).default('active'),
});

export async function saveFrontEnd(
  house: House,
  caller: Caller,
  input: z.input<typeof frontEndSchema>,
  remember?: Remember<FrontEndView>,
): Promise<FrontEndView> {
  requireRole(caller, 'bureau.officer', 'admin.system');
  const { name, organisationCode, state = 'active' } = input;
  const organisation = await house.db.rows.organisations.findByPk(organisationCode);
  if (!organisation?.isIssuer) throwFaults([{ pointer: '/organisationCode', code: 'NOT_FOUND' }]);
  return withTransaction(house.db, async (tx) => {
    const { frontEnds } = house.db.rows;
    const known = await frontEnds.findByPk(name, { transaction: tx, lock: true });
    // Rows already applied belong to the body under whose name they came.
    if (known && known.organisationCode !== organisationCode)
      throwFaults([{ pointer: '/name', code: 'ALREADY_EXISTS' }]);
    const profile = input.profile ?? known?.profile ?? 'zhengku';
    const urlCipher = house.cipher.encrypt(URL_CONTEXT, input.url);
    // What waited at the address before is not known of this one.
    const changed = { organisationCode, state, profile, urlCipher, waitingSince: null };
    const row = known
      ? await known.update(changed, { transaction: tx })
      : await frontEnds.create(
          {
            ...changed,
            name,
            lastPassAt: null,
            lastPassMs: 0,
            lastError: null,
            silentSince: null,
            createdAt: house.clock(),
          },
          { transaction: tx },
        );
    await appendAudit(house, tx, caller, {
      act: 'exchange.manage',
      details: { frontEnd: name, organisationCode, profile, state },
    });
    const view = viewFrontEnd(row.get());
    await remember?.(tx, view);
    return view;
  });
}
