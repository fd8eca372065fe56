/** Make the newest state of each subject into a message, whichever messages asked for it; for a whole batch with a handful of
 *  queries. What must not leave, or is known there already, says so. */
import { findNewestEntries } from '../../models/catalogue/index.ts';
import { findProvinceStates, type ProvinceState } from '../../models/exchange-state/index.ts';
import type { House } from '../../models/house.ts';
import { composeRecords, findLicences } from '../../models/licence/index.ts';
import type { OutboxTurn } from '../../models/store/index.ts';
import { checkStatus, Held } from './check-before-sending.ts';
import { type ComposedMessage, composeCatalogueMessage, composeLicenceMessage } from './compose-message.ts';

export interface Prepared {
  readonly turn: OutboxTurn;
  readonly composed: ComposedMessage | undefined;
  readonly before: ProvinceState | undefined;
  /** `send` it; `known` there already; `void`: never there, or never to go; or held back. */
  readonly way: 'send' | 'known' | 'void' | Held;
}

type Composition = { readonly composed: ComposedMessage; readonly held?: Held } | undefined;

export async function prepareTurns(house: House, turns: readonly OutboxTurn[]): Promise<Prepared[]> {
  const idsOf = (type: string) =>
    turns.flatMap(({ subject }) => (subject.startsWith(`${type}:`) ? [subject.slice(type.length + 1)] : []));
  const made = new Map<string, Composition>([
    ...(await composeLicences(house, idsOf('licence'))),
    ...(await composeEntries(house, idsOf('catalogue'))),
  ]);
  const states = await findProvinceStates(
    house,
    turns.map(({ subject }) => subject),
  );
  return turns.map((turn) => {
    const composition = made.get(turn.subject);
    const before = states.get(turn.subject);
    return { turn, composed: composition?.composed, before, way: wayOf(composition, before) };
  });
}

function wayOf(composition: Composition, before: ProvinceState | undefined): Prepared['way'] {
  if (!composition) return 'void';
  const { composed, held } = composition;
  const isKnown =
    before?.state === 'acknowledged' &&
    before.acknowledgedSequence === composed.sequence &&
    before.digest === composed.digest;
  return held ?? (isKnown ? 'known' : 'send');
}

/** What the province itself returned is never sent back to it. */
async function composeLicences(house: House, ids: readonly string[]): Promise<[string, Composition][]> {
  const found = await findLicences(house, ids);
  const own = found.filter(({ source }) => source !== 'province');
  const recorded = await composeRecords(house, own);
  return recorded.map((one) => [`licence:${one.licence.id}`, { composed: composeLicenceMessage(one), ...heldOf(one) }]);
}

function heldOf(recorded: Parameters<typeof checkStatus>[0]): { readonly held?: Held } {
  try {
    checkStatus(recorded);
    return {};
  } catch (error) {
    if (error instanceof Held) return { held: error };
    throw error;
  }
}

async function composeEntries(house: House, codes: readonly string[]): Promise<[string, Composition][]> {
  const entries = await findNewestEntries(house, codes);
  return entries.map((entry) => [`catalogue:${entry.code}`, { composed: composeCatalogueMessage(entry) }]);
}
