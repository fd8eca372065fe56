/** The faults of a licence's life after its issue. */
import { type FaultWords, words } from './fault-words.ts';

export const LICENCE_FAULTS = {
  EFFECTIVE_TOO_EARLY: words(
    'invalid',
    '生效时间早于签发时间或上一次变更的生效时间',
    'It would take effect before the issue, or before the change that is in effect',
  ),
  EFFECTIVE_TOO_LATE: words('invalid', '生效时间不得晚于一年之后', 'It may take effect within a year at the latest'),
  SUCCESSION_OPEN: words(
    'conflict',
    '该证照已有新版本正在办理或已经签发',
    'A new version of the licence is under way or issued already',
  ),
  SUCCESSION_BROKEN: words(
    'conflict',
    '原证照的状态已不允许签发新版本',
    'The former licence no longer allows a new version',
  ),
  SUCCESSION_MISFIT: words(
    'invalid',
    '新版本与原证照的目录不一致',
    'The new version is not of the same catalogue entry as the former licence',
  ),
  SUCCEEDED_ALREADY: words(
    'conflict',
    '新版本已经生效，原证照不再恢复',
    'A new version is in force, and its former is not resumed beside it',
  ),
  SUCCESSION_TOO_LATE: words(
    'invalid',
    '原证照尚未生效：新版本须不晚于其生效日期开始',
    'The former licence is not in force yet: its new version begins on its first day at the latest',
  ),
  AS_OF_OUTSIDE: words(
    'invalid',
    '所查时间早于签发时间或晚于当前时间',
    'That moment is before the issue, or has not come yet',
  ),
} satisfies Record<string, FaultWords>;
