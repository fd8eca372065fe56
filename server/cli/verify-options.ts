/** What `zhengku verify` is asked for, and the words of its help. Whatever is wrong with it is named. */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';

export const USAGE = `zhengku verify FILE… [--trust DIR] [--crl FILE]… [--makers DIR] [--rules NAME|FILE] [--at TIME] [--json]
               [--out FILE] [--html FILE] [--jobs N]

  --trust DIR   folder of PEM or DER certificates: self-signed ones are trust anchors (of signers and of seal makers),
                others are issuing certificates a file may have left out. Without it nobody says whom to trust: a
                file is then said to be intact, 完好，未判断信任 “intact; trust not judged” (JSON: trusted null)
  --crl FILE    certificate revocation list, PEM or DER; may be given several times
  --makers DIR  folder of certificates of accepted seal makers; without it any maker that leads to an anchor
  --rules R     what is made of the findings: default, strict, archive, or a JSON file (docs/verification.md)
  --at TIME     judge as of this moment (ISO 8601, as 2026-06-03T10:00:00+08:00); default: now
  --json        an array, one object a file, and nothing else on standard output
  --out FILE    write that array to a file as well
  --html FILE   write the report of the one file given as a page to print
  --jobs N      judge N files at a time; default 1. From 2 on every file is judged in a thread and given up after 20 s
                (TOO_LARGE): choose it for files from strangers. With 1, and always in the offline verifier, nothing
                ends a file that takes long

Only regular files (and links to them) of at most 512 MiB are read.
Exit status 0: all valid, or intact where no trust was given; 1: some not; 2: usage, or a path that cannot be read as
what it is given for.
`;

/** ISO 8601: a year, month or day, or a day with its time and zone. */
const MOMENT = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?)?)?$/;

export interface Given {
  readonly files: readonly string[];
  readonly at: Date;
  readonly jobs: number;
  readonly trust: string | undefined;
  readonly makers: string | undefined;
  readonly crls: readonly string[];
  readonly rules: string;
  readonly json: boolean;
  readonly out: string | undefined;
  readonly html: string | undefined;
  readonly help: boolean;
  /** What is wrong with the usage. */
  readonly fault: string | undefined;
}

/** Throws what `parseArgs` throws for an option that is none. */
export function readVerifyOptions(argv: readonly string[]): Given {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      trust: text,
      crl: { type: 'string', multiple: true },
      makers: text,
      rules: text,
      at: text,
      json: flag,
      out: text,
      html: text,
      jobs: text,
      help: flag,
    },
  });
  const at = values.at === undefined ? new Date() : readMoment(values.at);
  const jobs = readCount(values.jobs ?? '1');
  return {
    files: positionals,
    at: at ?? new Date(),
    jobs: Math.min(jobs ?? 1, availableParallelism() * 2),
    trust: values.trust,
    makers: values.makers,
    crls: values.crl ?? [],
    rules: values.rules ?? 'default',
    json: values.json ?? false,
    out: values.out,
    html: values.html,
    help: values.help ?? false,
    fault: findFault({ at, jobs, files: positionals.length, html: values.html !== undefined, values }),
  };
}

interface Asked {
  readonly at: Date | undefined;
  readonly jobs: number | undefined;
  readonly files: number;
  readonly html: boolean;
  readonly values: { readonly at?: string; readonly jobs?: string };
}

function findFault({ at, jobs, files, html, values }: Asked): string | undefined {
  if (!at) return `--at ${JSON.stringify(values.at)} is no moment of ISO 8601`;
  if (jobs === undefined) return `--jobs ${JSON.stringify(values.jobs)} is no number of files from 1 on`;
  if (files === 0) return 'no file is given';
  return html && files > 1 ? '--html takes the report of one file only' : undefined;
}

/** Undefined for what is none; a day that no month has is none, though `Date` would count on into the next month. */
function readMoment(text: string): Date | undefined {
  const [, year, month = '01', day = '01'] = MOMENT.exec(text) ?? [];
  const date = new Date(`${year}-${month}-${day}T00:00:00Z`);
  const moment = new Date(text);
  if (year === undefined || Number.isNaN(moment.getTime())) return undefined;
  return date.getUTCDate() === Number(day) ? moment : undefined;
}

function readCount(text: string): number | undefined {
  return /^[1-9]\d{0,5}$/.test(text) ? Number(text) : undefined;
}
