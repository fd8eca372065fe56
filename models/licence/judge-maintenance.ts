/** What of the stated facts is new, and whether it may be: data beside the sealed face follow the rules of any submission; what was
 *  sealed stays as it is. */
import type { FieldDefinition } from '../catalogue/definition.ts';
import type { CatalogueColumns } from '../catalogue/rows.ts';
import { revealHolderNumber } from '../holder/find-or-add-holder.ts';
import type { House } from '../house.ts';
import { toShanghaiDate } from '../kernel/clock.ts';
import { sm3Hex } from '../kernel/digest.ts';
import { Fault, type PointedFault, throwFaults } from '../kernel/fault.ts';
import { escapePointer } from '../kernel/plain-text.ts';
import { composeValidity } from './face-values.ts';
import type { LicenceHolder } from './find-holders.ts';
import { closingTime } from './lint/closing-time.ts';
import { fieldsFollowSchema } from './lint/fields-follow-schema.ts';
import { notClassified } from './lint/not-classified.ts';
import { plainWords } from './lint/plain-words.ts';
import type { LicenceColumns, ReplacedFacts } from './rows.ts';
import { drawnNames } from './sealed-names.ts';
import type { Submission } from './submission.ts';

/** Facts as the department now states them; what is absent is not touched. */
export type Maintenance = Partial<Submission>;

export interface MaintenanceContext {
  readonly house: House;
  readonly licence: LicenceColumns;
  readonly entry: CatalogueColumns;
  readonly holders: readonly LicenceHolder[];
  /** Sealed by this house: then its files carry all fields as data (licence.json), drawn or not. */
  readonly sealedHere: boolean;
  /** The fields are all there are: one that is left out is emptied. */
  readonly whole: boolean;
}

export interface Maintained {
  readonly licence: Pick<LicenceColumns, 'fields' | 'caseNumber' | 'closedAt'>;
  /** What is new, as pointers; nothing when all is as it was. */
  readonly pointers: readonly string[];
  /** What they replace. */
  readonly replaced: ReplacedFacts;
}

/** Throws `FACE_DATA_CHANGED` naming each fact that stands on the sealed face, and the faults of any submission. Pictures that
 *  are new come back in base64: whoever stores the licence stores them. */
export function judgeMaintenance(context: MaintenanceContext, facts: Maintenance): Maintained {
  const { licence } = context;
  const fields = changedFields(context, facts.fields);
  const faults: PointedFault[] = [
    ...sealedFacts(context, facts),
    ...[...fields].filter(([key]) => isSealed(context, key)).map(([key]) => faceFault(`/fields/${escapePointer(key)}`)),
  ];
  const open = new Map([...fields].filter(([key]) => !isSealed(context, key)));
  throwFaults([...faults, ...lintMaintenance(context, facts, open)]);
  const caseNumber = facts.caseNumber ?? licence.caseNumber;
  const closedAt = facts.closedAt === undefined ? licence.closedAt : new Date(facts.closedAt);
  const pointers = [...open.keys()].map((key) => `/fields/${key}`);
  if (caseNumber !== licence.caseNumber) pointers.push('/caseNumber');
  if (closedAt?.getTime() !== licence.closedAt?.getTime()) pointers.push('/closedAt');
  const kept = Object.entries({ ...licence.fields, ...Object.fromEntries(open) }).filter(([, value]) => value !== '');
  const replaced = replacedBy(licence, pointers, [...open.keys()]);
  return { licence: { fields: Object.fromEntries(kept), caseNumber, closedAt }, pointers, replaced };
}

function replacedBy(
  { fields, caseNumber, closedAt }: LicenceColumns,
  pointers: readonly string[],
  keys: readonly string[],
): ReplacedFacts {
  return {
    ...(keys.length > 0 ? { fields: Object.fromEntries(keys.map((key) => [key, fields[key] ?? null])) } : {}),
    ...(pointers.includes('/caseNumber') ? { caseNumber } : {}),
    ...(pointers.includes('/closedAt') ? { closedAt: closedAt?.toISOString() ?? null } : {}),
  };
}

const faceFault = (pointer: string): PointedFault => ({ pointer, code: 'FACE_DATA_CHANGED' });

/** A field that was empty when it was sealed stands nowhere, unless the layout has a place for it. */
function isSealed({ entry, licence, sealedHere }: MaintenanceContext, key: string): boolean {
  if (key === entry.definition.numberField || drawnNames(entry).has(key)) return true;
  return sealedHere && (licence.fields[key] ?? '') !== '';
}

