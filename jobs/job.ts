/** A job: what it is called, when it runs, and one act that is harmless to run again. */
import type { Caller, House } from '../models/house.ts';

export interface Job {
  readonly name: string;
  /** Cron expression in Asia/Shanghai; five fields, or six with seconds. */
  readonly cron: string;
  run(house: House, caller: Caller): Promise<Readonly<Record<string, unknown>> | undefined>;
}
