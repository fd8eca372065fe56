/** How the exchange stands: per department its lag, depth, held and refused; and the way to the province. */

import { requireRole } from '../models/account/index.ts';
import { type AlarmView, countAcknowledged, countProvince, openFrontEndList } from '../models/exchange-state/index.ts';
import type { Caller, House } from '../models/house.ts';
import { describeLists, type ListStatus } from '../models/revocation/index.ts';
import { countSubscriptions, type WebhookFigures } from '../models/subscription/index.ts';
import { exchangeFigures, type LinkFigures, type WayFigures } from './exchange-figures.ts';
import { measureMachine } from './front-end/measure-machine.ts';

export interface DepartmentStatus {
  readonly frontEnd: string;
  readonly organisationCode: string;
  readonly state: 'active' | 'paused';
  readonly lastPassAt: string | null;
  readonly lastError: string | null;
  /** Age of the oldest unanswered row; null when the machine cannot be reached. */
  readonly lagSeconds: number | null;
  /** Rows not answered yet; null when the machine cannot be reached. */
  readonly depth: number | null;
  /** Licences of the department held back from the province. */
  readonly held: number;
  /** Rows refused and not corrected since; null when the machine cannot be reached. */
  readonly refused: number | null;
  /** Accepted licences that wait for review or sealing. */
  readonly awaiting: number | null;
  /** From its rows to the province's receipts, of the last hour and now; null when there was nothing. */
  readonly way: Omit<WayFigures, 'frontEnd'> | null;
}

export interface ExchangeStatus {
  readonly departments: readonly DepartmentStatus[];
  readonly province: {
    /** Messages that wait to leave. */
    readonly depth: number;
    /** Age of the oldest of them. */
    readonly lagSeconds: number;
    readonly held: number;
    readonly refused: number;
    readonly acknowledged: number;
    readonly links: readonly LinkFigures[];
  };
  /** Alarms whose cause lasts. */
  readonly alarms: readonly AlarmView[];
  /** Notices to subscribers. */
  readonly notices: WebhookFigures;
  /** How old the revocation lists are, and what went wrong when they were fetched. */
  readonly revocationLists: readonly ListStatus[];
}

export async function exchangeStatus(house: House, caller: Caller): Promise<ExchangeStatus> {
  requireRole(caller, 'bureau.officer', 'bureau.supervisor', 'admin.system');
  const { heldByBody, ...province } = await countProvince(house);
  const { ways, links, alarms } = await exchangeFigures(house);
  const machines = await openFrontEndList(house);
  const departments = await Promise.all(
    machines.map(async ({ url, ...machine }) => {
      const { name: frontEnd, organisationCode, state, lastPassAt, lastError } = machine;
      const figures = await measureMachine(house, { ...machine, url });
      const unreached = { lagSeconds: null, depth: null, refused: null, awaiting: null };
      return {
        ...{ frontEnd, organisationCode, state, lastPassAt, lastError: 'error' in figures ? figures.error : lastError },
        ...('error' in figures ? unreached : figures),
        held: heldByBody.get(organisationCode) ?? 0,
        way: findWay(ways, frontEnd),
      };
    }),
  );
  return {
    departments,
    province: { ...province, acknowledged: await countAcknowledged(house), links },
    alarms,
    notices: await countSubscriptions(house),
    revocationLists: await describeLists(house),
  };
}

function findWay(ways: readonly WayFigures[], frontEnd: string): DepartmentStatus['way'] {
  const way = ways.find((one) => one.frontEnd === frontEnd);
  if (!way) return null;
  const { frontEnd: _, ...figures } = way;
  return figures;
}
