/** Compare holders with the registries: what was answered within a day is not asked again, and everybody is asked once
 *  however often they stand in a batch. Nothing is written here. */
import { Op } from 'sequelize';
import { defaultNumberType } from '../holder/find-or-add-holder.ts';
import { indexHolderNumber } from '../holder/index-number.ts';
import type { HolderType } from '../holder/rows.ts';
import type { Caller, House } from '../house.ts';
import { canonicalJson } from '../kernel/canonical-json.ts';
import { inLanes } from '../kernel/in-lanes.ts';
import { readRows } from '../store/bulk-read.ts';
import { REGISTRIES, type RegistryQuestion } from './port.ts';
import type { ComparisonOutcome, RegistryComparisonColumns } from './rows.ts';

/** A match holds for a day. */
const MATCH_HOLDS_MS = 24 * 3_600_000;
/** What the house tries by itself asks again after an hour; a person who asks is answered anew. */
const REFUSAL_HOLDS_MS = 3_600_000;
const ASKED_AT_ONCE = 8;
/** What a registry has said, and not its silence. */
const ANSWERS: readonly ComparisonOutcome[] = ['match', 'mismatch', 'unknown'];

export interface HolderToCompare {
  readonly type: HolderType;
  readonly name: string;
  readonly number: string;
  readonly numberType?: string | undefined;
}

/** What was found of one holder, before it belongs to a licence. */
export type HolderComparison = Omit<RegistryComparisonColumns, 'id' | 'licenceId' | 'position'>;

/** In the order given. Rejects only when the store does. */
export async function compareHolders(
  house: House,
  caller: Caller,
  holders: readonly HolderToCompare[],
): Promise<readonly HolderComparison[]> {
  const wanted = holders.map((holder) => compose(house, holder));
  const fresh = await findFresh(house, caller, [...new Set(wanted.map(({ questionIndex }) => questionIndex))]);
  const open = new Map(
    wanted.flatMap((one) => (fresh.has(one.questionIndex) ? [] : [[one.questionIndex, one.question] as const])),
  );
  const asked = await inLanes([...open], ASKED_AT_ONCE, async ([questionIndex, question]) => {
    const found = await askOne(house, question);
    return [questionIndex, { ...found, comparedAt: house.clock() }] as const;
  });
  const answers = new Map<string, Found>([...fresh, ...asked]);
  const own = new Set(
    asked.flatMap(([questionIndex, { outcome }]) => (ANSWERS.includes(outcome) ? [questionIndex] : [])),
  );
  return wanted.map(({ question, numberIndex, questionIndex }) => {
    const found = answers.get(questionIndex);
    if (!found) throw new RangeError('a holder without its comparison');
    // The first who asked keeps the answer for the others.
    const keeps = own.delete(questionIndex);
    return { numberIndex, questionIndex: keeps ? questionIndex : null, registry: REGISTRIES[question.type], ...found };
  });
}

type Found = Pick<RegistryComparisonColumns, 'outcome' | 'fields' | 'comparedAt'>;

function compose(house: House, { type, name, number, numberType }: HolderToCompare) {
  const question: RegistryQuestion = {
    ...{ type, name, number: number.trim().toUpperCase() },
    numberType: numberType ?? defaultNumberType(type),
  };
  const questionIndex = house.cipher.blindIndex('registry.question', canonicalJson({ ...question }));
  return { question, questionIndex, numberIndex: indexHolderNumber(house, number) };
}

async function findFresh(house: House, caller: Caller, indexes: readonly string[]): Promise<Map<string, Found>> {
  if (indexes.length === 0 || !house.compareWithRegistry) return new Map();
  const now = house.clock().getTime();
  const rows = await readRows(house.db.rows.registryComparisons, {
    where: {
      questionIndex: { [Op.in]: [...indexes] },
      comparedAt: { [Op.gte]: new Date(now - MATCH_HOLDS_MS) },
    },
    order: [['comparedAt', 'ASC']],
  });
  const found = new Map<string, Found>();
  for (const { questionIndex, outcome, fields, comparedAt } of rows)
    if (questionIndex) found.set(questionIndex, { outcome, fields, comparedAt });
  for (const [questionIndex, { outcome, comparedAt }] of found) {
    const holds = outcome === 'match' || (caller.type === 'house' && comparedAt.getTime() > now - REFUSAL_HOLDS_MS);
    if (!holds) found.delete(questionIndex);
  }
  return found;
}

async function askOne(house: House, question: RegistryQuestion): Promise<Pick<Found, 'outcome' | 'fields'>> {
  const answer = await house.compareWithRegistry?.(question);
  if (!answer) return { outcome: 'not-made', fields: [] };
  if (answer.outcome === 'unavailable') {
    house.log.warn({ registry: REGISTRIES[question.type], reason: answer.reason }, 'a registry did not answer');
  }
  return { outcome: answer.outcome, fields: answer.outcome === 'mismatch' ? answer.fields : [] };
}
