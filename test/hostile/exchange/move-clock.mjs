/** Loaded before a real process of the campaign, in every thread: its clock is ahead by as many milliseconds as the file that
 *  CLOCK_FILE names says. */
import { readFileSync } from 'node:fs';

const Real = Date;
const { CLOCK_FILE } = process.env;
let ahead = 0;

function look() {
  try {
    ahead = Number(readFileSync(CLOCK_FILE, 'utf8')) || 0;
  } catch {
    // Not written yet: the clock is right.
  }
}

if (CLOCK_FILE) {
  look();
  setInterval(look, 100).unref();
  globalThis.Date = class MovedDate extends Real {
    constructor(...given) {
      if (given.length === 0) super(Real.now() + ahead);
      else super(...given);
    }

    static now() {
      return Real.now() + ahead;
    }
  };
}
