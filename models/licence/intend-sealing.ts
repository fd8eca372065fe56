/** Transaction 1 of issuing: the identifier is reserved, the intent stored and “sealing” logged before any key is used.
 *  After this commit every signature can be accounted for, whatever happens. */
import { appendAudit } from '../audit/append-audit.ts';
import type { CatalogueColumns } from '../catalogue/rows.ts';
import type { Caller, House } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { toBase32 } from '../kernel/ids.ts';
import { processOwner } from '../kernel/process-owner.ts';
import { recordKeyUse } from '../seal/key-use.ts';
import { beginSealUse, type SealInUse } from '../seal/seal-use.ts';
import { withTransaction } from '../store/with-transaction.ts';
import type { LintToken } from './lint-licence.ts';
import { nextIdentifier } from './next-identifier.ts';
import type { LicenceColumns } from './rows.ts';
import type { SealAct } from './seal-act.ts';

export interface Intent {
  readonly intentId: string;
  readonly identifier: string;
  readonly verificationCode: string;
}

/** Throws `STATE_CONFLICT` when the licence is not (or no longer) waiting to be sealed, `SEAL_FROZEN` or `SEAL_MISSING` when the
 *  seal is not (or no longer) in use, `KEY_LIMIT_REACHED` when a key may not be used so often. */
export async function intendSealing(
  house: House,
  caller: Caller,
  licence: LicenceColumns,
  entry: CatalogueColumns,
  token: LintToken,
  seal: SealInUse & { readonly outerKeyId: string },
  known: {
    /** Blind indexes of its holders. */
    readonly holderIndexes?: readonly string[];
    /** What the person who seals has confirmed and said. */
    readonly act?: SealAct;
  } = {},
): Promise<Intent> {
  token.consume(licence.contentDigest);
  const identifier = await nextIdentifier(house, licence, entry);
  const intentId = house.newId();
  const verificationCode = toBase32(house.random(16));
  await withTransaction(house.db, async (tx) => {
    const { licences, intents } = house.db.rows;
    const where = { id: licence.id, state: 'reviewed' as const, contentDigest: licence.contentDigest };
    const [moved] = await licences.update({ state: 'sealing', updatedAt: house.clock() }, { where, transaction: tx });
    if (moved !== 1) throw new Fault('STATE_CONFLICT');
    await intents.create(
      {
        id: intentId,
        licenceId: licence.id,
        identifier,
        state: 'intended',
        reason: null,
        intendedAt: house.clock(),
        endedAt: null,
        sealId: seal.sealId,
        owner: processOwner(),
      },
      { transaction: tx },
    );
    const use = { subject: 'licence', subjectId: intentId, onBehalfOf: licence.issuingBody } as const;
    await beginSealUse(house, tx, caller, { ...use, sealId: seal.sealId, keyIds: seal.keyIds });
    // Near the end: whoever counts the repository's key keeps all others waiting until the commit.
    await recordKeyUse(house, tx, [...seal.keyIds, seal.outerKeyId]);
    await appendAudit(house, tx, caller, {
      act: 'licence.sealing',
      licenceId: licence.id,
      ...(known.holderIndexes ? { holderIndexes: known.holderIndexes } : {}),
      details: { intentId, identifier, ...known.act },
    });
  });
  return { intentId, identifier, verificationCode };
}
