/**
 * One folder a function, ready to be zipped: an ES module with everything in it, the AWS SDK included, so that what
 * runs is what was tested. What a bundle holds decides its folder's name; the same sources make the same bytes.
 */
import { createHash, randomUUID } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { filesIn } from './files.ts';

/** Functions of one agent hold its code; the others serve runs of all agents, or are told whose. */
export const agentKinds = ['plan', 'tool', 'guard', 'open', 'intake', 'reconcile'] as const;
export const sharedKinds = ['resume', 'sweep', 'decide', 'close', 'freeze', 'status', 'archive', 'ingest', 'backfill'] as const;
export type AgentKind = (typeof agentKinds)[number];
export type SharedKind = (typeof sharedKinds)[number];
export type BundleSpec =
	| { readonly kind: SharedKind }
	/** `beside`: names in the agent's folder that `agent.ts` reads by `import.meta.dirname`. */
	| { readonly kind: AgentKind; readonly agentFile: string; readonly beside: readonly string[] };

const root = fileURLToPath(new URL('../../', import.meta.url));
const bundles = join(root, '.cache', 'bundles');
export const handlerFile = 'index.mjs';

/** Cedar's loader was written for CommonJS: it wants a `require`, and its directory to find its WebAssembly in. */
const banner = [
	"import { createRequire as __createRequire } from 'node:module';",
	'const require = __createRequire(import.meta.url);',
	'const __dirname = import.meta.dirname;',
].join('');

/** What this process has bundled: tools and guards of one agent are one bundle each. Sources stay as they are meanwhile. */
const made = new Map<string, string>();

/** The folder with the bundle; made unless there is one with this very content. */
export function bundle(spec: BundleSpec): string {
	const asked = JSON.stringify(spec);
	const folder = made.get(asked) ?? bundled(spec);
	made.set(asked, folder);
	return folder;
}

function bundled(spec: BundleSpec): string {
	const code = compiled(spec);
	const beside = besideOf(spec);
	const hash = createHash('sha256').update(code);
	for (const { name, path } of beside) hash.update(`\n${name}\n`).update(fingerprint(path));
	const folder = join(bundles, `${spec.kind}-${hash.digest('hex').slice(0, 20)}`);
	if (existsSync(folder)) return folder;
	// Made apart and moved at once: two that make the same bundle never see half of it.
	const draft = join(bundles, `.${randomUUID()}`);
	mkdirSync(draft, { recursive: true });
	writeFileSync(join(draft, handlerFile), code);
	for (const { name, path } of beside) cpSync(path, join(draft, name), { recursive: true });
	try {
		renameSync(draft, folder);
	} catch (error) {
		rmSync(draft, { recursive: true });
		if (!existsSync(folder)) throw error;
	}
	return folder;
}

function compiled(spec: BundleSpec): Uint8Array {
	const { outputFiles } = buildSync({
		stdin: { contents: entryOf(spec), resolveDir: root, sourcefile: `${spec.kind}-entry.ts`, loader: 'ts' },
		bundle: true,
		write: false,
		platform: 'node',
		target: 'node24',
		format: 'esm',
		mainFields: ['module', 'main'],
		conditions: ['module', 'import'],
		minify: true,
		legalComments: 'none',
		banner: { js: banner },
		alias: { throughline: join(root, 'index.ts') },
		// An agent's folder anywhere finds the libraries that throughline comes with.
		nodePaths: [join(root, 'node_modules')],
		logLevel: 'error',
	});
	const [file] = outputFiles;
	if (!file) throw new Error(`${spec.kind}: the bundler made nothing`);
	return file.contents;
}

function entryOf(spec: BundleSpec): string {
	const ours = `import { lambda } from ${JSON.stringify(join(root, 'functions', spec.kind, 'lambda.ts'))};`;
	if (!('agentFile' in spec)) return `${ours} export const handler = await lambda();`;
	return `import agent from ${JSON.stringify(spec.agentFile)}; ${ours} export const handler = await lambda(agent);`;
}

type Beside = { readonly name: string; readonly path: string };

function besideOf(spec: BundleSpec): Beside[] {
	const wasm = createRequire(import.meta.url)
		.resolve('@cedar-policy/cedar-wasm/nodejs')
		.replace(/\.js$/, '_bg.wasm');
	const cedar = spec.kind === 'guard' ? [{ name: basename(wasm), path: wasm }] : [];
	if (!('agentFile' in spec)) return cedar;
	return [...cedar, ...spec.beside.map((name) => ({ name, path: join(spec.agentFile, '..', name) }))];
}

function fingerprint(path: string): string {
	const hash = createHash('sha256');
	for (const [name, bytes] of filesIn(path)) hash.update(`${name}\n${bytes.length}\n`).update(bytes);
	return hash.digest('hex');
}
