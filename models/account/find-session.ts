/** Who holds this session token: the person, if the session and the account still stand. */
import type { House } from '../house.ts';
import { sm3Hex } from '../kernel/digest.ts';
import type { SessionColumns, UserColumns } from './rows.ts';

export interface FoundSession {
  readonly session: SessionColumns;
  readonly user: UserColumns;
}

export async function findSession(house: House, token: string): Promise<FoundSession | undefined> {
  const { sessions, users } = house.db.rows;
  const session = await sessions.findByPk(sm3Hex(token));
  if (!session || session.expiresAt <= house.clock()) return undefined;
  const user = await users.findByPk(session.userId);
  return user?.state === 'active' ? { session: session.get(), user: user.get() } : undefined;
}
