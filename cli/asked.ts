/** What a held step asks a person, laid out to be read before it is answered. */
import type { Json } from '../core/ids.ts';
import { stepOf } from '../core/ledger/state.ts';
import { shownOf } from '../functions/decide/decide.ts';
import type { Desk } from '../local/desk.ts';
import { printable, printableLines } from './terminal.ts';

export type Asked = { readonly step: number; readonly for: 'approval' | 'doubt'; readonly digest: string; readonly shown: Json };

/** `undefined` when nothing is asked about this step. @throws RunNotFound, LedgerBroken */
export async function askedOf({ store, reader }: Desk, { run, step }: { run: string; step: number }): Promise<Asked | undefined> {
	const view = await reader.read(run);
	const state = stepOf(view.state, step);
	if (!state?.hold || state.hold.answered || state.end) return undefined;
	const asked = await shownOf(view, state, { store, reader });
	return asked && { step, for: state.hold.for, digest: asked.digest, shown: asked.shown };
}

/** Every word of it comes from a planner or a tool, and is printed as such. */
export function askedPage({ shown, digest }: Asked): string[] {
	if (shown === null || typeof shown !== 'object' || Array.isArray(shown))
		return ["what it asks can't be shown: the key of the run is lost, or its content was erased"];
	const names = [...new Set([...FIRST, ...Object.keys(shown)])].filter((name) => !KNOWN.has(name) && shown[name] !== undefined);
	return [...names.flatMap((name) => field(name, shown[name] ?? null)), `${'digest'.padEnd(WIDTH)}${digest}`];
}

const FIRST = ['tool', 'purpose', 'input'];
/** Said above it already. */
const KNOWN: ReadonlySet<string> = new Set(['run', 'agent']);
const WIDTH = 10;

function field(name: string, value: Json): string[] {
	const text = typeof value === 'string' ? printable(value) : printableLines(JSON.stringify(value, null, 2));
	const [first = '', ...rest] = text.split('\n');
	return [`${printable(name).padEnd(WIDTH)}${first}`, ...rest.map((line) => `${' '.repeat(WIDTH)}${line}`)];
}
