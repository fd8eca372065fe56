/** hn_catalog_sync in the words of the API. Its columns are a part of an entry: the face, its fields, the number format, validity,
 *  level and seal have no column. So a row changes an entry that exists here, and cannot found one. */
import type { CatalogueColumns } from '../../../models/catalogue/index.ts';
import type { House } from '../../../models/house.ts';
import { canonicalJson } from '../../../models/kernel/canonical-json.ts';
import { sm3Hex } from '../../../models/kernel/digest.ts';
import type { PointedFault } from '../../../models/kernel/fault.ts';
import { readCatalogueState, readCategory, readLicenceType, readWhose } from '../code-lists.ts';
import { isNothing } from '../metadata.ts';
import { decodeBase64 } from './decode-base64.ts';
import type { PhysicalRow } from './henan-row.ts';

export interface ReadCatalogue {
  readonly operation: 'upsert' | 'status';
  readonly body: Readonly<Record<string, unknown>>;
  readonly faults: readonly PointedFault[];
  readonly digest: string;
  /** The row says what the newest version says already: no version is made of it. */
  readonly agrees: boolean;
}

/** What an entry has and the columns have not. */
const WITHOUT_COLUMN = '照面、照面项、编号格式、有效期、级别、提供单位、印章、代签授权、告知承诺、生效日期';

/** @param image the bytes of license_base_image as they lie in the column */
export async function readCatalogue(
  house: House,
  row: PhysicalRow,
  entry: CatalogueColumns | undefined,
  image: Uint8Array | undefined,
): Promise<ReadCatalogue> {
  const { text } = row;
  const code = text.licence_type_code?.trim() ?? '';
  const faults: PointedFault[] = row.broken.map((column) => ({
    pointer: `/${column}`,
    code: 'ROW_PAYLOAD_BROKEN',
    detail: 'UTF-8',
  }));
  const state = readCatalogueState(text.state);
  if (!state) faults.push({ pointer: '/state', code: 'FIELD_NOT_IN_CODE_LIST', detail: '11 / -2' });
  const { create_date: _, sync_state: __, sync_date: ___, ...columns } = text;
  const digest = sm3Hex(canonicalJson({ columns, image: image ? sm3Hex(image) : null }));
  if (state === 'retired') {
    const agrees = faults.length === 0 && entry?.state === 'retired';
    return { operation: 'status', body: { code }, faults, digest, agrees };
  }
  if (!entry) {
    faults.push({ pointer: '/code', code: 'CATALOGUE_UNKNOWN', detail: `hn_catalog_sync 没有${WITHOUT_COLUMN}的列` });
    return { operation: 'upsert', body: { code, name: text.license_name?.trim() }, faults, digest, agrees: false };
  }
  const changes = readColumns(text, faults);
  const picture = readImage(entry, image, faults);
  const agrees = faults.length === 0 && entry.state !== 'retired' && !picture && !differs(entry, changes);
  const body = { ...entry.definition, ...changes, code, baseImages: await loadImages(house, entry, picture) };
  return { operation: 'upsert', body, faults, digest, agrees };
}

/** The columns that say something of an entry. */
function readColumns(text: PhysicalRow['text'], faults: PointedFault[]): Record<string, unknown> {
  const fileKind = readCategory(text.category);
  if (!fileKind) faults.push({ pointer: '/fileKind', code: 'FIELD_NOT_IN_CODE_LIST', detail: '0 / 1' });
  const holderType = readWhose(text.whose);
  if (!holderType) faults.push({ pointer: '/holderType', code: 'FIELD_NOT_IN_CODE_LIST', detail: '0 / 1 / 2' });
  const name = text.license_name?.trim() ?? '';
  const type = text.license_type?.trim() ?? '';
  // The column is filled with the category, or with the name once more; the name says nothing of the category.
  const silent = isNothing(type) || type === name;
  const category = silent ? undefined : readLicenceType(type);
  if (!silent && !category)
    faults.push({
      pointer: '/category',
      code: 'FIELD_NOT_IN_CODE_LIST',
      detail: '证件 / 执照 / 批文 / 鉴定报告 / 证明材料',
    });
  const read = { name, fileKind, holderType, category, issuingBody: text.issue_unit?.trim() };
  return Object.fromEntries(Object.entries(read).filter(([, value]) => value !== undefined));
}

function differs({ definition }: CatalogueColumns, changes: Readonly<Record<string, unknown>>): boolean {
  const now = definition as Readonly<Record<string, unknown>>;
  return Object.entries(changes).some(([key, value]) => now[key] !== value);
}

/** The one base image of the entry, when the row brings another; an entry with none or several does not say which it would be. */
function readImage(
  entry: CatalogueColumns,
  image: Uint8Array | undefined,
  faults: PointedFault[],
): { readonly name: string; readonly bytes: Uint8Array } | undefined {
  if (!image || image.length === 0 || isNothing(Buffer.from(image.subarray(0, 8)).toString('latin1'))) return undefined;
  const bytes = decodeBase64(image);
  const digest = sm3Hex(bytes);
  const names = Object.keys(entry.baseImages);
  if (Object.values(entry.baseImages).includes(digest)) return undefined;
  const [name] = names;
  if (name !== undefined && names.length === 1) return { name, bytes };
  faults.push({ pointer: '/baseImages', code: 'FIELD_UNKNOWN', detail: `本目录底图 ${names.length} 幅，无法对应` });
  return undefined;
}

async function loadImages(
  house: House,
  entry: CatalogueColumns,
  picture: { readonly name: string; readonly bytes: Uint8Array } | undefined,
): Promise<Record<string, string>> {
  const images: Record<string, string> = {};
  for (const [name, digest] of Object.entries(entry.baseImages)) {
    const bytes = picture?.name === name ? picture.bytes : await house.blobs.get(digest);
    images[name] = Buffer.from(bytes).toString('base64');
  }
  return images;
}
