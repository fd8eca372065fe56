/** Everything of a returned licence is looked at before anything is written: the form, the digest, who it is and who may issue it,
 *  each file. */
import type { House } from '../../models/house.ts';
import { sm3Hex } from '../../models/kernel/digest.ts';
import { Fault, type PointedFault } from '../../models/kernel/fault.ts';
import { cutText, isWellFormed } from '../../models/kernel/well-formed.ts';
import {
  type HandedFile,
  judgeReturned,
  judgeReturnedFiles,
  type ReturnedState,
  returnedRecordSchema,
} from '../../models/licence/index.ts';
import { Held } from './check-before-sending.ts';
import type { ProvinceFile, ReturnedLicence } from './connector.ts';
import { digestMessage } from './digest-message.ts';

export interface JudgedReturn {
  readonly item: ReturnedLicence;
  readonly identifier: string;
  /** Undefined when there is a cause against it. */
  readonly state: ReturnedState | undefined;
  readonly cause: string | null;
  /** It is not to be had for now, which may mend by itself. */
  readonly isHeld?: boolean;
  /** What is wrong with it and does not stand against it. */
  readonly remark?: string;
}

export function identifierOf({ subject }: ReturnedLicence): string {
  return cutText(subject.replace(/^licence:/, '').toWellFormed(), 190);
}

/** Throws `ProvinceAway` when a file is not answered for, `VERIFIER_BUSY`. */
export async function judgeReturn(house: House, item: ReturnedLicence): Promise<JudgedReturn> {
  const identifier = identifierOf(item);
  const refuse = (cause: string, isHeld = false): JudgedReturn => ({
    ...{ item, identifier, state: undefined, cause, isHeld },
  });
  const { subject, record: said, files: named } = item;
  if (!isWellFormed([subject, named.map(({ name }) => name)])) return refuse('RECORD_INVALID subject');
  // Before anything walks through it, however deep it is.
  if (!isWellFormed(said)) return refuse('RECORD_INVALID');
  const parsed = returnedRecordSchema.safeParse(said);
  if (!parsed.success) return refuse(`RECORD_INVALID ${parsed.error.issues[0]?.path.join('/') ?? ''}`.trim());
  const { data: record } = parsed;
  if (record.identifier !== identifier) return refuse('SUBJECT_MISMATCH');
  if (digestMessage(item.record, item.files) !== item.digest) return refuse('DIGEST_MISMATCH');
  const newest = record.changes.at(-1);
  if (newest?.sequence !== item.sequence || newest.toStatus !== record.status)
    return refuse('STATUS_WITHOUT_CHANGE_RECORD');
  if (item.files.length === 0) return refuse('FILE_MISSING');
  if (new Set(item.files.map(({ name }) => name)).size !== item.files.length) return refuse('FILE_TWICE');
  const { faults, remarks } = await judgeReturned(house, record);
  if (faults.length > 0) return refuse(describeFaults(faults));
  try {
    const files = await takeFiles(house, identifier, item.files);
    const isCheckCharacterWrong = remarks.some(({ code }) => code === 'CHECK_CHARACTER_WRONG');
    const state = { record, sequence: item.sequence, files, isCheckCharacterWrong };
    if (remarks.length === 0) return { item, identifier, state, cause: null };
    const remark = describeFaults(remarks);
    house.log.warn({ identifier, sequence: item.sequence, remark }, 'a returned licence is taken with a remark');
    return { item, identifier, state, cause: null, remark };
  } catch (error) {
    if (error instanceof Held) return refuse(error.message, error.mayMend);
    throw error;
  }
}

/** Stored before the records name them, as all files are. Throws `Held` with why they are not taken. */
async function takeFiles(
  house: House,
  identifier: string,
  files: readonly ProvinceFile[],
): Promise<ReturnedState['files']> {
  const handed: HandedFile[] = [];
  for (const file of files) handed.push(await fetchFile(house, file));
  const judged = await judgeReturnedFiles(house, identifier, handed);
  const faults = judged.flatMap((file) => file.faults);
  if (faults.length > 0) throw new Held(describeFaults(faults), false);
  return Promise.all(
    judged.map(async ({ format, bytes, digest }) => ({
      ...{ format, digest: await house.blobs.put(bytes, digest), sizeBytes: bytes.length },
    })),
  );
}

/** From the house when it lies here already. */
async function fetchFile(house: House, file: ProvinceFile): Promise<HandedFile> {
  const format = /^licence\.(ofd|pdf)$/.exec(file.name)?.[1];
  if (!format) throw new Held(`FILE_NOT_WHAT_IT_SAYS ${file.name}`, false);
  const bytes = await house.blobs.get(file.sm3).catch((error: unknown) => {
    if (error instanceof Fault) return file.read();
    throw error;
  });
  if (sm3Hex(bytes) !== file.sm3) throw new Held(`FILE_DIGEST_MISMATCH ${file.name}`, true);
  return { format, bytes, sm3: file.sm3 };
}

/** `FILE_MISMATCH files/ofd ZZBS; …` */
function describeFaults(faults: readonly PointedFault[]): string {
  return faults.map(({ code, pointer, detail }) => [code, pointer.slice(1), detail].join(' ').trim()).join('; ');
}
