/** `zhengku front-end`: make the contract tables in a department's database, and list the machines. */
import { parseArgs } from 'node:util';
import { type FrontEndProfile, findProfile, openFrontEnd } from '../../exchange/index.ts';
import {
  FRONT_END_PROFILES,
  type FrontEndProfileName,
  type FrontEndView,
  frontEndSchema,
  listFrontEnds,
  saveFrontEnd,
} from '../../models/exchange-state/index.ts';
import { type House, houseCaller } from '../../models/house.ts';
import { throwFaults } from '../../models/kernel/fault.ts';
import { toPointedFaults } from '../../models/kernel/zod-faults.ts';
import { withHouse } from './with-house.ts';

const usage = `zhengku front-end init --url sqlite:FILE|mysql://USER:PASSWORD@HOST/DATABASE [--profile zhengku|henan]
                      [--grant-to ACCOUNT --department ACCOUNT [--print-grants]]
zhengku front-end add --name NAME --organisation CODE --url URL [--profile zhengku|henan] [--paused]
zhengku front-end list [--json]

init   makes the tables; what is there already stays. With --grant-to (the repository's account) and --department (the
       department's), written as MySQL writes them, 'name'@'host', it gives both exactly what they need; --print-grants
       prints the statements instead, for an administrator to run. The accounts must exist.
add    registers the machine with the repository, or changes its address, profile or state
list   the registered machines, without their addresses

docs/front-end-machine.md tells a department's developer what to write into the tables.
`;

const ACTS = { init, add, list } as const;
type Values = ReturnType<typeof read>['values'];

function read(argv: readonly string[]) {
  return parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      url: { type: 'string' },
      name: { type: 'string' },
      organisation: { type: 'string' },
      profile: { type: 'string' },
      'grant-to': { type: 'string' },
      department: { type: 'string' },
      'print-grants': { type: 'boolean' },
      paused: { type: 'boolean' },
      json: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
}

export async function run(argv: readonly string[]): Promise<number> {
  const { values, positionals } = read(argv);
  const [name = ''] = positionals;
  const act = Object.hasOwn(ACTS, name) ? ACTS[name as keyof typeof ACTS] : undefined;
  if (!values.help && act) return act(values);
  (values.help ? process.stdout : process.stderr).write(usage);
  return values.help ? 0 : 2;
}

async function init(values: Values): Promise<number> {
  const { url, profile: name = 'zhengku' } = values;
  const isKnown = (FRONT_END_PROFILES as readonly string[]).includes(name);
  if (!url || !/^(sqlite:.|mysql:\/\/)/.test(url) || !isKnown || !areGrantsWhole(values)) {
    process.stderr.write(usage);
    return 2;
  }
  const profile = findProfile(name as FrontEndProfileName);
  const grants = composeGrants(profile, url, values);
  const connection = openFrontEnd(url, { create: true });
  try {
    await profile.init(connection);
    if (!values['print-grants']) for (const statement of grants) await connection.execute(statement);
  } finally {
    await connection.close();
  }
  process.stdout.write(`${profile.tableNames.join(' ')}\n`);
  if (values['print-grants']) for (const statement of grants) process.stdout.write(`${statement};\n`);
  return 0;
}

/** Both accounts, on a server, or none. */
function areGrantsWhole({ url, department, ...values }: Values): boolean {
  const repository = values['grant-to'];
  if (!repository && !department) return !values['print-grants'];
  return Boolean(repository && department && url?.startsWith('mysql:'));
}

function composeGrants(profile: FrontEndProfile, url: string, { department, ...values }: Values): string[] {
  const repository = values['grant-to'];
  if (!repository || !department) return [];
  return profile.grants(decodeURIComponent(new URL(url).pathname.slice(1)), { repository, department });
}

async function add({ name, organisation, url, profile, paused }: Values): Promise<number> {
  const input = frontEndSchema.safeParse({
    name,
    organisationCode: organisation,
    url,
    ...(profile === undefined ? {} : { profile }),
    state: paused ? 'paused' : 'active',
  });
  if (!input.success) throwFaults(toPointedFaults(input.error.issues));
  const machine = input.data;
  if (!machine) return 2;
  return withHouse(async (house) => {
    const view = await saveFrontEnd(house, houseCaller(house.newId()), machine);
    process.stdout.write(`${JSON.stringify(view)}\n`);
    return 0;
  });
}

async function list({ json }: Values): Promise<number> {
  return withHouse(async (house) => {
    const machines = await listAll(house);
    if (json) process.stdout.write(`${JSON.stringify(machines)}\n`);
    for (const one of json ? [] : machines) {
      process.stdout.write(
        `${one.name}\t${one.organisationCode}\t${one.state}\t${one.lastPassAt ?? '-'}\t${one.lastError ?? ''}\n`,
      );
    }
    return 0;
  });
}

async function listAll(house: House): Promise<FrontEndView[]> {
  const caller = houseCaller(house.newId());
  const machines: FrontEndView[] = [];
  for (let after: string | undefined; ; ) {
    const { items, next } = await listFrontEnds(house, caller, { after });
    machines.push(...items);
    if (next === null) return machines;
    after = next;
  }
}
