/** Wait until nothing is under way: no row unanswered, no message waiting, no sealing open. */
import type { ExchangeWorld } from './exchange-world.ts';
import { openMysqlTables } from './raw-tables.ts';

const REST_WITHIN_MS = 300_000;
const LOOK_EVERY_MS = 500;
/** Whoever has learned to wait fifteen minutes is not waited for that long. */
const HURRY_MS = 30_000;

/** @param aheadMs how far the clocks are ahead already
 *  @returns what is still under way when the time is over */
export async function comeToRest(world: ExchangeWorld, aheadMs: number): Promise<string[]> {
  const deadline = Date.now() + REST_WITHIN_MS;
  let ahead = aheadMs;
  let open: string[] = [];
  while (Date.now() < deadline) {
    open = await findOpen(world);
    if (open.length === 0) return [];
    ahead += HURRY_MS;
    world.setClockAhead(ahead);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  return open;
}

async function findOpen(world: ExchangeWorld): Promise<string[]> {
  const open: string[] = [];
  const city = await openMysqlTables(world.cityUrl);
  for (const [what, sql] of [
    ['messages wait', "SELECT COUNT(*) AS n FROM outbox WHERE state = 'waiting'"],
    ['sealings are open', "SELECT COUNT(*) AS n FROM licence_intents WHERE state = 'intended'"],
  ] as const) {
    const [row] = await city.all(sql);
    if (Number(row?.n) > 0) open.push(`${String(row?.n)} ${what}`);
  }
  await city.close();
  for (const { name, url } of world.machines) {
    const department = await openMysqlTables(url);
    const [row] = await department.all('SELECT COUNT(*) AS n FROM zk_licence WHERE state IN (0, 1)');
    if (Number(row?.n) > 0) open.push(`${String(row?.n)} rows of ${name} are unanswered`);
    await department.close();
  }
  return open;
}
