/** A personal value that does not print itself: logs, errors and JSON show the mask, by type and not by search. */
import { inspect } from 'node:util';

export class Sensitive {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself; call it only where it must be stored, compared or shown to one who may see it. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return maskNumber(this.#value);
  }

  toJSON(): string {
    return this.toString();
  }

  [inspect.custom](): string {
    return this.toString();
  }
}

/** The middle of a number replaced by stars: 4101**********001X. */
export function maskNumber(value: string): string {
  if (value.length <= 4) return '*'.repeat(value.length);
  const keep = value.length >= 12 ? 4 : 1;
  return value.slice(0, keep) + '*'.repeat(value.length - 2 * keep) + value.slice(-keep);
}

/** A person's name with all but the first character replaced: 张**. Names of bodies are public and stay. */
export function maskName(value: string): string {
  const [first = '', ...rest] = value;
  return first + '*'.repeat(rest.length);
}
