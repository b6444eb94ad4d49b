/**
 * Lets an agent folder anywhere import `throughline`, and the libraries it comes with: they resolve to this package
 * when the folder has none of its own.
 */
import { registerHooks } from 'node:module';

const ours = new Map([['throughline', new URL('../index.ts', import.meta.url).href]]);
const shared = new Set(['zod']);

registerHooks({
	resolve(specifier, context, next) {
		const url = ours.get(specifier);
		if (url) return { url, shortCircuit: true };
		try {
			return next(specifier, context);
		} catch (error) {
			if (!shared.has(specifier)) throw error;
			return next(specifier, { ...context, parentURL: import.meta.url });
		}
	},
});
