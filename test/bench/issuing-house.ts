/** A house as the server opens it, furnished for issuing: the demonstration's building permit, its issuer and its seal. */
import { join } from 'node:path';
import { type CatalogueDefinition, saveEntry } from '../../models/catalogue/index.ts';
import type { Caller, House } from '../../models/house.ts';
import { silentLog } from '../../models/kernel/log.ts';
import { reviewLicence, sealLicence, submitLicence } from '../../models/licence/index.ts';
import { saveOrganisation } from '../../models/organisation/index.ts';
import type { SealingTask } from '../../models/sealing/sealer.ts';
import { readDemoEntries } from '../../server/demo/read-demo-entries.ts';
import { type OpenHouse, openHouse } from '../../server/open-house.ts';
import { readSettings } from '../../server/settings/settings.ts';
import { giveSeal } from '../world/give-seal.ts';
import { callerWith } from '../world/test-house.ts';
import { freshCharacters } from './fresh-characters.ts';

export interface IssuingHouse extends OpenHouse {
  /** What was sealed, to be sealed again without the rest. Emptied by whoever reads it. */
  readonly tasks: SealingTask[];
  /** Submit and review a licence with fresh characters; gives its id. */
  prepareOne(random: () => number): Promise<string>;
  /** Issue a reviewed licence: lint, intend, seal, store, confirm; gives the milliseconds it took. */
  issueOne(licenceId: string): Promise<number>;
}

const ENTRY_NAME = 'building-construction-permit';
/** 60 in all: name of the project, place, scale, remarks. */
const FRESH = { projectName: 14, location: 18, scale: 12, remarks: 16 } as const;

export async function openIssuingHouse(
  folder: string,
  databaseUrl: string | undefined,
  threads: number,
): Promise<IssuingHouse> {
  const settings = readSettings({
    ZHENGKU_DATA_DIR: folder,
    ZHENGKU_MODE: 'demo',
    ZHENGKU_SEALING_THREADS: String(threads),
    ZHENGKU_DATABASE_URL: databaseUrl ?? `sqlite:${join(folder, 'bench.db')}`,
  });
  const open = await openHouse(settings, silentLog);
  const { house } = open;
  const { bodies, entries } = await readDemoEntries();
  const entry = entries.find(({ name }) => name === ENTRY_NAME);
  if (!entry) throw new RangeError(`no entry ${ENTRY_NAME}`);
  const definition = entry.definition as unknown as CatalogueDefinition;
  const code = definition.issuingBody;
  const name = bodies.find((body) => body.code === code)?.name ?? code;
  await saveOrganisation(house, callerWith(['admin.system']), {
    ...{ code, name, level: 'city', isIssuer: true, isConsumer: false, responsibleBody: '办公室' },
    persons: [{ name: '李责', duty: '负责人' }],
  });
  await giveSeal(house, code, `${name}电子证照专用章（测试专用）`);
  await saveEntry(house, callerWith(['issuer.clerk'], code), definition);
  const people = staffOf(code);
  const tasks: SealingTask[] = [];
  const seal: House['sealer']['seal'] = (task) => {
    tasks.push(task);
    return house.sealer.seal(task);
  };
  const watched: House = { ...house, sealer: { ...house.sealer, seal } };
  return {
    ...open,
    tasks,
    prepareOne: (random) => prepareOne(watched, people, { catalogueCode: definition.code, ...entry.sample }, random),
    issueOne: (licenceId) => issueOne(watched, people, licenceId),
  };
}

interface Staff {
  readonly clerk: Caller;
  readonly reviewer: Caller;
  readonly keeper: Caller;
}

function staffOf(code: string): Staff {
  return {
    clerk: callerWith(['issuer.clerk'], code, 'clerk'),
    reviewer: callerWith(['issuer.reviewer'], code, 'reviewer'),
    keeper: callerWith(['issuer.seal-keeper'], code, 'keeper'),
  };
}

async function prepareOne(
  house: House,
  { clerk, reviewer }: Staff,
  sample: { readonly catalogueCode: string; readonly fields: Readonly<Record<string, string>> },
  random: () => number,
): Promise<string> {
  const { licenceNumber: _, ...fields } = sample.fields;
  const fresh = Object.fromEntries(Object.entries(FRESH).map(([key, count]) => [key, freshCharacters(count, random)]));
  const body = { ...sample, fields: { ...fields, ...fresh } };
  const { licenceId } = await submitLicence(house, clerk, body, { source: 'api' });
  await reviewLicence(house, reviewer, licenceId, { decision: 'approved', reason: '材料齐全' });
  return licenceId;
}

async function issueOne(house: House, { keeper }: Staff, licenceId: string): Promise<number> {
  const started = performance.now();
  const view = await sealLicence(house, keeper, licenceId);
  const took = performance.now() - started;
  if (view.state !== 'issued' || view.files.length !== 2)
    throw new Error(`licence ${licenceId} was not issued with two files`);
  return took;
}
