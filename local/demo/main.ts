/**
 * `npm start`: tickets are worked on, everything is killed at the worst instant, and the work goes on.
 * `npm start -- --input my-tickets.json` works on tickets of your own.
 */
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, styleText } from 'node:util';
import { startWorld } from '../../agents/refund-desk/world/start.ts';
import { compiledCode } from '../compiled-code.ts';
import { whatIsOff } from './checks.ts';
import { command, type Started, start } from './command.ts';
import { ANSWER_DELAY_MS, type Killing, killAtTheWorstInstant } from './kill.ts';
import { type Effect, effectsOf, euros, replaysOf } from './outside.ts';
import { answerAll, standings } from './person.ts';
import { timeline } from './timeline.ts';

// For the processes that are started from here, and theirs.
process.env.NODE_COMPILE_CACHE = compiledCode;
const killings: Killing[] = [];
const ROUNDS_OF_ANSWERS = 6;
/** What is said of a ticket that was opened before. */
const KNOWN = 'exists already, with this very task';
/** In a directory that `npm start` has made, and may make anew. */
const MARK = 'made-by-npm-start';
const begun = performance.now();
const say = (text = ''): void => void process.stdout.write(`${text}\n`);
const chapter = (text: string): void =>
	say(`\n${styleText('bold', text)} ${styleText('dim', `(${((performance.now() - begun) / 1000).toFixed(1)} s)`)}`);
const quoted = (line: string): void => say(styleText('dim', `  ${line}`));

const refuse = (why: string): never => {
	process.stderr.write(`${why}\n`);
	process.exit(2);
};
const DIRECTORY = '.throughline/demo';
const values = readOptions();
const tickets = resolve(values.input ?? fileURLToPath(new URL('../../agents/refund-desk/tickets.json', import.meta.url)));
if (!existsSync(tickets)) refuse(`there is no file ${tickets}; give tickets like those of agents/refund-desk/tickets.json`);
const directory = resolve(values.dir);
const worldDirectory = join(directory, 'world');
emptied(directory);

chapter('The outside world starts: orders, payments, carrier and mail, each a process with a journal of its own');
const world = await startWorld({
	directory: worldDirectory,
	issuerPublicKey: join(directory, 'issuer.pub'),
	trail: join(directory, 'trail'),
	answerDelayMs: ANSWER_DELAY_MS,
});
const options = { directory, settings: world.settings, onLine: (line: string) => (line.includes(KNOWN) ? undefined : quoted(line)) };
/** Safe to ask again: opens what is not there yet, and takes up what was interrupted. */
const work = ['run', 'refund-desk', '--input', tickets, '--each'];
try {
	process.exitCode = await play();
} finally {
	await world.stop();
}

async function play(): Promise<number> {
	chapter('The agent works on the tickets');
	const first = start(work, options);
	let stood: unknown;
	const payment = await kill(first, ['payments.refund'], 'right after a payment was made, before anybody here was told');
	if (!payment) {
		const { code, stdout } = await first.ended;
		if (code === 2) say(stdout);
		if (code === 2) return 2;
		say('  no payment was made, so there was nothing to kill');
		stood = JSON.parse(stdout);
	} else {
		chapter(`What ${payment.run} knows, asked while nothing runs`);
		await showStatus(payment.run);
		chapter('Started again');
		stood = await workedOn(start(work, options));
	}
	for (let round = 0; round < ROUNDS_OF_ANSWERS && (await answerWhatIsAsked()); round += 1) stood = (await command(work, options)).json;
	const asked = runsOf(stood);
	const struck = new Set(killings.flatMap(({ inTheAir }) => inTheAir.slice(0, 2).map((effect) => effect.run)));
	for (const run of struck.size > 0 ? struck : asked.slice(0, 1)) {
		chapter(`What the ledger tells of ${run}`);
		for (const line of await timeline(directory, run, killings)) say(line);
	}
	return conclude(asked);
}

/** Until each of these was cut off once, or none is made any more: a recall can be asked after; a mail can't, and is a person's. */
async function workedOn(started: Started): Promise<unknown> {
	const cutOff = new Set(killings.flatMap(({ inTheAir }) => inTheAir.map(({ tool }) => tool)));
	const left = ['mail.send', 'carrier.recall'].filter((tool) => !cutOff.has(tool));
	if (left.length > 0 && (await kill(started, left, 'and again, with another effect in the air'))) {
		chapter('Started once more');
		return workedOn(start(work, options));
	}
	return JSON.parse((await started.ended).stdout);
}

/** The runs of all tickets, as the last command that worked on them has told. */
function runsOf(stood: unknown): string[] {
	const { runs = [] } = (stood ?? {}) as { runs?: { run: string }[] };
	return runs.map(({ run }) => run);
}

async function answerWhatIsAsked(): Promise<boolean> {
	const answered = await answerAll({ ...options, onLine: () => {}, worldDirectory });
	if (answered.length > 0) chapter('A person answers what only a person can');
	for (const { run, step, asked, answer, why } of answered) say(`  ${run} step ${step}, asked for ${asked}: ${answer} (${why})`);
	return answered.length > 0;
}

