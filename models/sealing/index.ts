export { requireFitCertificate } from './require-fit-certificate.ts';
export { makeSealingPool } from './sealing-pool.ts';
