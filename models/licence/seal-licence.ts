/** Issue a reviewed licence: compare, lint, intend, seal, confirm. The spine of the house; each step is a room of its own. */
import { requireRole } from '../account/require-role.ts';
import { getEntryVersion } from '../catalogue/find-entry.ts';
import type { CatalogueColumns } from '../catalogue/rows.ts';
import { revealHolderNumber } from '../holder/find-or-add-holder.ts';
import type { Caller, House, Remember } from '../house.ts';
import { Fault, throwFaults } from '../kernel/fault.ts';
import { openSeal } from '../seal/open-seal.ts';
import { openOuterSignature } from '../sealing/open-outer-signature.ts';
import type { SealedFiles } from '../sealing/sealer.ts';
import { reachPoint } from '../sealing/sealing-point.ts';
import { compareBeforeIssue } from './compare-before-issue.ts';
import { composeIssueFacts, composeSealingTask } from './compose-sealing-task.ts';
import { confirmSealing } from './confirm-sealing.ts';
import { findHolders, type LicenceHolder } from './find-holders.ts';
import { requireReview } from './find-review.ts';
import { getSealableLicence } from './get-sealable-licence.ts';
import { intendSealing } from './intend-sealing.ts';
import { LintToken, lintSubmission } from './lint-licence.ts';
import type { StoredFile } from './record-issues.ts';
import { reviewByRule } from './review-by-rule.ts';
import type { LicenceColumns } from './rows.ts';
import { requireSealAct, type SealAct } from './seal-act.ts';
import { requireSuccession } from './succession.ts';
import type { LicenceView } from './view-licence.ts';
import { voidIntent } from './void-intent.ts';

/** Throws `NOT_REVIEWED` for whatever no person and no signed rule has reviewed, through every way in; `REGISTRY_MISMATCH` or
 *  `REGISTRY_UNAVAILABLE` for holders whom their registry does not confirm; `SEAL_ACT_REQUIRED` or
 *  `CONTENT_NOT_CONFIRMED` where a person who keeps the seal must act; `SUCCESSION_BROKEN` when the licence whose place it is
 *  to take no longer allows it. */
export async function sealLicence(
  house: House,
  caller: Caller,
  licenceId: string,
  act: SealAct = {},
  remember?: Remember<LicenceView>,
): Promise<LicenceView> {
  const licence = await authorise(house, caller, licenceId);
  await requireSealAct(house, caller, licence, act);
  await requireSuccession(house, licence);
  const entry = await getEntryVersion(house, licence.catalogueCode, licence.catalogueVersion);
  const holders = await findHolders(house, licence.id);
  await compareBeforeIssue(house, caller, licence.id, entry, holders);
  const seal = await openSeal(house, caller, licence.issuingBody, entry);
  const { keyId, outer } = await openOuterSignature(house, seal.sealId, seal.material.eseal);
  const holderIndexes = holders.map(({ numberIndex }) => numberIndex);
  const token = await lintForSealing(house, licence, holders, entry);

  const intent = await intendSealing(
    house,
    caller,
    licence,
    entry,
    token,
    { ...seal, outerKeyId: keyId },
    { holderIndexes, act },
  );
  reachPoint('intended', intent.identifier);
  try {
    const facts = composeIssueFacts(house, licence, entry, intent);
    const task = await composeSealingTask(house, licence, holders, entry, facts, seal.material, outer);
    reachPoint('composed', intent.identifier);
    const sealed = await house.sealer.seal(task);
    reachPoint('sealed', intent.identifier);
    const files = await storeFiles(house, sealed, intent.identifier);
    const view = await confirmSealing(house, caller, licence, intent.intentId, facts, files, holderIndexes, remember);
    reachPoint('confirmed', intent.identifier);
    return view;
  } catch (error) {
    await voidIntent(house, caller, intent.intentId, error instanceof Fault ? error.message : 'sealing failed');
    throw error;
  }
}

async function authorise(house: House, caller: Caller, licenceId: string): Promise<LicenceColumns> {
  requireRole(caller, 'issuer.seal-keeper');
  let licence = await getSealableLicence(house, caller, licenceId);
  // What the issuer's own signed rule covers was reviewed by that rule.
  if (licence.state === 'submitted' && (await reviewByRule(house, caller, licence))) {
    licence = await getSealableLicence(house, caller, licenceId);
  }
  if (licence.state === 'submitted' || licence.state === 'returned' || licence.state === 'withdrawn')
    throw new Fault('NOT_REVIEWED');
  if (licence.state !== 'reviewed') throw new Fault('STATE_CONFLICT', { detail: licence.state });
  await requireReview(house, licence);
  return licence;
}

/** Lint once more, under the version it was submitted with: what is sealed is what was linted. */
async function lintForSealing(
  house: House,
  licence: LicenceColumns,
  holders: readonly LicenceHolder[],
  entry: CatalogueColumns,
): Promise<LintToken> {
  const pictures = new Set(entry.definition.fields.filter(({ type }) => type === 'image').map(({ key }) => key));
  const faults = await lintSubmission(house, entry, {
    holders: holders.map((holder) => ({
      name: holder.nameOnFace,
      type: holder.type,
      number: revealHolderNumber(house, holder),
      numberType: holder.numberType,
    })),
    // Pictures were judged when they came and are stored by digest.
    fields: Object.fromEntries(Object.entries(licence.fields).filter(([key]) => !pictures.has(key))),
    ...(licence.validFrom ? { validFrom: licence.validFrom } : {}),
    ...(licence.validTo ? { validTo: licence.validTo } : {}),
    commitment: licence.commitment,
  });
  throwFaults(faults.filter(({ pointer }) => !pictures.has(pointer.replace('/fields/', ''))));
  return new LintToken(licence.contentDigest);
}

async function storeFiles(house: House, sealed: SealedFiles, identifier: string): Promise<StoredFile[]> {
  const formats = ['ofd', 'pdf'] as const;
  return Promise.all(
    formats.map(async (format) => {
      const digest = await house.blobs.put(sealed[format], sealed.sm3[format]);
      reachPoint(`${format}-stored`, identifier);
      return { format, digest, sizeBytes: sealed[format].length };
    }),
  );
}
