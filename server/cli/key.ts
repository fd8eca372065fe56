/** `zhengku key`: private keys, their uses and limits. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { z } from 'zod';
import { listServiceKeys } from '../../exchange/index.ts';
import { houseCaller } from '../../models/house.ts';
import { Fault, throwFaults } from '../../models/kernel/fault.ts';
import { toPointedFaults } from '../../models/kernel/zod-faults.ts';
import { revocationSchema, revokeDevelopmentCertificate } from '../../models/revocation/index.ts';
import {
  changeKeyPassphrase,
  importKey,
  keyFileSchema,
  keyLimitsSchema,
  listKeys,
  registerRemoteKey,
  remoteKeySchema,
  setKeyLimits,
} from '../../models/seal/index.ts';
import { fromPemOrDer } from '../../signing/index.ts';
import { keyServiceOf } from '../settings/key-service-of.ts';
import { withHouse } from './with-house.ts';

const usage = `zhengku key list
zhengku key import --file FILE --body CODE [--certificates FILE …] [--max-uses N] [--until DATE]
zhengku key register --remote NAME --body CODE [--max-uses N] [--until DATE]
zhengku key limit --key ID [--max-uses N|none] [--until DATE|none] [--state active|disabled]
zhengku key revoke --key ID [--reason WORD] [--since DATE]
zhengku key passphrase

list        keys with their uses, limits and certificates (one JSON object a line)
import      take a key file: PKCS#12, or encrypted PKCS#8 with its certificates beside it; its passphrase is read from
            standard input (one line). --body house makes it the repository's own
register    take a key of the signing service (ZHENGKU_KEY_SERVICE_URL), which has to sign something to show that it has it
limit       how often and until when a key may be used, and whether at all
revoke      put a certificate of the development authority on its revocation list
passphrase  put all keys under the passphrase that is read from standard input; then set ZHENGKU_KEY_PASSPHRASE to it
`;

type Values = Readonly<Partial<Record<(typeof TEXTS)[number], string>>> & { readonly certificates?: readonly string[] };
const TEXTS = ['file', 'body', 'remote', 'key', 'max-uses', 'until', 'state', 'reason', 'since'] as const;

const ACTS: Readonly<Record<string, (values: Values) => Promise<unknown>>> = {
  list,
  import: importFile,
  register,
  limit,
  revoke,
  passphrase,
};

export async function run(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      ...(Object.fromEntries(TEXTS.map((name) => [name, { type: 'string' }])) as Record<
        (typeof TEXTS)[number],
        { type: 'string' }
      >),
      certificates: { type: 'string', multiple: true },
      help: { type: 'boolean' },
    },
  });
  const [name = ''] = positionals;
  const act = Object.hasOwn(ACTS, name) ? ACTS[name] : undefined;
  if (values.help || !act) {
    (values.help ? process.stdout : process.stderr).write(usage);
    return values.help ? 0 : 2;
  }
  const answer = await act(values);
  for (const line of Array.isArray(answer) ? (answer as unknown[]) : [answer])
    process.stdout.write(`${JSON.stringify(line)}\n`);
  return 0;
}

function list(): Promise<unknown> {
  return withHouse((house) => listKeys(house, houseCaller(house.newId())));
}

async function importFile(values: Values): Promise<unknown> {
  const certificates = (values.certificates ?? []).flatMap((file) => fromPemOrDer(readBytes(file), 'CERTIFICATE'));
  const file = readBytes(values.file ?? '');
  const input = parse(keyFileSchema, { ...sharedOf(values), file, certificates, passphrase: await readLine() });
  return withHouse((house) => importKey(house, houseCaller(house.newId()), input));
}

function register(values: Values): Promise<unknown> {
  return withHouse(async (house, settings) => {
    const line = keyServiceOf(settings, () => house);
    if (!line) throw new Fault('SETTINGS_INVALID', { detail: 'ZHENGKU_KEY_SERVICE_URL' });
    const key = (await listServiceKeys(line)).find(({ keyId }) => keyId === values.remote);
    if (!key) throw new Fault('NOT_FOUND', { detail: values.remote ?? '' });
    const { keyId: remoteKeyId, algorithm, certificates } = key;
    const input = parse(remoteKeySchema, { ...sharedOf(values), remoteKeyId, algorithm, certificates });
    return registerRemoteKey(house, houseCaller(house.newId()), input);
  });
}

function limit(values: Values): Promise<unknown> {
  const { key = '', until, state } = values;
  const limits = { maxUses: numberOf(values['max-uses']), notAfterUse: until === 'none' ? null : until, state };
  const input = parse(keyLimitsSchema, limits);
  return withHouse((house) => setKeyLimits(house, houseCaller(house.newId()), key, input));
}

function revoke({ key, reason, since }: Values): Promise<unknown> {
  const input = parse(revocationSchema, { keyId: key, reason, invalidSince: since });
  return withHouse(async (house) => {
    await revokeDevelopmentCertificate(house, houseCaller(house.newId()), input);
    return { keyId: input.keyId, reason: input.reason };
  });
}

async function passphrase(): Promise<unknown> {
  const words = await readLine();
  return withHouse(async (house) => ({ keys: await changeKeyPassphrase(house, houseCaller(house.newId()), words) }));
}

function sharedOf({ body, until, ...values }: Values) {
  const own = body === 'house';
  return {
    purpose: own ? 'repository' : 'signer',
    organisationCode: own ? null : body,
    maxUses: numberOf(values['max-uses']),
    notAfterUse: until,
  };
}

function numberOf(text: string | undefined): number | null | undefined {
  if (text === undefined) return undefined;
  return text === 'none' ? null : Number(text);
}

function parse<T>(schema: z.ZodType<T>, input: unknown): T {
  const result = schema.safeParse(input);
  if (!result.success) {
    throwFaults(toPointedFaults(result.error.issues));
    throw new Fault('REQUEST_INVALID');
  }
  return result.data;
}

function readBytes(file: string): Uint8Array {
  try {
    return new Uint8Array(readFileSync(file));
  } catch (cause) {
    throw new Fault('FILE_MISSING', { detail: file, cause });
  }
}

async function readLine(): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin) text += String(chunk);
  return text.split(/\r?\n/)[0] ?? '';
}
