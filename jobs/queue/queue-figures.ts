/** How the queue stands, for metrics and for those who look after the exchange. A queue that is away is a figure too. */
import { Fault } from '../../models/kernel/fault.ts';
import type { LineCounts, Queue } from './queue.ts';

export interface QueueFigures {
  readonly reached: boolean;
  /** Lines that hold nothing may be left out. */
  readonly lines: readonly LineCounts[];
}

export async function queueFigures(queue: Pick<Queue, 'stats'>): Promise<QueueFigures> {
  try {
    return { reached: true, lines: await queue.stats() };
  } catch (error) {
    if (error instanceof Fault && error.code === 'QUEUE_UNAVAILABLE') return { reached: false, lines: [] };
    throw error;
  }
}
