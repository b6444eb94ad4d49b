/**
 * Loaded before anything else by a process that is to start fast. Half of what loading a small file costs is asking the file
 * system which one is meant; where our own code, or zod's hundred files, say so themselves, nobody need be asked.
 */
import { registerHooks } from 'node:module';

const house = new URL('../', import.meta.url).href;
const libraries = `${house}node_modules/`;
const zod = `${libraries}zod/`;
const middy = `${libraries}@middy/`;
const statusCodes = new URL('./status-codes.ts', import.meta.url).href;

registerHooks({
	resolve(specifier, context, next) {
		const from = context.parentURL ?? '';
		if (specifier === 'node:http' && from.startsWith(middy)) return { url: statusCodes, format: 'module-typescript', shortCircuit: true };
		const format = specifier.startsWith('.') && from.startsWith(house) ? formatOf(specifier, from) : undefined;
		if (!format) return next(specifier, context);
		return { url: new URL(specifier, from).href, format, shortCircuit: true };
	},
});

function formatOf(specifier: string, from: string): 'module' | 'module-typescript' | undefined {
	if (from.startsWith(zod)) return specifier.endsWith('.js') && from.endsWith('.js') ? 'module' : undefined;
	return specifier.endsWith('.ts') && !from.startsWith(libraries) ? 'module-typescript' : undefined;
}
