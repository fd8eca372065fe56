import { isPicture } from '../../../signing/index.ts';
import { followsPattern } from '../../catalogue/bound-pattern.ts';
import { type FieldDefinition, longestValue } from '../../catalogue/definition.ts';
import { isRealDate } from '../../kernel/clock.ts';
import type { PointedFault } from '../../kernel/fault.ts';
import { escapePointer, hasControlCharacter } from '../../kernel/plain-text.ts';
import type { LintRule } from './rule.ts';

/** Each face item has the presence, length, form and code list its catalogue entry states. */
export const fieldsFollowSchema: LintRule = {
  name: 'fields-follow-schema',
  citation: 'R-10, R-20, C-2.1',
  check({ submission, entry }) {
    const { fields } = submission;
    if (!fields) return [];
    const definitions = new Map(entry.definition.fields.map((field) => [field.key, field]));
    const faults: PointedFault[] = [];
    for (const key of Object.keys(fields)) {
      if (!definitions.has(key)) faults.push({ pointer: `/fields/${escapePointer(key)}`, code: 'FIELD_UNKNOWN' });
    }
    for (const field of definitions.values()) {
      const value = Object.hasOwn(fields, field.key) ? (fields[field.key] ?? '') : '';
      const numbered = field.key === entry.definition.numberField && entry.definition.numberFormat.template;
      if (value.trim() === '') {
        if (field.required && !numbered)
          faults.push({ pointer: `/fields/${field.key}`, code: 'FIELD_REQUIRED', detail: field.name });
      } else {
        faults.push(...checkValue(field, value));
      }
    }
    return faults;
  },
};

const MAX_PICTURE_BASE64 = 4_000_000;

function checkValue(field: FieldDefinition, value: string): PointedFault[] {
  const pointer = `/fields/${field.key}`;
  if (field.type === 'image') {
    if (value.length > MAX_PICTURE_BASE64)
      return [{ pointer, code: 'FIELD_TOO_LONG', detail: String(MAX_PICTURE_BASE64) }];
    return isPicture(Buffer.from(value, 'base64')) ? [] : [{ pointer, code: 'IMAGE_UNREADABLE' }];
  }
  const faults: PointedFault[] = [];
  const maxLength = longestValue(field);
  const tooLong = [...value].length > maxLength;
  if (tooLong) faults.push({ pointer, code: 'FIELD_TOO_LONG', detail: String(maxLength) });
  if (hasControlCharacter(value)) faults.push({ pointer, code: 'CONTROL_CHARACTER' });
  if (field.pattern && !tooLong && !followsPattern(field.pattern, value, maxLength)) {
    faults.push({ pointer, code: 'FIELD_PATTERN', detail: field.pattern });
  }
  faults.push(...checkType(field, value, pointer));
  return faults;
}

function checkType(field: FieldDefinition, value: string, pointer: string): PointedFault[] {
  switch (field.type) {
    case 'date':
      return isRealDate(value) ? [] : [{ pointer, code: 'DATE_IMPOSSIBLE', detail: value.slice(0, 20) }];
    case 'integer':
      return /^-?\d{1,18}$/.test(value) ? [] : [{ pointer, code: 'FIELD_TYPE', detail: 'integer' }];
    case 'decimal':
      return /^-?\d{1,18}(\.\d{1,6})?$/.test(value) ? [] : [{ pointer, code: 'FIELD_TYPE', detail: 'decimal' }];
    case 'code': {
      const codes = field.codes ?? [];
      const listed = codes.some(({ code }) => code === value);
      return listed
        ? []
        : [{ pointer, code: 'FIELD_NOT_IN_CODE_LIST', detail: codes.map(({ code }) => code).join(', ') }];
    }
    case 'text':
    case 'image':
      return [];
  }
}
