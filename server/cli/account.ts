/** `zhengku account add`: the first administrators, before anybody can sign in. Later accounts come from them, by HTTP. */
import { parseArgs } from 'node:util';
import { ROLES, type Role, saveUser, userSchema } from '../../models/account/index.ts';
import { houseCaller } from '../../models/house.ts';
import { throwFaults } from '../../models/kernel/fault.ts';
import { toPointedFaults } from '../../models/kernel/zod-faults.ts';
import { withHouse } from './with-house.ts';

const usage = `zhengku account add --name NAME --role ROLE [--display WORDS]

The password is read from standard input (one line).
Roles: ${ROLES.filter((role) => role.startsWith('admin.') || role === 'auditor').join(', ')}
`;

export async function run(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      name: { type: 'string' },
      role: { type: 'string' },
      display: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  if (positionals[0] !== 'add' || !values.name || !values.role) {
    process.stderr.write(usage);
    return 2;
  }
  const password = await readLine();
  const input = userSchema.safeParse({
    loginName: values.name,
    displayName: values.display ?? values.name,
    password,
    roles: [values.role as Role],
  });
  if (!input.success) throwFaults(toPointedFaults(input.error.issues));
  const user = input.data;
  if (!user) return 1;
  return withHouse(async (house) => {
    const { id } = await saveUser(house, houseCaller(house.newId()), user);
    process.stdout.write(`${JSON.stringify({ id, name: user.loginName, roles: user.roles })}\n`);
    return 0;
  });
}

async function readLine(): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin) text += String(chunk);
  return text.split(/\r?\n/)[0] ?? '';
}
