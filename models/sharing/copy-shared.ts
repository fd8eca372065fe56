/** Hand out a copy (副本, 加注件) of one licence within a use: the face with purpose, recipient and time marked on every
 *  page, signed by the repository. The sealed original never changes. Within one use a licence has one copy: asked for
 *  again, it is the same file. No copy is made of a licence that is not valid. */
import { z } from 'zod';
import type { FaceLayout } from '../../signing/index.ts';
import { getEntryVersion } from '../catalogue/find-entry.ts';
import type { Caller, House } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { composeFaceContent } from '../licence/compose-sealing-task.ts';
import { findHolders } from '../licence/find-holders.ts';
import { findSealing } from '../licence/find-sealing.ts';
import { getStanding } from '../licence/find-standing.ts';
import { LICENCE_STATUSES } from '../licence/states.ts';
import { requireActive } from '../organisation/require-active.ts';
import { recordKeyUse } from '../seal/key-use.ts';
import { openHouseKey } from '../seal/keys.ts';
import { requireFitCertificate } from '../sealing/require-fit-certificate.ts';
import { withTransaction } from '../store/with-transaction.ts';
import { getWithinUse } from './within-use.ts';

export const copySharedSchema = z.strictObject({
  useCode: z.string().min(10).max(64),
  identifier: z.string().min(10).max(200),
});

export interface SharedCopy {
  readonly copyId: string;
  readonly pdf: Uint8Array;
}

/** Throws `NOT_FOUND` outside the bounds, `STATE_CONFLICT` for a licence that is not valid (its status in the detail) or that
 *  its department sealed itself (no face here). */
export async function copyShared(
  house: House,
  caller: Caller,
  request: z.infer<typeof copySharedSchema>,
): Promise<SharedCopy> {
  const { licence, use } = await getWithinUse(house, caller, 'sharing.copy', request);
  const { identifier, verificationCode, issuedOn, validFrom, validTo } = licence;
  const status = (await getStanding(house, licence)) ?? 'voided';
  if (status !== 'valid') throw new Fault('STATE_CONFLICT', { detail: `${status} ${LICENCE_STATUSES[status].zh}` });
  const sealing = await findSealing(house, licence.id);
  if (!identifier || !verificationCode || !issuedOn || !sealing) throw new Fault('STATE_CONFLICT');
  const made = await house.db.rows.copies.findOne({ where: { useId: use.id, licenceId: licence.id } });
  if (made) return { copyId: made.id, pdf: await house.blobs.get(made.digest) };
  const entry = await getEntryVersion(house, licence.catalogueCode, licence.catalogueVersion);
  const facts = { identifier, verificationCode, issuedOn, validFrom, validTo };
  const recipient = await requireActive(house, use.organisationCode);
  const signer = await openHouseKey(house, 'repository', 'RSA');
  await requireFitCertificate(house, 'repository RSA', signer.certificates);
  await withTransaction(house.db, (tx) => recordKeyUse(house, tx, [signer.id]));
  const pdf = await house.sealer.copy({
    layout: entry.definition.face as FaceLayout,
    content: await composeFaceContent(house, licence, await findHolders(house, licence.id), entry, facts),
    title: entry.name,
    identifier,
    recipient: recipient.name,
    purpose: use.purpose,
    at: house.clock(),
    ...sealing,
    signer: signer.material,
  });
  const digest = await house.blobs.put(pdf);
  const row = {
    id: house.newId(),
    licenceId: licence.id,
    useId: use.id,
    recipient: use.organisationCode,
    purpose: use.purpose,
    digest,
  };
  await withTransaction(house.db, (tx) =>
    house.db.rows.copies.create({ ...row, createdAt: house.clock() }, { transaction: tx }),
  );
  return { copyId: row.id, pdf };
}
