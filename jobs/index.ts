export type { Job, Work } from './job.ts';
export { EmbeddedQueue } from './queue/embedded-queue.ts';
export type { LineCounts, Queue } from './queue/queue.ts';
export { type QueueFigures, queueFigures } from './queue/queue-figures.ts';
export { RedisQueue } from './queue/redis-queue.ts';
export { allJobs, type JobOptions, startJobs } from './schedule.ts';
