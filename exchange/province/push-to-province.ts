/** Work off what waits for the province: at least once, in order within a licence, always its newest state. */
import { findNewestEntry } from '../../models/catalogue/index.ts';
import { findProvinceState, noteHeld, noteReceipt, noteSent } from '../../models/exchange-state/index.ts';
import { type Caller, type House, houseCaller } from '../../models/house.ts';
import { composeRecords } from '../../models/licence/index.ts';
import { openHouseKey } from '../../models/seal/index.ts';
import { type DrainResult, drainOutbox, type OutboxItem, Unrecoverable } from '../../models/store/index.ts';
import { checkStatus, Held, loadFiles } from './check-before-sending.ts';
import { type ComposedMessage, composeCatalogueMessage, composeLicenceMessage } from './compose-message.ts';
import type { Province, ProvinceMessage } from './province.ts';
import { isResting } from './rest.ts';
import { type RepositoryKey, sendBatch } from './send-batch.ts';

const MOST_ITEMS = 50;
/** Of files in one request, before base64. */
const MOST_BYTES = 6_000_000;

interface Line {
  readonly house: House;
  readonly province: Province;
  readonly key: RepositoryKey;
  readonly caller: Caller;
  /** Set once the province does not answer: the rest of this drain waits with it instead of knocking again and again. */
  down: Error | undefined;
}

interface Ready {
  readonly index: number;
  readonly composed: ComposedMessage;
  readonly message: ProvinceMessage;
}

export async function pushToProvince(house: House, province: Province): Promise<DrainResult> {
  if (isResting(province.url, house.clock())) return { done: 0, delayed: 0, failed: 0 };
  const key = await openHouseKey(house, 'repository', 'SM2');
  const line: Line = { house, province, key, caller: provinceCaller(house), down: undefined };
  return drainOutbox(house, 'province', (items) => pushItems(line, items), MOST_ITEMS);
}

export function provinceCaller(house: House): Caller {
  return houseCaller(`province-${house.newId()}`);
}

async function pushItems(line: Line, items: readonly OutboxItem[]): Promise<(Error | undefined)[]> {
  const outcomes: (Error | undefined)[] = items.map(() => undefined);
  let ready: Ready[] = [];
  let bytes = 0;
  const send = async () => {
    if (ready.length > 0) await sendReady(line, ready, outcomes);
    ready = [];
    bytes = 0;
  };
  for (const [index, item] of items.entries()) {
    if (line.down) {
      outcomes[index] = line.down;
      continue;
    }
    try {
      const composed = await compose(line, item);
      if (!composed || (await isKnownThere(line, composed))) continue;
      const message = await checked(line, composed, () => loadFiles(line.house, composed));
      const size = message.files.reduce((sum, { content }) => sum + content.length, 0);
      if (bytes + size > MOST_BYTES) await send();
      ready.push({ index, composed, message });
      bytes += size;
    } catch (error) {
      outcomes[index] = error instanceof Error ? error : new Error(String(error));
    }
  }
  await send();
  return outcomes;
}

/** The newest state, whichever message asked for it. */
async function compose(line: Line, item: OutboxItem): Promise<ComposedMessage | undefined> {
  const { house } = line;
  const { licenceId, catalogueCode } = item.payload as { readonly licenceId?: string; readonly catalogueCode?: string };
  if (catalogueCode) {
    const entry = await findNewestEntry(house, catalogueCode);
    if (!entry) throw new Unrecoverable(`no catalogue entry ${catalogueCode}`);
    return composeCatalogueMessage(entry);
  }
  const row = licenceId ? await house.db.rows.licences.findByPk(licenceId) : null;
  if (!row) throw new Unrecoverable(`no licence ${licenceId}`);
  const [recorded] = await composeRecords(house, [row.get()]);
  if (!recorded) return undefined;
  const composed = composeLicenceMessage(recorded);
  await checked(line, composed, async () => checkStatus(recorded));
  return composed;
}

/** Run a check; what it holds back is recorded and reported. */
async function checked<T>({ house, caller }: Line, { own }: ComposedMessage, check: () => Promise<T>): Promise<T> {
  try {
    return await check();
  } catch (error) {
    if (!(error instanceof Held)) throw error;
    await noteHeld(house, caller, own, error.message);
    throw error.mayMend ? error : new Unrecoverable(error.message, { cause: error });
  }
}

/** An earlier message has brought this state there already. */
async function isKnownThere({ house }: Line, { own, sequence, digest }: ComposedMessage): Promise<boolean> {
  const known = await findProvinceState(house, own);
  return known?.state === 'acknowledged' && known.acknowledgedSequence === sequence && known.digest === digest;
}

async function sendReady(line: Line, ready: readonly Ready[], outcomes: (Error | undefined)[]): Promise<void> {
  const { house, province, key, caller } = line;
  if (line.down) {
    for (const { index } of ready) outcomes[index] = line.down;
    return;
  }
  try {
    await noteSent(
      house,
      ready.map(({ composed }) => composed.own),
    );
    const receipts = await sendBatch(
      house,
      province,
      key,
      ready.map(({ message }) => message),
    );
    const answers = ready.flatMap(({ index, composed }) => {
      const signed = receipts.get(composed.subject);
      if (!signed) {
        outcomes[index] = new Error('no receipt of the province that verifies');
        return [];
      }
      const refused = signed.receipt.outcome === 'refused' ? (signed.receipt.reason ?? 'REFUSED') : null;
      if (refused !== null) outcomes[index] = new Unrecoverable(refused);
      return [{ subject: composed.own, digest: composed.digest, refused, receipt: signed.proof }];
    });
    await noteReceipt(house, caller, answers);
  } catch (error) {
    line.down = error instanceof Error ? error : new Error(String(error));
    house.log.warn({ error: line.down }, 'the provincial library could not be reached');
    for (const { index } of ready) outcomes[index] ??= line.down;
  }
}
