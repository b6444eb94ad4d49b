/** Text that holds JSON of a shape. Whatever it holds else is refused as any other wrong value is. */
import * as z from 'zod';

export const jsonText = <T extends z.ZodType>(shape: T) =>
	z
		.string()
		.transform((text, context) => {
			try {
				return JSON.parse(text) as unknown;
			} catch {
				context.addIssue({ code: 'custom', message: 'not JSON' });
				return z.NEVER;
			}
		})
		.pipe(shape);
