/** What a verification thread does: keep what it has read of trust material, judge files. The pool calls `judge` by name. */
import type { ReportDocument } from '../../signing/index.ts';
import { judgeTask } from './judge-task.ts';
import { type SharedMaterial, unshareMaterial } from './share-material.ts';
import type { TrustMaterial, VerificationTask } from './verifier.ts';

export interface ThreadTask extends Omit<VerificationTask, 'material'> {
  readonly material: SharedMaterial;
}

const MOST_KEPT = 8;
const kept = new Map<string, TrustMaterial>();

export function judge(task: ThreadTask): ReportDocument {
  const { id } = task.material;
  const material = kept.get(id) ?? unshareMaterial(task.material);
  if (kept.size >= MOST_KEPT) kept.clear();
  kept.set(id, material);
  return judgeTask({ ...task, material });
}
