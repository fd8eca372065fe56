/** Two who take the same number, or give the same case its first licence, at once: the unique key lets one pass, and the other judges
 *  once more. */
import { isDuplicate } from '../store/with-transaction.ts';

const TRIES = 20;

export async function retryDuplicate<T>(act: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await act();
    } catch (error) {
      if (!isDuplicate(error) || attempt === TRIES) throw error;
    }
  }
}
