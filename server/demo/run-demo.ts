/** The demonstration: real licences catalogued, filled in, reviewed, sealed, stored, pushed, mirrored, found, previewed,
 *  verified, downloaded and looked up. It does what a customer does: HTTP, SQL on the front-end tables, the command line. */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { foundBodies, openMatter } from './found-bodies.ts';
import { issueOnline, refuseFaulty, saveCatalogue } from './issue-online.ts';
import { leaveFiles } from './leave-files.ts';
import { followToProvince, lookBack } from './look-back.ts';
import type { Service } from './processes.ts';
import { pushFrontEnds } from './push-front-end.ts';
import { revokeCertificates } from './revoke-certificates.ts';
import { startWorld } from './start-world.ts';
import { Journey, StepFailed } from './step.ts';
import { useLicences } from './use-licences.ts';
import type { World } from './world.ts';

/** Gives 0 when every step held. With `exit` the services are stopped at the end, else they stay up until a signal comes. */
export async function runDemo({ exit }: { readonly exit: boolean }): Promise<number> {
  const folder = path.resolve(process.env.ZHENGKU_DATA_DIR ?? './data', 'demo');
  const journey = new Journey();
  const services: Service[] = [];
  let status = 0;
  const stopped = untilStopped();
  const interrupted = stopped.then((signal) => {
    throw new StepFailed(`ended by ${signal}`);
  });
  try {
    await Promise.race([walk(folder, journey, services, exit), interrupted]);
  } catch (error) {
    status = 1;
    process.stderr.write(`${error instanceof StepFailed ? error.message : (error as Error).stack}\n`);
  }
  if (existsSync(folder)) {
    writeFileSync(
      path.join(folder, 'summary.json'),
      JSON.stringify({ ok: status === 0, steps: journey.steps, made: journey.made }, null, 2),
    );
  }
  if (!exit && status === 0) await stopped;
  for (const service of services.reverse()) await service.stop();
  return status;
}

/** The journey itself: chapters, each a few steps that check what came back. Those that need nothing of one another go on at
 *  the same time. */
async function walk(folder: string, journey: Journey, services: Service[], exit: boolean): Promise<void> {
  clear(folder);
  const world = await startWorld(folder, journey, services);
  await foundBodies(world);
  await saveCatalogue(world);
  await openMatter(world);
  await refuseFaulty(world);
  await issueOnline(world);
  await pushFrontEnds(world);
  await Promise.all([followToProvince(world), useLicences(world)]);
  await Promise.all([lookBack(world), leaveFiles(world), revokeCertificates(world)]);
  journey.made.licences = [...world.issued.values()];
  writeFileSync(path.join(folder, 'accounts.json'), JSON.stringify(world.accounts, null, 2));
  report(world, exit);
}

const MARKER = 'zhengku-demo.txt';

/** A former demonstration is cleared away; anything else is left alone. */
function clear(folder: string): void {
  if (existsSync(folder)) {
    if (!existsSync(path.join(folder, MARKER)))
      throw new Error(`${folder} is not a demonstration's folder: it has no ${MARKER}`);
    rmSync(folder, { recursive: true });
  }
  mkdirSync(path.join(folder, 'state'), { recursive: true });
  writeFileSync(path.join(folder, MARKER), 'This folder is made by `npm run demo` and cleared by its next run.\n');
}

function report(world: World, exit: boolean): void {
  const lines = [
    `\n${world.journey.steps.length} 步全部通过 all steps held`,
    `文件 files: ${path.join(world.folder, 'files')}`,
  ];
  if (!exit) {
    lines.push(
      `首页 start page: ${world.base}/`,
      `接口文档 API documents: ${world.base}/api/docs`,
      `省库 province: ${world.provinceUrl}/`,
      '账号 accounts:',
    );
    for (const { role, name, password, clientId, secret } of world.accounts)
      lines.push(`  ${role.padEnd(20)} ${name.padEnd(20)} ${password ?? `${clientId} / ${secret}`}`);
    lines.push('按 Ctrl+C 结束 press Ctrl+C to end');
  }
  process.stdout.write(`${lines.join('\n')}\n`);
}

function untilStopped(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve(signal));
  });
}
