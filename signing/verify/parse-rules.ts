/** Rules from JSON, checked by hand and closed: a key or code that is not known is a fault, never passed over. */
import { SigningError } from '../error.ts';
import { CHECK_CODES, type CheckCode } from './check-words.ts';
import { BUILT_IN_RULES, LOOSE_CODES, type RuledOutcome, type VerificationRules } from './rules.ts';

type Fields = Readonly<Record<string, unknown>>;

const RULED: readonly unknown[] = ['warned', 'failed', 'not-judged'];
const NAME = /^[a-z][a-z0-9-]{0,39}$/;

/** @throws RULES_INVALID, `details.pointer` naming the first place (RFC 6901) that is wrong */
export function parseRules(value: unknown): VerificationRules {
  const keys = ['name', 'version', 'outcomes', 'aheadMinutes', 'crlGraceHours', 'demands', 'minimumRsaBits'] as const;
  const fields = closed(value, '', keys);
  if (typeof fields.name !== 'string' || !NAME.test(fields.name)) throw invalid('/name', 'not a name');
  const name = fields.name;
  const built = BUILT_IN_RULES.some((rules) => rules.name === name && !same(rules, value));
  if (built) throw invalid('/name', 'the name of built-in rules');
  return {
    name,
    version: whole(fields, 'version', 1, 1_000_000),
    outcomes: readOutcomes(fields.outcomes),
    aheadMinutes: whole(fields, 'aheadMinutes', 0, 5),
    crlGraceHours: whole(fields, 'crlGraceHours', 0, 720),
    demands: readDemands(fields.demands),
    minimumRsaBits: whole(fields, 'minimumRsaBits', 1024, 8192),
  };
}

/** Rules that are always there. @throws RULES_INVALID for another name */
export function rulesNamed(name: string): VerificationRules {
  const found = BUILT_IN_RULES.find((rules) => rules.name === name);
  if (!found) throw invalid('', `no rules are called ${name.slice(0, 40)}`);
  return found;
}

function invalid(pointer: string, reason: string): SigningError {
  return new SigningError('RULES_INVALID', `rules are not valid at ${pointer || 'the top'}: ${reason}`, {
    pointer,
    reason,
  });
}

/** An object with exactly these keys. */
function closed(value: unknown, pointer: string, keys: readonly string[]): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(pointer, 'not an object');
  for (const key of Object.keys(value)) {
    if (!keys.includes(key)) throw invalid(`${pointer}/${escapePointer(key)}`, 'unknown key');
  }
  for (const key of keys) if (!Object.hasOwn(value, key)) throw invalid(`${pointer}/${key}`, 'missing');
  return value as Fields;
}

function escapePointer(key: string): string {
  return key.slice(0, 60).replaceAll('~', '~0').replaceAll('/', '~1');
}

function whole(fields: Fields, key: string, least: number, most: number): number {
  const value = fields[key];
  if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most) {
    throw invalid(`/${key}`, `not a whole number of ${least} to ${most}`);
  }
  return value;
}

function readOutcomes(value: unknown): VerificationRules['outcomes'] {
  const fields = closed(value, '/outcomes', isObject(value) ? Object.keys(value) : []);
  const outcomes: Partial<Record<CheckCode, RuledOutcome>> = {};
  for (const [key, outcome] of Object.entries(fields)) {
    const pointer = `/outcomes/${escapePointer(key)}`;
    const code = CHECK_CODES.find((known) => known === key);
    if (!code) throw invalid(pointer, 'unknown code');
    if (!RULED.includes(outcome)) throw invalid(pointer, 'not an outcome that a code can have');
    const ruled = outcome as RuledOutcome;
    if (ruled !== 'failed' && LOOSE_CODES[code] === undefined) throw invalid(pointer, 'may never be relaxed');
    outcomes[code] = ruled;
  }
  return outcomes;
}

function readDemands(value: unknown): VerificationRules['demands'] {
  const fields = closed(value, '/demands', ['timeStamp', 'revocation', 'acceptedMaker', 'bothAlgorithms']);
  const flag = (key: string): boolean => {
    const given = fields[key];
    if (typeof given !== 'boolean') throw invalid(`/demands/${key}`, 'not true or false');
    return given;
  };
  return {
    timeStamp: flag('timeStamp'),
    revocation: flag('revocation'),
    acceptedMaker: flag('acceptedMaker'),
    bothAlgorithms: flag('bothAlgorithms'),
  };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** The built-in rules written out and read again are still the built-in rules. */
function same(rules: VerificationRules, value: unknown): boolean {
  return JSON.stringify(rules) === JSON.stringify(value);
}
