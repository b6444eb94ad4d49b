/** What all commands take, and the shapes of what they are given. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { digest, runId } from '../core/ids.ts';
import { defaultDirectory } from '../local/directory.ts';
import { usage } from './fault.ts';

/** Where the runs are: in a state directory, or in the account whose deployment wrote these outputs. */
export type Where = { readonly dir: string; readonly outputs?: string };
export type Common = Where & { readonly json: boolean; readonly debug: boolean };

const inDirectory = (command: Command): Command =>
	command
		.option('--dir <dir>', 'the state directory', defaultDirectory)
		.option('--json', 'answer one JSON document on stdout', false)
		.option('--debug', 'show traces of failures', false);

const deployment = () =>
	new Option('--outputs <file>', 'instead: the deployment whose outputs npx cdk deploy --outputs-file wrote here').conflicts('dir');

export const common = (command: Command): Command => inDirectory(command).addOption(deployment());

export type Driving = Common & { readonly settings?: string; readonly wait: number };

/** For commands that drive runs, whose agents need their settings. */
export const driving = (command: Command): Command =>
	common(command)
		.option('--settings <file>', "JSON of the agents' settings, name to value (default: DIR/settings.json, if there is one)")
		.option('--wait <seconds>', 'with --outputs: how long to wait for a run that goes on in the account', seconds, WAIT_SECONDS);

const WAIT_SECONDS = 900;
const seconds = (text: string): number => {
	if (/^\d{1,6}$/.test(text)) return Number(text);
	throw new InvalidArgumentError('whole seconds, 0 to 999999');
};

export function aRunId(text: string): string {
	const parsed = runId.safeParse(text);
	if (parsed.success) return parsed.data;
	throw new InvalidArgumentError(`${parsed.error.issues[0]?.message}`);
}

export const runIds = (text: string, before: string[] | undefined): string[] => [...(before ?? []), aRunId(text)];

const LAST_STEP = 999_999_999;

export function aStep(text: string): number {
	const step = /^[1-9]\d{0,8}$/.test(text) ? Number(text) : LAST_STEP + 1;
	if (step <= LAST_STEP) return step;
	throw new InvalidArgumentError('steps are numbered from 1');
}

export function aDigest(text: string): string {
	if (digest.safeParse(text).success) return text;
	throw new InvalidArgumentError('a digest is 64 hex digits, as status shows it');
}

const NOTE_CHARACTERS = 2_000;

export function aNote(text: string): string {
	if (text.isWellFormed() && text.length <= NOTE_CHARACTERS) return text;
	// Not as the others are: that one would say all of it again.
	throw usage(`a note or reason has at most ${NOTE_CHARACTERS} characters, of valid UTF-8; this one has ${text.length}`);
}

/** How to call us again from here, for a message. */
export function commandLine(words: string, { dir, outputs }: Where): string {
	if (outputs !== undefined) return `throughline ${words} --outputs ${JSON.stringify(outputs)}`;
	return `throughline ${words}${dir === defaultDirectory ? '' : ` --dir ${JSON.stringify(dir)}`}`;
}
