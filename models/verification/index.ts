export { judgeInHouse, openRecheck } from './judge-in-house.ts';
export { makeVerificationPool } from './verification-pool.ts';
export { type TrustMaterial, UnreadablePath, type VerificationTask, type Verifier } from './verifier.ts';
export { makeVerifierHere } from './verify-here.ts';
export { type UploadReport, verifyUploaded } from './verify-uploaded.ts';
