/** A body that seals its licences in a system of its own, with its own seal: what it hands in. */
import type { CatalogueDefinition } from '../../models/catalogue/definition.ts';
import { saveEntry } from '../../models/catalogue/save-entry.ts';
import type { House } from '../../models/house.ts';
import { formatIdentifier } from '../../models/identifier/licence-identifier.ts';
import { openSeal } from '../../models/seal/open-seal.ts';
import { makeFiles } from '../../models/sealing/make-files.ts';
import type { SealedFiles, SealingTask } from '../../models/sealing/sealer.ts';
import type { FaceLayout } from '../../signing/index.ts';
import { giveSeal } from './give-seal.ts';
import { COMPANY, ENTRY, OTHER_ISSUER, otherClerk } from './sample-entry.ts';

export const numberOf = (serial: number) => `施字第2026${String(serial).padStart(6, '0')}号`;

/** What a right licence says; `serial` makes its number its own. */
export function submissionOf(serial: number, fields: Readonly<Record<string, string>> = {}) {
  return {
    catalogueCode: OTHER_ENTRY.code,
    holders: [{ name: '样例建设有限公司', type: 'legal', number: COMPANY }],
    fields: { licenceNumber: numberOf(serial), projectName: `样例花园${serial}期`, ...fields },
  };
}

export const OTHER_ENTRY: CatalogueDefinition = {
  ...ENTRY,
  code: `${OTHER_ISSUER}001`,
  issuingBody: OTHER_ISSUER,
  providingBody: OTHER_ISSUER,
  delegation: false,
};

/** The other body gets a seal and an entry of its own. */
export async function furnishOther(house: House): Promise<void> {
  await giveSeal(house, OTHER_ISSUER, OTHER_ENTRY.seal.name);
  await saveEntry(house, otherClerk, OTHER_ENTRY);
}

export function ownIdentifier(serial: string): string {
  return formatIdentifier({ typeCode: OTHER_ENTRY.code, issuerCode: OTHER_ISSUER, serial, version: '001' });
}

/** Files that the other body sealed in its own system.
 *  @param metadata what they say of themselves; the identifier alone */
export async function sealElsewhere(
  house: House,
  identifier: string,
  serial: number,
  attachments: SealingTask['attachments'] = [],
  metadata: SealingTask['metadata'] = { ZZBS: identifier },
): Promise<SealedFiles> {
  const entry = await house.db.rows.catalogueEntries.findOne({ where: { code: OTHER_ENTRY.code } });
  if (!entry) throw new Error('furnishOther first');
  const seal = await openSeal(house, otherClerk, OTHER_ISSUER, entry.get());
  const values: Record<string, string> = {
    ...submissionOf(serial).fields,
    catalogueName: OTHER_ENTRY.name,
    identifier,
  };
  const task = {
    identifier,
    layout: OTHER_ENTRY.face as FaceLayout,
    content: { values, images: {}, qr: 'https://elsewhere.example/' },
    title: OTHER_ENTRY.name,
    metadata,
    attachments,
    documentId: Buffer.from(house.random(16)).toString('hex'),
    at: house.clock(),
    seal: seal.material,
  };
  return makeFiles(task, house.fonts);
}
