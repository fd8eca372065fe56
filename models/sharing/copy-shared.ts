/** Hand out a copy (副本, 加注件) of one licence within a use: the face with purpose, recipient and time marked on every
 *  page, signed by the repository. The sealed original never changes. */
import { z } from 'zod';
import type { FaceLayout } from '../../signing/index.ts';
import { getEntryVersion } from '../catalogue/find-entry.ts';
import type { Caller, House } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { composeFaceContent } from '../licence/compose-sealing-task.ts';
import { findHolders } from '../licence/find-holders.ts';
import { requireActive } from '../organisation/require-active.ts';
import { openHouseKey } from '../seal/keys.ts';
import { makeCopy } from '../sealing/make-copy.ts';
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

/** Throws `NOT_FOUND` outside the bounds, `STATE_CONFLICT` for a licence that has no face here. */
export async function copyShared(
  house: House,
  caller: Caller,
  request: z.infer<typeof copySharedSchema>,
): Promise<SharedCopy> {
  const { licence, use } = await getWithinUse(house, caller, 'sharing.copy', request);
  const { identifier, verificationCode, issuedOn, validFrom, validTo } = licence;
  if (!identifier || !verificationCode || !issuedOn) throw new Fault('STATE_CONFLICT');
  const entry = await getEntryVersion(house, licence.catalogueCode, licence.catalogueVersion);
  const facts = { identifier, verificationCode, issuedOn, validFrom, validTo };
  const recipient = await requireActive(house, use.organisationCode);
  const seal = await house.db.rows.seals.findOne({
    where: { organisationCode: licence.issuingBody },
    order: [['id', 'DESC']],
  });
  const { pkcs8, certificates } = await openHouseKey(house, 'repository', 'RSA');
  const pdf = await makeCopy(
    {
      layout: entry.definition.face as FaceLayout,
      content: await composeFaceContent(house, licence, await findHolders(house, licence.id), entry, facts),
      title: entry.name,
      identifier,
      recipient: recipient.name,
      purpose: use.purpose,
      at: house.clock(),
      ...(seal ? { sealPicture: new Uint8Array(seal.picture) } : {}),
      signer: { pkcs8, certificates },
    },
    house.fonts,
  );
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
