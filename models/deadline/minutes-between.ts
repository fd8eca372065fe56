/** Minutes between two columns, in the words of either database. */

/** Whole minutes from `start` to `end`, rounded down; due times have no parts of a second. */
export const minutesBetween = (dialect: 'sqlite' | 'mysql', start: string, end: string) =>
  dialect === 'mysql'
    ? `TIMESTAMPDIFF(MINUTE, ${start}, ${end})`
    : `(CAST(strftime('%s', substr(${end}, 1, 23)) AS INTEGER) - CAST(strftime('%s', substr(${start}, 1, 23)) AS INTEGER)) / 60`;
