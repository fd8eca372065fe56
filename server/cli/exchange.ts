/** `zhengku exchange`: one pass now, how it stands, and the comparison with the province. */
import { parseArgs } from 'node:util';
import {
  compareWithProvince,
  connectProvince,
  exchangeStatus,
  isAgreed,
  issueStatement,
  printStatement,
  pushToProvince,
  receiveFromProvince,
  runPass,
} from '../../exchange/index.ts';
import { findNewestStatement, findStatement } from '../../models/exchange-state/index.ts';
import { houseCaller } from '../../models/house.ts';
import { Fault } from '../../models/kernel/fault.ts';
import { provinceOf } from '../settings/province-of.ts';
import { printRefusals, replayOne } from './exchange-refusals.ts';
import { withHouse } from './with-house.ts';

const usage = `zhengku exchange run [--front-end NAME] [--json]
zhengku exchange status [--json]
zhengku exchange compare [--withdraw] [--json]
zhengku exchange refusals [--json]
zhengku exchange replay ID
zhengku exchange statement [--day YYYY-MM-DD] [--json]

run      one pass over the departments' front-end machines (or one of them), then on to the province if one is connected;
         exit status 1 when a machine could not be read to its end
status   lag, depth, held and refused per department, the way to the province, and how old the revocation lists are
compare  compare with the province, queue again what is missing there or differs, and withdraw what never was the city's;
         when that is more than 20 records and a thousandth of what the city holds, nothing is withdrawn and an alarm raised:
         look whether the city has lost something, and only then give --withdraw;
         exit status 1 when anything was missing, different, ahead, there alone or still on its way, or when the city's own
         record was removed, altered or is refused there
statement  the signed statement of a day, to print; today's is made from what was compared when there is none yet. With
         --json: the text exactly as signed, its signature (SM2, DER in base64) and the certificate
refusals what was held back from the province, refused by it, or returned by it and not taken: id, state, subject, sequence,
         issuing body, since when, cause
replay   send one of them once more (or take it once more) with the next pass, when its cause is gone

The province is connected by ZHENGKU_PROVINCE_URL and ZHENGKU_PROVINCE_KEY.
`;

interface Options {
  readonly frontEnd: string | undefined;
  readonly json: boolean;
  readonly withdraw: boolean;
  readonly day: string | undefined;
  /** What stands after the act. */
  readonly rest: readonly string[];
}

const ACTS: Readonly<Record<string, (options: Options) => Promise<number>>> = {
  run: runNow,
  status,
  compare,
  statement,
  refusals: printRefusals,
  async replay({ rest: [id] }) {
    if (id !== undefined) return replayOne(id);
    process.stderr.write(usage);
    return 2;
  },
};

export async function run(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      'front-end': { type: 'string' },
      day: { type: 'string' },
      json: { type: 'boolean' },
      withdraw: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  const [name = '', ...rest] = positionals;
  const act = Object.hasOwn(ACTS, name) ? ACTS[name] : undefined;
  if (!values.help && act)
    return act({
      ...{ frontEnd: values['front-end'], json: values.json ?? false, withdraw: values.withdraw ?? false },
      ...{ day: values.day, rest },
    });
  (values.help ? process.stdout : process.stderr).write(usage);
  return values.help ? 0 : 2;
}

async function runNow({ frontEnd, json }: Options): Promise<number> {
  return withHouse(async (house, settings) => {
    const passes = await runPass(house, frontEnd);
    const province = provinceOf(settings);
    const connector = province && connectProvince(house, province);
    const pushed = connector ? await pushToProvince(house, connector) : null;
    if (connector) await receiveFromProvince(house, connector);
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
      for (const { frontEnd, lagSeconds, depth, held, refused, awaiting, way, lastError } of found.departments) {
        const outstanding = way?.outstanding ?? 0;
        process.stdout.write(
          `${frontEnd}\t${describe({ lagSeconds, depth, held, refused, awaiting, outstanding })}\t${lastError ?? ''}\n`,
        );
      }
      const { links, ...province } = found.province;
      process.stdout.write(`province\t${describe(province)}\n`);
      for (const { name, failures, unbelieved, lastError } of links)
        process.stdout.write(`${name}\t${describe({ failures, unbelieved })}\t${lastError ?? ''}\n`);
      for (const { kind, subject, raisedAt } of found.alarms)
        process.stdout.write(`ALARM\t${kind} ${subject}\tsince ${raisedAt}\n`);
      const { failing, depth: noticesDepth, failedToday } = found.notices;
      process.stdout.write(`notices\t${describe({ depth: noticesDepth, failing, failedToday })}\n`);
      for (const { url, ageSeconds, failures, stale, lastError } of found.revocationLists) {
        const figures = describe({ ageSeconds, failures, stale: Number(stale) });
        process.stdout.write(`${url}\t${figures}\t${lastError ?? ''}\n`);
      }
    }
    return 0;
  });
}

async function compare({ json, withdraw }: Options): Promise<number> {
  return withHouse(async (house, settings) => {
    const province = provinceOf(settings);
    if (!province) throw new Fault('SETTINGS_INVALID', { detail: 'ZHENGKU_PROVINCE_URL' });
    const { comparisonId, counts, differences, isWithheld } = await compareWithProvince(
      house,
      connectProvince(house, province),
      { withdrawAll: withdraw },
    );
    if (json) process.stdout.write(`${JSON.stringify({ comparisonId, counts, differences, isWithheld })}\n`);
    else {
      process.stdout.write(`${describe({ ...counts })}\n`);
      for (const { kind, subject } of differences) process.stdout.write(`${kind}\t${subject}\n`);
      if (isWithheld) process.stdout.write('NOTHING WITHDRAWN\ttoo much is there alone; see docs/reconciliation.md\n');
    }
    return isAgreed(counts) ? 0 : 1;
  });
}

async function statement({ json, day }: Options): Promise<number> {
  return withHouse(async (house) => {
    const found =
      day === undefined
        ? ((await issueStatement(house)) ?? (await findNewestStatement(house)))
        : await findStatement(house, day);
    if (!found) throw new Fault('NOT_FOUND', { detail: day ?? 'zhengku exchange compare' });
    process.stdout.write(json ? `${JSON.stringify(found)}\n` : printStatement(found));
    return 0;
  });
}

/** name=number, and – for what is not known. */
function describe(counts: Readonly<Record<string, number | null>>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${name}=${count ?? '–'}`)
    .join(' ');
}
