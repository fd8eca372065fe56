/** Which days are free by law whatever the arrangement of a year: 全国年节及纪念日放假办法 第二条, as it was in each year. Those of the moon and
 *  of the solar terms are read from the tables of `chinese-days` (GB/T 33661), which go from 1900 to 2100. */
import chineseDays from 'chinese-days';

export interface HolidayByLaw {
  /** ISO 8601 date. */
  readonly date: string;
  readonly name: string;
}

/** 清明, 端午 and 中秋 became holidays with 国务院令第513号. */
const FIRST_OF_THREE = 2008;
const FIRST_TABLE = 1901;
const LAST_TABLE = 2099;

/** In the order of the year. Years without tables have the days of the sun alone. */
export function holidaysByLaw(year: number): HolidayByLaw[] {
  const found = [
    { date: `${year}-01-01`, name: '元旦' },
    { date: `${year}-05-01`, name: '劳动节' },
    ...['10-01', '10-02', '10-03'].map((day) => ({ date: `${year}-${day}`, name: '国庆节' })),
  ];
  if (year >= FIRST_TABLE && year <= LAST_TABLE) {
    // 除夕 and 初三 have come and gone in the law; these two have always been free.
    for (const day of ['01-01', '01-02']) found.push({ date: byTheMoon(year, day), name: '春节' });
    if (year >= FIRST_OF_THREE)
      found.push(
        { date: chineseDays.getSolarTermDate(year, 4, 'pure_brightness'), name: '清明节' },
        { date: byTheMoon(year, '05-05'), name: '端午节' },
        { date: byTheMoon(year, '08-15'), name: '中秋节' },
      );
  }
  return found.sort((one, other) => (one.date < other.date ? -1 : 1));
}

const byTheMoon = (year: number, day: string) => chineseDays.getSolarDateFromLunar(`${year}-${day}`).date;
