/** May a licence that came back from the province (省级回传, R-06) enter? Judged as any licence that its department has sealed itself:
 *  by its identifier and by what its files say; and by who may issue it.
 *
 *  What comes back was issued in systems of the nation or the province (M-12), and by a body of the city as well as by any other,
 *  because the city's bodies work in those systems too. So it is of a type that was defined above the city; and a body of the
 *  city is named only under an entry of its own. */
import { Op } from 'sequelize';
import { findNewestEntry } from '../catalogue/find-entry.ts';
import type { House } from '../house.ts';
import { Fault, type PointedFault } from '../kernel/fault.ts';
import { readRows } from '../store/bulk-read.ts';
import type { ReturnedRecord } from './accept-returned.ts';
import { canonicalIdentifier, checkHandedFiles, type HandedFile, type JudgedFile } from './check-handed-files.ts';
import { checkIdentifier } from './check-identifier.ts';

const DEFINER_LENGTH = 18;

export interface ReturnedJudgement {
  readonly faults: readonly PointedFault[];
  /** Told, and nothing against it. */
  readonly remarks: readonly PointedFault[];
}

/** `CHECK_CHARACTER_WRONG` is a remark, of every state that comes: systems elsewhere have issued under identifiers that were computed
 *  wrong, and those licences bear no other. Of a licence that is here already only that type and issuer stay what they are: its
 *  status must come through. Gives `ALREADY_EXISTS` of one that was issued here, `FILE_MISMATCH`, the faults of an identifier,
 *  `CATALOGUE_UNKNOWN`, `FOREIGN_ISSUER`. */
export async function judgeReturned(house: House, record: ReturnedRecord): Promise<ReturnedJudgement> {
  const { identifier, catalogueCode, issuingBody } = record;
  const form = checkForm(record);
  const isRemark = ({ code }: PointedFault) => code === 'CHECK_CHARACTER_WRONG';
  const remarks = form.filter(isRemark);
  const [known] = await readRows(house.db.rows.licences, { where: { identifier } });
  if (!known) {
    const faults = [...form.filter((fault) => !isRemark(fault)), ...(await checkIssuer(house, record))];
    return { faults, remarks };
  }
  if (known.source !== 'province') return { faults: [{ pointer: '/identifier', code: 'ALREADY_EXISTS' }], remarks };
  const differing = [
    ...(known.catalogueCode === catalogueCode ? [] : ['catalogueCode']),
    ...(known.issuingBody === issuingBody ? [] : ['issuingBody']),
  ];
  return { faults: differing.map((name) => ({ pointer: `/${name}`, code: 'FILE_MISMATCH' })), remarks };
}

function checkForm(record: ReturnedRecord): PointedFault[] {
  const { identifier } = record;
  // It names the licence to everybody, and is kept as it stands.
  if (identifier !== canonicalIdentifier(identifier)) return [{ pointer: '/identifier', code: 'FIELD_PATTERN' }];
  return checkIdentifier(identifier, record, new Set());
}

async function checkIssuer(house: House, { catalogueCode, issuingBody }: ReturnedRecord): Promise<PointedFault[]> {
  const entry = await findNewestEntry(house, catalogueCode);
  if (!entry) return [{ pointer: '/catalogueCode', code: 'CATALOGUE_UNKNOWN' }];
  const definer = catalogueCode.slice(0, DEFINER_LENGTH);
  const ours = await readRows(house.db.rows.organisations, {
    where: { code: [definer, issuingBody], isIssuer: true, level: { [Op.in]: ['city', 'county'] } },
  });
  const isOurs = (body: string) => ours.some(({ code }) => code === body);
  if (isOurs(definer)) return [{ pointer: '/catalogueCode', code: 'FOREIGN_ISSUER', detail: definer }];
  if (isOurs(issuingBody) && entry.issuingBody !== issuingBody)
    return [{ pointer: '/issuingBody', code: 'FOREIGN_ISSUER', detail: issuingBody }];
  return [];
}

/** The files, judged over their own bytes; each with its faults. Throws `VERIFIER_BUSY`. */
export async function judgeReturnedFiles(
  house: House,
  identifier: string,
  files: readonly HandedFile[],
): Promise<readonly JudgedFile[]> {
  const [judged = []] = await checkHandedFiles(house, [{ identifier, files }]);
  if (judged instanceof Fault) throw judged;
  return judged;
}
