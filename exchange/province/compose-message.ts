/** What a licence or a catalogue entry says to the province at this moment. The files' bytes are read when they travel. */
import type { CatalogueColumns } from '../../models/catalogue/index.ts';
import type { ProvinceSubject } from '../../models/exchange-state/index.ts';
import type { House } from '../../models/house.ts';
import type { RecordedLicence } from '../../models/licence/index.ts';
import { type Recheck, readVerified } from './check-before-sending.ts';
import type { CatalogueMessage, LicenceMessage, ProvinceFile } from './connector.ts';
import { digestMessage } from './digest-message.ts';

interface NamedFile extends Pick<ProvinceFile, 'name' | 'sm3' | 'sizeBytes'> {}

interface Composed {
  readonly own: ProvinceSubject;
  readonly issuingBody: string;
  readonly files: readonly NamedFile[];
}

/** A message without the bytes of its files. */
export type ComposedMessage = Composed & (Omit<LicenceMessage, 'files'> | Omit<CatalogueMessage, 'files'>);

export function composeLicenceMessage({ licence, record, files }: RecordedLicence): ComposedMessage {
  const named = files.map(({ format, digest, sizeBytes }) => ({ name: `licence.${format}`, sm3: digest, sizeBytes }));
  return {
    own: { type: 'licence', id: licence.id, sequence: licence.sequence },
    issuingBody: licence.issuingBody,
    subject: `licence:${record.identifier}`,
    kind: 'licence',
    sequence: licence.sequence,
    digest: digestMessage(record, named),
    record,
    files: named,
  };
}

export function composeCatalogueMessage(entry: CatalogueColumns): ComposedMessage {
  const { code, version, state, definition, issuingBody } = entry;
  const files = Object.entries(entry.baseImages)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, sm3]) => ({ name, sm3, sizeBytes: 0 }));
  const record = { code, version, state, definition };
  return {
    own: { type: 'catalogue', id: code, sequence: version },
    ...{ issuingBody, subject: `catalogue:${code}`, kind: 'catalogue', sequence: version },
    ...{ digest: digestMessage(record, files), record, files },
  };
}

/** Licence files are verified when they are read; base images of an entry are what their digest says. */
export function withFiles(
  house: House,
  composed: ComposedMessage,
  recheck: Recheck,
): LicenceMessage | CatalogueMessage {
  const { own: _, issuingBody: __, ...message } = composed;
  const judge = message.kind === 'licence' ? recheck : undefined;
  const files = composed.files.map((file) => ({ ...file, read: () => readVerified(house, file, judge) }));
  return { ...message, files };
}
