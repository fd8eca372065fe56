/** Daily statements of city and province. */
import { z } from 'zod';

export const statementLine = z.strictObject({ day: z.iso.date(), digest: z.string() });

export const statementAnswer = statementLine.extend({
  text: z.string().meta({ description: 'Canonical JSON, exactly as signed' }),
  signature: z.string().meta({ description: 'SM2 with SM3 over the text, DER in base64' }),
  certificate: z.string().meta({ description: 'Of the repository’s key, DER in base64' }),
});
