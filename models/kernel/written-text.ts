/** The shape of what people write, for every act that takes a name or a reason. */
import { z } from 'zod';

/** What a person writes: a name, a reason. Blanks around it are not kept, and blanks alone are nothing (U+3000 too).
 *  @param most characters @param least characters, when it has to say more than something */
export const writtenText = (most: number, least = 1) => z.string().trim().min(least).max(most);
