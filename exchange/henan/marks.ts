/** As many parameters as there are values, for a list in SQL. */
export const marksOf = (values: readonly unknown[]): string => values.map(() => '?').join(', ');
