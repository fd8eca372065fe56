/** Write a catalogue entry: the first version, or the next. The province learns of it by the outbox. */
import { requireOrganisation, requireRole } from '../account/require-role.ts';
import { appendAudit } from '../audit/append-audit.ts';
import type { Caller, House, Remember } from '../house.ts';
import { planInspection } from '../inspection/plan-inspection.ts';
import { Fault, type PointedFault, throwFaults } from '../kernel/fault.ts';
import { requireActive } from '../organisation/require-active.ts';
import { publishChanges } from '../publication/publish-changes.ts';
import { isDuplicate, type Tx, withTransaction } from '../store/with-transaction.ts';
import { checkDefinition } from './check-definition.ts';
import type { CatalogueDefinition } from './definition.ts';
import { entryChange } from './entry-change.ts';
import { type CatalogueView, catalogueView } from './find-entry.ts';
import type { CatalogueColumns } from './rows.ts';

export async function saveEntry(
  house: House,
  caller: Caller,
  definition: CatalogueDefinition,
  remember?: Remember<CatalogueView>,
): Promise<CatalogueView> {
  requireRole(caller, 'issuer.clerk');
  if (caller.type !== 'house' && requireOrganisation(caller) !== definition.issuingBody)
    throw new Fault('FOREIGN_ISSUER');
  await requireActive(house, definition.issuingBody);
  const images = new Map(
    Object.entries(definition.baseImages).map(([name, base64]) => [
      name,
      new Uint8Array(Buffer.from(base64, 'base64')),
    ]),
  );
  throwFaults([
    ...checkDefinition(definition, images),
    ...(await checkProvider(house, definition)),
    ...(await checkDefiner(house, definition)),
  ]);
  const baseImages: Record<string, string> = {};
  for (const [name, bytes] of images) baseImages[name] = await house.blobs.put(bytes);
  try {
    return await withTransaction(house.db, (tx) => saveVersion(house, tx, caller, definition, baseImages, remember));
  } catch (error) {
    throw isDuplicate(error) ? new Fault('STATE_CONFLICT', { cause: error }) : error;
  }
}

async function checkProvider(house: House, definition: CatalogueDefinition): Promise<PointedFault[]> {
  const provider = await house.db.rows.organisations.findByPk(definition.providingBody);
  return provider ? [] : [{ pointer: '/providingBody', code: 'NOT_FOUND' }];
}

/** A type code begins with the body that defines it (GB/T 36904): the issuer itself, or one above it. Another issuer registered
 *  here defines its own. */
async function checkDefiner(house: House, { code, issuingBody }: CatalogueDefinition): Promise<PointedFault[]> {
  const definer = code.slice(0, 18);
  if (definer === issuingBody) return [];
  const registered = await house.db.rows.organisations.findByPk(definer);
  return registered?.isIssuer ? [{ pointer: '/code', code: 'FOREIGN_ISSUER', detail: definer }] : [];
}

async function saveVersion(
  house: House,
  tx: Tx,
  caller: Caller,
  definition: CatalogueDefinition,
  baseImages: Readonly<Record<string, string>>,
  remember: Remember<CatalogueView> | undefined,
): Promise<CatalogueView> {
  const { catalogueEntries } = house.db.rows;
  const { code } = definition;
  const newest = await catalogueEntries.findOne({
    where: { code },
    order: [['version', 'DESC']],
    transaction: tx,
    lock: true,
  });
  if (newest && newest.issuingBody !== definition.issuingBody) throw new Fault('FOREIGN_ISSUER');
  await newest?.update({ state: 'superseded' }, { transaction: tx });
  const row: CatalogueColumns = {
    id: house.newId(),
    code,
    version: (newest?.version ?? 0) + 1,
    name: definition.name,
    issuingBody: definition.issuingBody,
    definition: { ...definition, baseImages: {} },
    baseImages,
    state: 'in-force',
    inForceFrom: definition.inForceFrom,
    inForceTo: definition.inForceTo ?? null,
    createdAt: house.clock(),
    createdBy: caller.id,
  };
  await catalogueEntries.create(row, { transaction: tx });
  await planInspection(house, tx, row);
  await publishChanges(house, tx, caller, [entryChange(row, 'save')]);
  await appendAudit(house, tx, caller, { act: 'catalogue.save', details: { code, version: row.version } });
  const view = catalogueView(row);
  await remember?.(tx, view);
  return view;
}
