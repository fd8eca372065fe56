/** A job: what it is called, when it runs, and one act that is harmless to run again. */
import type { Caller, House } from '../models/house.ts';
import type { Lane } from '../models/kernel/lane.ts';
import type { Places, Queue } from './queue/queue.ts';

export interface Job {
  /** Its topic in the queue. */
  readonly name: string;
  /** Cron expression in Asia/Shanghai; five fields, or six with seconds. Left out: it runs when another job asks for it. */
  readonly cron?: string;
  /** How many of them one process runs at once. Default: one, at the counter. */
  readonly places?: Places;
  /** In which it works, when it was not added to another: what goes through masses keeps out of the counter's way. */
  readonly lane?: Lane;
  /** @returns what is worth a line in the log */
  run(house: House, caller: Caller, work: Work): Promise<Readonly<Record<string, unknown>> | undefined>;
}

/** What a job may need to know of its run. */
export interface Work {
  readonly queue: Pick<Queue, 'add'>;
  /** Which of several: a front-end machine, an import. */
  readonly key: string;
  /** Aborted when the process stops: end soon, or throw and be run again elsewhere. */
  readonly signal: AbortSignal;
}
