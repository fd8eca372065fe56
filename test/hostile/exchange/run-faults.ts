/** Lets the faults happen as planned. A victim that is still coming back is left alone until it is up. */
import type { ExchangeWorld } from './exchange-world.ts';
import type { Fault, PlannedFault } from './fault-schedule.ts';
import type { Revivable } from './revivable.ts';

const OUTAGE_STEPS = 8;
const STEP_MS = 400;
const RESTART_MS = 300;

export class FaultRunner {
  readonly counts: Record<string, number> = { outages: 0, simulatedHours: 0 };
  readonly #world: ExchangeWorld;
  readonly #say: (line: string) => void;
  readonly #reviving = new Map<Revivable, Promise<void>>();
  #aheadMs = 0;

  constructor(world: ExchangeWorld, say: (line: string) => void) {
    this.#world = world;
    this.#say = say;
  }

  /** How far the clocks are ahead. */
  get aheadMs(): number {
    return this.#aheadMs;
  }

  async startWorkers(): Promise<void> {
    await Promise.all(this.#world.workers.map((worker) => this.#revive(worker)));
  }

  async run(planned: readonly PlannedFault[]): Promise<void> {
    for (const [index, { afterMs, fault }] of planned.entries()) {
      await pause(afterMs);
      await (fault.kind === 'kill' ? this.#kill(fault) : this.#outage(fault));
      if ((index + 1) % 25 === 0) this.#say(`${index + 1} of ${planned.length} faults`);
    }
  }

  async reviveAll(): Promise<void> {
    for (const one of this.#all()) {
      await this.#reviving.get(one);
      if (!one.isUp) await this.#revive(one);
    }
  }

  /** Ask all workers to end; what ended otherwise than asked. */
  async stopWorkers(): Promise<string[]> {
    const ends = await Promise.all(
      this.#world.workers.map(async (worker) => ({ name: worker.name, status: await worker.stop() })),
    );
    return ends.flatMap(({ name, status }) => (status === 0 ? [] : [`${name} ended with ${status} when asked to`]));
  }

  async killAll(): Promise<void> {
    await Promise.all(this.#reviving.values());
    for (const one of this.#all()) {
      const { kills } = one;
      await one.kill();
      one.kills = kills;
    }
  }

  #all(): Revivable[] {
    const { cityDatabase, departmentDatabase, redis, province, workers } = this.#world;
    return [cityDatabase, departmentDatabase, redis, province, ...workers];
  }

  #victim(fault: Fault): Revivable {
    const { cityDatabase, departmentDatabase, redis, province, workers } = this.#world;
    switch (fault.victim) {
      case 'city-database':
        return cityDatabase;
      case 'department-database':
        return departmentDatabase;
      case 'redis':
        return redis;
      case 'province':
        return province;
      case 'worker': {
        const worker = workers[('which' in fault ? fault.which : 0) % workers.length];
        if (!worker) throw new RangeError('no workers');
        return worker;
      }
    }
  }

  async #kill(fault: Fault & { readonly kind: 'kill' }): Promise<void> {
    const victim = this.#victim(fault);
    await this.#reviving.get(victim);
    if (!victim.isUp) await this.#revive(victim);
    await victim.kill();
    this.#count(`killed ${fault.victim}`);
    const back = pause(fault.downMs)
      .then(() => this.#revive(victim))
      .finally(() => this.#reviving.delete(victim));
    this.#reviving.set(victim, back);
  }

  /** The clocks run on while the victim is away, so that everybody else tries, and waits longer each time. */
  async #outage(fault: Fault & { readonly kind: 'outage' }): Promise<void> {
    const victim = this.#victim(fault);
    await this.#reviving.get(victim);
    await victim.kill();
    this.#count(`killed ${fault.victim}`);
    for (let step = 0; step < OUTAGE_STEPS; step += 1) {
      this.#aheadMs += fault.simulatedMs / OUTAGE_STEPS;
      this.#world.setClockAhead(this.#aheadMs);
      await pause(STEP_MS);
    }
    await this.#revive(victim);
    this.#count('outages');
    this.counts.simulatedHours = Math.round(this.#aheadMs / 36_000) / 100;
  }

  #count(name: string): void {
    this.counts[name] = (this.counts[name] ?? 0) + 1;
  }

  /** As a supervisor would: started again until it stays up. */
  async #revive(victim: Revivable): Promise<void> {
    for (;;) {
      const up = await victim.start().then(
        () => true,
        () => false,
      );
      if (up) return;
      this.#count(`restarts of ${victim.name}`);
      await pause(RESTART_MS);
    }
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
