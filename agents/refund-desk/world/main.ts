/** The outside world by itself: `npm run world -- --port 7000`. Ends on SIGTERM, on Ctrl-C and with its parent. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { addSettings, removeSettings } from './settings.ts';
import { startWorld, type World, type WorldOptions } from './start.ts';

const PARENT_POLL_MS = 250;

const USAGE = `usage: node agents/refund-desk/world/main.ts [options]
  --state DIR                the state directory of throughline, which finds the world by DIR/settings.json and is known to
                             it by DIR/issuer.pub (default .throughline, unless --dir is given)
  --dir DIR                  journals and world.json (default STATE/world)
  --port N                   orders on N, payments N+1, carrier N+2, mail N+3 (default: free ones)
  --issuer-public-key FILE   PEM of whoever signs session tokens (default STATE/issuer.pub); until it is there,
                             payments answers 503
  --trail DIR                where each service tells what it has seen (default STATE/trail)
  --key-life-ms N            how long payments honours an idempotency key (default 86400000)
  --visible-after-ms N       how long carrier hides a recall from searches (default 400)
  --answer-delay-ms N        how long an answer is kept back after a refund, recall or message was made (default 0)
  --seed FILE                other orders than seed.json's, for a fresh directory`;

// Before anything is started, so that a parent that goes meanwhile is noticed.
const parent = process.ppid;
await main().catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
});

async function main(): Promise<void> {
	const options = readOptions();
	if (!options) return;
	const { state } = options;
	const settings = state && join(state, 'settings.json');
	// Before the world makes it for all to read: keys will lie there.
	if (state) mkdirSync(state, { recursive: true, mode: 0o700 });
	const world = await startWorld(options);
	if (settings) addSettings(settings, world.settings);
	endWithParent(world, parent);
	for (const [name, { url, pid }] of Object.entries(world.services)) console.log(`${name.padEnd(8)} ${url}  pid ${pid}`);
	const cause = await world.ended;
	if (settings) removeSettings(settings, world.settings);
	if (cause === undefined) process.exit(0);
	console.error(`${cause}; the world has stopped. Its journals are whole: start it again to go on`);
	process.exit(1);
}

function endWithParent(world: World, parentPid: number): void {
	const end = () => void world.stop();
	for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, end);
	process.on('disconnect', end);
	// No parent tells that it was killed; the system shows it by giving us another one.
	setInterval(() => process.ppid !== parentPid && end(), PARENT_POLL_MS).unref();
}

/** `undefined` when only the usage was asked for. */
function readOptions(): (WorldOptions & { state: string | undefined }) | undefined {
	const text = { type: 'string' } as const;
	const { values } = parseArgs({
		options: {
			state: text,
			dir: text,
			port: text,
			'issuer-public-key': text,
			trail: text,
			'key-life-ms': text,
			'visible-after-ms': text,
			'answer-delay-ms': text,
			seed: text,
			help: { type: 'boolean', short: 'h' },
		},
	});
	if (values.help) {
		console.log(USAGE);
		return undefined;
	}
	const state = values.state ?? (values.dir === undefined ? '.throughline' : undefined);
	return {
		state,
		directory: values.dir ?? join(state ?? '', 'world'),
		issuerPublicKey: values['issuer-public-key'] ?? (state && join(state, 'issuer.pub')),
		trail: values.trail ?? (state && join(state, 'trail')),
		seed: values.seed,
		port: wholeNumber('--port', values.port),
		keyLifeMs: wholeNumber('--key-life-ms', values['key-life-ms']),
		visibleAfterMs: wholeNumber('--visible-after-ms', values['visible-after-ms']),
		answerDelayMs: wholeNumber('--answer-delay-ms', values['answer-delay-ms']),
	};
}

function wholeNumber(flag: string, value: string | undefined): number | undefined {
	if (value === undefined) return undefined;
	if (/^\d{1,12}$/.test(value)) return Number(value);
	throw new Error(`${flag} is ${JSON.stringify(value)}; it must be a whole number`);
}
