/** `zhengku exchange`: one pass now, how it stands, and the comparison with the province. */
import { parseArgs } from 'node:util';
import { compareWithProvince, exchangeStatus, isAgreed, pushToProvince, runPass } from '../../exchange/index.ts';
import { houseCaller } from '../../models/house.ts';
import { Fault } from '../../models/kernel/fault.ts';
import { provinceOf } from '../settings/province-of.ts';
import { withHouse } from './with-house.ts';

const usage = `zhengku exchange run [--front-end NAME] [--json]
zhengku exchange status [--json]
zhengku exchange compare [--json]

run      one pass over the departments' front-end machines (or one of them), then on to the province if one is connected;
         exit status 1 when a machine could not be read to its end
status   lag, depth, held and refused per department, the way to the province, and how old the revocation lists are
compare  compare with the province and queue again what is missing there or differs; exit status 1 when anything was
         missing, different, ahead, there alone or still on its way

The province is connected by ZHENGKU_PROVINCE_URL and ZHENGKU_PROVINCE_KEY.
`;

interface Options {
  readonly frontEnd: string | undefined;
  readonly json: boolean;
}

const ACTS: Readonly<Record<string, (options: Options) => Promise<number>>> = { run: runNow, status, compare };

export async function run(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { 'front-end': { type: 'string' }, json: { type: 'boolean' }, help: { type: 'boolean' } },
  });
  const [name = ''] = positionals;
  const act = Object.hasOwn(ACTS, name) ? ACTS[name] : undefined;
  if (!values.help && act) return act({ frontEnd: values['front-end'], json: values.json ?? false });
  (values.help ? process.stdout : process.stderr).write(usage);
  return values.help ? 0 : 2;
}

async function runNow({ frontEnd, json }: Options): Promise<number> {
  return withHouse(async (house, settings) => {
    const passes = await runPass(house, frontEnd);
    const province = provinceOf(settings);
    const pushed = province ? await pushToProvince(house, province) : null;
    if (json) process.stdout.write(`${JSON.stringify({ passes, province: pushed })}\n`);
    else {
      for (const pass of passes)
        process.stdout.write(`${pass.frontEnd}\t${describe({ ...pass.counts })}\t${pass.error ?? ''}\n`);
      if (pushed) process.stdout.write(`province\t${describe({ ...pushed })}\n`);
    }
    return passes.some(({ error }) => error !== undefined) ? 1 : 0;
  });
}

async function status({ json }: Options): Promise<number> {
  return withHouse(async (house) => {
    const found = await exchangeStatus(house, houseCaller(house.newId()));
    if (json) process.stdout.write(`${JSON.stringify(found)}\n`);
    else {
      for (const { frontEnd, lagSeconds, depth, held, refused, awaiting, lastError } of found.departments) {
        process.stdout.write(
          `${frontEnd}\t${describe({ lagSeconds, depth, held, refused, awaiting })}\t${lastError ?? ''}\n`,
        );
      }
      process.stdout.write(`province\t${describe({ ...found.province })}\n`);
      for (const { url, ageSeconds, failures, stale, lastError } of found.revocationLists) {
        const figures = describe({ ageSeconds, failures, stale: Number(stale) });
        process.stdout.write(`${url}\t${figures}\t${lastError ?? ''}\n`);
      }
    }
    return 0;
  });
}

async function compare({ json }: Options): Promise<number> {
  return withHouse(async (house, settings) => {
    const province = provinceOf(settings);
    if (!province) throw new Fault('SETTINGS_INVALID', { detail: 'ZHENGKU_PROVINCE_URL' });
    const { comparisonId, counts, differences } = await compareWithProvince(house, province);
    if (json) process.stdout.write(`${JSON.stringify({ comparisonId, counts, differences })}\n`);
    else {
      process.stdout.write(`${describe({ ...counts })}\n`);
      for (const { kind, subject } of differences) process.stdout.write(`${kind}\t${subject}\n`);
    }
    return isAgreed(counts) ? 0 : 1;
  });
}

/** name=number, and – for what is not known. */
function describe(counts: Readonly<Record<string, number | null>>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${name}=${count ?? '–'}`)
    .join(' ');
}
