/** A daily statement as a page to print: what is signed is its text, not this. */
import type { StatementView } from '../../models/exchange-state/index.ts';
import { toShanghaiTime } from '../../models/kernel/clock.ts';
import { type Statement, type StatementDepartment, statementSchema } from './statement.ts';

export function printStatement({ text, signature, digest }: StatementView): string {
  const statement = statementSchema.parse(JSON.parse(text));
  const lines = [
    `省市电子证照比对日报表 ${statement.day}`,
    `Daily statement of city and province, ${statement.day}`,
    '',
    ...describe(statement),
    '',
    ...statement.departments.flatMap(describeDepartment),
    `SM3  ${digest}`,
    `SM2  ${signature}`,
  ];
  return `${lines.join('\n')}\n`;
}

function describe({
  repository,
  province,
  previous,
  period,
  comparisons,
  scope,
  guarded,
  agreed,
}: Statement): string[] {
  const at = (instant: string | null) => (instant === null ? '–' : toShanghaiTime(new Date(instant)));
  return [
    `市级证照库 repository   ${repository}`,
    `省级证照库 province     ${province}`,
    `期间 period             ${at(period.from)} – ${at(period.to)}`,
    `比对次数 comparisons    ${comparisons.length}`,
    `上一期 previous         ${previous ? `${previous.day} ${previous.digest}` : '–'}`,
    `范围 scope              ${scope === 'both' ? '双方 both sides' : '仅市级 the city’s side only'}`,
    `库内监测 guarded        ${guarded ? '是 yes' : '否 no'}`,
    `结论 result             ${agreed ? '一致 agreed' : '不一致 not agreed'}`,
  ];
}

function describeDepartment(department: StatementDepartment): string[] {
  const { code, name, city, province, equal, found, repaired, open } = department;
  const counts = (list: Readonly<Record<string, number>>) =>
    Object.entries(list)
      .map(([kind, count]) => `${kind} ${count}`)
      .join(', ');
  return [
    `${code || '–'} ${name ?? ''}`.trimEnd(),
    `  市级 city       ${city.count}  ${city.digest ?? '–'}`,
    `  省级 province   ${province ? `${province.count}  ${province.digest ?? '–'}` : '–'}  ${equal ? '=' : '≠'}`,
    `  发现 found      ${counts(found)}`,
    `  修复 repaired   ${counts(repaired)}`,
    `  未决 open       ${counts(open)}`,
    '',
  ];
}
