/** A run id that was used before opens nothing: it answers as that run stands, and says so where task or agent differ. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { asked } from './command.ts';
import { charge, errands, look, task } from './errand-desk.ts';

test('with the same task, another task, another agent', async () => {
	const { agent, directory, environment, file, journal } = await errands();
	const again = (folder: string, text: string) =>
		asked(['run', folder, '--input', file('in.json', text), '--run', 'one', '--dir', directory], { environment });
	const small = task([look('tea')]);
	expect(await again(agent, small)).toMatchObject({ code: 0, json: { runs: [{ used: null }] } });

	const same = await again(agent, `  ${small}`);
	expect(same).toMatchObject({
		code: 0,
		json: { runs: [{ run: 'one', status: 'finished', used: 'same-task', answer: ['shelf.look done'] }] },
	});
	expect(same.stderr).toContain('run one exists already, with this very task');

	const other = await again(agent, task([charge('anna', 1)]));
	expect(other).toMatchObject({ code: 0, json: { runs: [{ used: 'other-task', answer: ['shelf.look done'] }] } });
	expect(other.stderr).toMatch(/with ANOTHER task than .*in\.json, which is left undone: give it another id/);

	const folder = `${agent}-2`;
	cpSync(agent, folder, { recursive: true });
	const code = join(folder, 'agent.ts');
	writeFileSync(code, readFileSync(code, 'utf8').replace("'errand-desk'", "'other-desk'"));
	const elsewhere = await again(folder, small);
	expect(elsewhere).toMatchObject({ code: 0, json: { runs: [{ agent: 'errand-desk', used: 'other-agent' }] } });
	expect(elsewhere.stderr).toContain('by ANOTHER agent, errand-desk');
	expect(journal).toHaveLength(1);
});
