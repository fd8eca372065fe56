/** A licence as a row of hn_license_sync. What the columns have no place for travels in new_add_metadata; what Henan's lists have no
 *  code for is held back by name. */
import type { CatalogueDefinition } from '../../../models/catalogue/index.ts';
import type { House } from '../../../models/house.ts';
import { sm3Hex } from '../../../models/kernel/digest.ts';
import type { LicenceRecord, LicenceStatus } from '../../../models/licence/index.ts';
import type { SqlValue } from '../../front-end/connection.ts';
import { Held } from '../../province/check-before-sending.ts';
import { toCategory, toFileType, toLicenceState, toLicenceType, toWhose } from '../code-lists.ts';
import { kindOfHolder, kindOfHolders } from '../code-lists-holders.ts';
import { RESERVED, type WrittenItem, writeMetadata } from '../metadata.ts';

export type Columns = Readonly<Record<string, SqlValue>>;

export interface LicenceSetting {
  readonly fileNumber: string;
  readonly catalogId: string;
  readonly issuerName: string;
  readonly definition: CatalogueDefinition;
  readonly format: 'ofd' | 'pdf';
}

/** Without the file. Throws `Held` with `NO_CODE …` for what has no image in Henan's lists. */
export async function composeLicenceRow(
  house: House,
  record: LicenceRecord,
  setting: LicenceSetting,
): Promise<Columns> {
  const { definition } = setting;
  const [holder] = record.holders;
  if (!holder) throw new Held('NO_HOLDER', false);
  for (const { numberType } of record.holders)
    if (!kindOfHolder(numberType)) throw new Held(`NO_CODE numberType ${numberType}`, false);
  return {
    license_file_number: setting.fileNumber,
    catalog_id: setting.catalogId,
    license_number: record.licenceNumber,
    license_name: definition.name,
    issue_date: record.issuedOn,
    valid_time_begin: record.validFrom,
    valid_time_end: record.validTo,
    issue_unit: record.issuingBody,
    issue_unitname: setting.issuerName,
    area_code: areaOf(record.issuingBody),
    holder: holder.name,
    holder_code: holder.number,
    category: toCategory(definition.fileKind),
    whose: toWhose(kindOfHolders(record.holders)),
    state: toLicenceState(record.status as LicenceStatus),
    new_add_metadata: writeMetadata(await composeItems(house, record, definition), (key) =>
      sm3Hex(`${record.identifier} ${key}`).slice(0, 32),
    ),
    file_type: toFileType(setting.format),
    license_type: toLicenceType(definition.category),
    license_type_code: record.catalogueCode,
  };
}

/** A social credit code names the area of its registration in characters 3 to 8 (GB 32100). */
export const areaOf = (organisationCode: string): string => organisationCode.slice(2, 8);

async function composeItems(
  house: House,
  record: LicenceRecord,
  definition: CatalogueDefinition,
): Promise<WrittenItem[]> {
  const items: WrittenItem[] = [];
  for (const { key, name, type, maxLength, required } of definition.fields) {
    const value = record.fields[key];
    if (value === undefined) continue;
    const itemType = type === 'image' ? 'image' : type === 'date' ? 'riqi' : 'string';
    items.push({
      ...{ key, name, type: itemType, length: maxLength, required },
      value: type === 'image' ? await readPicture(house, value) : value,
    });
  }
  return [...items, ...hiddenItems(record)];
}

/** `sm3:` and the digest of a picture in the file store. */
async function readPicture(house: House, value: string): Promise<string> {
  if (!value.startsWith('sm3:')) return value;
  return Buffer.from(await house.blobs.get(value.slice('sm3:'.length))).toString('base64');
}

function hiddenItems({ identifier, holders, changes }: LicenceRecord): WrittenItem[] {
  const hidden = (key: string, name: string, value: string): WrittenItem => ({
    ...{ key, name, value, type: 'string', shown: false },
  });
  const further = holders.flatMap(({ name, number, numberType }, index) => {
    const behind = index === 0 ? '' : String(index + 1);
    const type = hidden(`${RESERVED.holderNumberType}${behind}`, '持证主体代码类型代码', numberType);
    if (index === 0) return [type];
    return [
      hidden(`${RESERVED.holder}${behind}`, '持证主体', name),
      hidden(`${RESERVED.holderCode}${behind}`, '持证主体代码', number),
      type,
    ];
  });
  const reason = changes.at(-1)?.reason;
  return [
    hidden(RESERVED.identifier, '证照标识', identifier),
    ...further,
    ...(reason ? [hidden(RESERVED.reason, '变更原因', reason)] : []),
  ];
}
