/** Before anything goes to the province its status and its files are verified. What does not hold stays here. */
import type { House } from '../../models/house.ts';
import { Fault } from '../../models/kernel/fault.ts';
import { LICENCE_STATUSES, type RecordedLicence } from '../../models/licence/index.ts';
import { judgeInHouse } from '../../models/verification/index.ts';
import type { ComposedMessage } from './compose-message.ts';
import type { ProvinceMessage } from './province.ts';

/** It must not leave. `mayMend`: a restored file will do; otherwise somebody has to look. */
export class Held extends Error {
  override readonly name = 'Held';
  readonly mayMend: boolean;

  constructor(reason: string, mayMend: boolean, options: ErrorOptions = {}) {
    super(reason, options);
    this.mayMend = mayMend;
  }
}

/** The status is one of ours, and the newest change record led to it. Throws `Held`. */
export function checkStatus({ licence, record }: RecordedLicence): void {
  const newest = record.changes.at(-1);
  if (licence.state !== 'issued' || !licence.identifier) throw new Held('NOT_ISSUED', false);
  if (!licence.status || !Object.hasOwn(LICENCE_STATUSES, licence.status)) throw new Held('STATUS_UNKNOWN', false);
  if (newest?.toStatus !== licence.status || newest.sequence !== licence.sequence)
    throw new Held('STATUS_WITHOUT_CHANGE_RECORD', false);
}

/** Read every file, verify each licence file over its bytes, and put the bytes into the message. Throws `Held`. */
export async function loadFiles(house: House, { own: _, ...message }: ComposedMessage): Promise<ProvinceMessage> {
  if (message.kind === 'licence' && message.files.length === 0) throw new Held('FILE_MISSING', true);
  const files: ProvinceMessage['files'][number][] = [];
  for (const { name, sm3 } of message.files) {
    const bytes = await house.blobs.get(sm3).catch((cause: unknown) => {
      // The bytes are gone or are not what was stored: a backup may bring them back.
      throw cause instanceof Fault ? new Held(`${cause.code} ${name}`, true, { cause }) : cause;
    });
    if (message.kind === 'licence') {
      const report = await judgeInHouse(house, bytes);
      const failed = report.checks
        .filter(({ outcome }) => outcome === 'failed')
        .map((one) => `${one.name}:${one.code ?? ''}`);
      if (!report.valid || report.trusted !== true) throw new Held(`FILE_REFUSED ${name} ${failed.join(' ')}`, false);
    }
    files.push({ name, sm3, content: Buffer.from(bytes).toString('base64') });
  }
  return { ...message, files };
}
