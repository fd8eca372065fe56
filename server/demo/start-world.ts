/** An empty folder, a first administrator, the trust services, the province, the registries, the repository. */
import path from 'node:path';
import { newPassword } from './found-bodies.ts';
import { openAccounts } from './open-accounts.ts';
import { type Environment, runCommand, type Service, startService } from './processes.ts';
import { readDemoEntries } from './read-demo-entries.ts';
import type { Journey } from './step.ts';
import { publishTrust, startTrustServices } from './trust-services.ts';
import type { World } from './world.ts';

/** `folder` is there and empty but for its marker. What starts stands in `services`. */
export async function startWorld(folder: string, journey: Journey, services: Service[]): Promise<World> {
  const port = process.env.ZHENGKU_PORT ?? '8460';
  const base = `http://127.0.0.1:${port}`;
  const state = path.join(folder, 'state');
  const env: Environment = {
    ZHENGKU_MODE: 'demo',
    ZHENGKU_DATA_DIR: state,
    ZHENGKU_PORT: port,
    ZHENGKU_PUBLIC_URL: base,
    ZHENGKU_LOG_LEVEL: 'info',
  };
  const password = newPassword();
  // none of the three needs another
  const [trust, , data] = await Promise.all([
    startTrustServices(journey, services, state, env),
    foundRepository(journey, folder, env, password),
    journey.step('绘制底图，读取样例 base images and samples', readDemoEntries),
  ]);
  await publishTrust(journey, trust, folder);
  const province = await startProvince(journey, services, folder, env);
  const registry = await startRegistry(journey, services, state, env);
  const connected = {
    ...env,
    ZHENGKU_TSA_SM2_URL: trust.tsaSm2,
    ZHENGKU_TSA_RSA_URL: trust.tsaRsa,
    ZHENGKU_TRUST_DIR: trust.trustDir,
    ZHENGKU_PROVINCE_URL: province.url,
    ZHENGKU_PROVINCE_KEY: province.keyFile,
    ZHENGKU_REGISTRY_URL: registry.url,
    ZHENGKU_REGISTRY_TOKEN_FILE: registry.tokenFile,
  };
  await journey.step('启动证库 the repository', async () => {
    await startService(services, ['serve'], connected, path.join(state, 'zhengku.log'));
  });
  const places = { folder, env: connected, base, provinceUrl: province.url };
  return { ...openAccounts(base, password), ...places, journey, data, issued: new Map() };
}

async function foundRepository(journey: Journey, folder: string, env: Environment, password: string): Promise<void> {
  const name = 'admin.security';
  await journey.step('建库，设第一个管理员 the database and its first administrator', async () => {
    const account = ['account', 'add', '--name', name, '--role', name, '--display', '安全管理员'];
    await runCommand(account, env, password);
    const [trust, crl] = ['trust', 'crl'].map((part) => path.join(folder, part));
    const places = ['--to', trust ?? '', '--crl', crl ?? '', '--repository', path.join(folder, 'state')];
    await runCommand(['trust', 'export', ...places], env);
  });
}

function startProvince(journey: Journey, services: Service[], folder: string, env: Environment) {
  const state = path.join(folder, 'state');
  const places = ['--data', path.join(state, 'province'), '--trust', path.join(folder, 'trust')];
  const certificate = ['--city-certificate', path.join(state, 'repository-sm2.pem')];
  return journey.step('启动省综合电子证照库（参考实现） the reference provincial library', () =>
    startService<{ readonly url: string; readonly keyFile: string }>(
      services,
      ['sandbox', 'province', '--port', '0', ...places, ...certificate],
      env,
      path.join(state, 'province.log'),
    ),
  );
}

function startRegistry(journey: Journey, services: Service[], state: string, env: Environment) {
  return journey.step('启动人口库、法人库（参考实现） the reference registries', () =>
    startService<{ readonly url: string; readonly tokenFile: string }>(
      services,
      ['sandbox', 'registry', '--port', '0', '--data', path.join(state, 'registry')],
      env,
      path.join(state, 'registry.log'),
    ),
  );
}
