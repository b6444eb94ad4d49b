/**
 * Loads the project's sources with the mutations of `THROUGHLINE_MUTATIONS` in them:
 * `node --import ./test/crash/mutate/register.ts program.ts`. Fails loudly when an edit does not fit, and when the
 * program ended without ever loading a file that was to be edited.
 */
import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';
import { edited, MUTATIONS_VARIABLE, type Mutation } from './mutation.ts';

const root = new URL('../../../', import.meta.url);
const mutations: Mutation[] = JSON.parse(process.env[MUTATIONS_VARIABLE] ?? '[]');
const edits = mutations.flatMap((mutation) => mutation.edits);
const pending = new Set(edits.map(({ file }) => file));

registerHooks({
	load(url, context, nextLoad) {
		const loaded = nextLoad(url, context);
		const mine = edits.filter(({ file }) => url === new URL(file, root).href);
		if (mine.length === 0) return loaded;
		let source = String(loaded.source);
		for (const edit of mine) source = edited(source, edit);
		for (const { file } of mine) pending.delete(file);
		return { ...loaded, source, format: 'module-typescript', shortCircuit: true };
	},
});

process.on('exit', (code) => {
	if (code !== 0 || pending.size === 0) return;
	process.stderr.write(`never loaded, so never mutated: ${[...pending].join(', ')} (of ${pathToFileURL('.').href})\n`);
	process.exitCode = 70;
});
