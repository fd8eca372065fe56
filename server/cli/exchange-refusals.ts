/** `zhengku exchange refusals|replay`: what the province was not given or did not take, and sending it once more. */
import { listRefusals, type Refusal, replayRefusal } from '../../models/exchange-state/index.ts';
import { type Caller, houseCaller } from '../../models/house.ts';
import { withHouse } from './with-house.ts';

/** Whoever has the machine has the bureau's part. */
function bureau(requestId: string): Caller {
  return { ...houseCaller(requestId), roles: ['bureau.officer'] };
}

export async function printRefusals({ json }: { readonly json: boolean }): Promise<number> {
  return withHouse(async (house) => {
    const caller = bureau(house.newId());
    const all: Refusal[] = [];
    for (let after: string | undefined; ; ) {
      const page = await listRefusals(house, caller, { after, limit: 200 });
      if (json) all.push(...page.items);
      else for (const one of page.items) process.stdout.write(`${describe(one)}\n`);
      if (page.next === null) break;
      after = page.next;
    }
    if (json) process.stdout.write(`${JSON.stringify(all)}\n`);
    return 0;
  });
}

function describe({ id, state, subject, sequence, organisationCode, cause, since }: Refusal): string {
  return [id, state, subject, sequence, organisationCode ?? '–', since, cause].join('\t');
}

/** Throws `NOT_FOUND`, `STATE_CONFLICT`. */
export async function replayOne(id: string): Promise<number> {
  return withHouse(async (house) => {
    await replayRefusal(house, bureau(house.newId()), id);
    return 0;
  });
}
