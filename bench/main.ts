/** `npm run bench`: everything measured in one run, as a table, or with --json as one document. Asserts nothing. */
import { availableParallelism, cpus } from 'node:os';
import { benchAudit } from './audit.ts';
import { benchChain } from './chain.ts';
import { benchIngest } from './ingest.ts';
import { benchStep } from './step.ts';
import { benchLongRun, benchManyRuns } from './with-processes.ts';

const json = process.argv.includes('--json');
/** A quick look whether everything still runs. */
const brief = process.argv.includes('--brief');
const say = (text: string): void => void process.stderr.write(`${text}\n`);

say('a step in this process, against three bare commits …');
const step = await benchStep();
say('the chain …');
const chain = await benchChain();
say('events off the stream …');
const ingested = await benchIngest({ events: brief ? 5_000 : 100_000 });
say('reconciling …');
const audit = benchAudit(brief ? { steps: [100, 1_000] } : {});
say('one long run with real processes …');
const long = await benchLongRun(brief ? 300 : 5_000);
say('fifty runs at once …');
const many = await benchManyRuns({ runs: 50, steps: brief ? 8 : 40 });

const figures = { node: process.version, cores: availableParallelism(), cpu: cpus()[0]?.model, step, chain, ingested, audit, long, many };
const row = (what: string, measured: string, aim: string): string => `| ${what} | ${measured} | ${aim} |`;
const table = [
	`Node ${process.version.slice(1)}, ${figures.cores} cores (${figures.cpu}).`,
	'',
	'| what | measured | aim |',
	'|---|---|---|',
	row(
		'a step in one process ÷ three bare durable SQLite commits of its entries, where it makes them',
		`${step.ratio.toFixed(2)} (${step.stepMs.toFixed(2)} ms ÷ ${step.inPlaceMs.toFixed(2)} ms)`,
		'≤ 2',
	),
	row('the same ÷ three commits back to back', `${step.ratioBackToBack.toFixed(2)} (÷ ${step.backToBackMs.toFixed(2)} ms)`, '≤ 2'),
	row('a step with real processes, p50 (p95)', `${long.p50Ms.toFixed(1)} ms (${long.p95Ms.toFixed(1)} ms)`, '≤ 6 ms'),
	row(`time a step near step ${long.steps.toLocaleString('en')} ÷ near step 100`, (long.late / long.early).toFixed(2), '≤ 1.2'),
	row('fifty runs at once', `${many.stepsPerSecond.toFixed(0)} steps/s`, '≥ 300 steps/s'),
	row('chain check over stored bytes', `${Math.round(chain.chainPerSecond).toLocaleString('en')} entries/s`, '≥ 50,000'),
	row('chain check and whole fold', `${Math.round(chain.wholePerSecond).toLocaleString('en')} entries/s`, '≥ 25,000'),
	row(
		'CloudTrail events off the stream, one in twenty ours',
		`${Math.round(ingested.fewOursPerSecond).toLocaleString('en')} events/s`,
		'≥ 20,000',
	),
	row('the same, all of them ours', `${Math.round(ingested.allOursPerSecond).toLocaleString('en')} events/s`, ''),
	row(
		`time an event among ${ingested.events.toLocaleString('en')} ÷ among a tenth of them`,
		(ingested.tenthOfThemPerSecond / ingested.fewOursPerSecond).toFixed(2),
		'',
	),
	...audit.sizes.flatMap(({ records, joined, whole }) => [
		row(`reconciling ${records.toLocaleString('en')} entries and witnesses`, `${Math.round(joined).toLocaleString('en')}/s`, '≥ 100,000'),
		row('the same, the ledger verified on the way', `${Math.round(whole).toLocaleString('en')}/s`, ''),
	]),
	row('cost of one in the longest run ÷ in the shortest', audit.growth.toFixed(2), ''),
	row('bytes an entry, stored', `${chain.bytesPerEntry.toFixed(0)}`, ''),
];
process.stdout.write(json ? `${JSON.stringify(figures, null, '\t')}\n` : `${table.join('\n')}\n`);
