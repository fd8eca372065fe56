/** A call that ended in a fault leaves an entry in the access log as well, before the fault is answered. */
import type { Request } from 'express';
import { logAccess, wasLogged } from '../../models/audit/index.ts';
import type { Caller, House } from '../../models/house.ts';
import type { FaultKind } from '../../models/kernel/fault-codes.ts';
import { toFault } from './problem.ts';

const REFUSED: ReadonlySet<FaultKind> = new Set(['unauthenticated', 'forbidden', 'not-found', 'conflict']);

/** Nothing to do when the act itself has logged it. Throws `AUDIT_UNAVAILABLE`, which then is the answer. */
export async function logFault(house: House, caller: Caller, request: Request, error: unknown): Promise<void> {
  const { code, kind } = toFault(error);
  if (wasLogged(caller) || code === 'AUDIT_UNAVAILABLE') return;
  const route = (request.route as { path?: string } | undefined)?.path ?? '';
  const { id } = request.params;
  const licenceId = route.includes('/licences/:id') && typeof id === 'string' ? id.slice(0, 64) : null;
  const facts = { licenceId, details: { method: request.method, route, code } };
  const outcome = REFUSED.has(kind) ? 'refused' : 'failed';
  try {
    await logAccess(house, caller, { act: 'call.fault', outcome, ...facts });
  } catch (failure) {
    // An error nobody foresaw is answered without a word of it; that it stays in the log matters more.
    if (kind !== 'internal') throw failure;
  }
}
