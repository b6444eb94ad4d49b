/** `throughline audit`: what the ledgers say laid beside what was seen, and on what that rests. Reads, and starts nothing. */
import type { Command } from 'commander';
import type { Findings } from '../core/ports.ts';
import { auditDirectory } from '../local/audit.ts';
import { auditRuns, type RunsAudited } from '../local/audit-runs.ts';
import { exits } from './exit-codes.ts';
import { told } from './fault.ts';
import { aRunId, type Common, common } from './options.ts';
import { openPlace } from './place.ts';
import type { Outcome, Registering } from './program.ts';
import { coloured, printable, say } from './terminal.ts';

export const audit: Registering = (program: Command, done) => {
	common(program.command('audit'))
		.description('whether the ledgers and what was seen outside agree; a finding, or a run that can not be read, is exit code 1')
		.argument('[run]', 'one run (default: all, and whatever was seen besides)', aRunId)
		.action(async (run: string | undefined, options: Common) => done(await act(run, options)));
};

/** A deployment's findings are raised by its own `reconcile`, and not by whoever looks. */
const unraised: Findings = { raise: async () => 'known', list: async () => [] };

async function act(run: string | undefined, options: Common): Promise<Outcome> {
	const { desk, deployed } = await openPlace(options);
	try {
		const unloaded = (agent: string, error: unknown): void =>
			say(`what should be seen of ${agent} can't be told without its code: ${printable(told(error).message)}`);
		const asked = { only: run, unloaded };
		const audited = deployed ? await auditRuns(desk, { ...deployed.seen(), findings: unraised }, asked) : await auditDirectory(desk, asked);
		const { runs, unread, findings, raised } = audited;
		const json = {
			runs: runs.map(({ findings: own, ...one }) => ({ ...one, findings: own.map(({ id }) => id) })),
			unread: unread.map(({ run: name, error }) => ({ run: name, error: told(error).name, message: told(error).message })),
			findings,
			raised,
			...('taken' in audited && { taken: audited.taken }),
		};
		return { json, lines: page(audited), exit: findings.length + unread.length > 0 ? exits.failed : exits.ok };
	} finally {
		desk.close();
	}
}

function page({ runs, unread, findings }: RunsAudited): string[] {
	const width = Math.max(0, ...runs.map(({ run }) => run.length));
	const lines = runs.map(({ run, counts, findings: own, restsOn, until }) => {
		const { witnessed, unwitnessable, open } = counts.effects;
		const effects = [
			`${witnessed} ${witnessed === 1 ? 'effect' : 'effects'} seen`,
			...(unwitnessable > 0 ? [`${unwitnessable} that nothing can witness`] : []),
			...(open > 0 ? [`${open} open`] : []),
			...(counts.entries > 0 ? [`rests on ${restsOn} until ${new Date(until).toISOString().slice(0, 19)}Z`] : []),
		].join(', ');
		const marked = own.length === 0 ? '' : coloured(process.stdout, 'red', `  ${own.length} ${own.length === 1 ? 'finding' : 'findings'}`);
		return `${printable(run).padEnd(width)}  ${counts.entries} entries, ${counts.witnesses} witnesses, ${counts.sessions} sessions, ${effects}${marked}`;
	});
	const silent = unread.map(({ run, error }) =>
		coloured(process.stdout, 'red', `${printable(run)} could not be read: ${printable(told(error).message)}`),
	);
	const found = findings.flatMap(({ kind, severity, about, why, next }) => [
		coloured(process.stdout, 'red', `${kind} (${severity}) about ${printable(about)}`),
		`    ${printable(why)}`,
		`    read on: ${next}`,
	]);
	const sum = findings.length === 1 ? '1 finding' : `${findings.length} findings`;
	const missing = unread.length === 0 ? '' : `, ${unread.length} could not be read`;
	return [...lines, ...silent, ...found, `${runs.length} reconciled with what was seen: ${sum}${missing}`];
}
