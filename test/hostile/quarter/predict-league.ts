/** The table of departments, reduced: each case with a clock of pushing once, by when it was closed. */
import type { LeagueLine } from './outcome.ts';
import { type Clock, isBreached, minutesLate } from './predict-clocks.ts';

export function computeLeague(clocks: readonly Clock[], now: number): LeagueLine[] {
  const pushes = clocks.filter(({ kind }) => kind === 'offline-push' || kind === 'batch-push');
  const departments = [...new Set(pushes.map(({ department }) => department))];
  const lines = departments.map((department) =>
    sumUp(
      department,
      pushes.filter((clock) => clock.department === department),
      now,
    ),
  );
  // As many are better as have a greater share, whoever else shares the place.
  return lines.map((line) => {
    const { shareInTime } = line;
    if (shareInTime === null) return line;
    return { ...line, rank: 1 + lines.filter((other) => (other.shareInTime ?? -1) > shareInTime).length };
  });
}

function sumUp(department: number, own: readonly Clock[], now: number): LeagueLine {
  const breached = own.filter((clock) => isBreached(clock, now));
  const late = breached.filter(({ metAt }) => metAt !== null).length;
  const inTime = own.filter((clock) => clock.metAt !== null && !isBreached(clock, now)).length;
  const overdue = breached.length - late;
  const minutes = breached.map((clock) => minutesLate(clock, now)).sort((a, b) => a - b);
  const decided = inTime + late + overdue;
  return {
    ...{ department, closed: own.length, inTime, late, overdue, running: own.length - decided },
    ...{ medianLateMinutes: medianOf(minutes), mostLateMinutes: minutes.at(-1) ?? null },
    explained: breached.filter(({ explained }) => explained).length,
    withoutOfflineReason: own.filter(({ kind, offlineReason }) => kind === 'offline-push' && offlineReason === null)
      .length,
    ...{ shareInTime: decided === 0 ? null : inTime / decided, rank: null },
  };
}

function medianOf(sorted: readonly number[]): number | null {
  const half = Math.floor(sorted.length / 2);
  const [upper, lower] = [sorted[half], sorted[half - 1]];
  if (upper === undefined) return null;
  return sorted.length % 2 === 1 || lower === undefined ? upper : (upper + lower) / 2;
}
