/** Draw and keep one print (打印件) of a valid licence: the face at its true size, with a line that says who printed it, when,
 *  what for and under which number, and a code that leads to the check page, which tells of that number. No original. */
import type { FaceLayout } from '../../signing/index.ts';
import type { AuditFacts } from '../audit/append-audit.ts';
import { appendAudit } from '../audit/append-audit.ts';
import { getEntryVersion } from '../catalogue/find-entry.ts';
import type { Caller, House, Remember } from '../house.ts';
import { toShanghaiDate } from '../kernel/clock.ts';
import { Fault } from '../kernel/fault.ts';
import { checkPageUrl, composeFaceContent } from '../licence/compose-sealing-task.ts';
import { findHolders } from '../licence/find-holders.ts';
import { findSealing } from '../licence/find-sealing.ts';
import { getStanding } from '../licence/find-standing.ts';
import type { LicenceColumns } from '../licence/rows.ts';
import { LICENCE_STATUSES } from '../licence/states.ts';
import { requireActive } from '../organisation/require-active.ts';
import { withTransaction } from '../store/with-transaction.ts';

export interface PrintOrder {
  readonly licence: LicenceColumns;
  readonly organisationCode: string;
  readonly purpose: string;
  readonly useId: string | null;
  readonly facts: AuditFacts;
}

export interface PrintView {
  readonly serial: string;
  readonly identifier: string;
  readonly purpose: string;
  readonly printedAt: string;
  /** SM3 of the PDF. */
  readonly sm3: string;
}

/** Throws `STATE_CONFLICT` for a licence that is not valid (its status in the detail) or that its department sealed itself (no
 *  face here). */
export async function makePrint(
  house: House,
  caller: Caller,
  { licence, organisationCode, purpose, useId, facts }: PrintOrder,
  remember?: Remember<PrintView>,
): Promise<PrintView> {
  const { identifier, verificationCode, issuedOn, validFrom, validTo } = licence;
  const at = house.clock();
  const status = (await getStanding(house, licence)) ?? 'voided';
  if (status !== 'valid') throw new Fault('STATE_CONFLICT', { detail: `${status} ${LICENCE_STATUSES[status].zh}` });
  const sealing = await findSealing(house, licence.id);
  if (!identifier || !verificationCode || !issuedOn || !sealing) throw new Fault('STATE_CONFLICT');
  const body = await requireActive(house, organisationCode);
  const entry = await getEntryVersion(house, licence.catalogueCode, licence.catalogueVersion);
  const issue = { identifier, verificationCode, issuedOn, validFrom, validTo };
  const serial = composeSerial(house, at);
  const pdf = await house.sealer.print({
    layout: entry.definition.face as FaceLayout,
    content: await composeFaceContent(house, licence, await findHolders(house, licence.id), entry, issue),
    ...{ title: entry.name, identifier, printedBy: body.name, purpose, serial, at },
    checkUrl: `${checkPageUrl(house, issue)}&p=${serial}`,
    ...sealing,
  });
  const sm3 = await house.blobs.put(pdf);
  const view = { serial, identifier, purpose, printedAt: at.toISOString(), sm3 };
  return withTransaction(house.db, async (tx) => {
    const row = { id: house.newId(), serial, licenceId: licence.id, useId, organisationCode, purpose, digest: sm3 };
    await house.db.rows.prints.create({ ...row, printedBy: caller.id, createdAt: at }, { transaction: tx });
    await remember?.(tx, view);
    const details = { ...facts.details, serial };
    await appendAudit(house, tx, caller, { ...facts, licenceId: licence.id, purpose, details });
    return view;
  });
}

/** The day, and ten digits that nobody can guess. */
function composeSerial(house: House, at: Date): string {
  const chance = Buffer.from(house.random(5)).toString('hex').toUpperCase();
  return `DY${toShanghaiDate(at).replaceAll('-', '')}${chance}`;
}
