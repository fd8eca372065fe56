/** What a verification thread does: keep what it has read of trust material, judge files. The pool calls `judge` by name. */
import type { ReportDocument } from '../../signing/index.ts';
import { judgeTask } from './judge-task.ts';
import { type SharedMaterial, unshareMaterial } from './share-material.ts';
import { type TrustMaterial, UnreadablePath, type VerificationTask } from './verifier.ts';

export interface ThreadTask extends Omit<VerificationTask, 'material'> {
  readonly material: SharedMaterial;
}

const MOST_KEPT = 8;
const kept = new Map<string, TrustMaterial>();

/** Errors lose what they are on their way between threads. */
export type ThreadAnswer = ReportDocument | { readonly unreadable: string };

export function judge(task: ThreadTask): ThreadAnswer {
  const { id } = task.material;
  const material = kept.get(id) ?? unshareMaterial(task.material);
  if (kept.size >= MOST_KEPT) kept.clear();
  kept.set(id, material);
  try {
    return judgeTask({ ...task, material });
  } catch (error) {
    if (error instanceof UnreadablePath) return { unreadable: error.message };
    throw error;
  }
}
