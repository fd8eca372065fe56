/** The command line's first room: which verb is asked for. Each verb is a file of its own, loaded when it is asked for. */
import { setFlagsFromString } from 'node:v8';
import { describeFault, Fault } from '../../models/kernel/fault.ts';
import { HEAP_GROWTH } from './heap-growth.ts';

interface Verb {
  readonly words: string;
  load(): Promise<{ run(argv: readonly string[]): Promise<number> }>;
}

const VERBS: Readonly<Record<string, Verb>> = {
  serve: { words: 'web and worker in one process (--web, --worker for several)', load: () => import('./serve.ts') },
  demo: { words: 'the whole journey of licences, embedded; --exit ends after it', load: () => import('./demo.ts') },
  migrate: { words: 'bring the database forward', load: () => import('./migrate.ts') },
  account: { words: 'add the first administrators', load: () => import('./account.ts') },
  verify: { words: 'verify OFD and PDF files, offline', load: () => import('./verify.ts') },
  archive: { words: 'make an archive batch; check archive volumes, offline', load: () => import('./archive.ts') },
  'front-end': { words: 'departments’ front-end machines', load: () => import('./front-end.ts') },
  exchange: { words: 'run a pass, show how it stands, compare with the province', load: () => import('./exchange.ts') },
  analysis: { words: 'open a delivery of a bulk analysis, offline', load: () => import('./analysis.ts') },
  audit: { words: 'verify the access log', load: () => import('./audit.ts') },
  key: { words: 'private keys: import, limits, uses, revocation', load: () => import('./key.ts') },
  trust: { words: 'write out the certificates of the development authority', load: () => import('./trust.ts') },
  bench: { words: 'benchmarks (in a source checkout)', load: () => import('./bench.ts') },
  doctor: { words: 'look whether everything this machine needs is there', load: () => import('./doctor.ts') },
  sandbox: { words: 'the reference provincial library, or trust services', load: () => import('./sandbox.ts') },
};

const width = Math.max(...Object.keys(VERBS).map((verb) => verb.length));
const usage = `zhengku (证库): an electronic licence repository

  zhengku <verb> [options]
  zhengku <verb> --help

${Object.entries(VERBS)
  .map(([verb, { words }]) => `  ${verb.padEnd(width)}  ${words}`)
  .join('\n')}
`;

const USAGE_STATUS = 2;

/** Run one command.
 * @param argv what follows the program's name
 * @returns the exit status: 0 done, 1 the command's own no, 2 usage or settings */
export async function main(argv: string[]): Promise<number> {
  setFlagsFromString(HEAP_GROWTH);
  const [name, ...rest] = argv;
  if (name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(usage);
    return 0;
  }
  const verb = name !== undefined && Object.hasOwn(VERBS, name) ? VERBS[name] : undefined;
  if (!verb) {
    process.stderr.write(name === undefined ? usage : `zhengku: unknown verb “${name}”\n\n${usage}`);
    return USAGE_STATUS;
  }
  try {
    const { run } = await verb.load();
    return await run(rest);
  } catch (error) {
    return explain(error);
  }
}

/** A fault in our own words; of anything else the whole trace, for whoever mends it. */
function explain(cause: unknown): number {
  const error = ofDatabase(cause) ?? cause;
  if (error instanceof Fault) {
    const { zh, en } = describeFault({ code: error.code });
    process.stderr.write(`zhengku: ${error.code} ${zh} ${en}\n`);
    if (error.errors.length === 0 && error.detail) process.stderr.write(`  ${error.detail}\n`);
    for (const { pointer, code, detail } of error.errors) {
      process.stderr.write(
        `  ${pointer.replace(/^\//, '')}: ${describeFault({ code, detail }).zh} (${describeFault({ code, detail }).en})\n`,
      );
    }
    return error.code === 'SETTINGS_INVALID' ? USAGE_STATUS : 1;
  }
  if ((error as { code?: string } | null)?.code?.startsWith('ERR_PARSE_ARGS')) {
    process.stderr.write(`zhengku: ${(error as Error).message}\n`);
    return USAGE_STATUS;
  }
  throw error;
}

/** A disk without room, a server that went away: its own words say it, and a trace through the library says nothing more. */
function ofDatabase(error: unknown): Fault | undefined {
  const { name, parent } = (error ?? {}) as { name?: string; parent?: { code?: string; message?: string } };
  if (!name?.startsWith('Sequelize') || !parent) return undefined;
  return new Fault('DATABASE_FAILED', {
    detail: [parent.code, parent.message].filter(Boolean).join(': '),
    cause: error,
  });
}
