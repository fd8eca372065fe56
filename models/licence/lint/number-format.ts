import { followsPattern } from '../../catalogue/bound-pattern.ts';
import { longestNumber } from '../../catalogue/definition.ts';
import type { LintRule } from './rule.ts';

/** The licence number has the form its catalogue entry states (证照编号格式). */
export const numberFormat: LintRule = {
  name: 'number-format',
  citation: 'C-2.1, R-10',
  check({ submission, entry }) {
    const { numberField, numberFormat: format } = entry.definition;
    const number = submission.fields?.[numberField];
    if (!number || followsPattern(format.pattern, number, longestNumber(entry.definition))) return [];
    return [{ pointer: `/fields/${numberField}`, code: 'FIELD_PATTERN', detail: format.example }];
  },
};
