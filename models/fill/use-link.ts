/** A browser comes by a link: the first that opens it, and no other until it ends. It then acts as the system that asked for it, and only
 *  upon this one form. */
import { timingSafeEqual } from 'node:crypto';
import { appendAudit } from '../audit/append-audit.ts';
import type { Unfinished } from '../draft/index.ts';
import type { Caller, House } from '../house.ts';
import { sm3Hex } from '../kernel/digest.ts';
import { Fault } from '../kernel/fault.ts';
import { toBase32 } from '../kernel/ids.ts';
import { type Tx, withTransaction } from '../store/with-transaction.ts';
import { CALLER_STATE, type CaseFacts, CONTENT, type LinkContent } from './make-link.ts';
import { checkReturnUrl, composeReturn } from './return-address.ts';
import type { FillLinkColumns } from './rows.ts';

export interface UsedLink {
  readonly link: FillLinkColumns;
  /** The system. */
  readonly caller: Caller;
  readonly content: Unfinished;
  readonly stated: CaseFacts;
  /** Null: nowhere. */
  readonly returnHost: string | null;
}

/** Gives the secret by which this browser is known from now on. Throws `FILL_LINK_UNKNOWN`, `FILL_LINK_USED` (by another browser, or it has
 *  ended), `FILL_LINK_EXPIRED`. */
export async function openFillLink(
  house: House,
  visitor: Caller,
  { id, token, known }: { readonly id: string; readonly token: string; readonly known: string | undefined },
): Promise<{ readonly secret: string; readonly expiresAt: Date }> {
  return withTransaction(house.db, async (tx) => {
    const row = await house.db.rows.fillLinks.findByPk(id, { transaction: tx, lock: true });
    if (!row || !isOf(token, row.tokenDigest)) throw new Fault('FILL_LINK_UNKNOWN');
    if (row.state !== 'open') throw new Fault('FILL_LINK_USED');
    if (row.expiresAt <= house.clock()) throw new Fault('FILL_LINK_EXPIRED');
    const { expiresAt } = row;
    if (row.browserDigest !== null) {
      if (known === undefined || !isOf(known, row.browserDigest)) throw new Fault('FILL_LINK_USED');
      return { secret: known, expiresAt };
    }
    const secret = toBase32(house.random(32));
    await row.update({ browserDigest: sm3Hex(secret) }, { transaction: tx });
    const { applicationId, catalogueCode } = row;
    await appendAudit(house, tx, visitor, { act: 'fill.open', details: { linkId: id, applicationId, catalogueCode } });
    return { secret, expiresAt };
  });
}

/** Also of a link that has ended: what it ended in is answered once more. Throws `FILL_LINK_UNKNOWN`, and `FORBIDDEN` when the system may
 *  not submit any more. */
export async function useFillLink(house: House, visitor: Caller, id: string, secret: string): Promise<UsedLink> {
  const row = await house.db.rows.fillLinks.findByPk(id);
  if (!row?.browserDigest || !isOf(secret, row.browserDigest)) throw new Fault('FILL_LINK_UNKNOWN');
  const application = await house.db.rows.applications.findByPk(row.applicationId);
  if (application?.state !== 'active' || !application.scopes.includes('issuer.clerk')) throw new Fault('FORBIDDEN');
  const { id: applicationId, name, organisationCode } = application;
  const { address, requestId } = visitor;
  const { stated = {}, ...content } = JSON.parse(house.cipher.decrypt(CONTENT, row.content)) as LinkContent;
  const isKnown = row.returnUrl !== null && checkReturnUrl(row.returnUrl, application.returnHosts ?? []).length === 0;
  return {
    link: row.get(),
    caller: { type: 'system', id: applicationId, name, organisationCode, roles: ['issuer.clerk'], address, requestId },
    ...{ content, stated },
    returnHost: isKnown ? new URL(row.returnUrl ?? '').host : null,
  };
}

/** Throws `FILL_LINK_USED`, `FILL_LINK_EXPIRED`. */
export function requireOpen(house: House, { state, expiresAt }: FillLinkColumns): void {
  if (state !== 'open') throw new Fault('FILL_LINK_USED');
  if (expiresAt <= house.clock()) throw new Fault('FILL_LINK_EXPIRED');
}

/** With the act it ends in, once. Throws as `requireOpen`. */
export async function endFillLink(
  house: House,
  tx: Tx,
  { link, caller }: UsedLink,
  licenceId: string | null,
): Promise<void> {
  const row = await house.db.rows.fillLinks.findByPk(link.id, { transaction: tx, lock: true });
  if (!row) throw new Fault('FILL_LINK_UNKNOWN');
  requireOpen(house, row);
  const state = licenceId === null ? ('cancelled' as const) : ('submitted' as const);
  await row.update({ state, licenceId, endedAt: house.clock() }, { transaction: tx });
  const details = { linkId: link.id };
  const ended = licenceId === null ? { act: 'fill.cancel' as const } : { act: 'fill.submit' as const, licenceId };
  await appendAudit(house, tx, caller, { ...ended, details });
}

/** Undefined: the page leads nowhere. */
export function returnAddress(
  house: House,
  { link, returnHost }: UsedLink,
  outcome: 'submitted' | 'cancelled',
  licenceId: string | null,
): string | undefined {
  if (link.returnUrl === null || returnHost === null) return undefined;
  const state = link.callerState === null ? '' : house.cipher.decrypt(CALLER_STATE, link.callerState);
  return composeReturn(link.returnUrl, { state, outcome, licenceId });
}

function isOf(secret: string, digest: string): boolean {
  return timingSafeEqual(Buffer.from(sm3Hex(secret)), Buffer.from(digest));
}
