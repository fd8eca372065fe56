/** The demonstration: real licences catalogued, filled in, reviewed, sealed, stored, pushed, mirrored, found, previewed,
 *  verified, downloaded and looked up. It does what a customer does: HTTP, SQL on the front-end tables, the command line. */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Client } from './client.ts';
import { foundBodies, newPassword, openMatter } from './found-bodies.ts';
import { issueOnline, refuseFaulty, saveCatalogue } from './issue-online.ts';
import { leaveFiles } from './leave-files.ts';
import { followToProvince, lookBack } from './look-back.ts';
import { type Environment, runCommand, type Service, startService } from './processes.ts';
import { pushFrontEnds } from './push-front-end.ts';
import { readDemoEntries } from './read-demo-entries.ts';
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

/** The journey itself: each line a chapter, each chapter a few steps that check what came back. */
async function walk(folder: string, journey: Journey, services: Service[], exit: boolean): Promise<void> {
  const world = await startWorld(folder, journey, services);
  await foundBodies(world);
  await saveCatalogue(world);
  await openMatter(world);
  await refuseFaulty(world);
  await issueOnline(world);
  await pushFrontEnds(world);
  await followToProvince(world);
  await useLicences(world);
  await lookBack(world);
  await leaveFiles(world);
  journey.made.licences = [...world.issued.values()];
  writeFileSync(path.join(folder, 'accounts.json'), JSON.stringify(world.accounts, null, 2));
  report(world, exit);
}

/** An empty folder, a first administrator, the province, the repository. */
async function startWorld(folder: string, journey: Journey, services: Service[]): Promise<World> {
  const port = process.env.ZHENGKU_PORT ?? '8460';
  const base = `http://127.0.0.1:${port}`;
  const state = path.join(folder, 'state');
  clear(folder);
  mkdirSync(state, { recursive: true });
  const env: Environment = {
    ZHENGKU_MODE: 'demo',
    ZHENGKU_DATA_DIR: state,
    ZHENGKU_PORT: port,
    ZHENGKU_PUBLIC_URL: base,
    ZHENGKU_LOG_LEVEL: 'info',
  };
  const password = newPassword();
  await journey.step('建库，设第一个管理员 the database and its first administrator', async () => {
    await runCommand(
      ['account', 'add', '--name', 'admin.security', '--role', 'admin.security', '--display', '安全管理员'],
      env,
      password,
    );
    await runCommand(
      ['trust', 'export', '--to', path.join(folder, 'trust'), '--crl', path.join(folder, 'crl'), '--repository', state],
      env,
    );
  });
  const province = await journey.step('启动省综合电子证照库（参考实现） the reference provincial library', async () => {
    const argv = [
      'sandbox',
      'province',
      '--port',
      '0',
      '--data',
      path.join(state, 'province'),
      '--trust',
      path.join(folder, 'trust'),
    ];
    const certificate = ['--city-certificate', path.join(state, 'repository-sm2.pem')];
    const log = path.join(state, 'province.log');
    return startService<{ readonly url: string; readonly keyFile: string }>(
      services,
      [...argv, ...certificate],
      env,
      log,
    );
  });
  const connected = { ...env, ZHENGKU_PROVINCE_URL: province.url, ZHENGKU_PROVINCE_KEY: province.keyFile };
  await journey.step('启动证库 the repository', async () => {
    await startService(services, ['serve'], connected, path.join(state, 'zhengku.log'));
  });
  const data = await journey.step('绘制底图，读取样例 base images and samples', readDemoEntries);
  return {
    ...openAccounts(base, password),
    journey,
    data,
    folder,
    env: connected,
    base,
    provinceUrl: province.url,
    issued: new Map(),
  };
}

function openAccounts(base: string, password: string): Pick<World, 'accounts' | 'as'> {
  const accounts: World['accounts'] = [{ role: 'admin.security', name: 'admin.security', password }];
  const signedIn = new Map<string, Promise<Client>>();
  const as = (name: string): Promise<Client> => {
    const account = accounts.find((candidate) => candidate.name === name);
    const client = signedIn.get(name) ?? Client.person(base, name, account?.password ?? '');
    signedIn.set(name, client);
    return client;
  };
  return { accounts, as };
}

const MARKER = 'zhengku-demo.txt';

/** A former demonstration is cleared away; anything else is left alone. */
function clear(folder: string): void {
  if (existsSync(folder)) {
    if (!existsSync(path.join(folder, MARKER)))
      throw new Error(`${folder} is not a demonstration's folder: it has no ${MARKER}`);
    rmSync(folder, { recursive: true });
  }
  mkdirSync(folder, { recursive: true });
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
