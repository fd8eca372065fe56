export { makeSealingPool } from './sealing-pool.ts';
