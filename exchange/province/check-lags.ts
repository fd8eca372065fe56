/** Is anything longer on its way than two cycles? Alarms are raised and cleared by what is outstanding now: for each
 *  machine, with what lies there unread, and for a link to the province that does not answer. */
import {
  type Alarm,
  type AlarmChanges,
  findOutstanding,
  findUnread,
  listLinks,
  type Outstanding,
  setAlarms,
  TWO_CYCLES_MS,
} from '../../models/exchange-state/index.ts';
import type { Caller, House } from '../../models/house.ts';

/** @param hasProvince without one nothing is on its way further than to the repository */
export async function checkLags(house: House, caller: Caller, hasProvince = true): Promise<AlarmChanges> {
  const limit = house.clock().getTime() - TWO_CYCLES_MS;
  const waiting = await findUnread(house);
  const outstanding: ReadonlyMap<string, Outstanding> = hasProvince ? await findOutstanding(house) : new Map();
  const late: Alarm[] = [];
  for (const frontEnd of new Set([...outstanding.keys(), ...waiting.keys()])) {
    const dates = [outstanding.get(frontEnd)?.oldest, waiting.get(frontEnd)].filter((one) => one !== undefined);
    const oldest = new Date(Math.min(...dates.map((one) => one.getTime())));
    if (oldest.getTime() >= limit) continue;
    const details = { oldestPushedAt: oldest.toISOString(), changes: outstanding.get(frontEnd)?.changes ?? 0 };
    late.push({ subject: frontEnd, details });
  }
  const lags = await setAlarms(house, caller, 'lag', late);
  const links = await listLinks(house);
  const down = links.flatMap(({ name, downSince, lastError }): Alarm[] =>
    downSince && downSince.getTime() < limit
      ? [{ subject: name, details: { downSince: downSince.toISOString(), lastError } }]
      : [],
  );
  const broken = await setAlarms(house, caller, 'link', down);
  return { raised: lags.raised + broken.raised, cleared: lags.cleared + broken.cleared };
}
