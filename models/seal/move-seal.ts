/** The one way a seal moves: its row is locked, the move is legal or refused, and who, when and why are kept with it and in the
 *  access log. */
import { appendAudit } from '../audit/append-audit.ts';
import type { AuditAct } from '../audit/audit-words.ts';
import type { Caller, House } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import type { Tx } from '../store/with-transaction.ts';
import type { SealColumns } from './rows.ts';
import { nextSealState, type SealAct, type SealState } from './seal-moves.ts';

export interface Move {
  readonly act: SealAct;
  readonly reason: string | null;
  /** What else the move writes into the seal. */
  readonly values?: Partial<SealColumns>;
  /** Refuses by throwing: judged over the locked row, before anything is written. */
  readonly check?: (seal: SealColumns) => void;
}

const AUDITED = {
  approve: 'seal.decide',
  refuse: 'seal.decide',
  make: 'seal.make',
  register: 'seal.register',
  freeze: 'seal.freeze',
  unfreeze: 'seal.unfreeze',
  supersede: 'seal.renew',
  revoke: 'seal.revoke',
} as const satisfies Readonly<Record<SealAct, AuditAct>>;

/** Gives the seal as it now is. Throws `NOT_FOUND`; `SEAL_MOVE_REFUSED` when the move is not legal, naming the state. */
export async function moveSeal(
  house: House,
  tx: Tx,
  caller: Caller,
  sealId: string,
  { act, reason, values, check }: Move,
): Promise<SealColumns> {
  const row = await house.db.rows.seals.findByPk(sealId, { transaction: tx, lock: true });
  if (!row) throw new Fault('NOT_FOUND');
  const fromState = row.state;
  check?.(row.get());
  const toState = nextSealState(fromState, act);
  if (!toState) throw new Fault('SEAL_MOVE_REFUSED', { detail: `${fromState} → ${act}` });
  await row.update({ ...values, state: toState }, { transaction: tx });
  await recordChange(house, tx, caller, { sealId, act, fromState, toState, reason });
  const { organisationCode } = row;
  const details = { sealId, organisationCode, act, fromState, toState };
  await appendAudit(house, tx, caller, { act: AUDITED[act], details });
  return row.get();
}

export interface Change {
  readonly sealId: string;
  readonly act: SealAct | 'apply';
  readonly fromState: SealState | null;
  readonly toState: SealState;
  readonly reason: string | null;
}

export async function recordChange(house: House, tx: Tx, caller: Caller, change: Change): Promise<void> {
  const by = { actor: caller.id, organisationCode: caller.organisationCode };
  const row = { ...change, ...by, id: house.newId(), createdAt: house.clock() };
  await house.db.rows.sealChanges.create(row, { transaction: tx });
}
