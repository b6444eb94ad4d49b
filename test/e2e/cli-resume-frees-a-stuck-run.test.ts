/** A run that was resumed too often without progress is left alone until a person names it. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { RESUMES_WITHOUT_PROGRESS } from '../../core/bounds.ts';
import { resume } from '../../functions/resume/resume.ts';
import { openDesk } from '../../local/desk.ts';
import { asked, throughline } from './command.ts';
import { charge, errands, task } from './errand-desk.ts';

test('by name it goes on; without a name it stays', async () => {
	const { agent, directory, environment } = await errands();
	const dir = ['--dir', directory];
	await asked(['run', agent, '--input', '-', '--run', 'one', ...dir], { environment, stdin: task([charge('anna', 9_000)]) });
	await asked(['refuse', 'one', '1', '--no-resume', ...dir]);
	const desk = openDesk(directory);
	for (let time = 0; time < RESUMES_WITHOUT_PROGRESS; time += 1) await resume({ run: 'one', reason: 'recovery', by: 'test' }, desk);
	desk.close();

	expect(await asked(['status', 'one', ...dir])).toMatchObject({ json: { status: 'stuck', waiting: [{ step: null, for: 'resume' }] } });
	expect((await throughline(['status', 'one', ...dir])).stdout).toContain(
		`resume it when the cause is gone: throughline resume one --dir "${directory}"  (what functions printed is in ${join(directory, 'logs')})`,
	);
	expect(await asked(['resume', ...dir], { environment })).toMatchObject({ code: 0, json: { runs: [] } });
	expect(await asked(['run', agent, '--input', '-', '--run', 'one', ...dir], { environment, stdin: task([]) })).toMatchObject({
		code: 1,
		json: { runs: [{ status: 'stuck', used: 'other-task' }] },
	});
	expect(await asked(['resume', 'one', ...dir], { environment })).toMatchObject({ code: 3, json: { runs: [{ status: 'finished' }] } });
});
