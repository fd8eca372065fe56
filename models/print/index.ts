export { getPrint } from './get-print.ts';
export { printLicence, printSchema } from './print-licence.ts';
export { printShared, printSharedSchema } from './print-shared.ts';
