/** What ends a command early, in words for whoever called it. */
import { type Exit, exits } from './exit-codes.ts';

/** The message shows the value, says what is wrong and what to do next. */
export class Fault extends Error {
	readonly exit: number;
	constructor(name: string, message: string, exit: number) {
		super(message);
		this.name = name;
		this.exit = exit;
	}
}

export const usage = (message: string): Fault => new Fault('Usage', message, exits.usage);

/** By their stable names: what can't be found, and what is wrong but known. All else is a fault of this program. */
const known: Readonly<Record<string, Exit>> = {
	RunNotFound: exits.notFound,
	AgentNotFound: exits.notFound,
	DirectoryNotFound: exits.notFound,
	OutputsNotFound: exits.notFound,
	AgentBroken: exits.failed,
	PolicyError: exits.failed,
	DirectoryUnusable: exits.failed,
	LedgerUnavailable: exits.failed,
	LedgerBroken: exits.failed,
	RunKeyLost: exits.failed,
	StoreBusy: exits.failed,
	AppendUnknown: exits.failed,
	PlaceContended: exits.failed,
	// Of a deployment.
	CredentialsProviderError: exits.failed,
	DoorClosed: exits.failed,
	MachineUnavailable: exits.failed,
	MalformedEvent: exits.usage,
	NoAnswer: exits.failed,
	PayloadsUnavailable: exits.failed,
	Unreachable: exits.failed,
};

/** What to do next, where the message is of a place that knows no command line. */
const next: Readonly<Record<string, string>> = {
	LedgerBroken: '. Put it back from a backup; docs/runbook.md says what to look at before. Other runs are not touched',
	RunKeyLost: '. Put the run keys back from a backup, or end the run with: throughline stop',
};

export type Told = { readonly name: string; readonly message: string; readonly exit: number };

export function told(error: unknown): Told {
	if (error instanceof Fault) return { name: error.name, message: error.message, exit: error.exit };
	const { name, message } = ofTheDoor(error instanceof Error ? error : new Error(String(error)));
	const exit = known[name];
	if (exit !== undefined) return { name, message: message + (next[name] ?? ''), exit };
	return { name, message: `${message} (${name}; this was not foreseen: run it again with --debug for its trace)`, exit: exits.failed };
}

/** What a function behind a URL says is told as if it had been said here: `RunNotFound: run …`. */
function ofTheDoor(error: Error): { name: string; message: string } {
	const [, name, message] = (error.name === 'DoorRefused' && /^(\w+): ([\s\S]*)$/.exec(error.message)) || [];
	return name !== undefined && message !== undefined ? { name, message } : error;
}
