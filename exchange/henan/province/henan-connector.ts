/** The connector over the tables of the province's front-end database: rows are laid down, the province's task moves them, and what
 *  it moved is the receipt. */
import type { HeldRecord } from '../../../models/digest-tree/index.ts';
import type { House } from '../../../models/house.ts';
import { type FrontEndConnection, openFrontEnd } from '../../front-end/connection.ts';
import { nameError } from '../../front-end/name-error.ts';
import { ProvinceAway, type ProvinceConnector } from '../../province/connector.ts';
import { makeListTree } from '../../reconcile/list-tree.ts';
import type { WithdrawalOutcome } from '../../reconcile/province-tree.ts';
import { collectReceipts } from './collect-receipts.ts';
import { findPresent } from './find-present.ts';
import { readLateRefusals } from './late-refusals.ts';
import { listHeld } from './list-held.ts';
import { readReleases } from './read-releases.ts';
import { sendMessages } from './send-messages.ts';

const MOST_ITEMS = 200;

/** @param url `mysql://…` or `sqlite:FILE`; the tables must be there */
export function connectHenan(house: House, url: string): ProvinceConnector {
  const during = async <T>(act: (connection: FrontEndConnection) => Promise<T>): Promise<T> => {
    const connection = open(url);
    try {
      return await act(connection);
    } finally {
      await connection.close();
    }
  };
  return {
    name: `henan ${describeUrl(url)}`,
    mostItems: MOST_ITEMS,
    tree: makeListTree(() => listHeld(house, during), leaveExtras),
    send: (messages) => during((connection) => sendMessages(house, connection, messages)),
    knock: () => during(knock),
    collect: (pending) => during((connection) => collectReceipts(house, connection, pending)),
    lateRefusals: (cursor) => during((connection) => readLateRefusals(house, connection, cursor)),
    catalogueAnswers: (cursor) => during((connection) => readReleases(house, connection, cursor)),
  };
}

function open(url: string): FrontEndConnection {
  try {
    return openFrontEnd(url);
  } catch (cause) {
    throw new ProvinceAway({ detail: nameError(cause), cause });
  }
}

/** The rows are the province's: none is taken away. */
function leaveExtras(items: readonly HeldRecord[]): Promise<ReadonlyMap<string, WithdrawalOutcome>> {
  return Promise.resolve(new Map(items.map(({ subject }) => [subject, 'differs'])));
}

async function knock(connection: FrontEndConnection): Promise<void> {
  await findPresent(connection, ['']).catch((cause: unknown) => {
    throw new ProvinceAway({ detail: nameError(cause), cause });
  });
}

/** Host and database, or the file's name: never a password, and no longer than a name may be. */
function describeUrl(url: string): string {
  if (!url.startsWith('mysql:')) return url.slice(url.lastIndexOf('/') + 1).slice(-120);
  const { host, pathname } = new URL(url);
  return `${host}${pathname}`.slice(0, 120);
}
