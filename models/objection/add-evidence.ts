/** Hand in a file of evidence with an open objection: by who objects, or by the issuer for its answer. The bytes lie encrypted among the
 *  received files, named by their digest here. */
import { requireRole } from '../account/require-role.ts';
import { appendAudit } from '../audit/append-audit.ts';
import type { Caller, House, Remember } from '../house.ts';
import { discardFile, openStoredFile, type ReceivedFile } from '../import/stored-file.ts';
import { Fault } from '../kernel/fault.ts';
import { type Tx, withTransaction } from '../store/with-transaction.ts';
import { evidenceFormat } from './evidence-format.ts';
import { lockObjection } from './lock-objection.ts';
import { OPEN_STATES } from './objection-words.ts';
import { recordEvents } from './record-events.ts';
import type { EvidenceColumns, ObjectionColumns } from './rows.ts';
import { CONSUMERS, HANDLERS, requireSide, sidesOf } from './sides.ts';
import { type EvidenceView, viewEvidence } from './view-objection.ts';

export const MOST_EVIDENCE_BYTES = 10 * 1024 * 1024;
/** Of each side. */
const MOST_EVIDENCE_FILES = 5;

/** Asked before the bytes are read. Throws `FORBIDDEN`, `NOT_FOUND`, `STATE_CONFLICT`. */
export async function admitEvidence(house: House, caller: Caller, number: string): Promise<void> {
  requireRole(caller, 'holder', ...CONSUMERS, ...HANDLERS);
  const row = await house.db.rows.objections.findOne({ where: { number } });
  requireOpen(requireSide(caller, row?.get(), 'objector', 'issuer'));
}

function requireOpen({ state }: ObjectionColumns): void {
  const open: readonly string[] = OPEN_STATES;
  if (!open.includes(state)) throw new Fault('STATE_CONFLICT', { detail: state });
}

/** The same bytes of the same side once more change nothing. Throws `EVIDENCE_REFUSED` with the file's name, `EVIDENCE_FULL`,
 *  and as `admitEvidence`. */
export async function addEvidence(
  house: House,
  caller: Caller,
  number: string,
  file: ReceivedFile,
  remember?: Remember<EvidenceView>,
): Promise<EvidenceView> {
  try {
    await admitEvidence(house, caller, number);
    const format = evidenceFormat(await openStoredFile(house, file).read(0, file.sizeBytes));
    if (!format) throw new Fault('EVIDENCE_REFUSED', { detail: file.name });
    return await withTransaction(house.db, async (tx) => {
      const held = await lockObjection(house, tx, caller, number);
      const objection = requireSide(caller, held?.objection, 'objector', 'issuer');
      requireOpen(objection);
      const side = sidesOf(caller, objection).includes('objector') ? 'objector' : 'issuer';
      const known = await house.db.rows.objectionEvidence.findAll({
        where: { objectionId: objection.id, side },
        transaction: tx,
      });
      const same = known.find(({ digest }) => digest === file.digest);
      if (!same && known.length >= MOST_EVIDENCE_FILES)
        throw new Fault('EVIDENCE_FULL', { detail: `${file.name}：≤ ${MOST_EVIDENCE_FILES}` });
      const view = viewEvidence(same?.get() ?? (await keep(house, tx, caller, { objection, side, format, file })));
      await remember?.(tx, view);
      const details = { number, sm3: file.digest };
      await appendAudit(house, tx, caller, { act: 'objection.evidence', licenceId: objection.licenceId, details });
      return view;
    });
  } finally {
    // Nothing is thrown away that an objection keeps.
    await discardFile(house, file.id);
  }
}

async function keep(
  house: House,
  tx: Tx,
  caller: Caller,
  given: {
    readonly objection: ObjectionColumns;
    readonly side: EvidenceColumns['side'];
    readonly format: EvidenceColumns['format'];
    readonly file: ReceivedFile;
  },
): Promise<EvidenceColumns> {
  const { objectionEvidence, importFiles } = house.db.rows;
  const { objection, side, format, file } = given;
  const { id: fileId, name, sizeBytes, digest } = file;
  const row = { id: house.newId(), objectionId: objection.id, side, format, fileId, name, sizeBytes, digest };
  const made = await objectionEvidence.create(
    { ...row, givenBy: caller.id, givenAt: house.clock() },
    { transaction: tx },
  );
  await importFiles.update({ state: 'kept' }, { where: { id: fileId }, transaction: tx });
  const event = { objectionId: objection.id, act: 'evidence', side, words: name, details: { sm3: digest } } as const;
  await recordEvents(house, tx, caller, [event]);
  return made.get();
}
