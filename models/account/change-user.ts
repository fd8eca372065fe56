/** Change an account: disable or enable it, change its roles, set a new password. It takes effect at once. */
import { Op } from 'sequelize';
import { z } from 'zod';
import { appendAudit } from '../audit/append-audit.ts';
import type { Caller, House, Remember } from '../house.ts';
import { Fault, throwFaults } from '../kernel/fault.ts';
import { type Tx, withTransaction } from '../store/with-transaction.ts';
import { hashPassword } from './hash-password.ts';
import { requireRole } from './require-role.ts';
import { checkRoles, userSchema } from './save-user.ts';
import { toUserView, type UserView } from './store-user.ts';

export const userChangeSchema = userSchema
  .pick({ roles: true, password: true, displayName: true })
  .extend({ state: z.enum(['active', 'disabled']) })
  .partial();
export type UserChange = z.infer<typeof userChangeSchema>;

/** Throws `NOT_FOUND`, and `FORBIDDEN` for one's own state and roles: nobody locks themselves out or raises themselves. */
export async function changeUser(
  house: House,
  caller: Caller,
  userId: string,
  { state, roles, password, displayName }: UserChange,
  remember?: Remember<UserView>,
): Promise<UserView> {
  requireRole(caller, 'admin.security');
  if (caller.id === userId && (state ?? roles)) throw new Fault('FORBIDDEN');
  const secret = password ? { passwordHash: await hashPassword(password), failedLogins: 0, lockedUntil: null } : {};
  return withTransaction(house.db, async (tx) => {
    const row = await house.db.rows.users.findByPk(userId, { transaction: tx, lock: true });
    if (!row) throw new Fault('NOT_FOUND');
    if (roles) throwFaults(checkRoles(roles, row.organisationCode));
    const open = { ...(state ? { state } : {}), ...(roles ? { roles } : {}), ...(displayName ? { displayName } : {}) };
    await row.update({ ...open, ...secret }, { transaction: tx });
    if (state === 'disabled' || password) await endAccess(house, tx, userId);
    const { displayName: renamed, ...told } = open;
    const details = {
      userId,
      ...told,
      ...(renamed ? { renamed: true } : {}),
      ...(password ? { password: 'new' } : {}),
    };
    await appendAudit(house, tx, caller, { act: 'account.manage', details });
    const view = toUserView(row);
    await remember?.(tx, view);
    return view;
  });
}

/** Sessions of the person, and tokens of what acts in their name. */
async function endAccess(house: House, tx: Tx, userId: string): Promise<void> {
  const { accessTokens, applications, sessions } = house.db.rows;
  await sessions.destroy({ where: { userId }, transaction: tx });
  const own = await applications.findAll({ where: { userId }, attributes: ['id'], transaction: tx });
  const where = { applicationId: { [Op.in]: own.map(({ id }) => id) } };
  if (own.length > 0) await accessTokens.destroy({ where, transaction: tx });
}
