import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { drawPage } from '../../docs/draw-machines.ts';
import { machineNames } from '../../statemachines/shape.ts';
import { altered, machineOf, stateNamed, statesOf } from './definitions.ts';

const root = join(import.meta.dirname, '../..');
const machines = new Map(machineNames.map((name) => [name, machineOf(name)]));

test('docs/machines.md is what they would be drawn as now', () => {
	expect(readFileSync(join(root, 'docs/machines.md'), 'utf8')).toBe(drawPage(machines));
});

test('every state has its line, and every comment is on the page', () => {
	const page = drawPage(machines);
	for (const definition of machines.values()) {
		expect(page).toContain(definition.Comment);
		for (const [name, state] of statesOf(definition)) {
			expect(page).toContain(`| ${name} |`);
			expect(page).toContain(state.Type === 'Fail' ? state.Cause : (state.Comment ?? ''));
		}
	}
});

test('a changed route, bound or error changes the page', () => {
	const drawn = (definition: ReturnType<typeof machineOf>) => drawPage(new Map([['step', definition]]));
	const before = drawn(machineOf('step'));
	const rerouted = altered('step', (definition) => {
		stateNamed(definition, 'WaitOut', 'Wait').Next = 'Act';
	});
	const hurried = altered('step', (definition) => {
		stateNamed(definition, 'Act', 'Task').TimeoutSeconds = 90;
	});
	const stubborn = altered('step', (definition) => stateNamed(definition, 'Act', 'Task').Retry?.shift());
	for (const changed of [rerouted, hurried, stubborn]) expect(drawn(changed)).not.toBe(before);
	expect(drawn(rerouted)).toContain('WaitOut --> Act');
	expect(drawn(hurried)).toContain('Given up after 90 seconds.');
});

/** A copy of what the script needs, to be out of date in. */
function copyOfDocs(): { page: string; draw: (...options: string[]) => { status: number | null; said: string } } {
	const copy = mkdtempSync(join(tmpdir(), 'machines-'));
	onTestFinished(() => rmSync(copy, { recursive: true }));
	for (const part of ['docs', 'statemachines', 'core/ids.ts']) cpSync(join(root, part), join(copy, part), { recursive: true });
	symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
	writeFileSync(join(copy, 'package.json'), '{"type":"module"}');
	const draw = (...options: string[]) => {
		const { status, stderr } = spawnSync(process.execPath, [join(copy, 'docs/draw-machines.ts'), ...options], { encoding: 'utf8' });
		return { status, said: stderr };
	};
	return { page: join(copy, 'docs/machines.md'), draw };
}

test('--check refuses a page that is out of date or missing, and says what to do', () => {
	const { page, draw } = copyOfDocs();
	expect(draw('--check')).toEqual({ status: 0, said: '' });
	writeFileSync(page, `${readFileSync(page, 'utf8')}\nAnd by hand.\n`);
	const stale = 'docs/machines.md is not what statemachines/*.asl.json say; run `node docs/draw-machines.ts` and commit it\n';
	expect(draw('--check')).toEqual({ status: 1, said: stale });
	rmSync(page);
	expect(draw('--check')).toEqual({ status: 1, said: stale.replace('is not what statemachines/*.asl.json say', 'is missing') });
	expect(draw()).toEqual({ status: 0, said: '' });
	expect(draw('--check')).toEqual({ status: 0, said: '' });
});
