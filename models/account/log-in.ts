/** Sign a person in: password, lock-out after repeated failures, a session whose token is stored only as a digest. */
import { z } from 'zod';
import { appendAudit, logAccess } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import { sm3Hex } from '../kernel/digest.ts';
import { Fault } from '../kernel/fault.ts';
import { toBase32 } from '../kernel/ids.ts';
import { withTransaction } from '../store/with-transaction.ts';
import { hashPassword, passwordHolds } from './hash-password.ts';
import type { UserColumns } from './rows.ts';

const FAILURES_BEFORE_LOCK = 5;
const LOCK_MINUTES = 15;
const SESSION_HOURS = 8;

export const loginSchema = z.strictObject({ name: z.string().min(1).max(60), password: z.string().min(1).max(200) });

export interface Session {
  readonly token: string;
  readonly csrfToken: string;
  readonly expiresAt: Date;
  readonly user: Pick<UserColumns, 'id' | 'loginName' | 'displayName' | 'roles' | 'organisationCode'>;
}

/** Throws `LOGIN_FAILED` (the same for an unknown name and a wrong password) and `LOGIN_LOCKED`. */
export async function logIn(house: House, caller: Caller, input: z.infer<typeof loginSchema>): Promise<Session> {
  const user = await house.db.rows.users.findOne({ where: { loginName: input.name } });
  const now = house.clock();
  if (user?.lockedUntil && user.lockedUntil > now) {
    await logAccess(house, caller, {
      act: 'account.login',
      outcome: 'refused',
      details: { userId: user.id, why: 'locked' },
    });
    throw new Fault('LOGIN_LOCKED');
  }
  // An unknown name costs the same time as a wrong password.
  const holds = user ? await passwordHolds(user.passwordHash, input.password) : !(await hashPassword(input.password));
  if (!user || !holds || user.state !== 'active') {
    await countFailure(house, caller, user?.id);
    throw new Fault('LOGIN_FAILED');
  }
  return openSession(house, caller, user.get());
}

async function countFailure(house: House, caller: Caller, userId: string | undefined): Promise<void> {
  const { users } = house.db.rows;
  await withTransaction(house.db, async (tx) => {
    const row = userId ? await users.findByPk(userId, { transaction: tx, lock: true }) : null;
    if (row) {
      const failedLogins = row.failedLogins + 1;
      const locked = failedLogins >= FAILURES_BEFORE_LOCK;
      const lockedUntil = locked ? new Date(house.clock().getTime() + LOCK_MINUTES * 60_000) : row.lockedUntil;
      await row.update({ failedLogins: locked ? 0 : failedLogins, lockedUntil }, { transaction: tx });
    }
    await appendAudit(house, tx, caller, {
      act: 'account.login',
      outcome: 'refused',
      details: { userId: userId ?? null },
    });
  });
}

async function openSession(house: House, caller: Caller, user: UserColumns): Promise<Session> {
  const { sessions, users } = house.db.rows;
  const token = toBase32(house.random(32));
  const csrfToken = toBase32(house.random(16));
  const now = house.clock();
  const expiresAt = new Date(now.getTime() + SESSION_HOURS * 3_600_000);
  const tokenDigest = sm3Hex(token);
  await withTransaction(house.db, async (tx) => {
    await users.update({ failedLogins: 0, lockedUntil: null }, { where: { id: user.id }, transaction: tx });
    const row = { tokenDigest, userId: user.id, csrfToken, createdAt: now, seenAt: now, expiresAt };
    await sessions.create(row, { transaction: tx });
    const who: Caller = { ...caller, type: 'person', id: user.id, organisationCode: user.organisationCode };
    await appendAudit(house, tx, who, { act: 'account.login' });
  });
  const { id, loginName, displayName, roles, organisationCode } = user;
  return { token, csrfToken, expiresAt, user: { id, loginName, displayName, roles, organisationCode } };
}
