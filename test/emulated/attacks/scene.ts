/** One ticket of its own, on which one attack is played. */
import { ENTRIES_PER_QUERY } from '../../../core/bounds.ts';
import { parseStored } from '../../../core/ledger/chain.ts';
import type { Entry, StoredEntry } from '../../../core/ledger/entry.ts';
import type { Ticket } from '../../acceptance/tickets.ts';
import type { Auditing } from '../desk/auditing.ts';
import type { EmulatedDesk } from '../desk/emulated-desk.ts';
import type { Held } from '../proxy/control.ts';
import type { Attacker } from './attacker.ts';

/** What was done, as far as the finding names it. `archived`: places of which the archive raises a finding itself, at once. */
export type Done = { readonly cause?: string; readonly why?: RegExp; readonly archived?: readonly number[] };
export type EmulatedAttack = { readonly ticket: string; readonly does: (scene: Scene) => Promise<Done> };

export type Ledger = { readonly stored: readonly StoredEntry[]; readonly entries: readonly Entry[] };
export type Scene = ReturnType<typeof sceneOf>;

export function sceneOf(task: Ticket, { desk, audit, attacker }: { desk: EmulatedDesk; audit: Auditing; attacker: Attacker }) {
	const run = task.id;
	const ledger = async (): Promise<Ledger> => {
		const stored = await desk.store.ledger.read(run, { from: 0, limit: ENTRIES_PER_QUERY });
		return { stored, entries: stored.flatMap((one) => entryIn(one)) };
	};
	const sessionOf = async (tool: string): Promise<{ held: Held; name: string; step: number }> => {
		const step = stepOf(await ledger(), tool);
		const name = `${run}.${step}.1`;
		const held = (await audit.proxy.sessionsNamed(name)).findLast(({ roleArn }) => roleArn.endsWith('-access'));
		if (!held) throw new Error(`no session ${name}`);
		return { held, name, step };
	};
	return {
		run,
		task,
		desk,
		audit,
		attacker,
		ledger,
		sessionOf,
		open: () => desk.open(run, task),
		/** Opens the ticket, and sees it through. */
		finished: async (): Promise<Ledger> => {
			await desk.open(run, task);
			await desk.finished(run);
			return ledger();
		},
		/** Opens the ticket; acts while what `caller` sends is held, inside the grant's time; and sees it through. */
		acting: async (held: { service: string; operation: string; says: string; caller: string }, act: () => Promise<void>): Promise<void> => {
			const holding = await audit.proxy.interfere({ ...held, do: { is: 'hold', when: 'before' } });
			await desk.open(run, task);
			await desk.until(`${held.caller} of ${run} is held`, async () => ((await holding.standing()).waiting > 0 ? true : undefined));
			await act();
			await holding.lift();
			await desk.finished(run);
		},
	};
}

/** What a tool says to its guard when it has done what it was granted. */
export const reportOf = (run: string, tool: string) => ({
	service: 'lambda',
	operation: 'Invoke',
	says: `"ask":"report","run":"${run}"`,
	caller: `/throughline-dev-refund-desk_${tool.replace('.', '_')}`,
});

export const stepOf = ({ entries }: Ledger, tool: string): number =>
	entries.flatMap((entry) => (entry.kind === 'intent' ? entry.calls : [])).find((call) => call.tool === tool)?.step ?? 0;
export const placeOf = ({ entries }: Ledger, kind: Entry['kind'], nth = 0): number =>
	entries.filter((entry) => entry.kind === kind)[nth]?.place ?? -1;
export const grantOf = ({ entries }: Ledger, step: number) =>
	entries.flatMap((entry) => (entry.kind === 'decision' && entry.step === step && entry.grant ? [entry.grant] : []))[0];

function entryIn(stored: StoredEntry): Entry[] {
	const parsed = parseStored(stored);
	return 'entry' in parsed ? [parsed.entry] : [];
}
