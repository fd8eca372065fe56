/** Everything a batch of messages needs from here: numbers, the province's codes, entries, names of bodies; with a handful of
 *  queries. */
import { type CatalogueDefinition, getEntryVersion } from '../../../models/catalogue/index.ts';
import {
  FILE_NUMBER_CONTEXT,
  type HenanSubjectColumns,
  numberHenanSubjects,
} from '../../../models/exchange-state/index.ts';
import type { House } from '../../../models/house.ts';
import { readRows } from '../../../models/store/index.ts';
import type { LicenceMessage, ProvinceMessage } from '../../province/connector.ts';
import { composeFileNumber } from './file-number.ts';

export interface Preparation {
  kept(subject: string): HenanSubjectColumns | undefined;
  /** Key of the row that was written last, or is written first. */
  keyOf(message: ProvinceMessage): string | undefined;
  catalogId(code: string): string | undefined;
  nameOf(organisationCode: string): string;
  definitionOf(message: LicenceMessage): CatalogueDefinition | undefined;
}

export async function prepareMessages(house: House, messages: readonly ProvinceMessage[]): Promise<Preparation> {
  const { provinceCatalogueCodes, organisations } = house.db.rows;
  const kept = await numberHenanSubjects(
    house,
    messages.map(({ subject }) => subject),
  );
  const licences = messages.filter((message) => message.kind === 'licence');
  const codes = [...new Set(licences.map(({ record }) => record.catalogueCode))];
  const known = await readRows(provinceCatalogueCodes, { where: { code: codes } });
  const ids = new Map(known.map(({ code, provincialCode }) => [code, provincialCode]));
  const issuers = messages.map(({ kind, record }) =>
    kind === 'licence' ? record.issuingBody : record.definition.issuingBody,
  );
  const bodies = await readRows(organisations, { where: { code: [...new Set(issuers)] } });
  const names = new Map(bodies.map(({ code, name }) => [code, name]));
  const definitions = new Map<string, CatalogueDefinition>();
  for (const { record } of licences) {
    const at = `${record.catalogueCode} ${record.catalogueVersion}`;
    if (definitions.has(at)) continue;
    definitions.set(at, (await getEntryVersion(house, record.catalogueCode, record.catalogueVersion)).definition);
  }
  return {
    kept: (subject) => kept.get(subject),
    keyOf(message) {
      if (message.kind === 'catalogue') return message.record.code;
      const row = kept.get(message.subject);
      if (!row) return undefined;
      if (row.fileNumberCipher) return house.cipher.decrypt(FILE_NUMBER_CONTEXT, row.fileNumberCipher);
      return composeFileNumber(message.record, row.serial, row.fileVersion);
    },
    catalogId: (code) => ids.get(code),
    nameOf: (code) => names.get(code) ?? '',
    definitionOf: ({ record }) => definitions.get(`${record.catalogueCode} ${record.catalogueVersion}`),
  };
}