/** Kills at the worst instant; answers the effect that was in the air. */
async function kill(started: Started, tools: readonly string[], when: string): Promise<Effect | undefined> {
	const killing = await killAtTheWorstInstant(started.child.pid ?? 0, { worldDirectory, tools, ended: started.ended });
	if (!killing) return undefined;
	await started.ended;
	killings.push(killing);
	chapter(`kill -9: ${killing.processes} processes, ${when}`);
	for (const effect of killing.inTheAir) say(`  in the air: ${effect.tool} of ${effect.run} step ${effect.step} (${effect.what})`);
	return killing.inTheAir.find((effect) => tools.includes(effect.tool));
}

/** Both records, which can't be wrong in the same way. A finding is a line in red. */
async function reconciled(): Promise<string[]> {
	const { code, json } = await command(['audit'], options);
	const { runs = [], findings = [] } = json as {
		runs?: { counts: { witnesses: number; sessions: number; effects: { witnessed: number; unwitnessable: number } } }[];
		findings?: { kind: string; about: string; why: string }[];
	};
	const sum = (count: (one: (typeof runs)[number]['counts']) => number): number => runs.reduce((all, one) => all + count(one.counts), 0);
	say(
		`  ${runs.length} runs, ${sum(({ witnesses }) => witnesses)} witnesses of ${sum(({ sessions }) => sessions)} sessions: ${sum(({ effects }) => effects.witnessed)} effects seen, ${sum(({ effects }) => effects.unwitnessable)} that nothing can witness, ${findings.length} findings`,
	);
	const told = findings.map(({ kind, about, why }) => `${about}: ${kind}: ${why}`);
	return code === 0 || told.length > 0 ? told : ['the runs could not be reconciled'];
}

async function showStatus(run: string): Promise<void> {
	const { json } = await command(['status', run], options);
	const status = json as {
		doing: { step: number; tool: string; inDoubt: boolean }[];
		allowed: { tool: string; verdict: string; why: string }[];
		done: { step: number; tool: string; outcome: string }[];
	};
	say(
		`  what was I doing?         ${status.doing.map(({ step, tool, inDoubt }) => `step ${step} ${tool}${inDoubt ? ' (in doubt)' : ''}`).join(', ')}`,
	);
	say(`  what may I still do?      ${status.allowed.map(({ tool, verdict }) => `${tool}: ${verdict}`).join(', ')}`);
	say(
		`  what was completed?       ${status.done.map(({ step, tool, outcome }) => `step ${step} ${tool}: ${outcome}`).join(', ') || 'nothing'}`,
	);
}

async function conclude(asked: readonly string[]): Promise<number> {
	chapter('What became of the tickets');
	const runs = await standings(directory);
	for (const { run, status } of runs) say(`  ${run.padEnd(28)} ${status}`);
	chapter("What was paid, counted in the payment service's own journal");
	const refunds = effectsOf(worldDirectory).filter((effect) => effect.tool === 'payments.refund');
	const charges = Map.groupBy(refunds, (refund) => refund.charge ?? 'unknown');
	for (const [charge, made] of charges)
		say(
			`  ${charge.padEnd(10)} refunded ${made.length}×  ${made.map(({ amountCents = 0, run }) => `${euros(amountCents)} for ${run}`).join(', ')}`,
		);
	say(`  asked for again under a known key, answered from the first, not paid: ${replaysOf(worldDirectory)}`);
	const off = await whatIsOff(directory, worldDirectory);
	const twice = [...charges].filter(([, made]) => made.length > 1).map(([charge]) => `charge ${charge} was refunded more than once`);
	const unopened = asked.length === 0 ? ['a ticket'] : asked.filter((run) => !runs.some((opened) => opened.run === run));
	const unfinished = runs.filter(({ status }) => status !== 'finished').map(({ run, status }) => `${run} is ${status}`);
	chapter('What issuer and services have seen, laid beside the ledgers');
	const disagreements = await reconciled();
	const wrong = [...off, ...twice, ...unopened.map((run) => `${run}: was never opened`), ...unfinished, ...disagreements];
	chapter(wrong.length === 0 ? 'Nothing was lost, and nothing was done twice.' : 'Something is off:');
	for (const line of wrong) say(styleText('red', `  ${line}`));
	if (wrong.length === 0) say(`  Look around: npx throughline status ${asked[0]} --dir ${values.dir}`);
	return wrong.length === 0 ? 0 : 1;
}

function readOptions() {
	try {
		return parseArgs({ options: { input: { type: 'string' }, dir: { type: 'string', default: DIRECTORY } } }).values;
	} catch (error) {
		return refuse(`${(error as Error).message}; npm start takes -- --input FILE --dir DIR`);
	}
}

/** What an earlier start has left goes. Nothing else does: a directory with ledgers of somebody's is refused. */
function emptied(path: string): void {
	const held = existsSync(path) ? readdirSync(path) : [];
	const ours = path === resolve(DIRECTORY) || held.includes(MARK);
	if (held.length > 0 && !ours) refuse(`${path} holds something else, and npm start begins with nothing; give --dir an empty directory`);
	rmSync(path, { recursive: true, force: true });
	mkdirSync(path, { recursive: true, mode: 0o700 });
	writeFileSync(join(path, MARK), '');
}
