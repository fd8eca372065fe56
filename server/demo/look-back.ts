/** The auditor looks up who saw what; the log's chain is recomputed; the province holds what the city holds. */
import { runCommand } from './processes.ts';
import { expect } from './step.ts';
import type { World } from './world.ts';

const PROVINCE_WITHIN_MS = 60_000;

export async function followToProvince(world: World): Promise<void> {
  await world.journey.step('省库收齐全部证照 the province holds them all', async () => {
    const deadline = Date.now() + PROVINCE_WITHIN_MS;
    const missing = await findMissing(world);
    // the departments' last pass may have sent them all already
    if (missing.length > 0) await runCommand(['exchange', 'run'], world.env);
    for (const identifier of missing) {
      while (!(await isHeld(world, identifier))) {
        expect(Date.now() < deadline, `the province has not ${identifier}`);
        await new Promise((resolve) => setTimeout(resolve, 300));
      }
    }
  });
  await world.journey.step('市省比对一致 city and province agree', async () => {
    const officer = await world.as('bureau.officer');
    const deadline = Date.now() + PROVINCE_WITHIN_MS;
    for (;;) {
      const { json } = await officer.get('/api/v1/exchange/status');
      if ((json.province as { readonly depth?: number } | undefined)?.depth === 0) break;
      expect(Date.now() < deadline, 'messages still wait for the province');
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    const out = await runCommand(['exchange', 'compare', '--json'], world.env);
    const { counts } = JSON.parse(out) as { readonly counts: Readonly<Record<string, number>> };
    for (const key of ['missing', 'differs', 'ahead', 'extra', 'pending'])
      expect(counts[key] === 0, `differences: ${out}`);
  });
}

async function isHeld({ provinceUrl }: World, identifier: string): Promise<boolean> {
  const response = await fetch(`${provinceUrl}/licences/${identifier}`);
  await response.body?.cancel();
  return response.ok;
}

async function findMissing(world: World): Promise<string[]> {
  const missing: string[] = [];
  for (const { identifier } of world.issued.values()) if (!(await isHeld(world, identifier))) missing.push(identifier);
  return missing;
}

export async function lookBack(world: World): Promise<void> {
  await world.journey.step('审计员检索访问日志 the auditor’s search', async () => {
    const auditor = await world.as('auditor');
    for (const { licenceId } of world.issued.values()) {
      const { json } = await auditor.get(`/api/v1/audit/entries?licenceId=${licenceId}&act=licence.issue`);
      expect(json.items?.length === 1, `no entry for the issue of ${licenceId}`);
    }
    const shared = await auditor.get('/api/v1/audit/entries?act=sharing.copy');
    expect((shared.json.items?.length ?? 0) > 0, 'the copy is logged');
    const refused = await auditor.get('/api/v1/audit/entries?act=sharing.status');
    expect(Boolean(refused.json.items?.some((item) => item.outcome === 'refused')), 'the refusal is logged');
  });
  await world.journey.step('复算日志链 the chain of the log holds', async () => {
    await runCommand(['audit', 'verify'], world.env);
  });
}
