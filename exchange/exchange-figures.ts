/** The exchange in numbers, from the repository's own tables: to ask costs no department and no province anything. */
import {
  type AlarmView,
  findOpenAlarms,
  findOutstanding,
  type LagFigures,
  listLinks,
  type OutcomeCount,
  sumLags,
  sumRuns,
} from '../models/exchange-state/index.ts';
import type { House } from '../models/house.ts';

/** From the department's row to the province's receipt, of the last hour and at this moment. */
export interface WayFigures extends LagFigures {
  /** Taken from the machine, without a receipt of the province. */
  readonly outstanding: number;
  /** Age of the oldest of them. */
  readonly oldestSeconds: number;
}

export interface LinkFigures {
  readonly name: string;
  readonly downSince: string | null;
  readonly failures: number;
  /** Answers that were not believed: forged, or of something else. */
  readonly unbelieved: number;
  readonly lastError: string | null;
}

export interface ExchangeFigures {
  readonly ways: readonly WayFigures[];
  readonly outcomes: readonly OutcomeCount[];
  readonly links: readonly LinkFigures[];
  readonly alarms: readonly AlarmView[];
}

const HOUR_MS = 3_600_000;

export async function exchangeFigures(house: House): Promise<ExchangeFigures> {
  const now = house.clock().getTime();
  const since = new Date(now - HOUR_MS);
  const links = await listLinks(house);
  return {
    ways: await measureWays(house, since, now),
    outcomes: await sumRuns(house, since),
    links: links.map(({ name, downSince, failures, unbelieved, lastError }) => ({
      ...{ name, downSince: downSince?.toISOString() ?? null, failures, unbelieved, lastError },
    })),
    alarms: await findOpenAlarms(house),
  };
}

async function measureWays(house: House, since: Date, now: number): Promise<WayFigures[]> {
  const lags = new Map((await sumLags(house, since)).map((lag) => [lag.frontEnd, lag]));
  const waiting = await findOutstanding(house);
  const names = [...new Set([...lags.keys(), ...waiting.keys()])].sort();
  return names.map((frontEnd) => {
    const lag = lags.get(frontEnd) ?? { frontEnd, changes: 0, meanSeconds: null, longestSeconds: 0, overTwoCycles: 0 };
    const own = waiting.get(frontEnd);
    const age = own ? Math.max(0, Math.round((now - own.oldest.getTime()) / 1000)) : 0;
    return { ...lag, outstanding: own?.changes ?? 0, oldestSeconds: age };
  });
}