/** Fields whose value is another than the stored one; a value of nothing empties the field. */
function changedFields(
  { entry, licence, whole }: MaintenanceContext,
  given: Readonly<Record<string, string>> | undefined,
): Map<string, string> {
  if (!given) return new Map();
  const { fields: definitions, numberField } = entry.definition;
  const byKey = new Map(definitions.map((field) => [field.key, field]));
  const stated: Record<string, string> = whole ? { ...emptied(licence.fields), ...given } : { ...given };
  // A number that the repository made is not in the submission.
  if (!stated[numberField]?.trim()) delete stated[numberField];
  const changed = Object.entries(stated).filter(
    ([key, value]) => stand(byKey.get(key), value) !== (licence.fields[key] ?? ''),
  );
  return new Map(changed);
}

const emptied = (fields: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.keys(fields).map((key) => [key, '']));

/** How a value is kept: a picture by the digest of its bytes, a number without blanks around it. */
function stand(field: FieldDefinition | undefined, value: string): string {
  if (field?.type === 'image' && value) return `sm3:${sm3Hex(Buffer.from(value, 'base64'))}`;
  return field?.key === 'licenceNumber' ? value.trim() : value;
}

/** Type, holders, validity and the mark of commitment are in the data of every sealed file. */
function sealedFacts(
  { house, licence, entry, holders, whole }: MaintenanceContext,
  facts: Maintenance,
): PointedFault[] {
  const faults: PointedFault[] = [];
  const { catalogueCode, commitment } = facts;
  if (catalogueCode !== undefined && catalogueCode !== licence.catalogueCode) faults.push(faceFault('/catalogueCode'));
  const now = composeValidity(entry, facts, licence.issuedOn ?? toShanghaiDate(house.clock()));
  for (const key of ['validFrom', 'validTo'] as const) {
    const stated = whole || facts[key] !== undefined;
    if (stated && now[key] !== licence[key]) faults.push(faceFault(`/${key}`));
  }
  const marked = whole ? (commitment ?? false) : commitment;
  if (marked !== undefined && marked !== licence.commitment) faults.push(faceFault('/commitment'));
  return [...faults, ...sealedHolders(house, holders, facts.holders)];
}

function sealedHolders(
  house: House,
  holders: readonly LicenceHolder[],
  given: Submission['holders'] | undefined,
): PointedFault[] {
  if (!given) return [];
  const faults: PointedFault[] = [];
  for (let index = 0; index < Math.max(given.length, holders.length); index += 1) {
    const [theirs, ours] = [given[index], holders[index]];
    const pointer = `/holders/${index}`;
    if (!theirs || !ours) {
      faults.push(faceFault(pointer));
      continue;
    }
    if (theirs.name !== ours.nameOnFace) faults.push(faceFault(`${pointer}/name`));
    if (theirs.type !== ours.type) faults.push(faceFault(`${pointer}/type`));
    if (theirs.number.trim().toUpperCase() !== revealHolderNumber(house, ours))
      faults.push(faceFault(`${pointer}/number`));
  }
  return faults;
}

/** The rules of a submission, over what is new alone: a rule that came later does not touch what was issued before. */
function lintMaintenance(
  { house, entry }: MaintenanceContext,
  { caseNumber, closedAt, classified }: Maintenance,
  fields: ReadonlyMap<string, string>,
): PointedFault[] {
  const now = house.clock();
  const { definition } = entry;
  const concerned = definition.fields.filter(({ key }) => fields.has(key));
  const context = {
    submission: {
      fields: Object.fromEntries(fields),
      ...(caseNumber === undefined ? {} : { caseNumber }),
      ...(closedAt === undefined ? {} : { closedAt }),
      ...(classified === undefined ? {} : { classified }),
    },
    entry: { ...entry, definition: { ...definition, fields: concerned } },
    ...{ now, today: toShanghaiDate(now), fonts: house.fonts, sampleMark: false, issuerName: '' },
  };
  return [notClassified, fieldsFollowSchema, plainWords, closingTime].flatMap((rule) => rule.check(context));
}

/** Only what is issued is maintained; before that a submission is corrected. Throws `STATE_CONFLICT`. */
export function requireIssued(licence: Pick<LicenceColumns, 'state'>): void {
  if (licence.state !== 'issued') throw new Fault('STATE_CONFLICT', { detail: licence.state });
}
