/**
 * Loads the project's sources so that what was parsed, unsealed, folded or decided once is not again: of `core`, the three modules
 * that do most of it are replaced by ones that ask them only once for the same. `node --import ./test/crash/remember/register.ts program.ts`.
 *
 * Everything else is the code that ships, and what it is told is what it would be told without: a sample of what was
 * remembered is made anew and compared, and exploring with and without comes to the same worlds.
 */
import { registerHooks } from 'node:module';
import { remember } from './remembered.ts';

const standIns = new Map(
	(['chain', 'content', 'fold'] as const).map((name) => [
		new URL(`../../../core/ledger/${name}.ts`, import.meta.url).href,
		new URL(`./${name}.ts`, import.meta.url).href,
	]),
);

registerHooks({
	resolve(specifier, context, nextResolve) {
		const resolved = nextResolve(specifier, context);
		const standIn = standIns.get(resolved.url);
		// A stand-in itself has to get at what it stands in for.
		return standIn === undefined || standIn === context.parentURL ? resolved : { ...resolved, url: standIn };
	},
});
remember.begin();
