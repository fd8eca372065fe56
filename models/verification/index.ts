export { loadTrust } from './trust.ts';
export { verifyUploaded } from './verify-uploaded.ts';
