/**
 * Draws the state machines into docs/machines.md, so that the page cannot say anything that they don't.
 * `node docs/draw-machines.ts` writes it; with `--check` it exits 1 if the page is not what would be written.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
	type Machine,
	type MachineName,
	machine,
	machineNames,
	type Rule,
	type Scope,
	type State,
	type Task,
	ways,
	wordOf,
} from '../statemachines/shape.ts';

const PAGE = join(import.meta.dirname, 'machines.md');

/** The whole page, for these definitions in this order. */
export const drawPage = (machines: ReadonlyMap<MachineName, Machine>): string =>
	`${[
		'<!-- Generated: change statemachines/*.asl.json and run `node docs/draw-machines.ts`. -->',
		'# The state machines',
		'Generated from `statemachines/*.asl.json` by `node docs/draw-machines.ts`; `npm run check` fails while the two differ. The machines carry ids only; what is true is in the ledger. `…` stands for the deployment’s prefix.',
		...[...machines].flatMap(([name, definition]) => [
			`## ${name}`,
			definition.Comment,
			['```mermaid', 'stateDiagram-v2', ...drawScope(definition, '\t'), '```'].join('\n'),
			['| state | what it does | why |', '|---|---|---|', ...rowsOf(definition)].join('\n'),
		]),
	].join('\n\n')}\n`;

function drawScope({ StartAt, States }: Scope, indent: string): string[] {
	const drawn = Object.entries(States).flatMap(([name, state]) => drawState(name, state, indent));
	return [`${indent}[*] --> ${StartAt}`, ...drawn];
}

function drawState(name: string, state: State, indent: string): string[] {
	const within = state.Type === 'Map' ? [`${indent}state ${name} {`, ...drawScope(state.ItemProcessor, `${indent}\t`), `${indent}}`] : [];
	const shape = state.Type === 'Choice' ? [`${indent}state ${name} <<choice>>`] : [];
	const ends = state.Type === 'Succeed' || state.Type === 'Fail' || ('End' in state && state.End);
	const onward = ways(state).map(({ to, on }) => `${indent}${name} --> ${to}${on ? ` : ${inWords(on)}` : ''}`);
	const end = state.Type === 'Fail' ? `${indent}${name} --> [*] : ${state.Error}` : `${indent}${name} --> [*]`;
	return [...shape, ...within, ...(ends ? [end] : []), ...onward];
}

/** `States.ALL` is any error; of the others the last word tells them apart. */
const inWords = (on: string): string =>
	on
		.split(', ')
		.map((word) => (word === 'States.ALL' ? 'any error' : (word.split('.').at(-1) ?? word)))
		.join(', ');

const rowsOf = ({ States }: Scope): string[] =>
	Object.entries(States).flatMap(([name, state]) => [
		`| ${name} | ${cell(describe(state))} | ${cell(state.Type === 'Fail' ? state.Cause : (state.Comment ?? ''))} |`,
		...(state.Type === 'Map' ? rowsOf(state.ItemProcessor) : []),
	]);

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

function describe(state: State): string {
	switch (state.Type) {
		case 'Task':
			return `${does(state)} ${limits(state)}`;
		case 'Map':
			return `For each of ${field(state.ItemsPath)}, ${state.MaxConcurrency} at a time.`;
		case 'Choice':
			return `Goes by ${fieldsOf(state.Choices).map(field).join(' and ')}: ${state.Choices.map((rule) => `\`${wordOf(rule)}\``).join(', ')}, or else.`;
		case 'Wait':
			return `Waits ${field(state.SecondsPath)}.`;
		case 'Succeed':
			return 'Ends the execution as succeeded.';
		case 'Fail':
			return `Fails as \`${state.Error}\`.`;
	}
}

const fieldsOf = (rules: readonly Rule[]): string[] => [...new Set(rules.map(({ Variable }) => Variable))];

function does({ Resource, Parameters }: Task): string {
	if (Resource.endsWith(':lambda:invoke')) return `Invokes \`${functionOf(Parameters)}\`.`;
	const started = String(Parameters.StateMachineArn).replace(/^\$\{(.*)MachineArn\}$/, '$1');
	const name = machineNames.find((known) => known.replace('-', '') === started.toLowerCase()) ?? started;
	const waits = Resource.includes('.sync') ? ' and waits for its end' : '';
	return `Starts ${name}${Parameters['Name.$'] ? ` under the name ${field(String(Parameters['Name.$']))}` : ''}${waits}.`;
}

/** A name as it is, or with the fields put where `States.Format` will put their values. */
function functionOf(parameters: Task['Parameters']): string {
	const formatted = /^States\.Format\('(.*)'((?:, *[^,)]+)*)\)$/.exec(String(parameters['FunctionName.$'] ?? ''));
	const fields = (formatted?.[2] ?? '').split(',').slice(1);
	const name = formatted?.[1] ?? String(parameters.FunctionName);
	return name.replace(`\${FunctionPrefix}`, '…').replaceAll('{}', () => `<${lastWord(fields.shift() ?? '')}>`);
}

function limits({ TimeoutSeconds, Retry = [] }: Task): string {
	const final = Retry.filter(({ MaxAttempts }) => MaxAttempts === 0).flatMap(({ ErrorEquals }) =>
		ErrorEquals.map((name) => `\`${inWords(name)}\``),
	);
	const times = Retry.at(-1)?.MaxAttempts ?? 0;
	return [
		...(TimeoutSeconds ? [`Given up after ${duration(TimeoutSeconds)}.`] : []),
		`Tried again ${times === 1 ? 'once' : `${times} times`}${final.length > 0 ? `, but not after ${final.join(', ')}` : ''}.`,
	].join(' ');
}

const duration = (seconds: number): string => {
	const units = [
		['day', 86_400],
		['minute', 60],
	] as const;
	const [unit, size] = units.find(([, each]) => seconds >= each && seconds % each === 0) ?? ['second', 1];
	return `${seconds / size} ${unit}${seconds === size ? '' : 's'}`;
};

const lastWord = (path: string): string => path.trim().split('.').at(-1) ?? path;
const field = (path: string): string => `\`${lastWord(path)}\``;

function readMachines(): Map<MachineName, Machine> {
	const read = (name: MachineName) => readFileSync(join(import.meta.dirname, `../statemachines/${name}.asl.json`), 'utf8');
	return new Map(machineNames.map((name) => [name, machine.parse(JSON.parse(read(name)))]));
}

function readPage(): string | undefined {
	try {
		return readFileSync(PAGE, 'utf8');
	} catch {
		return undefined;
	}
}

if (import.meta.main) {
	const page = drawPage(readMachines());
	const found = readPage();
	if (!process.argv.includes('--check')) writeFileSync(PAGE, page);
	else if (found !== page) {
		const what = found === undefined ? 'is missing' : 'is not what statemachines/*.asl.json say';
		console.error(`docs/machines.md ${what}; run \`node docs/draw-machines.ts\` and commit it`);
		process.exitCode = 1;
	}
}
