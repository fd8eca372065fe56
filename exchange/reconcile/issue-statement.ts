/** Make, sign and keep the statement of a day from the comparisons since the statement before. */
import {
  findComparisonsAfter,
  findNewestStatement,
  findStatement,
  keepStatement,
  type StatementView,
} from '../../models/exchange-state/index.ts';
import { type House, houseCaller } from '../../models/house.ts';
import { canonicalJson } from '../../models/kernel/canonical-json.ts';
import { toShanghaiDate } from '../../models/kernel/clock.ts';
import { sm3Hex } from '../../models/kernel/digest.ts';
import { openHouseKey } from '../../models/seal/index.ts';
import type { ComparedDepartment } from './compare-with-province.ts';
import { type Statement, type StatementDepartment, statementSchema } from './statement.ts';

interface ComparisonFacts {
  readonly departments: readonly ComparedDepartment[];
  readonly guarded: boolean;
  readonly scope: 'both' | 'city';
  readonly link: string;
}

type Comparisons = Awaited<ReturnType<typeof findComparisonsAfter>>;

/** Today's; the same one again when it is made already. Undefined when nothing was compared since the last.
 *  Throws `SEAL_MISSING` without the repository's key. */
export async function issueStatement(house: House): Promise<StatementView | undefined> {
  const day = toShanghaiDate(house.clock());
  const made = await findStatement(house, day);
  if (made) return made;
  const previous = await findNewestStatement(house, day);
  const before = previous && statementSchema.parse(JSON.parse(previous.text));
  const comparisons = await findComparisonsAfter(house, before?.comparisons.at(-1) ?? '');
  const last = comparisons.at(-1);
  if (!last) return undefined;
  const facts = last.facts as ComparisonFacts;
  const departments = await describeDepartments(house, comparisons, facts);
  const text = canonicalJson({
    format: 'zhengku-province-statement-1',
    day,
    repository: house.publicUrl,
    province: facts.link,
    previous: previous && before ? { day: before.day, digest: previous.digest } : null,
    period: { from: before?.period.to ?? null, to: (last.endedAt ?? house.clock()).toISOString() },
    comparisons: comparisons.map(({ id }) => id),
    ...{ scope: facts.scope, guarded: facts.guarded },
    agreed: facts.scope === 'both' && departments.every(({ equal, open }) => equal && sum(open) === 0),
    departments,
  } satisfies Statement);
  const { key, certificates } = await openHouseKey(house, 'repository', 'SM2');
  const statement: StatementView = {
    ...{ day, text, digest: sm3Hex(text) },
    signature: Buffer.from(await key.sign(Buffer.from(text))).toString('base64'),
    certificate: Buffer.from(certificates[0] ?? []).toString('base64'),
  };
  const kept = await keepStatement(house, houseCaller(`statement-${house.newId()}`), statement);
  // Another process was quicker: its word stands.
  return kept ? statement : findStatement(house, day);
}

const sum = (counts: Readonly<Record<string, number>>) => Object.values(counts).reduce((total, one) => total + one, 0);

async function describeDepartments(
  house: House,
  comparisons: Comparisons,
  last: ComparisonFacts,
): Promise<StatementDepartment[]> {
  const all = comparisons.flatMap(({ facts }) => (facts as ComparisonFacts).departments);
  const codes = [...new Set(all.map(({ body }) => body))].sort();
  const organisations = await house.db.rows.organisations.findAll({ where: { code: codes } });
  const names = new Map(organisations.map(({ code, name }) => [code, name]));
  return codes.map((code) => {
    const mine = all.filter(({ body }) => body === code);
    const now = last.departments.find(({ body }) => body === code);
    return describeDepartment(code, names.get(code) ?? null, mine, now, last.scope);
  });
}

function describeDepartment(
  code: string,
  name: string | null,
  all: readonly ComparedDepartment[],
  now: ComparedDepartment | undefined,
  scope: 'both' | 'city',
): StatementDepartment {
  const total = (kind: string) => all.reduce((added, { counts }) => added + (counts[kind] ?? 0), 0);
  const open = (kind: string) => now?.counts[kind] ?? 0;
  const nothing = { count: 0, digest: null };
  const city = now?.city ?? nothing;
  const province = scope === 'both' ? (now?.province ?? nothing) : null;
  return {
    ...{ code, name, city, province },
    equal: province !== null && province.count === city.count && province.digest === city.digest,
    found: { missing: total('missing'), differs: total('differs'), extra: total('extra') },
    repaired: { sentAgain: total('requeued'), withdrawn: total('withdrawn') },
    open: {
      ...{ missing: open('missing'), differs: open('differs'), extra: open('extra') },
      ...{ ahead: open('ahead'), deleted: open('deleted'), altered: open('altered') },
      ...{ refused: open('refused'), pending: open('pending') },
    },
  };
}
