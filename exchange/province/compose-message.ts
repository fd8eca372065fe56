/** What a licence or a catalogue entry says to the province at this moment. The files' bytes are added when it leaves. */
import type { findNewestEntry } from '../../models/catalogue/index.ts';
import type { ProvinceSubject } from '../../models/exchange-state/index.ts';
import type { RecordedLicence } from '../../models/licence/index.ts';
import { digestMessage } from './digest-message.ts';
import type { ProvinceMessage } from './province.ts';

export interface ComposedMessage extends Omit<ProvinceMessage, 'files'> {
  readonly own: ProvinceSubject;
  /** Name and digest, which is the name in the file store. */
  readonly files: readonly { readonly name: string; readonly sm3: string }[];
}

export function composeLicenceMessage({ licence, record, files }: RecordedLicence): ComposedMessage {
  const named = files.map(({ format, digest }) => ({ name: `licence.${format}`, sm3: digest }));
  return {
    own: { type: 'licence', id: licence.id, sequence: licence.sequence },
    subject: `licence:${record.identifier}`,
    kind: 'licence',
    sequence: licence.sequence,
    digest: digestMessage(record, named),
    record,
    files: named,
  };
}

type CatalogueRow = NonNullable<Awaited<ReturnType<typeof findNewestEntry>>>;

export function composeCatalogueMessage(entry: CatalogueRow): ComposedMessage {
  const { code, version, state, definition } = entry;
  const files = Object.entries(entry.baseImages)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, sm3]) => ({ name, sm3 }));
  const record = { code, version, state, definition };
  return {
    own: { type: 'catalogue', id: code, sequence: version },
    ...{ subject: `catalogue:${code}`, kind: 'catalogue', sequence: version },
    ...{ digest: digestMessage(record, files), record, files },
  };
}
