/** The rules of a catalogue entry that its shape alone does not say: all faults at once. */

import { isPicture } from '../../signing/index.ts';
import { isSocialCreditCode } from '../identifier/social-credit-code.ts';
import { checkInspectionPolicy } from '../inspection/policy.ts';
import type { PointedFault } from '../kernel/fault.ts';
import { boundPattern, followsPattern } from './bound-pattern.ts';
import { type CatalogueDefinition, longestNumber, longestValue } from './definition.ts';
import { makeNumber, readNumberTemplate } from './number-template.ts';

/** Placeholders every face may use beside the entry's own fields. */
export const COMMON_FACE_VALUES = [
  'holderName',
  'holderNumber',
  'identifier',
  'issuerName',
  'issuedOn',
  'validFrom',
  'validTo',
  'validity',
  'catalogueName',
  'commitmentMark',
  'sampleMark',
] as const;

export function checkDefinition(
  definition: CatalogueDefinition,
  images: ReadonlyMap<string, Uint8Array>,
): PointedFault[] {
  const faults: PointedFault[] = [];
  const add = (pointer: string, code: PointedFault['code'], detail?: string) =>
    faults.push(detail === undefined ? { pointer, code } : { pointer, code, detail });
  if (definition.classified) add('/classified', 'CLASSIFIED_REFUSED');
  if (!isSocialCreditCode(definition.code.slice(0, 18))) add('/code', 'CHECK_CHARACTER_WRONG');
  if (!isSocialCreditCode(definition.issuingBody)) add('/issuingBody', 'CHECK_CHARACTER_WRONG');
  if (definition.inForceTo && definition.inForceTo < definition.inForceFrom) add('/inForceTo', 'VALIDITY_BACKWARDS');
  faults.push(...checkNumberFormat(definition), ...checkInspectionPolicy(definition.inspection));
  const keys = new Set(definition.fields.map((field) => field.key));
  if (!keys.has(definition.numberField)) add('/fields', 'FIELD_REQUIRED', definition.numberField);
  if (keys.size < definition.fields.length) add('/fields', 'ALREADY_EXISTS');
  for (const [index, field] of definition.fields.entries()) {
    if (field.type === 'code' && !field.codes?.length) add(`/fields/${index}/codes`, 'FIELD_REQUIRED');
    if (field.pattern && !boundPattern(field.pattern, longestValue(field)))
      add(`/fields/${index}/pattern`, 'FIELD_PATTERN', UNBOUNDED);
  }
  for (const [name, bytes] of images) {
    if (!isPicture(bytes)) add(`/baseImages/${name}`, 'IMAGE_UNREADABLE');
  }
  faults.push(...checkFaceReferences(definition, keys, images));
  return faults;
}

const UNBOUNDED = '匹配耗时无上界：请以 ^ 开头，避免嵌套重复，或写明 maxLength';

/** The pattern is bounded, the example follows it, and so does the first number that the template makes. */
function checkNumberFormat(definition: CatalogueDefinition): PointedFault[] {
  const { pattern, example, template } = definition.numberFormat;
  const longest = longestNumber(definition);
  if (!boundPattern(pattern, longest))
    return [{ pointer: '/numberFormat/pattern', code: 'FIELD_PATTERN', detail: UNBOUNDED }];
  const faults: PointedFault[] = [];
  const follows = (text: string) => followsPattern(pattern, text, longest);
  if (!follows(example)) faults.push({ pointer: '/numberFormat/example', code: 'FIELD_PATTERN', detail: pattern });
  const parts = template === undefined ? undefined : readNumberTemplate(template, definition.inForceFrom.slice(0, 4));
  if (template !== undefined && !(parts && follows(makeNumber(parts, 1) ?? ''))) {
    faults.push({ pointer: '/numberFormat/template', code: 'FIELD_PATTERN', detail: pattern });
  }
  return faults;
}

function checkFaceReferences(
  { face }: CatalogueDefinition,
  fields: ReadonlySet<string>,
  images: ReadonlyMap<string, Uint8Array>,
): PointedFault[] {
  const faults: PointedFault[] = [];
  const known = new Set<string>([...COMMON_FACE_VALUES, ...fields]);
  const fault = (pointer: string, detail: string) => faults.push({ pointer, code: 'FACE_INVALID', detail });
  for (const [pageIndex, page] of face.pages.entries()) {
    const at = `/face/pages/${pageIndex}`;
    if (page.baseImage && !images.has(page.baseImage)) fault(`${at}/baseImage`, page.baseImage);
    for (const [itemIndex, item] of page.items.entries()) {
      const where = `${at}/items/${itemIndex}`;
      if (item.kind === 'text') {
        for (const [, key = ''] of item.text.matchAll(/\{(\w+)\}/g)) if (!known.has(key)) fault(where, key);
        if (item.when && !known.has(item.when)) fault(where, item.when);
      }
      if (item.kind === 'image' && !fields.has(item.field)) fault(where, item.field);
      if ('box' in item && exceeds(item.box, page)) fault(`${where}/box`, item.box.join(' '));
    }
  }
  if (!face.pages.some((page) => page.items.some((item) => item.kind === 'seal'))) fault('/face', 'seal');
  return faults;
}

function exceeds(box: readonly [number, number, number, number], page: { widthMm: number; heightMm: number }): boolean {
  const [x, y, width, height] = box;
  return x + width > page.widthMm + 0.01 || y + height > page.heightMm + 0.01;
}
