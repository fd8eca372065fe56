/** Everything a sealing needs, gathered as values: face, data, metadata and the issuer's seal. */

import type { FaceContent, FaceLayout } from '../../signing/index.ts';
import type { CatalogueColumns } from '../catalogue/rows.ts';
import { revealHolderNumber } from '../holder/find-or-add-holder.ts';
import type { House } from '../house.ts';
import { canonicalJson } from '../kernel/canonical-json.ts';
import { toShanghaiDate } from '../kernel/clock.ts';
import type { OuterSignature, SealingTask, SealMaterial } from '../sealing/sealer.ts';
import { shareBytes } from '../sealing/share-bytes.ts';
import { composeFaceValues, composeValidity } from './face-values.ts';
import type { LicenceHolder } from './find-holders.ts';
import type { LicenceColumns } from './rows.ts';

/** What the licence will carry once it is issued. */
export interface IssueFacts {
  readonly identifier: string;
  readonly verificationCode: string;
  readonly issuedOn: string;
  readonly validFrom: string | null;
  readonly validTo: string | null;
}

export function composeIssueFacts(
  house: House,
  licence: LicenceColumns,
  entry: CatalogueColumns,
  reserved: { readonly identifier: string; readonly verificationCode: string },
): IssueFacts {
  // A stock licence keeps the day of its paper.
  const issuedOn = licence.issuedOn ?? toShanghaiDate(house.clock());
  return { ...reserved, issuedOn, ...composeValidity(entry, licence, issuedOn) };
}

/** The content of the QR code: the check page, and the identifier, which must be of the same licence. */
export function checkPageUrl(house: Pick<House, 'publicUrl'>, facts: IssueFacts): string {
  return `${house.publicUrl}/v/${facts.verificationCode}?i=${facts.identifier}`;
}

export async function composeFaceContent(
  house: House,
  licence: LicenceColumns,
  holders: readonly LicenceHolder[],
  entry: CatalogueColumns,
  facts: IssueFacts,
): Promise<FaceContent> {
  const issuer = await house.db.rows.organisations.findByPk(licence.issuingBody);
  const values = composeFaceValues({
    ...facts,
    entry,
    fields: licence.fields,
    holders: holders.map((holder) => ({ name: holder.nameOnFace, number: revealHolderNumber(house, holder) })),
    commitment: licence.commitment,
    sampleMark: house.mode === 'demo',
    issuerName: issuer?.name ?? '',
  });
  const images: Record<string, Uint8Array> = {};
  for (const [name, digest] of Object.entries(entry.baseImages)) images[name] = await getBaseImage(house, digest);
  for (const { key, type } of entry.definition.fields) {
    const value = licence.fields[key];
    if (type === 'image' && value?.startsWith('sm3:')) images[key] = await house.blobs.get(value.slice(4));
  }
  return { values, images, qr: checkPageUrl(house, facts) };
}

const MOST_BASE_IMAGES = 64;
const baseImages = new WeakMap<House['blobs'], Map<string, Uint8Array>>();

/** Every licence of an entry is drawn on the same pictures: those in use are read and verified once. */
async function getBaseImage({ blobs }: House, digest: string): Promise<Uint8Array> {
  const known = baseImages.get(blobs) ?? new Map<string, Uint8Array>();
  baseImages.set(blobs, known);
  const bytes = known.get(digest) ?? shareBytes(await blobs.get(digest));
  if (known.size >= MOST_BASE_IMAGES) known.clear();
  known.set(digest, bytes);
  return bytes;
}

export async function composeSealingTask(
  house: House,
  licence: LicenceColumns,
  holders: readonly LicenceHolder[],
  entry: CatalogueColumns,
  facts: IssueFacts,
  seal: SealMaterial,
  outer: OuterSignature,
): Promise<SealingTask> {
  const content = await composeFaceContent(house, licence, holders, entry, facts);
  const metadata = composeMetadata(licence, entry, facts, content.values);
  const json = Buffer.from(canonicalJson({ metadata, fields: licence.fields, ...originOf(licence) }));
  return {
    identifier: facts.identifier,
    layout: entry.definition.face as FaceLayout,
    content,
    title: entry.name,
    metadata,
    attachments: [{ name: 'licence.json', format: 'json', bytes: new Uint8Array(json) }],
    documentId: Buffer.from(house.random(16)).toString('hex'),
    at: house.clock(),
    seal,
    outer,
    pdfSignatures: house.pdfSignatures,
  };
}

/** The mark of a stock licence, beside the data in its files. */
function originOf({ stock }: LicenceColumns) {
  if (!stock) return {};
  return { origin: 'stock', ...(stock.paperNumber === null ? {} : { paperNumber: stock.paperNumber }) };
}

const compactDate = (date: string | null) => (date ?? '').replaceAll('-', '');
/** Open-ended validity as it is written in the exchange of licences. */
const OPEN_ENDED = '99991231';

/** GB/T 36903 metadata by the short names in use. */
function composeMetadata(
  licence: LicenceColumns,
  entry: CatalogueColumns,
  facts: IssueFacts,
  values: Readonly<Record<string, string>>,
): Record<string, string> {
  return {
    ZZMC: entry.name,
    ZZLXDM: entry.code,
    ZZBH: licence.licenceNumber,
    ZZBS: facts.identifier,
    ZZBFJG: values.issuerName ?? '',
    ZZBFJGDM: licence.issuingBody,
    ZZBFJGJB: entry.definition.level,
    ZZBFRQ: compactDate(facts.issuedOn),
    CZZT: values.holderName ?? '',
    CZZTDM: values.holderNumber ?? '',
    ZZYXQQSRQ: compactDate(facts.validFrom ?? facts.issuedOn),
    ZZYXQJZRQ: facts.validTo ? compactDate(facts.validTo) : OPEN_ENDED,
    CNSP: licence.commitment ? '1' : '0',
    // 存量证照
    ...(licence.stock ? { CLZZ: '1' } : {}),
  };
}
