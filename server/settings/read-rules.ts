/** Verification rules by the name of built-in ones, or from a JSON file. */
import { readFileSync } from 'node:fs';
import { Fault } from '../../models/kernel/fault.ts';
import { BUILT_IN_RULES, parseRules, rulesNamed, SigningError, type VerificationRules } from '../../signing/index.ts';

/** Throws `SETTINGS_INVALID`, saying where the rules are wrong. */
export function readRules(nameOrFile: string): VerificationRules {
  if (BUILT_IN_RULES.some(({ name }) => name === nameOrFile)) return rulesNamed(nameOrFile);
  try {
    return parseRules(JSON.parse(readFileSync(nameOrFile, 'utf8')));
  } catch (cause) {
    if (cause instanceof SyntaxError) throw new Fault('SETTINGS_INVALID', { detail: 'rules are not JSON', cause });
    if (!(cause instanceof SigningError)) throw cause;
    throw new Fault('SETTINGS_INVALID', { detail: cause.message, cause });
  }
}
