/** A worker process for the tests of the queue: says what it runs, one line each, and holds on to jobs that say so. */
import { openQueueOn, type QueueEngine } from './queue-engine.ts';

const engine = JSON.parse(process.argv[2] ?? '') as QueueEngine;
const { queue } = openQueueOn(engine, () => new Date());
const tell = (line: string) => process.stdout.write(`${line}\n`);

queue.process(
  'work',
  async ({ key, data }) => {
    tell(`ran ${key}`);
    // So long that one worker alone would be behind.
    await new Promise((resolve) => setTimeout(resolve, data === 'hold' ? 2 ** 30 : 50));
  },
  { counter: 4, bulk: 4 },
);
tell('ready');
setInterval(() => undefined, 60_000);
